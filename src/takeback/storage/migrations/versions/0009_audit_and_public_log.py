"""The audit's chain, a database that refuses to change what was written, and the public log.

Processes of before may run on meanwhile: events of theirs are chained by whoever records next, and the database itself
keeps every state of the list, whoever made it.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, Date, ForeignKey, LargeBinary

from takeback.storage.append_only import refuse_changes
from takeback.storage.audit import CHAINED_ONCE, chain_all

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

#: Table → when an update of a row is none of the one that is allowed: giving a waiting event its place.
_STAYS = {
    "audit_event": CHAINED_ONCE,
    "log_leaf": "TRUE",
}
_STATE = "SELECT head, entries, digest"


def upgrade() -> None:
    """Adds columns and tables, chains what is there, and has the database refuse from now on."""
    place = "where it stands in the chain, from 1; empty until it is chained"
    op.add_column("audit_event", Column("place", BigInteger, comment=place))
    hash_ = "hash of this event and of the one before (model/audit.py)"
    op.add_column("audit_event", Column("chain", LargeBinary(32), comment=hash_))
    op.create_index("audit_event_place", "audit_event", ["place"], unique=True)
    op.create_table(
        "list_past",
        Column("head", BigInteger, primary_key=True, autoincrement=False),
        Column("entries", BigInteger, nullable=False, comment="how many entries were listed"),
        Column("digest", LargeBinary(32), nullable=False, comment="as in list_state"),
        comment="States of the list since the log's last leaf of states; a trigger on list_state adds them.",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "log_leaf",
        Column("place", BigInteger, primary_key=True, autoincrement=False, comment="its index in the log, from 0"),
        Column("data", LargeBinary, nullable=False, comment="what is hashed (spec/public-log.md)"),
        Column("day", Date, comment="the day that it closes; empty for every other kind of leaf"),
        comment="The leaves of the public log. The database refuses to change or delete a row (migration 0009).",
        sqlite_with_rowid=False,
    )
    op.create_index("log_leaf_day", "log_leaf", ["day"], unique=True)
    op.create_table(
        "logged_entry",
        Column("entry", LargeBinary(16), ForeignKey("entry.id"), primary_key=True),
        Column("salt", LargeBinary(32), comment="without it nobody can test a picture against content; erased with it"),
        Column("content", LargeBinary(32), comment="hash of salt and fingerprints; erased when it is withdrawn"),
        Column("leaf", BigInteger, nullable=False, comment="place of its leaf in the log"),
        Column("gone", BigInteger, comment="place of the leaf that says that it was withdrawn"),
        comment="Where in the public log an entry stands.",
        sqlite_with_rowid=False,
    )
    op.execute(f"INSERT INTO list_past {_STATE} FROM list_state")
    chain_all(op.get_bind())
    (_on_postgresql if op.get_bind().dialect.name == "postgresql" else _on_sqlite)()
    for table, unless in _STAYS.items():
        refuse_changes(table, unless)


def _on_sqlite() -> None:
    op.execute(
        "CREATE TRIGGER list_state_is_kept AFTER UPDATE ON list_state WHEN NEW.head <> OLD.head "
        f"BEGIN INSERT INTO list_past {_STATE} FROM list_state; END"
    )


def _on_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION list_state_is_kept() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN INSERT INTO list_past {_STATE} FROM list_state; RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER list_state_is_kept AFTER UPDATE ON list_state FOR EACH ROW WHEN (NEW.head <> OLD.head) "
        "EXECUTE FUNCTION list_state_is_kept()"
    )
