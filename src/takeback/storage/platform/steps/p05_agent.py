"""What the agent keeps: keys of the platform's services, how its lists stand, and how far the webhook has come."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "p05"
down_revision = "p04"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "agent_key",
        sa.Column("id", sa.String(length=16), nullable=False, comment="random; the part of a key before its secret"),
        sa.Column("name", sa.String(length=120), nullable=False, comment="which of the platform's services has it"),
        sa.Column("role", sa.String(length=12), nullable=False, comment="screen, instructions or admin"),
        sa.Column(
            "digest", sa.LargeBinary(length=32), nullable=False, comment="of the secret, under this installation's key"
        ),
        sa.Column("added_on", sa.Date(), nullable=False),
        sa.Column("revoked_on", sa.Date(), nullable=True, comment="empty while it is valid"),
        sa.CheckConstraint("role IN ('screen', 'instructions', 'admin')", name="agent_key_role"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
        comment="Keys of the platform's own services; a secret is shown once and not kept.",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "followed_list",
        sa.Column("name", sa.String(length=40), nullable=False, comment="as in the settings"),
        sa.Column("entries", sa.Integer(), nullable=False, comment="on the list at the last sync"),
        sa.Column("skipped", sa.Integer(), nullable=False, comment="records that the last sync could not read"),
        sa.Column(
            "tried_at", sa.DateTime(timezone=True), nullable=False, comment="when the last sync ended, well or not"
        ),
        sa.Column(
            "error", sa.String(length=40), nullable=True, comment="code of what it ended in; empty when it ended well"
        ),
        sa.Column("detail", sa.String(length=400), nullable=True, comment="what the error says"),
        sa.PrimaryKeyConstraint("name"),
        comment="How the lists stand that the agent follows; their copies are files beside the database.",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "webhook",
        sa.Column("id", sa.Integer(), nullable=False, comment="1"),
        sa.Column("told", sa.BigInteger(), nullable=False, comment="every instruction up to this sequence was told of"),
        sa.CheckConstraint("id = 1", name="webhook_one_row"),
        sa.PrimaryKeyConstraint("id"),
        comment="One row: how far the platform has heard of its instructions.",
    )
