"""Brakes: hit counts, the negative list, and on an entry why it is suspended, held, released or renewed.

Processes of before may run on meanwhile: every new column may be empty. They must have ended before an operator
suspends an entry: one of them would list it again after the next vote.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, Date, ForeignKey, Integer, LargeBinary, String

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds four columns and two tables."""
    held = "came in a burst: not published before this day, UTC, unless an operator looks"
    op.add_column("entry", Column("held_until", Date, comment=held))
    why = "votes, operator, hits or negative; empty while not, or by votes of old"
    op.add_column("entry", Column("suspended_by", String(8), comment=why))
    released = "day on which operators last put it back; hits until then brake no more"
    op.add_column("entry", Column("released_on", Date, comment=released))
    renewed = "day of the last renewal by its receipt; its time runs from here, or from listed_on"
    op.add_column("entry", Column("renewed_on", Date, comment=renewed))
    op.create_table(
        "hit",
        Column("entry", LargeBinary(16), ForeignKey("entry.id"), primary_key=True),
        Column("participant", String(40), ForeignKey("participant.id"), primary_key=True),
        Column("day", Date, primary_key=True, comment="UTC"),
        Column("count", Integer, nullable=False, comment="a coarse step, rounded down"),
        comment="How often an entry was found on a day; erased with the entry, and after some days.",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "negative_value",
        Column("picture", String(40), primary_key=True, comment="random; the values of one public picture share it"),
        Column("type", String(6), primary_key=True, comment="md5, sha256 or pdq"),
        Column("value", LargeBinary(32), primary_key=True),
        Column("label", String(120), nullable=False, comment="what it is, in an operator's words"),
        Column("added_on", Date, nullable=False),
        Column("removed_on", Date, comment="empty while it counts; a row is never deleted"),
        Column("compared_on", Date, comment="day on which what was listed had been compared with it; empty until then"),
        comment="Public pictures, such as logos: none of them may be listed. Put here by hand; others are in a file.",
        sqlite_with_rowid=False,
    )
