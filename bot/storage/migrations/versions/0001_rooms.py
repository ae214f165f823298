"""The first version: rooms, their entries, posts, pictures and webhooks."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_Number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables, each before those that point to it."""
    _make_rooms()
    _make_entries()
    _make_posts()
    _make_pictures()
    _make_webhooks()


def _make_rooms() -> None:
    op.create_table(
        "rooms",
        sa.Column("id", _Number, nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("parent_id", sa.BigInteger()),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_rooms"),
    )
    unended = sa.text("ended_at IS NULL")
    op.create_index(
        "ix_rooms_unended",
        "rooms",
        ["channel_id"],
        unique=True,
        sqlite_where=unended,
        postgresql_where=unended,
    )


def _make_entries() -> None:
    op.create_table(
        "entries",
        sa.Column("room_id", _Number, autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("record", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("room_id", "seq", name="pk_entries"),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name="fk_entries_room_id_rooms"),
    )


def _make_posts() -> None:
    op.create_table(
        "posts",
        sa.Column("id", _Number, nullable=False),
        sa.Column("room_id", _Number, nullable=False),
        sa.Column("entry_seq", sa.Integer(), nullable=False),
        sa.Column("seat", sa.Integer()),
        sa.Column("persona", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("picture", sa.Integer()),
        sa.Column("alt_text", sa.Text(), nullable=False),
        sa.Column("file", sa.Text()),
        sa.Column("message_id", sa.BigInteger()),
        sa.Column("posted_at", sa.DateTime(timezone=True)),
        sa.Column("refusal", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_posts"),
        sa.ForeignKeyConstraint(
            ["room_id", "entry_seq"],
            ["entries.room_id", "entries.seq"],
            name="fk_posts_room_id_entry_seq_entries",
        ),
        sa.UniqueConstraint("message_id", name="uq_posts_message_id"),
    )
    op.create_index("ix_posts_room_id_message_id", "posts", ["room_id", "message_id"])


def _make_pictures() -> None:
    op.create_table(
        "pictures",
        sa.Column("room_id", _Number, autoincrement=False, nullable=False),
        sa.Column("picture", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("for_models", sa.LargeBinary(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("room_id", "picture", name="pk_pictures"),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name="fk_pictures_room_id_rooms"),
    )


def _make_webhooks() -> None:
    op.create_table(
        "webhooks",
        sa.Column("channel_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("webhook_id", sa.BigInteger(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("channel_id", name="pk_webhooks"),
    )
