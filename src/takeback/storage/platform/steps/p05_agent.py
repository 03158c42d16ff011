"""What the agent follows."""

from __future__ import annotations

revision = "p05"
down_revision = "p04"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds nothing yet."""
