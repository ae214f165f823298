"""Somebody who sees everything that happens on a stage, and can say afterwards what was wrong with it."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from bot.client.panel.pressed import TEMPLATE
from bot.rehearsal.world.channels import Channel
from bot.rehearsal.world.components import buttons_of
from bot.rehearsal.world.happenings import Deleted, Happening
from bot.rehearsal.world.messages import Message, MessageType
from tests.end_to_end.stage import Stage, until
from tests.invariants.audience import Audience
from tests.invariants.claims import violations
from tests.invariants.evidence import Asked, Evidence, Moment, Seen, read_rooms
from tests.openrouter import Recorded, Reply

INVALID = 400
SECONDS_BETWEEN_LOOKS = 0.05


class Witness:
    """Watches a stage from before the bot starts.

    `stops` is to be counted up by whoever stops the bot; `listened` gets the numbers of rooms that somebody has given
    the time to hear of all that people said and did, `closed` those whose panels had the time to be closed.
    """

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._deleted: set[int] = set()
        self._answers: dict[int, Reply] = {}
        self._audience = Audience(stage)
        self.stops = 0
        self.listened: set[int] = set()
        self.closed: set[int] = set()
        stage.discord.on_happening(self._see)
        stage.host.after_answer.append(self._hear)

    def evidence(self, *, is_down: bool = False) -> Evidence:
        """Return what there is now. While the bot is down, its database is only copied, and left as it was found."""
        file = self._stage.database
        if is_down:
            with tempfile.TemporaryDirectory() as folder:
                for part in file.parent.glob(f"{file.name}*"):
                    shutil.copy(part, folder)
                rooms = read_rooms(Path(folder) / file.name)
        else:
            rooms = read_rooms(file)
        channels = self._stage.guild.channels.values()
        return Evidence(
            rooms=rooms,
            channels={channel.id: self._seen_in(channel) for channel in channels},
            deleted=frozenset(self._deleted),
            asked=tuple(map(self._asked, self._stage.host.requests)),
            stops=self.stops,
            said=self._audience.said(),
            given=self._audience.given(),
            retaken=tuple(self._audience.retaken),
            wishes=self._audience.wishes(),
            listened=frozenset(self.listened),
            closed=frozenset(self.closed),
            declined=self._declined(),
        )

    async def until_all_is_said(self) -> None:
        """Wait until every room is over, and no post of any waits."""
        await until(self._is_all_said, every=SECONDS_BETWEEN_LOOKS)

    def violations(self, moment: Moment) -> list[str]:
        """Return a sentence for everything that is wrong now."""
        return violations(self.evidence(), moment)

    def _is_all_said(self) -> bool:
        return all(room.is_over and not room.owes_words for room in self.evidence().rooms)

    def _declined(self) -> frozenset[str]:
        refused = [one for one in self._stage.discord.exchanges if one.method == "POST" and one.status == INVALID]
        return frozenset(str(one.json.get("content")) for one in refused if isinstance(one.json, dict))

    def _see(self, happening: Happening) -> None:
        if isinstance(happening, Deleted):
            self._deleted.add(happening.message.id)

    def _hear(self, request: Recorded, reply: Reply) -> None:
        self._answers[id(request)] = reply

    def _seen_in(self, channel: Channel) -> tuple[Seen, ...]:
        return tuple(_seen(message) for message in channel.messages if self._is_the_bots(message))

    def _is_the_bots(self, message: Message) -> bool:
        application = self._stage.discord.world.application
        by_bot = message.application_id == application.id or message.author.id == application.bot.id
        is_said = message.type in (MessageType.DEFAULT, MessageType.REPLY)  # and not Discord's line about a thread
        return by_bot and is_said and message.interaction is None

    def _asked(self, request: Recorded) -> Asked:
        reply = self._answers.get(id(request))
        went_wrong = reply is not None and (reply.status != 200 or bool(reply.error) or reply.cut)
        return Asked(
            at=request.at,
            session=request.json.get("session_id", ""),
            prompt=request.json.get("prompt", ""),
            system=request.system,
            seen=request.seen,
            temperature=request.json.get("temperature"),
            answered=reply is not None and not went_wrong,
            failed=went_wrong,
            words="" if reply is None else "".join(piece or "" for piece in reply.cut_into),
        )


def _panel_of(message: Message) -> int | None:
    """Return the room whose buttons a message of the house has."""
    ids = [button.get("custom_id", "") for button in buttons_of(message)] if message.webhook_id is None else []
    match = TEMPLATE.fullmatch(ids[0]) if ids else None
    return int(match["room"]) if match else None


def _seen(message: Message) -> Seen:
    return Seen(
        id=message.id,
        who=message.author_name,
        text=message.content,
        is_persona=message.webhook_id is not None,
        alt_texts=tuple(attachment.description for attachment in message.attachments),
        panel_of=_panel_of(message),
    )
