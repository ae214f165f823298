"""A room has one panel, which shows whether the room goes on."""

from __future__ import annotations

from collections.abc import Iterator

from tests.invariants.evidence import Evidence, Moment


def wrong_panels(evidence: Evidence, moment: Moment) -> Iterator[str]:
    """No room has two panels at once; one that is over, and had the time, has none that can be pressed."""
    messages = [message for channel in evidence.channels.values() for message in channel]
    for room in evidence.rooms:
        panels = {one.id for one in messages if one.panel_of == room.number or one.id == room.panel}
        if len(panels) > 1 and moment is not Moment.ANY_INSTANT:
            yield f"Room {room.number} has {len(panels)} panels: {sorted(panels)}."
        with_buttons = [one.id for one in messages if one.panel_of == room.number]
        if with_buttons and room.number in evidence.closed and moment is Moment.DONE:
            yield f"Room {room.number} is over, and its panel {with_buttons[0]} still has its buttons."
