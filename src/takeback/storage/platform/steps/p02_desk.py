"""The desk: reviews, appeals, brakes."""

from __future__ import annotations

revision = "p02"
down_revision = "p01"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds nothing yet."""
