"""Brakes: what a person said of an entry, and how often it hits."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, DateTime, Index, String, Table

from takeback.storage.platform.schema.base import metadata

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
