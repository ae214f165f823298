"""The files of a rehearsal, as Discord's CDN would serve them: attachments and emojis."""

from __future__ import annotations

import asyncio

from aiohttp import web

from bot.rehearsal.world.world import World


class Files:
    """Serves what was uploaded."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.gate = asyncio.Event()
        """While it is not set, attachments are on their way: so many are `waiting`."""
        self.waiting = 0
        self.gate.set()

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """Serve `/attachments/{channel}/{id}/{name}` and `/emojis/{id}.png`."""
        router.add_get("/attachments/{channel_id}/{attachment_id}/{filename}", self._attachment)
        router.add_get(r"/emojis/{emoji_id:\d+}.{extension}", self._emoji)

    async def _attachment(self, request: web.Request) -> web.Response:
        self.waiting += 1
        await self.gate.wait()
        self.waiting -= 1
        attachment_id = request.match_info["attachment_id"]
        attachment = self._world.attachments.get(int(attachment_id)) if attachment_id.isdigit() else None
        if attachment is None or attachment.filename != request.match_info["filename"]:
            raise web.HTTPNotFound
        return web.Response(body=attachment.data, content_type=attachment.content_type or "application/octet-stream")

    async def _emoji(self, request: web.Request) -> web.Response:
        emoji = self._world.application.emojis.get(int(request.match_info["emoji_id"]))
        if emoji is None:
            raise web.HTTPNotFound
        return web.Response(body=emoji.data, content_type=emoji.content_type)
