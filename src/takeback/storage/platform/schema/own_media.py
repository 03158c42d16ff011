"""Fingerprints of what the platform holds, and sweeps over it."""

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
    SmallInteger,
    String,
    Table,
    Text,
)

from takeback.storage.platform.schema.base import metadata

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
