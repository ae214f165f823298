"""The tables: what is kept of rooms, and in which shape."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
)

NO_CHARACTER = "\N{REPLACEMENT CHARACTER}"


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware and in UTC on our side, whatever the database makes of time zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Turn an aware moment into UTC."""
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Say of a stored moment that it is UTC: SQLite forgets it."""
        return None if value is None else value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Words(TypeDecorator[str]):
    """A text for Discord: NUL and lone surrogates, which not every database takes, become U+FFFD."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Replace what is no character."""
        if value is None:
            return None
        whole = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return whole.replace("\0", NO_CHARACTER)


# SQLite counts up only keys that are declared INTEGER; these hold 64 bits there as well.
_Number = BigInteger().with_variant(Integer(), "sqlite")

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

rooms = Table(
    "rooms",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("guild_id", BigInteger, nullable=False),
    Column("channel_id", BigInteger, nullable=False),
    Column("parent_id", BigInteger),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    # The number of the newest entry: raised in the statement that locks the room for an append.
    Column("last_seq", Integer, nullable=False),
)
Index(
    "ix_rooms_unended",
    rooms.c.channel_id,
    unique=True,
    sqlite_where=rooms.c.ended_at.is_(None),
    postgresql_where=rooms.c.ended_at.is_(None),
)

entries = Table(
    "entries",
    metadata,
    Column("room_id", _Number, ForeignKey("rooms.id"), primary_key=True, autoincrement=False),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("kind", Text, nullable=False),
    Column("record", JSON, nullable=False),
)

posts = Table(
    "posts",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("room_id", _Number, nullable=False),
    Column("entry_seq", Integer, nullable=False),
    Column("seat", Integer),
    Column("persona", Words, nullable=False),
    Column("model", Words, nullable=False),
    Column("text", Words, nullable=False),
    Column("picture", Integer),
    Column("alt_text", Words, nullable=False),
    Column("file", Words),
    # Posted when it has a message, refused when it has a refusal, waiting when it has neither.
    Column("message_id", BigInteger, unique=True),
    Column("posted_at", UtcDateTime),
    Column("refusal", Words),
    ForeignKeyConstraint(["room_id", "entry_seq"], ["entries.room_id", "entries.seq"]),
)
is_waiting = posts.c.message_id.is_(None) & posts.c.refusal.is_(None)
# Finds what waits as well: both databases index what is null.
Index("ix_posts_room_id_message_id", posts.c.room_id, posts.c.message_id)

known = Table(
    "known",
    metadata,
    # Messages of people, and in a fork those in which the other room said what the fork has from it.
    Column("room_id", _Number, primary_key=True, autoincrement=False),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("message_id", BigInteger, primary_key=True, autoincrement=False),
    ForeignKeyConstraint(["room_id", "seq"], ["entries.room_id", "entries.seq"]),
)
Index("ix_known_message_id", known.c.message_id)

EDIT, DELETION = "edit", "deletion"
amendments = Table(
    "amendments",
    metadata,
    # A table of its own: few posts ever change after they appeared, and what is owed is found without looking at all.
    Column("post_id", _Number, ForeignKey("posts.id"), primary_key=True, autoincrement=False),
    Column("room_id", _Number, nullable=False),
    Column("owes", Text, nullable=False),
    # What the message said before; none once there is no way back to it.
    Column("old_text", Words),
    Column("old_file", Words),
)

pictures = Table(
    "pictures",
    metadata,
    Column("room_id", _Number, ForeignKey("rooms.id"), primary_key=True, autoincrement=False),
    Column("picture", Integer, primary_key=True, autoincrement=False),
    Column("media_type", Text, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    # Before the bytes that people see, so that SQLite need not walk over those to reach it.
    Column("for_models", LargeBinary, nullable=False),
    Column("data", LargeBinary, nullable=False),
)

webhooks = Table(
    "webhooks",
    metadata,
    Column("channel_id", BigInteger, primary_key=True, autoincrement=False),
    Column("webhook_id", BigInteger, nullable=False),
    Column("token", Text, nullable=False),
)

leases = Table(
    "leases",
    metadata,
    # The one row is there from the beginning, so that taking and giving back are updates, which the database orders.
    Column("id", _Number, primary_key=True, autoincrement=False),
    # Of the run that holds it; empty while nobody does.
    Column("token", Text, nullable=False),
    Column("host", Words, nullable=False),
    Column("pid", BigInteger, nullable=False),
    Column("held_since", UtcDateTime, nullable=False),
    Column("renewed_at", UtcDateTime, nullable=False),
    Column("valid_until", UtcDateTime, nullable=False),
    # When somebody last tried whether writes reach the disk.
    Column("probed_at", UtcDateTime),
)

guilds = Table(
    "guilds",
    metadata,
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    Column("settings", JSON, nullable=False),
    Column("left_at", UtcDateTime),
)

panels = Table(
    "panels",
    metadata,
    Column("room_id", _Number, ForeignKey("rooms.id"), primary_key=True, autoincrement=False),
    Column("message_id", BigInteger, nullable=False),
)

bookmarks = Table(
    "bookmarks",
    metadata,
    Column("room_id", _Number, ForeignKey("rooms.id"), primary_key=True, autoincrement=False),
    Column("message_id", BigInteger, nullable=False),
)

marks = Table(
    "marks",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
