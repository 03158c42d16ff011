"""Decoys: who still matches what was taken back.

Processes of before may run on meanwhile: they neither read nor write it.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, Date, ForeignKey, Index, LargeBinary, String

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the table."""
    op.create_table(
        "decoy",
        Column("id", String(40), primary_key=True, comment="random"),
        Column("entry", LargeBinary(16), ForeignKey("entry.id"), nullable=False, unique=True),
        Column("participant", String(40), ForeignKey("participant.id"), nullable=False, comment="where it is uploaded"),
        Column("made_on", Date, nullable=False),
        Column("withdrawn_on", Date, comment="empty while it is on the list"),
        Column("found_on", Date, comment="last day on which the participant found it"),
        Index("decoy_participant", "participant"),
        comment="Drawings of operators, each on the list, and uploaded to one participant alone.",
        sqlite_with_rowid=False,
    )
