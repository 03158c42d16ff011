"""Fingerprints of what the platform holds, and sweeps."""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

revision = "p06"
down_revision = "p05"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the tables."""
    _own_media()
    _sweeps()


def _own_media() -> None:
    op.create_table(
        "own_media",
        sa.Column(
            "number",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="in order of change; never used twice",
        ),
        sa.Column("content", sa.String(length=200), nullable=False, comment="the platform's own id of the content"),
        sa.Column("surface", sa.String(length=8), nullable=False, comment="public, message or profile"),
        sa.Column("region", sa.String(length=2), nullable=True, comment="ISO 3166-1 alpha-2"),
        sa.Column("account", sa.String(length=200), nullable=True, comment="the platform's own id of the uploader"),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=True, comment="UTC"),
        sa.Column("kind", sa.String(length=5), nullable=False, comment="image or video"),
        sa.Column(
            "sealed",
            sa.LargeBinary(),
            nullable=False,
            comment="its fingerprints, AES-256-GCM (storage/sealing.py)",
        ),
        sa.Column("sealed_with", sa.SmallInteger(), nullable=False, comment="version of the key"),
        sa.Column(
            "md5_index",
            sa.LargeBinary(length=16),
            nullable=True,
            comment="HMAC-SHA-256 of the value under a key of its own, 128 bits",
        ),
        sa.Column("sha256_index", sa.LargeBinary(length=16), nullable=True, comment="the same"),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("content"),
        comment="Fingerprints of what the platform holds, so that a new entry finds old media.",
        sqlite_with_rowid=False,
    )
    op.create_index("own_media_by_md5", "own_media", ["md5_index"], unique=False)
    op.create_index("own_media_by_sha256", "own_media", ["sha256_index"], unique=False)
    op.create_table(
        "own_media_gone",
        sa.Column(
            "number",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="of the same order as own_media's",
        ),
        sa.Column("media", sa.BigInteger(), nullable=False, comment="the number that it had"),
        sa.PrimaryKeyConstraint("number"),
        comment="What has left own_media, for the indexes that follow it.",
    )
    state = op.create_table(
        "own_media_state",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False, comment="1: there is one row"),
        sa.Column("identity", sa.String(length=32), nullable=False, comment="random: which database this is"),
        sa.Column("last", sa.BigInteger(), nullable=False, comment="the last number that was given"),
        sa.Column(
            "forgotten",
            sa.BigInteger(),
            nullable=False,
            comment="what left up to here is not in own_media_gone any more",
        ),
        sa.PrimaryKeyConstraint("id"),
        comment="Numbers are given in the order of commits: who changes own_media holds this row.",
    )
    op.bulk_insert(state, [{"id": 1, "identity": secrets.token_hex(16), "last": 0, "forgotten": 0}])
    op.create_table(
        "own_media_asked",
        sa.Column("list", sa.String(length=200), nullable=False, comment="the list's name"),
        sa.Column("identity", sa.String(length=32), nullable=False, comment="which copy of the list it was"),
        sa.Column("row", sa.BigInteger(), nullable=False, comment="entries up to this row of the copy were looked up"),
        sa.PrimaryKeyConstraint("list"),
        comment="How far the new entries of each list were looked up among own_media.",
    )


def _sweeps() -> None:
    op.create_table(
        "sweep",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column(
            "source",
            sa.String(length=1000),
            nullable=False,
            comment="folder or address of object storage; no credentials",
        ),
        sa.Column("options", sa.Text(), nullable=False, comment="JSON (model/sweep.py)"),
        sa.Column(
            "state", sa.String(length=9), nullable=False, comment="planning, planned, running, done or cancelled"
        ),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('planning', 'planned', 'running', 'done', 'cancelled')", name="sweep_state"),
        sa.PrimaryKeyConstraint("name"),
        comment="Passes over stored media.",
    )
    op.create_table(
        "sweep_shard",
        sa.Column("sweep", sa.String(length=60), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column(
            "objects",
            sa.LargeBinary(),
            nullable=True,
            comment="zlib of JSON: key and size of each object; empty once it is done",
        ),
        sa.Column("done", sa.SmallInteger(), nullable=False, comment="1: its report is kept"),
        sa.Column("hits", sa.Integer(), nullable=False),
        sa.Column("unscannable", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False, comment="that its worker took"),
        sa.ForeignKeyConstraint(["sweep"], ["sweep.name"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("sweep", "number"),
        comment="Parts of a sweep. A part is done when its report is kept, in one transaction.",
    )
    op.create_index("sweep_shard_by_state", "sweep_shard", ["sweep", "done", "number"], unique=False)
    op.create_table(
        "sweep_finding",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("sweep", sa.String(length=60), nullable=False),
        sa.Column("key", sa.Text(), nullable=False, comment="of the object, below the sweep's source"),
        sa.Column("content", sa.String(length=200), nullable=False, comment="the platform's own id of the content"),
        sa.Column("kind", sa.String(length=5), nullable=False, comment="image or video; image where it is not known"),
        sa.Column(
            "reason",
            sa.String(length=40),
            nullable=True,
            comment="why it could not be scanned; empty where it could",
        ),
        sa.Column("findings", sa.Text(), nullable=True, comment="JSON as in hold; empty where nothing was found"),
        sa.ForeignKeyConstraint(["sweep"], ["sweep.name"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        comment="What sweeps found, and what they could not read.",
        sqlite_autoincrement=True,
    )
    op.create_index("sweep_finding_by_sweep", "sweep_finding", ["sweep", "id"], unique=False)
