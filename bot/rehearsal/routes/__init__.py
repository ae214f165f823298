"""Discord's REST routes, one file for each resource."""

from bot.rehearsal.routes import (
    applications,
    channels,
    commands,
    direct,
    emojis,
    guilds,
    interactions,
    messages,
    pins,
    reactions,
    threads,
    webhook_messages,
    webhooks,
)

ROUTES = (
    *applications.ROUTES,
    *commands.ROUTES,
    *emojis.ROUTES,
    *guilds.ROUTES,
    *channels.ROUTES,
    *direct.ROUTES,
    *pins.ROUTES,
    *messages.ROUTES,
    *reactions.ROUTES,
    *threads.ROUTES,
    *interactions.ROUTES,
    *webhook_messages.ROUTES,
    *webhooks.ROUTES,
)
"""All routes; where two paths match a request, the earlier one is taken."""

__all__ = ["ROUTES"]
