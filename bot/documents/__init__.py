"""A ROOM AS A DOCUMENT: what was forgotten, withdrawn or said anew is in none.

Nor is what a picture showed that is gone, but for words of an AI that still stand in the channel as its turn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

from bot.documents.as_html import as_html
from bot.documents.as_json import as_json
from bot.documents.as_markdown import as_markdown
from bot.room.kept import KeptRoom

__all__ = ["WRITTEN_AS", "Format", "as_html", "as_json", "as_markdown"]

Format = Literal["md", "html", "json"]

WRITTEN_AS: Mapping[Format, Callable[[KeptRoom], str]] = {"md": as_markdown, "html": as_html, "json": as_json}
