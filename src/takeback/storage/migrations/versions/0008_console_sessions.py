"""Passkeys and sessions of operators, and how many entries went out on each day.

Processes of before may run on meanwhile: they neither read nor write any of it. What they publish is not counted.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, Date, DateTime, ForeignKey, Index, LargeBinary, String

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the four tables."""
    op.create_table(
        "passkey",
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
    op.create_table(
        "enrolment",
        Column("digest", LargeBinary(32), primary_key=True, comment="SHA-256 of the link's code"),
        Column("operator", String(40), ForeignKey("operator.id"), nullable=False),
        Column("expires_at", DateTime(timezone=True), nullable=False),
        comment="Links that register a passkey; each is deleted by its first use.",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "console_session",
        Column("digest", LargeBinary(32), primary_key=True, comment="SHA-256 of the cookie's token"),
        Column("operator", String(40), ForeignKey("operator.id"), nullable=False),
        Column("begun_at", DateTime(timezone=True), nullable=False),
        Column("seen_at", DateTime(timezone=True), nullable=False, comment="moved at most once a minute"),
        Index("console_session_operator", "operator"),
        comment="Operators who are signed in.",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "day_count",
        Column("day", Date, primary_key=True),
        Column("what", String(20), primary_key=True, comment="what is counted"),
        Column("number", BigInteger, nullable=False),
        comment="Counts of the whole list by day; none is of a person or a participant.",
        sqlite_with_rowid=False,
    )
