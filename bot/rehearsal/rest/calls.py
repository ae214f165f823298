"""A request as a route sees it, and the answer that it gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.rehearsal.rest.refusals import INVALID_JSON, Refusal
from bot.rehearsal.rules.form import Form
from bot.rehearsal.wire.json import as_object

if TYPE_CHECKING:
    from bot.rehearsal.world.pictures import Measured
    from bot.rehearsal.world.world import World

NO_CONTENT_STATUS = 204


class ConnectionCut(Exception):
    """Raised by a fault: the connection goes down without an answer; what was asked for may be done all the same."""

    def __init__(self, seconds_until_done: float | None = None) -> None:
        super().__init__()
        self.seconds_until_done = seconds_until_done


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of a multipart request."""

    filename: str
    data: bytes
    measured: Measured


@dataclass(slots=True, kw_only=True)
class Call:
    """One request: `path` is relative to the API's base, `parts` are what its template names.

    `json` is the body; of a multipart request it is the object in `payload_json`, and `files` are keyed by the
    number in `files[n]`.
    """

    method: str
    path: str
    template: str
    parts: Mapping[str, str]
    query: Mapping[str, str]
    json: Any = None
    files: dict[int, Upload] = field(default_factory=dict[int, Upload])
    is_authorised: bool = False

    @property
    def body(self) -> dict[str, Any]:
        """The body as an object; an absent one is empty. Raise `Refusal` for anything else."""
        if self.json is None:
            return {}
        if (body := as_object(self.json)) is None:
            raise Refusal(INVALID_JSON)
        return body

    def id(self, name: str) -> int:
        """Return the id at a place of the path. Raise `Refusal` where there is none."""
        return self._snowflake(name, self.parts[name])

    def id_in_query(self, name: str) -> int | None:
        """Return the id in the query, or None where it is not given."""
        return self._snowflake(name, self.query[name]) if name in self.query else None

    def is_asked(self, name: str) -> bool:
        """Return whether the query switches something on, in any of the spellings that Discord takes."""
        return self.query.get(name, "").lower() in ("1", "true")

    def number_in_query(self, name: str, least: int, most: int, unless_given: int) -> int:
        """Return a whole number of the query. Raise `Refusal` when it is out of bounds."""
        form = Form(dict(self.query))
        value = form.number_in_text(name, least, most, unless_given)
        form.refuse_if_wrong()
        return value

    def _snowflake(self, name: str, text: str) -> int:
        form = Form({name: text})
        snowflake = form.snowflake(name)
        form.refuse_if_wrong()
        return snowflake or 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request gets: JSON, or for a fault also a text of another `content_type`.

    `is_by_proxy` is what answers before Discord does, such as Cloudflare: it knows of no limits.
    """

    status: int = 200
    json: Any = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    text: str | None = None
    content_type: str = "application/json"
    is_by_proxy: bool = False


NO_CONTENT = Answer(NO_CONTENT_STATUS)


@dataclass(frozen=True, slots=True)
class Route:
    """One of Discord's routes. `is_open` ones need no bot token: the token in their path is the key."""

    method: str
    path: str
    answer: Callable[[World, Call], Answer]
    is_open: bool = False
    posts_text: bool = False
