"""Fingerprints of what the platform holds, and sweeps."""

from __future__ import annotations

revision = "p06"
down_revision = "p05"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds nothing yet."""
