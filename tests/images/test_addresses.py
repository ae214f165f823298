"""Fetching from an address that somebody else wrote."""

from __future__ import annotations

import asyncio
import ssl
import subprocess
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from shutil import which

import httpx
import pytest
from aiohttp import web

from bot.errors import PictureError
from bot.images.addresses import PublicFetch, is_public, system_resolve
from tests.images.image_host import Answer, Detour, ImageHost, png

PUBLIC = "93.184.215.14"


@pytest.fixture
async def host() -> AsyncIterator[ImageHost]:
    async with ImageHost().running() as running:
        yield running


class Names:
    """A resolver that knows a few names and remembers what it was asked."""

    def __init__(self, **known: Sequence[str]) -> None:
        self.known = {name.replace("_", "."): addresses for name, addresses in known.items()}
        self.asked: list[tuple[str, int]] = []

    async def __call__(self, name: str, port: int) -> Sequence[str]:
        self.asked.append((name, port))
        return self.known[name]


def an_image(request: web.Request) -> web.Response:
    return web.Response(body=png(), content_type="image/png")


def leads_to(place: str) -> Answer:
    return lambda request: web.Response(status=302, headers={"Location": place})


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254",
        "100.64.0.1", "192.0.2.1", "198.18.0.1", "203.0.113.9", "224.0.0.1", "240.0.0.1", "255.255.255.255",
        "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "fec0::1", "ff02::1", "2001:db8::1",
        "::ffff:93.184.215.14", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:1::1",
        "localhost", "", "1.2.3", "0x7f000001",
    ],
)  # fmt: skip
def test_an_address_off_the_open_internet_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", [PUBLIC, "1.1.1.1", "2606:4700:4700::1111", "2a00:1450:4001:80b::200e"])
def test_an_address_on_the_open_internet_is_public(address: str) -> None:
    assert is_public(address)


async def test_the_address_that_was_checked_is_the_one_that_is_connected_to(host: ImageHost) -> None:
    host.answers = [an_image]
    detour, names = Detour(host.port), Names(pictures_example=[PUBLIC])
    async with httpx.AsyncClient(transport=detour) as http:
        assert await PublicFetch(http, names).get("https://pictures.example/a/b.png?c=d") == png()
    assert detour.called == [(f"https://{PUBLIC}/a/b.png?c=d", "pictures.example")]
    assert host.headers[0]["Host"] == "pictures.example"
    assert names.asked == [("pictures.example", 443)]


async def test_nothing_of_the_client_reaches_the_foreign_host(host: ImageHost) -> None:
    host.answers = [an_image]
    async with httpx.AsyncClient(
        transport=Detour(host.port),
        headers={"Authorization": "Bearer for the endpoint only", "X-Title": "Backroom"},
        cookies={"session": "ours"},
        auth=("somebody", "known"),
    ) as http:
        await PublicFetch(http, Names(pictures_example=[PUBLIC])).get("https://pictures.example/")
    assert not {"Authorization", "X-Title", "Cookie"} & set(host.headers[0])


@pytest.mark.parametrize(
    "address",
    [
        "http://pictures.example/a.png",
        "ftp://pictures.example/a.png",
        "file:///etc/hostname",
        "//pictures.example/a.png",
        "a.png",
        "https://",
        "https://user:word@pictures.example/a.png",
        "https://[::1",
        "https://pictures.example:99999/",
    ],
)
async def test_only_plain_https_addresses_are_fetched(host: ImageHost, address: str) -> None:
    async with httpx.AsyncClient(transport=Detour(host.port)) as http:
        with pytest.raises(PictureError):
            await PublicFetch(http, Names(pictures_example=[PUBLIC])).get(address)
    assert not host.paths


@pytest.mark.parametrize("addresses", [["127.0.0.1"], ["10.0.0.7"], ["::1"], [PUBLIC, "192.168.0.1"], []])
async def test_a_name_that_leads_inside_is_not_fetched(host: ImageHost, addresses: list[str]) -> None:
    async with httpx.AsyncClient(transport=Detour(host.port)) as http:
        with pytest.raises(PictureError, match="public host"):
            await PublicFetch(http, Names(pictures_example=addresses)).get("https://pictures.example/a.png")
    assert not host.paths


@pytest.mark.parametrize(
    "literal", ["127.0.0.1", "169.254.169.254", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1"]
)
async def test_an_address_in_numbers_that_leads_inside_is_not_fetched(host: ImageHost, literal: str) -> None:
    async with httpx.AsyncClient(transport=Detour(host.port)) as http:
        with pytest.raises(PictureError):
            await PublicFetch(http, system_resolve).get(f"https://{literal}/latest/meta-data")
    assert not host.paths


async def test_a_redirect_is_followed_and_checked_like_the_first_address(host: ImageHost) -> None:
    host.answers = [leads_to("/real.png"), leads_to("https://cdn.example:8443/x.png"), an_image]
    detour = Detour(host.port)
    names = Names(pictures_example=[PUBLIC], cdn_example=["1.1.1.1"])
    async with httpx.AsyncClient(transport=detour, follow_redirects=True) as http:
        assert await PublicFetch(http, names).get("https://pictures.example/a.png") == png()
    assert detour.called[1:] == [
        (f"https://{PUBLIC}/real.png", "pictures.example"),
        ("https://1.1.1.1:8443/x.png", "cdn.example"),
    ]
    assert host.headers[2]["Host"] == "cdn.example:8443"


@pytest.mark.parametrize("place", ["http://pictures.example/a.png", "https://inside.example/", "gopher://x/"])
async def test_a_redirect_to_elsewhere_is_not_followed(host: ImageHost, place: str) -> None:
    host.answers = [leads_to(place), an_image]
    names = Names(pictures_example=[PUBLIC], inside_example=["10.0.0.1"])
    async with httpx.AsyncClient(transport=Detour(host.port)) as http:
        with pytest.raises(PictureError):
            await PublicFetch(http, names).get("https://pictures.example/a.png")
    assert len(host.paths) == 1


async def test_redirects_without_end_are_given_up(host: ImageHost) -> None:
    host.answers = [leads_to("https://pictures.example/again")]
    async with httpx.AsyncClient(transport=Detour(host.port)) as http:
        with pytest.raises(PictureError, match="again and again"):
            await PublicFetch(http, Names(pictures_example=[PUBLIC])).get("https://pictures.example/a.png")
    assert len(host.paths) == 4


async def test_more_than_twenty_five_megabytes_are_not_read(host: ImageHost) -> None:
    sent = 0

    async def endless(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(200):
            await response.write(bytes(1024 * 1024))
            sent += 1
        return response

    host.answers = [endless]
    async with httpx.AsyncClient(transport=Detour(host.port)) as http:
        with pytest.raises(PictureError, match="25 MB"):
            await PublicFetch(http, Names(pictures_example=[PUBLIC])).get("https://pictures.example/a.png")
    assert sent < 200


async def test_an_error_page_is_no_picture(host: ImageHost) -> None:
    host.answers = [(404, {}, {})]
    async with httpx.AsyncClient(transport=Detour(host.port)) as http:
        with pytest.raises(PictureError, match="404"):
            await PublicFetch(http, Names(pictures_example=[PUBLIC])).get("https://pictures.example/a.png")


async def test_a_name_that_nobody_knows_is_a_picture_error() -> None:
    async def nobody_knows(name: str, port: int) -> Sequence[str]:
        raise OSError("no such name")

    async with httpx.AsyncClient() as http:
        with pytest.raises(PictureError, match="could not be fetched"):
            await PublicFetch(http, nobody_knows).get("https://pictures.example/a.png")


@pytest.mark.skipif(which("openssl") is None, reason="needs openssl to make a certificate")
async def test_the_certificate_has_to_be_that_of_the_name_and_not_of_the_number(tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    await asyncio.to_thread(
        subprocess.run,
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=pictures.example",
         "-addext", "subjectAltName=DNS:pictures.example", "-keyout", str(key), "-out", str(certificate)],
        check=True, capture_output=True,
    )  # fmt: skip
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    served.load_cert_chain(certificate, key)
    trusted = ssl.create_default_context(cafile=str(certificate))

    app = web.Application()
    app.router.add_get("/{path:.*}", an_image_later)
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=served).start()
        detour = SecureDetour(runner.addresses[0][1], trusted)
        async with httpx.AsyncClient(transport=detour) as http:
            names = Names(pictures_example=[PUBLIC], other_example=[PUBLIC])
            assert await PublicFetch(http, names).get("https://pictures.example/a.png") == png()
            with pytest.raises(PictureError):
                await PublicFetch(http, names).get("https://other.example/a.png")
    finally:
        await runner.cleanup()


async def an_image_later(request: web.Request) -> web.Response:
    return an_image(request)


class SecureDetour(httpx.AsyncBaseTransport):
    """Like the detour, but TLS all the way, checked against a certificate of our own."""

    def __init__(self, port: int, trusted: ssl.SSLContext) -> None:
        self._port = port
        self._network = httpx.AsyncHTTPTransport(verify=trusted)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        request.url = request.url.copy_with(host="127.0.0.1", port=self._port)
        return await self._network.handle_async_request(request)

    async def aclose(self) -> None:
        await self._network.aclose()
