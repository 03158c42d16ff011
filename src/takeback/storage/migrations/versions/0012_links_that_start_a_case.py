"""Links that start a case are used once.

Processes of before may run on meanwhile: they neither read nor write it.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, Date, LargeBinary

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the table."""
    op.create_table(
        "used_link",
        Column("digest", LargeBinary(32), primary_key=True, comment="SHA-256 of the number in the link"),
        Column("last_day", Date, nullable=False, comment="kept up to this day, UTC; shared by all of one fortnight"),
        comment="Counsellors' links that were used, so that none is used again; nothing ties one to an entry.",
        sqlite_with_rowid=False,
    )
    op.create_index("used_link_last_day", "used_link", ["last_day"])
