"""An entry may have a day on which it is taken back.

Processes of before may run on meanwhile: they neither read nor write it, and withdraw nothing on that day.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, Date

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the day."""
    comment = "day on which it is taken back, UTC; asked for ahead, and may be taken back itself"
    op.add_column("entry", Column("withdraw_on", Date, comment=comment))
    op.create_index("entry_withdraw_on", "entry", ["withdraw_on"])
