"""A participant's life: applications, agreements, the sandbox, credentials that overlap, and who is behind.

Processes of before may run on meanwhile. To them everybody who is in the sandbox or has left is suspended, so the list
reaches neither; they know one key and one password of each, the newest. They do not keep the digests over some types:
let nobody in with fewer types before all processes are new.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    LargeBinary,
    SmallInteger,
    String,
)

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds columns to participants, and the tables beside them."""
    for column in (
        Column("stage", String(7), comment="sandbox or left, whose state is suspended; else empty"),
        Column("live_on", Date, comment="day on which two operators let it at the list"),
        Column("old_key", LargeBinary(32), comment="the key before, valid beside the new one until it ends"),
        Column("old_key_ends_at", DateTime(timezone=True)),
        Column("old_password_digest", LargeBinary(32), comment="of the password before, valid beside until it ends"),
        Column("old_password_ends_at", DateTime(timezone=True)),
        Column("last_error", String(40), comment="code of the last error that a request of its ended in"),
        Column("last_error_at", DateTime(timezone=True)),
    ):
        op.add_column("participant", column)
    op.execute("UPDATE participant SET live_on = invited_on")
    types = "of fingerprints that it may be given: md5,sha256,pdq,vpdq"
    op.create_table(
        "agreement",
        Column("participant", String(40), ForeignKey("participant.id"), primary_key=True),
        Column("version", String(40), nullable=False, comment="of the text that it agreed to"),
        Column("purpose", String(1000), nullable=False, comment="what it may use the list for"),
        Column("types", String(24), nullable=False, comment=types),
        Column("regions", String(300), nullable=False, comment="worldwide, or countries: DE,FR"),
        Column("agreed_on", Date, nullable=False),
        comment="What a participant has agreed to.",
        sqlite_with_rowid=False,
    )
    void = "keyed digest of the code in the letter; empty when it is void"
    op.create_table(
        "application",
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
        Column("code_digest", LargeBinary(32), comment=void),
        Column("code_tries", SmallInteger, nullable=False, server_default="0", comment="wrong codes so far"),
        Column("email_verified_on", Date),
        Column("participant", String(40), ForeignKey("participant.id"), comment="what became of it"),
        CheckConstraint("state IN ('open', 'admitted', 'refused')", name="application_state"),
        comment="Companies that ask to take part. No address of whoever sent it is kept.",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "types_digest",
        Column("types", String(24), primary_key=True, comment="some of md5,sha256,pdq,vpdq, never all"),
        Column("digest", LargeBinary(32), nullable=False, comment="as in list_state, over fingerprints of these types"),
        comment="The list's digest as participants see it whose agreements allow these types only.",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "day_head",
        Column("day", Date, primary_key=True, comment="UTC"),
        Column("head", BigInteger, nullable=False, comment="the list's head when the day began"),
        comment="By day, how far the list had come: who is behind, and since when.",
        sqlite_with_rowid=False,
    )
