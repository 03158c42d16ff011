"""Tables whose rows the database itself refuses to change or to delete, whoever asks."""

from __future__ import annotations

from alembic import op


def refuse_changes(table: str, unless: str = "TRUE") -> None:
    """Has the database refuse from now on; of updates those for which the condition on OLD and NEW holds."""
    if op.get_bind().dialect.name == "postgresql":
        _on_postgresql(table, unless)
        return
    refuse = f"BEGIN SELECT RAISE(ABORT, 'rows of {table} stay as they are'); END"
    op.execute(f"CREATE TRIGGER {table}_stays BEFORE UPDATE ON {table} WHEN {unless} {refuse}")
    op.execute(f"CREATE TRIGGER {table}_is_kept BEFORE DELETE ON {table} {refuse}")


def _on_postgresql(table: str, unless: str) -> None:
    op.execute(
        f"CREATE FUNCTION {table}_stays() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION 'rows of {table} stay as they are'; END $$"
    )
    row, all_ = f"FOR EACH ROW WHEN ({unless})", "FOR EACH STATEMENT"
    for when, which in (("UPDATE", row), ("DELETE", all_), ("TRUNCATE", all_)):
        op.execute(
            f"CREATE TRIGGER {table}_{when.lower()} BEFORE {when} ON {table} {which} EXECUTE FUNCTION {table}_stays()"
        )
