"""Content that waits for a person, and what the platform is told to do."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, DateTime, Index, Integer, LargeBinary, String, Table, Text

from takeback.storage.platform.schema.base import metadata

hold = Table(
    "hold",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("content", String(200), nullable=False, comment="the platform's own id of the content"),
    Column("surface", String(8), nullable=False, comment="public, message or profile"),
    Column("region", String(2), comment="ISO 3166-1 alpha-2"),
    Column("account", String(200), comment="the platform's own id of the uploader"),
    Column("uploaded_at", DateTime(timezone=True), comment="UTC"),
    Column("kind", String(5), nullable=False, comment="image or video"),
    Column("source", String(8), nullable=False, comment="upload, sweep or notice"),
    Column("findings", Text, nullable=False, comment="JSON: what of which list it is near to, and how (model/hold.py)"),
    Column("cluster", LargeBinary(16), nullable=False, comment="the same for copies of one picture"),
    Column("copy", String(64), comment="id of a sealed copy of the file; empty when none is kept any more"),
    Column("opened_at", DateTime(timezone=True), nullable=False),
    Column("due_at", DateTime(timezone=True), comment="when a law's clock runs out"),
    Column("state", String(9), nullable=False, comment="open, escalated, confirmed or wrong"),
    Column("decided_by", String(32), comment="who at the desk; `policy` where a rule did"),
    Column("decided_at", DateTime(timezone=True)),
    Column("reason", String(200), comment="a word of the desk's list of reasons"),
    CheckConstraint("state IN ('open', 'escalated', 'confirmed', 'wrong')", name="hold_state"),
    Index("hold_by_content", "content"),
    Index("hold_by_cluster", "cluster"),
    Index("hold_in_queue", "state", "due_at", "opened_at"),
    comment="Content that waits for a person, or that one has decided about.",
)

instruction = Table(
    "instruction",
    metadata,
    Column("sequence", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("content", String(200), nullable=False, comment="the platform's own id of the content"),
    Column("doing", String(8), nullable=False, comment="hide, restore or remove"),
    Column("because", String(64), nullable=False, comment="id of the hold or notice that led to it"),
    Column("at", DateTime(timezone=True), nullable=False),
    comment="What the platform is told to do with its content, in order. It reads them by sequence.",
    sqlite_autoincrement=True,
)
