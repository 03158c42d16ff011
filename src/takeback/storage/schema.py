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
    text,
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
    Column("held_until", Date, comment="came in a burst: not published before this day, UTC, unless an operator looks"),
    Column("suspended_by", String(8), comment="votes, operator, hits or negative; empty while not, or by votes of old"),
    Column("released_on", Date, comment="day on which operators last put it back; hits until then brake no more"),
    Column(
        "renewed_on", Date, comment="day of the last renewal by its receipt; its time runs from here, or from listed_on"
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
    Column("left_sealed", LargeBinary, comment="what they are told by, encrypted as `sealed` is; sealed_with says how"),
    Column("sealed", LargeBinary, comment="its fingerprints, encrypted (sealing.py); erased when it is withdrawn"),
    Column("sealed_with", SmallInteger, comment="version of the key that sealed them; the key is not in here"),
    Column("md5_index", LargeBinary(16), comment="keyed digest of its md5, to find it by equality"),
    Column("sha256_index", LargeBinary(16), comment="keyed digest of its sha256, to find it by equality"),
    Column("pictures", SmallInteger, comment="how many pdq are sealed in it"),
    Column("frames", SmallInteger, comment="how many vpdq are sealed in it"),
    CheckConstraint("state IN ('waiting', 'listed', 'suspended', 'withdrawn')", name="entry_state"),
    CheckConstraint("(state = 'listed') = (listed_hash IS NOT NULL)", name="entry_hash_while_listed"),
    CheckConstraint("state <> 'withdrawn' OR sealed IS NULL", name="entry_erased_when_withdrawn"),
    Index("entry_that_waits", "id", sqlite_where=text("state = 'waiting'"), postgresql_where=text("state = 'waiting'")),
    Index("entry_md5", "md5_index"),
    Index("entry_sha256", "sha256_index"),
    *(
        Index(f"entry_{day}", day, sqlite_where=text(f"{day} IS NOT NULL"), postgresql_where=text(f"{day} IS NOT NULL"))
        for day in ("withdraw_on", "forget_on")  # hardly any entry has one
    ),
    comment="One picture on the list, or what is left of it: a withdrawn entry is a tombstone and stays for ever.",
    sqlite_with_rowid=False,
)

feed_segment = Table(
    "feed_segment",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False, comment="n: the places n * 1,000 + 1 and on"),
    Column("ids", LargeBinary, nullable=False, comment="entries at the places that are left, 16 bytes each, in order"),
    Column("sealed", LargeBinary, comment="what readers are told of them, packed and encrypted; empty: too long"),
    Column("sealed_with", SmallInteger, nullable=False, comment="version of the key that sealed it"),
    comment="A thousand places of the feed in one piece. Triggers delete it with any change in it.",
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
    comment="Fingerprints that were taken in before they were sealed; `takeback db rekey` empties it.",
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

header_key = Table(
    "header_key",
    metadata,
    Column("participant", String(40), ForeignKey("participant.id"), primary_key=True),
    Column("fetch_digest", LargeBinary(32), nullable=False, comment="keyed digest of the one key"),
    Column("subscription_digest", LargeBinary(32), nullable=False, comment="and of the other"),
    Column("acknowledged", BigInteger, nullable=False, comment="the cursor that it last came back with by them"),
    Column(
        "old_digests",
        LargeBinary(64),
        comment="of the pair before, valid beside until it ends: both digests, one behind the other",
    ),
    Column("old_ends_at", DateTime(timezone=True)),
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

passkey = Table(
    "passkey",
    metadata,
    Column("id", LargeBinary(1023), primary_key=True, comment="the credential id that the device chose"),
    Column("operator", String(40), ForeignKey("operator.id"), nullable=False),
    Column("public_key", LargeBinary(2048), nullable=False, comment="COSE; the private key is on the device"),
    Column("uses", BigInteger, nullable=False, comment="the device's own counter: one that goes back is a copy"),
    Column("label", String(60), nullable=False, comment="what its owner calls it"),
    Column("added_on", Date, nullable=False),
    Column("last_used_on", Date),
    Index("passkey_operator", "operator"),
    comment="What operators sign in with; removed when lost.",
    sqlite_with_rowid=False,
)

enrolment = Table(
    "enrolment",
    metadata,
    Column("digest", LargeBinary(32), primary_key=True, comment="SHA-256 of the link's code"),
    Column("operator", String(40), ForeignKey("operator.id"), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    comment="Links that register a passkey; each is deleted by its first use.",
    sqlite_with_rowid=False,
)

console_session = Table(
    "console_session",
    metadata,
    Column("digest", LargeBinary(32), primary_key=True, comment="SHA-256 of the cookie's token"),
    Column("operator", String(40), ForeignKey("operator.id"), nullable=False),
    Column("begun_at", DateTime(timezone=True), nullable=False),
    Column("seen_at", DateTime(timezone=True), nullable=False, comment="moved at most once a minute"),
    Index("console_session_operator", "operator"),
    comment="Operators who are signed in.",
    sqlite_with_rowid=False,
)

day_count = Table(
    "day_count",
    metadata,
    Column("day", Date, primary_key=True),
    Column("what", String(20), primary_key=True, comment="what is counted"),
    Column("number", BigInteger, nullable=False),
    comment="Counts of the whole list by day; none is of a person or a participant.",
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

hit = Table(
    "hit",
    metadata,
    Column("entry", LargeBinary(16), ForeignKey("entry.id"), primary_key=True),
    Column("participant", String(40), ForeignKey("participant.id"), primary_key=True),
    Column("day", Date, primary_key=True, comment="UTC"),
    Column("count", Integer, nullable=False, comment="a coarse step, rounded down"),
    comment="How often an entry was found on a day; erased with the entry, and after some days.",
    sqlite_with_rowid=False,
)

negative_value = Table(
    "negative_value",
    metadata,
    Column("picture", String(40), primary_key=True, comment="random; the values of one public picture share it"),
    Column("type", String(6), primary_key=True, comment="md5, sha256 or pdq"),
    Column("value", LargeBinary(32), primary_key=True),
    Column("label", String(120), nullable=False, comment="what it is, in an operator's words"),
    Column("added_on", Date, nullable=False),
    Column("removed_on", Date, comment="empty while it counts; a row is never deleted"),
    Column("compared_on", Date, comment="day on which what was listed had been compared with it; empty until then"),
    comment="Public pictures, such as logos: none of them may be listed. Put here by hand; others are in a file.",
    sqlite_with_rowid=False,
)

decoy = Table(
    "decoy",
    metadata,
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

used_link = Table(
    "used_link",
    metadata,
    Column("digest", LargeBinary(32), primary_key=True, comment="SHA-256 of the number in the link"),
    Column("last_day", Date, nullable=False, comment="kept up to this day, UTC; shared by all of one fortnight"),
    Index("used_link_last_day", "last_day"),
    comment="Counsellors' links that were used, so that none is used again; nothing ties one to an entry.",
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
    Column("place", BigInteger, comment="where it stands in the chain, from 1; empty until it is chained"),
    Column("chain", LargeBinary(32), comment="hash of this event and of the one before (model/audit.py)"),
    Index("audit_event_place", "place", unique=True),
    comment="What operators did; rows are only ever added.",
)

list_past = Table(
    "list_past",
    metadata,
    Column("head", BigInteger, primary_key=True, autoincrement=False),
    Column("entries", BigInteger, nullable=False, comment="how many entries were listed"),
    Column("digest", LargeBinary(32), nullable=False, comment="as in list_state"),
    comment="States of the list since the log's last leaf of states; a trigger on list_state adds them.",
    sqlite_with_rowid=False,
)

log_leaf = Table(
    "log_leaf",
    metadata,
    Column("place", BigInteger, primary_key=True, autoincrement=False, comment="its index in the log, from 0"),
    Column("data", LargeBinary, nullable=False, comment="what is hashed (spec/public-log.md)"),
    Column("day", Date, comment="the day that it closes; empty for every other kind of leaf"),
    Index("log_leaf_day", "day", unique=True),
    comment="The leaves of the public log. The database refuses to change or delete a row (migration 0009).",
    sqlite_with_rowid=False,
)

logged_entry = Table(
    "logged_entry",
    metadata,
    Column("entry", LargeBinary(16), ForeignKey("entry.id"), primary_key=True),
    Column("salt", LargeBinary(32), comment="without it nobody can test a picture against content; erased with it"),
    Column("content", LargeBinary(32), comment="hash of salt and fingerprints; erased when it is withdrawn"),
    Column("leaf", BigInteger, nullable=False, comment="place of its leaf in the log"),
    Column("gone", BigInteger, comment="place of the leaf that says that it was withdrawn"),
    comment="Where in the public log an entry stands.",
    sqlite_with_rowid=False,
)

program = Table(
    "program",
    metadata,
    Column("oldest", String(32), primary_key=True, comment="step of the oldest program that may run beside this"),
    comment="One row. A program that does not know the database's step asks here whether it may go on.",
    sqlite_with_rowid=False,
)
