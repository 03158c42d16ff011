"""The agent: keys of services, followed lists, and the webhook."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, Date, DateTime, Integer, LargeBinary, String, Table

from takeback.storage.platform.schema.base import metadata

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
