"""Header keys may leave those before valid for some days.

Processes of before may run on meanwhile: they know the newest pair only, and one that gives new keys ends the others.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, DateTime, LargeBinary

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the pair before, and its end."""
    old = "of the pair before, valid beside until it ends: both digests, one behind the other"
    op.add_column("header_key", Column("old_digests", LargeBinary(64), comment=old))
    op.add_column("header_key", Column("old_ends_at", DateTime(timezone=True)))
