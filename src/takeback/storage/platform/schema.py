"""The schema of a platform's database, written to be read. Each table and column says what it is for.

The people who work at the desk are kept as the clearinghouse keeps its operators: those tables are one text. No picture
is in here: sealed copies are files beside it (storage/sealed_files.py).
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    DateTime,
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

# --- the agent ---

agent_key = Table(
    "agent_key",
    metadata,
    Column("id", String(16), primary_key=True, comment="random; the part of a key before its secret"),
    Column("name", String(120), nullable=False, unique=True, comment="which of the platform's services has it"),
    Column("role", String(12), nullable=False, comment="screen, instructions or admin"),
    Column("digest", LargeBinary(32), nullable=False, comment="of the secret, under this installation's key"),
    Column("added_on", Date, nullable=False),
    Column("revoked_on", Date, comment="empty while it is valid"),
    CheckConstraint("role IN ('screen', 'instructions', 'admin')", name="agent_key_role"),
    comment="Keys of the platform's own services; a secret is shown once and not kept.",
    sqlite_with_rowid=False,
)

followed_list = Table(
    "followed_list",
    metadata,
    Column("name", String(40), primary_key=True, comment="as in the settings"),
    Column("entries", Integer, nullable=False, comment="on the list at the last sync"),
    Column("skipped", Integer, nullable=False, comment="records that the last sync could not read"),
    Column("tried_at", DateTime(timezone=True), nullable=False, comment="when the last sync ended, well or not"),
    Column("error", String(40), comment="code of what it ended in; empty when it ended well"),
    Column("detail", String(400), comment="what the error says"),
    comment="How the lists stand that the agent follows; their copies are files beside the database.",
    sqlite_with_rowid=False,
)

webhook = Table(
    "webhook",
    metadata,
    Column("id", Integer, primary_key=True, comment="1"),
    Column("told", BigInteger, nullable=False, comment="every instruction up to this sequence was told of"),
    CheckConstraint("id = 1", name="webhook_one_row"),
    comment="One row: how far the platform has heard of its instructions.",
)
