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
    Column(
        "channel", String(8), nullable=False, server_default="browser", comment="browser, helpline, operator or test"
    ),
    Column(
        "first_listed", BigInteger, comment="the sequence at which it first was on the list: who is behind never had it"
    ),
    Column(
        "forget_on",
        Date,
        comment="withdrawn, and participants who know it by its value alone are still to be told: erased on that day",
    ),
    CheckConstraint("state IN ('waiting', 'listed', 'suspended', 'withdrawn')", name="entry_state"),
    CheckConstraint("(state = 'listed') = (listed_hash IS NOT NULL)", name="entry_hash_while_listed"),
    Index("entry_waiting", "state"),
    Index("entry_withdraw_on", "withdraw_on"),
    Index("entry_forget_on", "forget_on"),
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
    Column("asked_until", BigInteger, comment="seconds since 1970: the latest time that it was given everything up to"),
    CheckConstraint("state IN ('active', 'suspended')", name="participant_state"),
    comment="A vetted company that receives the list.",
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

header_key = Table(
    "header_key",
    metadata,
    Column("participant", String(40), ForeignKey("participant.id"), primary_key=True),
    Column("fetch_digest", LargeBinary(32), nullable=False, comment="keyed digest of the one key"),
    Column("subscription_digest", LargeBinary(32), nullable=False, comment="and of the other"),
    Column("acknowledged", BigInteger, nullable=False, comment="the cursor that it last came back with by them"),
    comment="Participants that ask with two header keys, and know entries by their values alone.",
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
