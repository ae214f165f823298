"""What the channel does not show yet of posts that changed after they appeared."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the edits and deletions that are owed; so far there were none."""
    op.create_table(
        "amendments",
        sa.Column("post_id", _NUMBER, autoincrement=False, nullable=False),
        sa.Column("room_id", _NUMBER, nullable=False),
        sa.Column("owes", sa.Text(), nullable=False),
        sa.Column("old_text", sa.Text()),
        sa.Column("old_file", sa.Text()),
        sa.PrimaryKeyConstraint("post_id", name="pk_amendments"),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name="fk_amendments_post_id_posts"),
    )
