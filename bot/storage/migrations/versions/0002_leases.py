"""The second version: the lease, so that one process at a time runs the rooms."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the table with its one row, which nobody holds yet."""
    leases = op.create_table(
        "leases",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("pid", sa.BigInteger(), nullable=False),
        sa.Column("held_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("renewed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("probed_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_leases"),
    )
    never = datetime(1970, 1, 1, tzinfo=UTC)
    moments = {"held_since": never, "renewed_at": never, "valid_until": never, "probed_at": None}
    op.bulk_insert(leases, [{"id": 1, "token": "", "host": "", "pid": 0, **moments}])
