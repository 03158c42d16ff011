"""The database says which programs may run beside it, so that those of before stay ready while new ones start.

Programs of before this step do not ask: they are not ready from now on, though they go on working. From here on a step
that ends those of before says so, `op.execute("UPDATE program SET oldest = '<its number>'")`; any other says nothing.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, String

revision = "p07"
down_revision = "p06"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the table and its row."""
    op.create_table(
        "program",
        Column("oldest", String(32), primary_key=True, comment="step of the oldest program that may run beside this"),
        comment="One row. A program that does not know the database's step asks here whether it may go on.",
        sqlite_with_rowid=False,
    )
    op.execute("INSERT INTO program (oldest) VALUES ('p07')")
