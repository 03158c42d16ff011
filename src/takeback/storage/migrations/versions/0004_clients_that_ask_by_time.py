"""Clients that send a password and ask by time: what each was given up to when.

Processes of before may run on meanwhile: they neither read nor write any of it.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, ForeignKey, LargeBinary, String

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the password's digest, and the marks."""
    comment = "keyed digest of its password for clients that cannot sign"
    op.add_column("participant", Column("password_digest", LargeBinary(32), comment=comment))
    asked = "seconds since 1970 that it asked up to"
    op.create_table(
        "mark",
        Column("participant", String(40), ForeignKey("participant.id"), primary_key=True),
        Column("at", BigInteger, primary_key=True, autoincrement=False, comment=asked),
        Column("head", BigInteger, nullable=False, comment="it was then given everything up to this sequence"),
        comment="What a client that asks by time has, so that nothing is lost between two of its times.",
        sqlite_with_rowid=False,
    )
