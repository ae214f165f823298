"""The offline cast: plays every model of the catalogue with a manner of its own, without a key or a network."""

from bot.models.offline.cast import OfflineCast

__all__ = ["OfflineCast"]
