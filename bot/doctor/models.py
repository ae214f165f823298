"""Whether every model that can be invited, and the one that makes pictures, has a host that serves it."""

from __future__ import annotations

import asyncio

from bot.doctor.asking import Asking, NoAnswer
from bot.doctor.findings import Finding, bad, skipped
from bot.doctor.hosts import IMAGE_MODEL, MODELS, Listing, judge_image_model, judge_models, read_listing
from bot.errors import SettingsError
from bot.models.catalogue import Catalogue
from bot.models.endpoints import Endpoint, EndpointEntry, open_endpoints
from bot.models.model import OPENROUTER
from bot.settings import Settings, environment

NO_KEY = "There is no OPENROUTER_API_KEY: the cast is the built-in one."
UNPRICED = " Unless it says what a picture costs, none spends a room's budget: IMAGE_PRICE_USD names a price."


async def check_models(asking: Asking, settings: Settings, openrouter: Endpoint | None) -> list[Finding]:
    """Look at all hosts at once."""
    catalogue = Catalogue.load(settings.models_file)
    if openrouter is None:
        return [skipped(MODELS, NO_KEY), *await _check_images_elsewhere(asking, settings)]
    own = [entry for name, entry in catalogue.endpoints.items() if name != OPENROUTER]
    found = await asyncio.gather(
        _check_openrouter(asking, settings, catalogue, openrouter),
        _check_images_elsewhere(asking, settings),
        *(_check_own(asking, catalogue, entry, openrouter) for entry in own),
    )
    return [finding for findings in found for finding in findings]


async def _check_openrouter(
    asking: Asking, settings: Settings, catalogue: Catalogue, openrouter: Endpoint
) -> list[Finding]:
    try:
        listing = await read_listing(asking, openrouter)
    except NoAnswer as error:
        return [bad(MODELS, f"OpenRouter {error}.", f"Look at {openrouter.address_name}, and at the network.")]
    models = [model for model in catalogue.models if model.endpoint == OPENROUTER]
    findings = judge_models(MODELS, models, listing, openrouter.address_name)
    if settings.images_base_url is None:
        findings.append(judge_image_model(settings.image_model, listing, openrouter.address_name))
    return findings


async def _check_own(asking: Asking, catalogue: Catalogue, entry: EndpointEntry, openrouter: Endpoint) -> list[Finding]:
    check = f"Models at “{entry.name}”"
    models = [model for model in catalogue.models if model.endpoint == entry.name]
    try:
        endpoint = open_endpoints({entry.name: entry}, environment(), openrouter)[entry.name]
        listing = await read_listing(asking, endpoint)
    except SettingsError as error:
        return [bad(check, str(error))]
    except NoAnswer as error:
        return [bad(check, f"It {error}.", "Start that host, or look at its base_url in MODELS_FILE.")]
    return judge_models(check, models, listing, endpoint.address_name)


async def _check_images_elsewhere(asking: Asking, settings: Settings) -> list[Finding]:
    if settings.images_base_url is None:
        return [skipped(IMAGE_MODEL, "Pictures are painted by the program itself.")] if settings.is_offline else []
    host = Endpoint(str(settings.images_base_url), settings.images_api_key, "IMAGES_API_KEY", "images")
    try:
        listing: Listing = await read_listing(asking, host)
    except NoAnswer as error:
        return [bad(IMAGE_MODEL, f"The host of pictures {error}.", "Look at IMAGES_BASE_URL, and at that host.")]
    also = "" if settings.image_price_usd else UNPRICED
    return [judge_image_model(settings.image_model, listing, "IMAGES_BASE_URL", also)]
