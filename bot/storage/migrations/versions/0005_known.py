"""In which entries the messages stand that rooms know beside those that their posts became."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

# An entry that cannot be understood is left to whoever reads its room.
_HEARD = {
    "sqlite": """
        INSERT INTO known (room_id, seq, message_id)
        SELECT room_id, seq, json_extract(record, '$.message') FROM entries WHERE kind = 'heard'
        AND CASE WHEN json_valid(record) THEN json_type(record, '$.message') = 'integer' ELSE 0 END
    """,
    "postgresql": """
        INSERT INTO known (room_id, seq, message_id)
        SELECT room_id, seq, CAST(record ->> 'message' AS BIGINT) FROM entries WHERE kind = 'heard'
        AND json_typeof(record -> 'message') = 'number'
    """,
}


def upgrade() -> None:
    """Add what is known of messages, and take what people said so far from the entries."""
    op.create_table(
        "known",
        sa.Column("room_id", _NUMBER, autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("message_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("room_id", "seq", "message_id", name="pk_known"),
        sa.ForeignKeyConstraint(
            ["room_id", "seq"], ["entries.room_id", "entries.seq"], name="fk_known_room_id_seq_entries"
        ),
    )
    op.create_index("ix_known_message_id", "known", ["message_id"])
    op.execute(_HEARD[op.get_context().dialect.name])
