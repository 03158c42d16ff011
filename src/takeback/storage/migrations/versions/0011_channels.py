"""Where entries came in; participants that ask with two header keys, and know entries by their values alone.

Processes of before may run on meanwhile: what they add came in by the page, and they neither read nor write the rest.
They erase a withdrawn entry's values at once, so those participants are not told of a withdrawal that goes through one.
"""

from __future__ import annotations

import time

from alembic import op
from sqlalchemy import BigInteger, Column, Date, ForeignKey, LargeBinary, String, column, table, update

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

#: How far ahead of ours a client's clock may be, in seconds.
_AHEAD_S = 60


def upgrade() -> None:
    """Adds the columns and the table."""
    came = "browser, helpline, operator or test"
    op.add_column("entry", Column("channel", String(8), nullable=False, server_default="browser", comment=came))
    first = "the sequence at which it first was on the list: who is behind never had it"
    op.add_column("entry", Column("first_listed", BigInteger, comment=first))
    told = "withdrawn, and participants who know it by its value alone are still to be told: erased on that day"
    op.add_column("entry", Column("forget_on", Date, comment=told))
    left = "what they are told by, encrypted as `sealed` is; sealed_with says how"
    op.add_column("entry", Column("left_sealed", LargeBinary, comment=left))
    op.create_index("entry_forget_on", "entry", ["forget_on"])
    until = "seconds since 1970: the latest time that it was given everything up to"
    op.add_column("participant", Column("asked_until", BigInteger, comment=until))
    op.create_table(
        "header_key",
        Column("participant", String(40), ForeignKey("participant.id"), primary_key=True),
        Column("fetch_digest", LargeBinary(32), nullable=False, comment="keyed digest of the one key"),
        Column("subscription_digest", LargeBinary(32), nullable=False, comment="and of the other"),
        Column("acknowledged", BigInteger, nullable=False, comment="the cursor that it last came back with by them"),
        comment="Participants that ask with two header keys, and know entries by their values alone.",
        sqlite_with_rowid=False,
    )
    # Whoever has asked by time may have asked up to now; what was published may be with anybody.
    asked = table("participant", column("asked_until"), column("last_sync_at"))
    op.execute(update(asked).where(asked.c.last_sync_at.is_not(None)).values(asked_until=int(time.time()) + _AHEAD_S))
    published = table("entry", column("first_listed"), column("sequence"))
    op.execute(update(published).where(published.c.sequence.is_not(None)).values(first_listed=0))
