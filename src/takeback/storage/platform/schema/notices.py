"""Notices and their clock."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    Text,
)

from takeback.storage.platform.schema.base import metadata

notice = Table(
    "notice",
    metadata,
    Column("number", String(12), primary_key=True, comment="random; the submitter knows it"),
    Column("secret", LargeBinary(32), nullable=False, comment="SHA-256 of what opens it for the submitter"),
    Column("state", String(10), nullable=False, comment="incomplete, open, removed, refused, withdrawn or lapsed"),
    Column("law", String(9), nullable=False, comment="us-223a, eu-dsa-16, uk-osa or other"),
    Column("depicted", String(8), nullable=False, comment="how old the person shown was, by the notice"),
    Column("content", String(7), nullable=False, comment="picture, video or both"),
    Column("signer", String(10), nullable=False, comment="depicted, guardian or authorised"),
    Column("computer_made", Boolean, nullable=False),
    Column("language", String(35), nullable=False, comment="BCP 47: in which it is answered"),
    Column("flagger", String(34), comment="a trusted flagger's id, where one sent it"),
    Column("sealed", LargeBinary, comment="the whole notice, sealed; erased in its time, names and addresses with it"),
    Column("sealed_with", SmallInteger, comment="version of the key"),
    Column("places", LargeBinary(16), comment="the same for notices that name the same places; erased with the notice"),
    Column("notifier", LargeBinary(16), comment="the same for notices with one address; erased with the notice"),
    Column("joined_to", String(12), comment="number of an open notice that names the same places"),
    Column("first_contact_at", DateTime(timezone=True), nullable=False),
    Column("valid_at", DateTime(timezone=True), comment="when nothing was missing any more: the clock's beginning"),
    Column("due_at", DateTime(timezone=True), comment="when the clock runs out"),
    Column("ended_at", DateTime(timezone=True), comment="decided, withdrawn or lapsed"),
    Column("decided_by", String(40), comment="who at the desk"),
    Column("reason", String(20), comment="why it was refused (model/received_notice.py)"),
    CheckConstraint(
        "state IN ('incomplete', 'open', 'removed', 'refused', 'withdrawn', 'lapsed')", name="notice_state"
    ),
    Index("notice_in_queue", "state", "due_at"),
    Index("notice_by_places", "places", "state"),
    Index("notice_by_notifier", "notifier", "first_contact_at"),
    Index("notice_by_end", "ended_at"),
    comment="What somebody asked to have removed under a law. What it says is sealed; the rest names nobody.",
)

notice_content = Table(
    "notice_content",
    metadata,
    Column("notice", String(12), primary_key=True),
    Column("content", String(200), primary_key=True, comment="the platform's own id of the content"),
    Column("how", String(5), nullable=False, comment="named, exact or near"),
    Column("distance", SmallInteger, comment="bits of PDQ, of a near copy"),
    Column("flags", String(30), nullable=False, comment="public-interest, consensual: a person looks first"),
    Column("hold", String(32), nullable=False, comment="what waits for a person because of it"),
    Column("hidden_at", DateTime(timezone=True), comment="when it was told to hide it; empty when it was not"),
    Column("prints", LargeBinary, comment="its fingerprints, sealed, until copies of it were searched"),
    Column("prints_with", SmallInteger, comment="version of the key"),
    Index("notice_content_by_content", "content"),
    Index("notice_content_by_hold", "hold"),
    comment="Content that a notice is about, and copies of it.",
)

notice_task = Table(
    "notice_task",
    metadata,
    Column("notice", String(12), primary_key=True),
    Column("kind", String(12), primary_key=True, comment="warn-<hours>, expiry, search, confirm or answer"),
    Column("due_at", DateTime(timezone=True), nullable=False),
    Column("claimed_until", DateTime(timezone=True), comment="a process works on it; after this, another may"),
    Column("done_at", DateTime(timezone=True)),
    Index("notice_task_waiting", "done_at", "due_at"),
    comment="What has to be done once about a notice, and when.",
)

notice_log = Table(
    "notice_log",
    metadata,
    Column("sequence", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("notice", String(12), nullable=False),
    Column("event", String(12), nullable=False, comment="what happened (model/notice_log.py)"),
    Column("facts", Text, nullable=False, comment="JSON: numbers and words of closed lists, nothing of a person"),
    Index("notice_log_by_notice", "notice"),
    Index("notice_log_by_time", "at"),
    comment="What happened to notices, for a regulator. The database refuses to change or delete a row.",
    sqlite_autoincrement=True,
)

notice_flagger = Table(
    "notice_flagger",
    metadata,
    Column("id", String(34), primary_key=True),
    Column("name", String(120), nullable=False),
    Column("key", LargeBinary(32), nullable=False, unique=True, comment="SHA-256 of its key"),
    Column("added_on", Date, nullable=False),
    Column("closed_on", Date),
    comment="Trusted flaggers (Regulation (EU) 2022/2065, article 22).",
)

notice_notifier = Table(
    "notice_notifier",
    metadata,
    Column("notifier", LargeBinary(16), primary_key=True, comment="as in notice"),
    Column("warned_at", DateTime(timezone=True), comment="by a person, as article 23 asks for before a suspension"),
    Column("suspended_until", DateTime(timezone=True)),
    Column("by", String(40), nullable=False, comment="who at the desk did the last of it"),
    comment="Notifiers whom a person has warned, or suspended. Never the person in a picture.",
)
