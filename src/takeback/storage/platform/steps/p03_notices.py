"""Notices and their clock."""

from __future__ import annotations

revision = "p03"
down_revision = "p02"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds nothing yet."""
