"""Sealed evidence, and reports to an authority."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
)

from takeback.storage.platform.schema.base import metadata

evidence = Table(
    "evidence",
    metadata,
    Column("id", String(32), primary_key=True, comment="random; the id of its sealed file, too"),
    Column("hold", String(32), nullable=False, comment="the hold that it belongs to"),
    Column("report", String(32), comment="the report that it is kept for; empty where nothing was reported yet"),
    Column("kind", String(6), nullable=False, comment="file, facts or report"),
    Column("state", String(7), nullable=False, comment="writing, kept, erasing or erased"),
    Column("begun_at", DateTime(timezone=True), nullable=False),
    Column("due_at", DateTime(timezone=True), nullable=False, comment="from then on it is erased, unless held by law"),
    Column("is_copy", Boolean, nullable=False, comment="whether it is the copy that the desk showed to its people"),
    Column("size", BigInteger, nullable=False, comment="bytes of what is sealed; 0 while it is written"),
    Column("sealed_sha256", LargeBinary(32), nullable=False, comment="SHA-256 of the ciphertext"),
    Column("erased_at", DateTime(timezone=True)),
    Column("erased_event", BigInteger, comment="the event of the audit that says so: its deletion receipt"),
    CheckConstraint("state IN ('writing', 'kept', 'erasing', 'erased')", name="evidence_state"),
    CheckConstraint("kind IN ('file', 'facts', 'report')", name="evidence_kind"),
    Index("evidence_by_hold", "hold"),
    Index("evidence_by_due", "state", "due_at"),
    comment="What is kept sealed because a law asks for it. A row stays when its file is erased.",
)

legal_hold = Table(
    "legal_hold",
    metadata,
    Column("hold", String(32), primary_key=True, comment="nothing that is kept for this hold is erased"),
    Column("order_number", String(80), nullable=False, comment="number of the order or request; no person's name"),
    Column("placed_by", String(40), nullable=False),
    Column("placed_at", DateTime(timezone=True), nullable=False),
    comment="Orders to keep what would be erased. Two persons lift one; the audit keeps that it stood.",
)

report = Table(
    "report",
    metadata,
    Column("id", String(32), primary_key=True, comment="random"),
    Column("hold", String(32), nullable=False),
    Column("authority", String(20), nullable=False, comment="whom it is for"),
    Column("evidence", String(32), nullable=False, comment="the item that holds its text"),
    Column("grounds", String(13), nullable=False, comment="seen or verified-list (model/report.py)"),
    Column("score", Integer, nullable=False, comment="how complete it is, 0 to 100"),
    Column("built_by", String(40), nullable=False),
    Column("built_at", DateTime(timezone=True), nullable=False),
    Column("state", String(9), nullable=False),
    Column("door", String(10), comment="test or production; empty until it is sent"),
    Column("approval", String(40), comment="the proposal by which a second person approved it"),
    Column("theirs", String(40), comment="the authority's own number of it"),
    Column("opened_at", DateTime(timezone=True), comment="when the authority gave that number"),
    Column("tried_at", DateTime(timezone=True), comment="when it went through the authority's test"),
    Column("finished_at", DateTime(timezone=True)),
    Column("request", String(80), comment="the authority's name of the last call, for its support"),
    Column("problem", String(300), comment="what went wrong last; holds nothing of the report"),
    CheckConstraint(
        "state IN ('built', 'approved', 'opening', 'open', 'finishing', 'finished', 'retracted', 'refused', 'unclear')",
        name="report_state",
    ),
    CheckConstraint("door IN ('test', 'production')", name="report_door"),
    Index("report_by_hold", "hold"),
    comment="Reports to an authority, and how far each has come. Its text is sealed evidence.",
)

report_file = Table(
    "report_file",
    metadata,
    Column("report", String(32), primary_key=True),
    Column("place", Integer, primary_key=True, comment="counted from 0, as in the report"),
    Column("evidence", String(32), nullable=False, comment="the item that is sent"),
    Column("state", String(9), nullable=False, comment="waiting, uploading, uploaded or described"),
    Column("theirs", String(64), comment="the authority's own id of it"),
    CheckConstraint("state IN ('waiting', 'uploading', 'uploaded', 'described')", name="report_file_state"),
    comment="The files of a report, and how far each has come.",
)
