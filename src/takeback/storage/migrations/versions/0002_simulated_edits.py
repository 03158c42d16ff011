"""A fingerprint may be of a simulated edit of the picture.

Processes of before may run on meanwhile: the column may be empty, and they neither read nor write it. They must have
ended before a page sends edits: one that publishes such an entry would leave its edits out of the list's digest.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, String

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the name of the edit."""
    comment = "the simulated edit that a pdq is of; empty for the picture itself"
    op.add_column("fingerprint", Column("edit", String(24), comment=comment))
