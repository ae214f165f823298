"""Is the database sound, has it room to grow, and who runs its rooms?"""

from __future__ import annotations

from bot.doctor.findings import Finding, bad, ok, warn
from bot.storage import Inspection

DATABASE, ROOMS = "Database", "Rooms"
LITTLE_ROOM_BYTES = 500 * 1024 * 1024
NO_ROOM_BYTES = 20 * 1024 * 1024


def judge_database(found: Inspection) -> list[Finding]:
    """Say how the database is, and who has it."""
    return [_judge_file(found), _judge_rooms(found)]


def _judge_file(found: Inspection) -> Finding:
    if found.is_newer_than_the_program:
        what = f"{found.where} is of version {found.version}, newer than this program ({found.newest_version})."
        return bad(DATABASE, what, "Run the newer program.")
    if found.damage:
        to_do = "Stop the bot, keep a copy of the file, and bring back one from before."
        return bad(DATABASE, f"{found.where} is damaged: {'; '.join(found.damage)[:200]}.", to_do)
    if not found.is_writable:
        return bad(DATABASE, f"{found.where} cannot be written to.", "Let the bot write to the file and its folder.")
    if found.is_locked:
        what = f"{found.where} is kept locked by another program, so that the bot could save nothing."
        return bad(DATABASE, what, "End what else has the file open, such as a database browser or a backup.")
    if found.free_bytes is not None and found.free_bytes < NO_ROOM_BYTES:
        return bad(DATABASE, f"{found.where}: the disk is full ({_size(found.free_bytes)} free).", "Make room on it.")
    what = _described(found)
    if found.free_bytes is not None and found.free_bytes < LITTLE_ROOM_BYTES:
        return warn(DATABASE, what, "Make room on the disk before it is full; pictures are large.")
    if found.damage is None:
        return warn(DATABASE, what, "It is too large to be looked through here; SQLite's `PRAGMA quick_check` does it.")
    return ok(DATABASE, what)


def _described(found: Inspection) -> str:
    free = "" if found.free_bytes is None else f", {_size(found.free_bytes)} free on its disk"
    if found.version is None:
        return f"{found.where} is new; the first start fills it{free}."
    version = f"version {found.version}"
    if found.version != found.newest_version:
        version += f", which the next start brings to {found.newest_version}"
    sound = "" if found.damage is None or found.free_bytes is None else ", sound"
    return f"{found.where}: {version}, {_size(found.size_bytes)}{sound}{free}."


def _judge_rooms(found: Inspection) -> Finding:
    count = len(found.open_rooms)
    rooms = f"{count or 'no'} room{'' if count == 1 else 's'} open"
    hold = found.hold
    if hold is None or not hold.is_held:
        return ok(ROOMS, f"Nobody runs them now; {rooms}.")
    since = f"{hold.since:%Y-%m-%d %H:%M} UTC"
    if not hold.is_in_time:
        what = f"{hold.holder} ran them from {since} and stopped without saying so; {rooms}."
        return warn(ROOMS, what[0].upper() + what[1:], "Start the bot: it takes them over.")
    return ok(ROOMS, f"Run by {hold.holder} since {since}; {rooms}.")


def _size(count: int) -> str:
    for unit in ("bytes", "KB", "MB"):
        if count < 1024:
            return f"{count:.0f} {unit}"
        count //= 1024
    return f"{count} GB"
