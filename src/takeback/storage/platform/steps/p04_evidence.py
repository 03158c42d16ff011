"""Sealed evidence and reports."""

from __future__ import annotations

revision = "p04"
down_revision = "p03"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds nothing yet."""
