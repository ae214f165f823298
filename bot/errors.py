"""Every error whose text a person may read.

    BackroomError               one or two sentences: what happened, and what to do about it
    ├── SettingsError           a setting, or the file it names, cannot be used
    ├── StorageError            the journal cannot be read or written
    │   ├── NoSuchRoom          a room is not, or no longer, in the journal (in `bot.storage`)
    │   ├── Unreadable          an entry of a room cannot be understood (in `bot.storage`)
    │   ├── Overtaken           somebody else wrote to the room first (in `bot.storage`)
    │   └── LeaseTaken          another process runs the rooms (in `bot.storage`)
    ├── NotPossible             what a person asked for cannot be done here and now
    │   └── NotAllowed          they have not the right to it
    ├── ModelNotFound           a name that is no model of the catalogue, or that could be several
    ├── ModelError              a model gave no answer this time
    │   ├── ModelUnavailable    its host is down, overloaded, too slow, or was cut off; later it may answer
    │   ├── ModelRefused        its host declined this request; the same request would be declined again
    │   ├── ModelRetired        its host no longer serves it
    │   ├── AccessRefused       the key, the credit or the account does not allow it; an operator must act
    │   └── EmptyAnswer         it answered with nothing that can be said
    ├── PictureError            no picture came of a description
    └── PostingError            words did not reach Discord
        ├── PostRefused         Discord declined the message itself; the same message would be declined again
        ├── PlaceGone           the channel, thread or webhook is not there, or not open to the bot
        └── DiscordUnavailable  Discord did not answer, or asked to wait longer than we do

Nothing below ever becomes the words of an AI.
"""

from __future__ import annotations

from collections.abc import Sequence


class BackroomError(Exception):
    """Something went wrong in a way that a person can be told about: `t(str(error))` is what they read."""


class SettingsError(BackroomError):
    """A setting, or the file it names, cannot be used."""


class StorageError(BackroomError):
    """The journal cannot be read or written."""


class NotPossible(BackroomError):
    """What a person asked for cannot be done here and now."""


class NotAllowed(NotPossible):
    """A person has not the right to what they asked for."""


class ModelNotFound(BackroomError):
    """A name that is no model of the catalogue, or that could be several.

    `nearest` holds the display names of the models that come closest, best first; it may be empty.
    """

    def __init__(self, sentence: str, nearest: Sequence[str] = ()) -> None:
        super().__init__(sentence)
        self.nearest = tuple(nearest)


class ModelError(BackroomError):
    """A model gave no answer this time.

    `host` is what people call the host that is out, where the fault is its own and passes by itself; otherwise
    empty. `cost_usd` is what was paid all the same, None where nothing was, as far as the host says.
    """

    def __init__(self, sentence: str, *, host: str = "", cost_usd: float | None = None) -> None:
        super().__init__(sentence)
        self.host = host
        self.cost_usd = cost_usd


class ModelUnavailable(ModelError):
    """The model's host is down, overloaded, too slow, or was cut off; later it may answer."""


class ModelRefused(ModelError):
    """The model's host declined this request; the same request would be declined again."""


class ModelRetired(ModelError):
    """The model's host no longer serves it; the text says what to take instead where that is known."""


class AccessRefused(ModelError):
    """The key, the credit or the account does not allow the request; an operator must act."""


class EmptyAnswer(ModelError):
    """The model answered with nothing that can be said, also when asked again."""


class PictureError(BackroomError):
    """No picture came of a description; `cost_usd` is what the host charged all the same, where it says so."""

    def __init__(self, sentence: str, *, cost_usd: float | None = None) -> None:
        super().__init__(sentence)
        self.cost_usd = cost_usd


class PostingError(BackroomError):
    """Words did not reach Discord."""


class PostRefused(PostingError):
    """Discord declined the message itself; the same message would be declined again."""


class PlaceGone(PostingError):
    """The channel, thread or webhook is not there, or is not open to the bot.

    `told` is whether the house could say there all that it had to say, so that only personas are hindered.
    """

    def __init__(self, sentence: str, *, told: bool = False) -> None:
        super().__init__(sentence)
        self.told = told


class DiscordUnavailable(PostingError):
    """Discord did not answer, or asked to wait longer than we do; what was to be said waits in the outbox."""
