"""Stretches of the feed in one piece, beside its rows: read by whoever begins, without looking for a thousand rows.

The database itself deletes a piece with the first change to any entry in it, whichever program makes that change, so
those of before may run on meanwhile.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, LargeBinary, SmallInteger

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_END = "DELETE FROM feed_segment WHERE number = (OLD.sequence - 1) / 1000"


def upgrade() -> None:
    """Adds the table and what empties it."""
    op.create_table(
        "feed_segment",
        Column(
            "number", BigInteger, primary_key=True, autoincrement=False, comment="n: the places n * 1,000 + 1 and on"
        ),
        Column(
            "ids", LargeBinary, nullable=False, comment="entries at the places that are left, 16 bytes each, in order"
        ),
        Column("sealed", LargeBinary, comment="what readers are told of them, packed and encrypted; empty: too long"),
        Column("sealed_with", SmallInteger, nullable=False, comment="version of the key that sealed it"),
        comment="A thousand places of the feed in one piece. Triggers delete it with any change in it.",
    )
    (_on_postgresql if op.get_bind().dialect.name == "postgresql" else _on_sqlite)()


def _on_sqlite() -> None:
    for name, when in (("ends", "UPDATE OF sequence"), ("ends_with_it", "DELETE")):
        op.execute(
            f"CREATE TRIGGER feed_segment_{name} AFTER {when} ON entry WHEN OLD.sequence IS NOT NULL BEGIN {_END}; END"
        )


def _on_postgresql() -> None:
    op.execute("ALTER TABLE feed_segment ALTER COLUMN sealed SET STORAGE EXTERNAL")  # packed already
    op.execute(
        f"CREATE FUNCTION feed_segment_ends() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {_END}; RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER feed_segment_ends AFTER UPDATE OF sequence OR DELETE ON entry FOR EACH ROW "
        "WHEN (OLD.sequence IS NOT NULL) EXECUTE FUNCTION feed_segment_ends()"
    )
