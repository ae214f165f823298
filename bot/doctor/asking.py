"""One request to one host, bounded in time, that also notes what time the host says it is."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

import httpx

from bot.errors import BackroomError
from bot.models.json_values import as_table, texts

SECONDS_TO_ANSWER = 10.0


class NoAnswer(BackroomError):
    """A host gave no answer that can be read; `str(error)` says why, after the host's name."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer with whatever status, and its JSON."""

    status: int
    body: object

    @property
    def said(self) -> str:
        """What the host said about an error, with the status before it."""
        error = as_table(self.body).get("error")
        words = texts(as_table(error).get("message"), error, as_table(self.body).get("message"))
        return f"{self.status}: {words[0][:200]}" if words else str(self.status)


class Asking:
    """Asks hosts; `seconds_ahead` collects by how much this computer's clock was before those of trusted hosts."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http
        self.seconds_ahead: list[float] = []

    async def get(
        self, url: str, headers: Mapping[str, str], *, tells_time: bool = False, **query: str | int
    ) -> Answer:
        """Return the answer to a GET.

        Raises:
            NoAnswer: there is none, or it is no JSON.
        """
        began = time.time()
        try:
            response = await self._http.get(url, headers=dict(headers), params=query)
        except httpx.TimeoutException:
            raise NoAnswer(f"did not answer within {SECONDS_TO_ANSWER:.0f} seconds") from None
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise NoAnswer(f"cannot be reached: {str(error)[:200] or type(error).__name__}") from None
        if tells_time and "age" not in response.headers:  # what a cache kept tells an older time
            self._note_time(response.headers.get("date", ""), (began + time.time()) / 2)
        try:
            return Answer(response.status_code, response.json())
        except (ValueError, RecursionError):
            if response.status_code >= 400:
                return Answer(response.status_code, None)
            raise NoAnswer(f"answered {response.status_code} with something that is no JSON") from None

    def _note_time(self, date: str, now: float) -> None:
        try:
            said = parsedate_to_datetime(date).timestamp()
        except (ValueError, TypeError, OverflowError):
            return
        self.seconds_ahead.append(now - said - 0.5)  # the header leaves out the fraction of the second
