"""Sealed evidence and reports."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "p04"
down_revision = "p03"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds what is kept because a law asks for it, and reports to an authority."""
    op.create_table(
        "evidence",
        sa.Column("id", sa.String(length=32), nullable=False, comment="random; the id of its sealed file, too"),
        sa.Column("hold", sa.String(length=32), nullable=False, comment="the hold that it belongs to"),
        sa.Column(
            "report",
            sa.String(length=32),
            nullable=True,
            comment="the report that it is kept for; empty where nothing was reported yet",
        ),
        sa.Column("kind", sa.String(length=6), nullable=False, comment="file, facts or report"),
        sa.Column("state", sa.String(length=7), nullable=False, comment="writing, kept, erasing or erased"),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "due_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="from then on it is erased, unless held by law",
        ),
        sa.Column(
            "is_copy", sa.Boolean(), nullable=False, comment="whether it is the copy that the desk showed to its people"
        ),
        sa.Column("size", sa.BigInteger(), nullable=False, comment="bytes of what is sealed; 0 while it is written"),
        sa.Column("sealed_sha256", sa.LargeBinary(length=32), nullable=False, comment="SHA-256 of the ciphertext"),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "erased_event",
            sa.BigInteger(),
            nullable=True,
            comment="the event of the audit that says so: its deletion receipt",
        ),
        sa.CheckConstraint("kind IN ('file', 'facts', 'report')", name="evidence_kind"),
        sa.CheckConstraint("state IN ('writing', 'kept', 'erasing', 'erased')", name="evidence_state"),
        sa.PrimaryKeyConstraint("id"),
        comment="What is kept sealed because a law asks for it. A row stays when its file is erased.",
    )
    op.create_index("evidence_by_due", "evidence", ["state", "due_at"], unique=False)
    op.create_index("evidence_by_hold", "evidence", ["hold"], unique=False)
    op.create_table(
        "legal_hold",
        sa.Column("hold", sa.String(length=32), nullable=False, comment="nothing that is kept for this hold is erased"),
        sa.Column(
            "order_number",
            sa.String(length=80),
            nullable=False,
            comment="number of the order or request; no person's name",
        ),
        sa.Column("placed_by", sa.String(length=40), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("hold"),
        comment="Orders to keep what would be erased. Two persons lift one; the audit keeps that it stood.",
    )
    op.create_table(
        "report",
        sa.Column("id", sa.String(length=32), nullable=False, comment="random"),
        sa.Column("hold", sa.String(length=32), nullable=False),
        sa.Column("authority", sa.String(length=20), nullable=False, comment="whom it is for"),
        sa.Column("evidence", sa.String(length=32), nullable=False, comment="the item that holds its text"),
        sa.Column("grounds", sa.String(length=13), nullable=False, comment="seen or verified-list (model/report.py)"),
        sa.Column("score", sa.Integer(), nullable=False, comment="how complete it is, 0 to 100"),
        sa.Column("built_by", sa.String(length=40), nullable=False),
        sa.Column("built_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=9), nullable=False),
        sa.Column("door", sa.String(length=10), nullable=True, comment="test or production; empty until it is sent"),
        sa.Column(
            "approval", sa.String(length=40), nullable=True, comment="the proposal by which a second person approved it"
        ),
        sa.Column("theirs", sa.String(length=40), nullable=True, comment="the authority's own number of it"),
        sa.Column(
            "opened_at", sa.DateTime(timezone=True), nullable=True, comment="when the authority gave that number"
        ),
        sa.Column(
            "tried_at", sa.DateTime(timezone=True), nullable=True, comment="when it went through the authority's test"
        ),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "request",
            sa.String(length=80),
            nullable=True,
            comment="the authority's name of the last call, for its support",
        ),
        sa.Column(
            "problem", sa.String(length=300), nullable=True, comment="what went wrong last; holds nothing of the report"
        ),
        sa.CheckConstraint("door IN ('test', 'production')", name="report_door"),
        sa.CheckConstraint(
            "state IN ('built', 'approved', 'opening', 'open', 'finishing', 'finished', 'retracted', 'refused', "
            "'unclear')",
            name="report_state",
        ),
        sa.PrimaryKeyConstraint("id"),
        comment="Reports to an authority, and how far each has come. Its text is sealed evidence.",
    )
    op.create_index("report_by_hold", "report", ["hold"], unique=False)
    op.create_table(
        "report_file",
        sa.Column("report", sa.String(length=32), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False, comment="counted from 0, as in the report"),
        sa.Column("evidence", sa.String(length=32), nullable=False, comment="the item that is sent"),
        sa.Column("state", sa.String(length=9), nullable=False, comment="waiting, uploading, uploaded or described"),
        sa.Column("theirs", sa.String(length=64), nullable=True, comment="the authority's own id of it"),
        sa.CheckConstraint("state IN ('waiting', 'uploading', 'uploaded', 'described')", name="report_file_state"),
        sa.PrimaryKeyConstraint("report", "place"),
        comment="The files of a report, and how far each has come.",
    )
