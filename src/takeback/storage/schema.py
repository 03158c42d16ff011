"""The schema, written to be read. Each table and column says what it is for.

What is not here matters as much: no submission or case, nothing that ties one person's entries together, no address,
no file name, and on entries no time finer than a day. Primary keys are random and SQLite tables have no row id, so that
the order of rows does not tell what came together.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
)

metadata = MetaData()

entry = Table(
    "entry",
    metadata,
    Column("id", LargeBinary(16), primary_key=True, comment="random; participants see it only enciphered"),
    Column("state", String(9), nullable=False, comment="waiting, listed, suspended or withdrawn"),
    Column("kind", String(5), nullable=False, comment="image or video"),
    Column("age", String(8), nullable=False, comment="under-18 or unsure, when the picture was taken"),
    Column("tier", String(12), nullable=False, comment="how far the entry is believed; moved by feedback alone"),
    Column(
        "receipt",
        LargeBinary(32),
        nullable=False,
        unique=True,
        comment="SHA-256 of the entry's secret; outlives withdrawal, so that a late retry cannot revive the entry",
    ),
    Column("listed_on", Date, comment="day of first publication, UTC; empty while waiting and after withdrawal"),
    Column("sequence", BigInteger, unique=True, comment="place of its latest change in the feed; empty while waiting"),
    Column(
        "state_since", BigInteger, comment="the sequence at which it was last listed or suspended: who has it, knows"
    ),
    Column("listed_hash", LargeBinary(32), comment="its part of the list's digest; empty while it is not listed"),
    Column(
        "withdraw_on", Date, comment="day on which it is taken back, UTC; asked for ahead, and may be taken back itself"
    ),
    CheckConstraint("state IN ('waiting', 'listed', 'suspended', 'withdrawn')", name="entry_state"),
    CheckConstraint("(state = 'listed') = (listed_hash IS NOT NULL)", name="entry_hash_while_listed"),
    Index("entry_waiting", "state"),
    Index("entry_withdraw_on", "withdraw_on"),
    comment="One picture on the list, or what is left of it: a withdrawn entry is a tombstone and stays for ever.",
    sqlite_with_rowid=False,
)

fingerprint = Table(
    "fingerprint",
    metadata,
    Column("entry", LargeBinary(16), ForeignKey("entry.id"), primary_key=True),
    Column("type", String(6), primary_key=True, comment="md5, sha256, pdq or vpdq"),
    Column("value", LargeBinary(32), primary_key=True),
    Column("quality", SmallInteger, comment="pdq's own, 50 to 100; empty for exact types"),
    Column("at", Integer, comment="seconds into the film; vpdq only"),
    Column("edit", String(24), comment="the simulated edit that a pdq is of; empty for the picture itself"),
    comment="The fingerprints of an entry; erased when it is withdrawn.",
    sqlite_with_rowid=False,
)

participant = Table(
    "participant",
    metadata,
    Column("id", String(40), primary_key=True, comment="random; the key id of its signatures"),
    Column("name", String(120), nullable=False, unique=True, comment="the company's public name"),
    Column("state", String(9), nullable=False, comment="active or suspended"),
    Column("public_key", LargeBinary(32), nullable=False, comment="Ed25519; the private key is not kept"),
    Column("view_key", LargeBinary(16), nullable=False, comment="enciphers entry ids for this participant alone"),
    Column("invited_on", Date, nullable=False),
    Column("acknowledged", BigInteger, nullable=False, comment="the cursor that it last came back with"),
    Column("last_sync_at", DateTime(timezone=True), comment="when it last fetched a page"),
    Column("password_digest", LargeBinary(32), comment="keyed digest of its password for clients that cannot sign"),
    Column("stage", String(7), comment="sandbox or left, whose state is suspended; else empty"),
    Column("live_on", Date, comment="day on which two operators let it at the list"),
    Column("old_key", LargeBinary(32), comment="the key before, valid beside the new one until it ends"),
    Column("old_key_ends_at", DateTime(timezone=True)),
    Column("old_password_digest", LargeBinary(32), comment="of the password before, valid beside until it ends"),
    Column("old_password_ends_at", DateTime(timezone=True)),
    Column("last_error", String(40), comment="code of the last error that a request of its ended in"),
    Column("last_error_at", DateTime(timezone=True)),
    CheckConstraint("state IN ('active', 'suspended')", name="participant_state"),
    comment="A vetted company that receives the list.",
    sqlite_with_rowid=False,
)

agreement = Table(
    "agreement",
    metadata,
    Column("participant", String(40), ForeignKey("participant.id"), primary_key=True),
    Column("version", String(40), nullable=False, comment="of the text that it agreed to"),
    Column("purpose", String(1000), nullable=False, comment="what it may use the list for"),
    Column("types", String(24), nullable=False, comment="of fingerprints that it may be given: md5,sha256,pdq,vpdq"),
    Column("regions", String(300), nullable=False, comment="worldwide, or countries: DE,FR"),
    Column("agreed_on", Date, nullable=False),
    comment="What a participant has agreed to.",
    sqlite_with_rowid=False,
)

application = Table(
    "application",
    metadata,
    Column("id", String(40), primary_key=True, comment="random; whoever knows it may enter the code"),
    Column("name", String(120), nullable=False),
    Column("domain", String(120), nullable=False),
    Column("email", String(200), nullable=False, comment="of the company's contact"),
    Column("purpose", String(1000), nullable=False),
    Column("hits", String(1000), nullable=False, comment="what it will do with a match"),
    Column("types", String(24), nullable=False, comment="of fingerprints that it asks for"),
    Column("regions", String(300), nullable=False),
    Column("version", String(40), nullable=False, comment="of the agreement that it accepted by applying"),
    Column("applied_on", Date, nullable=False),
    Column("state", String(8), nullable=False, comment="open, admitted or refused"),
    Column("token", String(40), nullable=False, comment="to be shown at its domain"),
    Column("domain_verified_on", Date),
    Column("code_digest", LargeBinary(32), comment="keyed digest of the code in the letter; empty when it is void"),
    Column("code_tries", SmallInteger, nullable=False, server_default="0", comment="wrong codes so far"),
    Column("email_verified_on", Date),
    Column("participant", String(40), ForeignKey("participant.id"), comment="what became of it"),
    CheckConstraint("state IN ('open', 'admitted', 'refused')", name="application_state"),
    comment="Companies that ask to take part. No address of whoever sent it is kept.",
    sqlite_with_rowid=False,
)

mark = Table(
    "mark",
    metadata,
    Column("participant", String(40), ForeignKey("participant.id"), primary_key=True),
    Column("at", BigInteger, primary_key=True, autoincrement=False, comment="seconds since 1970 that it asked up to"),
    Column("head", BigInteger, nullable=False, comment="it was then given everything up to this sequence"),
    comment="What a client that asks by time has, so that nothing is lost between two of its times.",
    sqlite_with_rowid=False,
)

operator = Table(
    "operator",
    metadata,
    Column("id", String(40), primary_key=True, comment="random"),
    Column("name", String(120), nullable=False, unique=True),
    Column("role", String(13), nullable=False, comment="viewer, operator or administrator"),
    Column("state", String(6), nullable=False, comment="active or closed"),
    Column("added_on", Date, nullable=False),
    CheckConstraint("role IN ('viewer', 'operator', 'administrator')", name="operator_role"),
    CheckConstraint("state IN ('active', 'closed')", name="operator_state"),
    comment="The hotline's staff; an account is never deleted.",
    sqlite_with_rowid=False,
)

proposal = Table(
    "proposal",
    metadata,
    Column("id", String(40), primary_key=True, comment="random"),
    Column("kind", String(40), nullable=False, comment="what is to be done"),
    Column("subject", String(200), nullable=False, comment="the id of what is to change"),
    Column("details", String(4000), nullable=False, comment="how, as a JSON object of texts"),
    Column("proposed_by", String(40), ForeignKey("operator.id"), nullable=False),
    Column("proposed_at", DateTime(timezone=True), nullable=False),
    Column("state", String(11), nullable=False, comment="open, carried-out or refused"),
    Column("decided_by", String(40), ForeignKey("operator.id"), comment="never who proposed it, unless it is refused"),
    Column("decided_at", DateTime(timezone=True)),
    CheckConstraint("state IN ('open', 'carried-out', 'refused')", name="proposal_state"),
    CheckConstraint("state <> 'carried-out' OR decided_by <> proposed_by", name="proposal_two_persons"),
    comment="Changes that need two operators.",
    sqlite_with_rowid=False,
)

feedback = Table(
    "feedback",
    metadata,
    Column("entry", LargeBinary(16), ForeignKey("entry.id"), primary_key=True),
    Column("participant", String(40), ForeignKey("participant.id"), primary_key=True),
    Column("verdict", String(9), nullable=False, comment="confirmed or wrong"),
    Column("action", String(7), nullable=False, comment="removed or kept"),
    Column("given_on", Date, nullable=False),
    comment="What a participant said after a person had looked; one verdict each, erased with the entry.",
    sqlite_with_rowid=False,
)

list_state = Table(
    "list_state",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False, comment="always 1; whoever holds it may publish"),
    Column("head", BigInteger, nullable=False, comment="the highest sequence given out"),
    Column("entries", BigInteger, nullable=False, comment="how many entries are listed"),
    Column("digest", LargeBinary(32), nullable=False, comment="sum of their hashes modulo 2**256, big-endian"),
    CheckConstraint("id = 1", name="list_state_is_one_row"),
    comment="The state of the whole list, moved in the same transaction as every change.",
)

types_digest = Table(
    "types_digest",
    metadata,
    Column("types", String(24), primary_key=True, comment="some of md5,sha256,pdq,vpdq, never all"),
    Column("digest", LargeBinary(32), nullable=False, comment="as in list_state, over fingerprints of these types"),
    comment="The list's digest as participants see it whose agreements allow these types only.",
    sqlite_with_rowid=False,
)

day_head = Table(
    "day_head",
    metadata,
    Column("day", Date, primary_key=True, comment="UTC"),
    Column("head", BigInteger, nullable=False, comment="the list's head when the day began"),
    comment="By day, how far the list had come: who is behind, and since when.",
    sqlite_with_rowid=False,
)

audit_event = Table(
    "audit_event",
    metadata,
    Column("id", Integer, primary_key=True, comment="order of events"),
    Column("at", DateTime(timezone=True), nullable=False),
    Column(
        "event", String(200), nullable=False, comment="subject:object:action, as in operator:participant/p-1:invite"
    ),
    comment="What operators did; rows are only ever added.",
)
