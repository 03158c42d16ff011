"""The schema of a platform's database, written to be read. Each table and column says what it is for.

The people who work at the desk are kept as the clearinghouse keeps its operators: those tables are one text. No picture
is in here: sealed copies are files beside it (storage/sealed_files.py).
"""

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
    MetaData,
    String,
    Table,
    Text,
)

from takeback.storage import schema as authority

metadata = MetaData()

#: Accounts, passkeys, sessions, changes that take two, and the audit.
STAFF = tuple(
    table.to_metadata(metadata)
    for table in (
        authority.operator,
        authority.passkey,
        authority.enrolment,
        authority.console_session,
        authority.proposal,
        authority.audit_event,
    )
)

_OPERATOR = metadata.tables["operator"]
_OPERATOR.constraints = {one for one in _OPERATOR.constraints if one.name != "operator_role"}
_OPERATOR.append_constraint(
    CheckConstraint("role IN ('viewer', 'operator', 'child-safety', 'administrator')", name="operator_role")
)

# --- holds and what the platform is told to do ---

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

# --- the desk: who looks at what, what was decided, and what follows ---

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

# --- brakes ---

entry_standing = Table(
    "entry_standing",
    metadata,
    Column("list", String(100), primary_key=True),
    Column("entry", String(200), primary_key=True, comment="its name on that list"),
    Column("standing", String(11), nullable=False, comment="quarantined, confirmed or deconfirmed"),
    Column("since", DateTime(timezone=True), nullable=False),
    Column("by", String(40), nullable=False, comment="id of the operator; `brake` for the flood brake"),
    CheckConstraint("standing IN ('quarantined', 'confirmed', 'deconfirmed')", name="entry_standing_known"),
    Index("entry_standing_by", "standing", "since"),
    comment="What this platform makes of single entries, whatever their list says.",
)

entry_hit = Table(
    "entry_hit",
    metadata,
    Column("list", String(100), primary_key=True),
    Column("entry", String(200), primary_key=True, comment="its name on that list"),
    Column("content", String(200), primary_key=True, comment="the platform's own id of the content"),
    Column("account", String(200), comment="the platform's own id of the uploader"),
    Column("at", DateTime(timezone=True), nullable=False, comment="the latest hit"),
    Index("entry_hit_at", "at"),
    comment="What each entry hit in the last hour: the flood brake counts contents and accounts.",
)
