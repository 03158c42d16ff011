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
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
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

# --- fingerprints of what the platform holds, and sweeps ---

own_media = Table(
    "own_media",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False, comment="in order of change; never used twice"),
    Column("content", String(200), nullable=False, unique=True, comment="the platform's own id of the content"),
    Column("surface", String(8), nullable=False, comment="public, message or profile"),
    Column("region", String(2), comment="ISO 3166-1 alpha-2"),
    Column("account", String(200), comment="the platform's own id of the uploader"),
    Column("uploaded_at", DateTime(timezone=True), comment="UTC"),
    Column("kind", String(5), nullable=False, comment="image or video"),
    Column("sealed", LargeBinary, nullable=False, comment="its fingerprints, AES-256-GCM (storage/sealing.py)"),
    Column("sealed_with", SmallInteger, nullable=False, comment="version of the key"),
    Column("md5_index", LargeBinary(16), comment="HMAC-SHA-256 of the value under a key of its own, 128 bits"),
    Column("sha256_index", LargeBinary(16), comment="the same"),
    Index("own_media_by_md5", "md5_index"),
    Index("own_media_by_sha256", "sha256_index"),
    comment="Fingerprints of what the platform holds, so that a new entry finds old media.",
    sqlite_with_rowid=False,
)

own_media_gone = Table(
    "own_media_gone",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False, comment="of the same order as own_media's"),
    Column("media", BigInteger, nullable=False, comment="the number that it had"),
    comment="What has left own_media, for the indexes that follow it.",
)

own_media_state = Table(
    "own_media_state",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False, comment="1: there is one row"),
    Column("identity", String(32), nullable=False, comment="random: which database this is"),
    Column("last", BigInteger, nullable=False, comment="the last number that was given"),
    Column("forgotten", BigInteger, nullable=False, comment="what left up to here is not in own_media_gone any more"),
    comment="Numbers are given in the order of commits: who changes own_media holds this row.",
)

own_media_asked = Table(
    "own_media_asked",
    metadata,
    Column("list", String(200), primary_key=True, comment="the list's name"),
    Column("identity", String(32), nullable=False, comment="which copy of the list it was"),
    Column("row", BigInteger, nullable=False, comment="entries up to this row of the copy were looked up"),
    comment="How far the new entries of each list were looked up among own_media.",
)

sweep = Table(
    "sweep",
    metadata,
    Column("name", String(60), primary_key=True),
    Column("source", String(1000), nullable=False, comment="folder or address of object storage; no credentials"),
    Column("options", Text, nullable=False, comment="JSON (model/sweep.py)"),
    Column("state", String(9), nullable=False, comment="planning, planned, running, done or cancelled"),
    Column("planned_at", DateTime(timezone=True), nullable=False),
    Column("begun_at", DateTime(timezone=True)),
    Column("ended_at", DateTime(timezone=True)),
    CheckConstraint("state IN ('planning', 'planned', 'running', 'done', 'cancelled')", name="sweep_state"),
    comment="Passes over stored media.",
)

sweep_shard = Table(
    "sweep_shard",
    metadata,
    Column("sweep", String(60), ForeignKey("sweep.name", ondelete="CASCADE"), primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("files", Integer, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("objects", LargeBinary, comment="zlib of JSON: key and size of each object; empty once it is done"),
    Column("done", SmallInteger, nullable=False, comment="1: its report is kept"),
    Column("hits", Integer, nullable=False),
    Column("unscannable", Integer, nullable=False),
    Column("seconds", Float, nullable=False, comment="that its worker took"),
    Index("sweep_shard_by_state", "sweep", "done", "number"),
    comment="Parts of a sweep. A part is done when its report is kept, in one transaction.",
)

sweep_finding = Table(
    "sweep_finding",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("sweep", String(60), ForeignKey("sweep.name", ondelete="CASCADE"), nullable=False),
    Column("key", Text, nullable=False, comment="of the object, below the sweep's source"),
    Column("content", String(200), nullable=False, comment="the platform's own id of the content"),
    Column("kind", String(5), nullable=False, comment="image or video; image where it is not known"),
    Column("reason", String(40), comment="why it could not be scanned; empty where it could"),
    Column("findings", Text, comment="JSON as in hold; empty where nothing was found"),
    Index("sweep_finding_by_sweep", "sweep", "id"),
    comment="What sweeps found, and what they could not read.",
    sqlite_autoincrement=True,
)
