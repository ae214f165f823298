"""Through which message each room's place was read."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

# What is older was looked for while these rooms went on: what was left unheard of it is not to be let in now.
_READ = """
    INSERT INTO bookmarks (room_id, message_id)
    SELECT known.room_id, MAX(known.message_id) FROM known JOIN rooms ON rooms.id = known.room_id
    WHERE rooms.ended_at IS NULL GROUP BY known.room_id
"""


def upgrade() -> None:
    """Add the bookmarks; rooms that go on were read through the newest message of a person that they know."""
    op.create_table(
        "bookmarks",
        sa.Column("room_id", _NUMBER, autoincrement=False, nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("room_id", name="pk_bookmarks"),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name="fk_bookmarks_room_id_rooms"),
    )
    op.execute(_READ)
