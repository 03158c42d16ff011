"""Two indexes hold only the entries that have their day: each new entry wrote two more pages of the file for nothing.

Processes of before may run on meanwhile: what they ask is answered from the smaller indexes, too.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import text

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes both anew."""
    for day in ("withdraw_on", "forget_on"):
        op.drop_index(f"entry_{day}", "entry")
        has_day = text(f"{day} IS NOT NULL")
        op.create_index(f"entry_{day}", "entry", [day], sqlite_where=has_day, postgresql_where=has_day)
