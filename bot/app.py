"""The composition root: everything is opened here, in one `async with`, and handed down by name."""

from __future__ import annotations

import pkgutil
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from importlib import import_module

import httpx

import cogs
from bot.client import BackroomBot, Supplies
from bot.errors import ModelNotFound, SettingsError
from bot.images.endpoint import ImageEndpoint
from bot.images.painter import Painter
from bot.images.picture import PictureMaker
from bot.models.answering import Answerer
from bot.models.catalogue import Catalogue
from bot.models.client import ModelClient, no_cookies, open_http, trusted
from bot.models.endpoints import Endpoint, open_endpoints
from bot.models.offline import OfflineCast
from bot.posting.invalid_requests import InvalidRequests
from bot.posting.wire import open_posting_session
from bot.scenarios import Scenarios
from bot.settings import Settings, environment
from bot.storage import hold_lease, open_database


@asynccontextmanager
async def open_bot(
    settings: Settings, *, answerer: Answerer | None = None, picture_maker: PictureMaker | None = None
) -> AsyncGenerator[BackroomBot]:
    """Yield the bot, ready and not yet connected; close everything it used at the end.

    Args:
        answerer: who answers instead of what the settings say, such as an offline cast with a seed.
        picture_maker: who makes pictures instead.

    Raises:
        SettingsError: a file that the settings name cannot be used.
        StorageError: the journal cannot be opened, or another process runs its rooms; also at any later time,
            in the place of a cancellation, when another took them over.
    """
    catalogue = Catalogue.load(settings.models_file)
    scenarios = Scenarios.load(settings.scenarios_folder)
    _check_casts(scenarios, catalogue)
    invalid_requests = InvalidRequests()
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(open_database(settings.database_url))
        lease = await stack.enter_async_context(hold_lease(database, seconds=settings.lease_seconds))
        http = await stack.enter_async_context(open_http())
        direct = await stack.enter_async_context(
            httpx.AsyncClient(trust_env=False, verify=trusted(), cookies=no_cookies())
        )
        supplies = Supplies(
            settings=settings,
            database=database,
            lease=lease,
            catalogue=catalogue,
            scenarios=scenarios,
            answerer=answerer or _answerer(settings, catalogue, http),
            picture_maker=picture_maker or _picture_maker(settings, http, direct),
            posting_session=await stack.enter_async_context(open_posting_session(invalid_requests)),
            invalid_requests=invalid_requests,
        )
        bot = await stack.enter_async_context(BackroomBot(supplies))
        for module in sorted(pkgutil.iter_modules(cogs.__path__), key=lambda module: module.name):
            # Not as an extension of discord.py's, which is made to be loaded anew while the bot runs.
            await import_module(f"{cogs.__name__}.{module.name}").setup(bot)
        yield bot


def _check_casts(scenarios: Scenarios, catalogue: Catalogue) -> None:
    for scenario in scenarios.all:
        for name in scenario.cast:
            try:
                catalogue.resolve(name)
            except ModelNotFound as error:
                raise SettingsError(
                    f"SCENARIOS_FOLDER: the cast of “{scenario.title}” cannot sit down. {error}"
                ) from None


def _answerer(settings: Settings, catalogue: Catalogue, http: httpx.AsyncClient) -> Answerer:
    if settings.is_offline:
        return OfflineCast(names=[model.name for model in catalogue.models])
    openrouter = Endpoint(str(settings.openrouter_base_url), settings.openrouter_api_key)
    return ModelClient(http, open_endpoints(catalogue.endpoints, environment(), openrouter))


def _picture_maker(settings: Settings, http: httpx.AsyncClient, direct: httpx.AsyncClient) -> PictureMaker:
    if settings.images_base_url is not None:
        base, key = settings.images_base_url, settings.images_api_key
    elif settings.is_offline:
        return Painter()
    else:
        base, key = settings.openrouter_base_url, settings.openrouter_api_key
    path, price = settings.images_path, settings.image_price_usd
    return ImageEndpoint(http, str(base), key, settings.image_model, path, price_usd=price, direct=direct)
