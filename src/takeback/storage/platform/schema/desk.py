"""The desk: who looks at what, what was decided, and what follows."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
)

from takeback.storage import schema as authority
from takeback.storage.platform.schema.base import metadata

negative_value = authority.negative_value.to_metadata(metadata)

hold_entry = Table(
    "hold_entry",
    metadata,
    Column("list", String(100), primary_key=True),
    Column("entry", String(200), primary_key=True, comment="its name on that list"),
    Column("hold", String(32), ForeignKey("hold.id"), primary_key=True),
    Index("hold_entry_by_hold", "hold"),
    comment="Which entries each hold is near to: the same as in its findings, to be searched.",
)

review = Table(
    "review",
    metadata,
    Column("id", String(32), primary_key=True, comment="random"),
    Column("hold", String(32), ForeignKey("hold.id"), nullable=False, comment="the one that was open"),
    Column("cluster", LargeBinary(16), nullable=False, comment="its copies were answered as well"),
    Column("decision", String(9), nullable=False, comment="confirmed, wrong, unsure or escalate"),
    Column("reason", String(40), nullable=False, comment="a word of model/reason.py"),
    Column("by", String(40), nullable=False, comment="id of the operator"),
    Column("opened_at", DateTime(timezone=True), nullable=False, comment="when they opened it"),
    Column("at", DateTime(timezone=True), nullable=False, comment="when they decided"),
    Column("viewed", String(7), comment="how they had seen the picture by then: blurred or sharp; empty: not at all"),
    Column("viewed_at", DateTime(timezone=True), comment="when they last saw it so"),
    Column("undone_at", DateTime(timezone=True), comment="when it was undone, and counts no more"),
    CheckConstraint("decision IN ('confirmed', 'wrong', 'unsure', 'escalate')", name="review_decision"),
    CheckConstraint("viewed IN ('blurred', 'sharp')", name="review_viewed"),
    Index("review_by_hold", "hold"),
    Index("review_by_cluster", "cluster"),
    Index("review_at", "at"),
    comment="Every decision of a person. Rows are never deleted.",
)

viewing = Table(
    "viewing",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("hold", String(32), ForeignKey("hold.id"), nullable=False),
    Column("by", String(40), nullable=False, comment="id of the operator who asked to see it"),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("how", String(7), nullable=False, comment="blurred or sharp"),
    CheckConstraint("how IN ('blurred', 'sharp')", name="viewing_how"),
    Index("viewing_by_hold", "hold", "by"),
    comment="Every time a picture was shown. Reports say from this what was viewed.",
    sqlite_autoincrement=True,
)

lease = Table(
    "lease",
    metadata,
    Column("cluster", LargeBinary(16), primary_key=True),
    Column("by", String(40), nullable=False, comment="id of the operator who has it open"),
    Column("since", DateTime(timezone=True), nullable=False),
    Column("until", DateTime(timezone=True), nullable=False, comment="from then on anybody may open it"),
    comment="What somebody has open, so that nobody else is given it.",
)

skip = Table(
    "skip",
    metadata,
    Column("cluster", LargeBinary(16), primary_key=True),
    Column("by", String(40), primary_key=True, comment="id of the operator who would rather not"),
    Column("until", DateTime(timezone=True), nullable=False),
    comment="What is not given to somebody for a while, because they skipped it.",
)

shift = Table(
    "shift",
    metadata,
    Column("operator", String(40), primary_key=True),
    Column("begun_at", DateTime(timezone=True), nullable=False, comment="first hold since the last break"),
    Column("seen_at", DateTime(timezone=True), nullable=False, comment="last hold"),
    Column("decisions", Integer, nullable=False, comment="since then"),
    Column("rests_until", DateTime(timezone=True), comment="until when nothing is opened"),
    comment="How long everybody has been looking, so that they rest.",
)

appeal = Table(
    "appeal",
    metadata,
    Column("id", String(32), primary_key=True, comment="random"),
    Column("hold", String(32), ForeignKey("hold.id"), nullable=False, comment="whose decision is appealed"),
    Column("content", String(200), nullable=False, comment="the platform's own id of the content"),
    Column("reason", String(40), nullable=False, comment="a word of model/appeal.py"),
    Column("filed_at", DateTime(timezone=True), nullable=False),
    Column("state", String(7), nullable=False, comment="open, upheld (the decision stays) or granted"),
    Column("decided_by", String(40), comment="never who decided first"),
    Column("decided_at", DateTime(timezone=True)),
    CheckConstraint("state IN ('open', 'upheld', 'granted')", name="appeal_state"),
    Index("appeal_by_content", "content"),
    Index("appeal_in_queue", "state", "filed_at"),
    comment="What uploaders asked to be looked at again.",
)

feedback_due = Table(
    "feedback_due",
    metadata,
    Column("list", String(100), primary_key=True),
    Column("entry", String(200), primary_key=True, comment="its name on that list"),
    Column("verdict", String(9), nullable=False, comment="confirmed or wrong"),
    Column("action", String(7), nullable=False, comment="removed or kept"),
    Column("at", DateTime(timezone=True), nullable=False),
    comment="Verdicts that wait to stand in the outbox of their list; a later one replaces an earlier one.",
)
