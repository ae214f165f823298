"""Fetching a picture from an address that somebody else wrote: https only, public hosts only, bounded."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Sequence

import httpx

from bot.errors import PictureError
from bot.words import t

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Returns the IP addresses of a host name, for connecting to a port."""

FETCH_LIMIT_BYTES = 25 * 1024 * 1024
REDIRECT_LIMIT = 3
FETCH_TIMEOUT = httpx.Timeout(20.0, connect=10.0)
FETCH_LIMIT_SECONDS = 60.0

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


async def system_resolve(host: str, port: int) -> Sequence[str]:
    """Ask the system's resolver for the addresses of a host."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for _, _, _, _, address in found]


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the open internet, and leads nowhere else by being translated."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if ip.is_multicast or ip.is_reserved or ip.is_unspecified or not ip.is_global:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        return not (ip.is_site_local or ip.ipv4_mapped or ip.sixtofour or ip.teredo or ip.scope_id or ip in _NAT64)
    return True


class PublicFetch:
    """Fetches over https from public hosts; the address that was checked is the one that is connected to."""

    def __init__(self, http: httpx.AsyncClient, resolve: Resolve = system_resolve) -> None:
        self._http = http
        self._resolve = resolve

    async def get(self, address: str) -> bytes:
        """Return the bytes at `address`, following at most three redirects, each checked like the first.

        Raises:
            PictureError: it is no public https address, or does not answer with at most 25 MB in a minute.
        """
        try:
            async with asyncio.timeout(FETCH_LIMIT_SECONDS):
                return await self._follow(address)
        except TimeoutError:
            raise PictureError(t("The picture was made, but could not be fetched within a minute.")) from None
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, UnicodeError):
            raise PictureError(t("The picture was made, but could not be fetched from its address.")) from None

    async def _follow(self, address: str) -> bytes:
        url = httpx.URL(address)
        for _ in range(1 + REDIRECT_LIMIT):
            found = await self._fetch(url)
            if isinstance(found, bytes):
                return found
            url = url.join(found)
        raise PictureError(t("The picture's address redirects again and again."))

    async def _fetch(self, url: httpx.URL) -> bytes | httpx.URL:
        """Return the bytes, or where the redirect leads."""
        response = await self._http.send(await self._pinned(url), stream=True, auth=None, follow_redirects=False)
        try:
            if response.status_code in _REDIRECTS and (place := response.headers.get("location")):
                return httpx.URL(place)
            if response.status_code != 200:
                raise PictureError(
                    t("The picture's address answered with status {status}.", status=response.status_code)
                )
            return await _bounded(response)
        finally:
            await response.aclose()

    async def _pinned(self, url: httpx.URL) -> httpx.Request:
        """Build a request to the very IP address that was checked: no second lookup can lead elsewhere.

        It is built without the client's own headers and cookies: none of them is meant for this host. The
        connection is not kept, for another name at the same IP address has to show its own certificate.
        """
        if url.scheme != "https" or not url.host or url.userinfo or not 0 < (url.port or 443) < 65536:
            raise PictureError(t("The picture's address is not a plain https address, so it was not fetched."))
        name = url.raw_host.decode("ascii")
        addresses = await self._resolve(name, url.port or 443)
        if not addresses or not all(is_public(address) for address in addresses):
            raise PictureError(t("The picture's address does not lead to a public host, so it was not fetched."))
        return httpx.Request(
            "GET",
            url.copy_with(host=addresses[0]),
            headers={
                "Host": url.netloc.decode("ascii"),
                "Accept": "image/*",
                "Accept-Encoding": "identity",
                "Connection": "close",
            },
            extensions={"sni_hostname": name, "timeout": FETCH_TIMEOUT.as_dict()},
        )


async def _bounded(response: httpx.Response) -> bytes:
    """Read a body as it was sent, and stop where it is larger than any picture we want."""
    body = bytearray()
    async for piece in response.aiter_raw():
        body += piece
        if len(body) > FETCH_LIMIT_BYTES:
            raise PictureError(t("The picture that came back is larger than 25 MB."))
    return bytes(body)
