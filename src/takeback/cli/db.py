"""`takeback db`: the database's keys, backups and health."""

from __future__ import annotations

from pathlib import Path

import rich_click as click
from rich.console import Console
from rich.table import Table

from takeback.clearinghouse import backups
from takeback.clearinghouse.checking import findings
from takeback.clearinghouse.keys import KEYS, add_fingerprint_key, drop_files_key, fingerprint_keys
from takeback.clearinghouse.rekeying import rekey as seal_anew
from takeback.cli.database import with_database
from takeback.cli.options import settings_option
from takeback.clock import SystemClock
from takeback.errors import ConflictError, SettingsError
from takeback.settings import Settings
from takeback.storage.database import Database
from takeback.storage.migrate import migrate

_file = click.argument("file", type=click.Path(dir_okay=False, path_type=Path))


@click.group()
def db() -> None:
    """The database: keys, backups, restoring, moving, checking."""


@db.command()
@click.option("--new-key/--no-new-key", default=True, help="Add a key first (default), or not.")
@settings_option
def rekey(new_key: bool, settings_file: Path | None) -> None:
    """Seal every fingerprint under a new key, while servers run.

    What ends it in the middle loses nothing: run it again with --no-new-key.

    \b
    takeback db rekey
    takeback db rekey --no-new-key
    """

    async def work(settings: Settings, database: Database) -> int:
        if new_key:
            add_fingerprint_key(settings)
        return await seal_anew(database, SystemClock())

    click.echo(f"Sealed {with_database(settings_file, work)} entries anew. Keys of before are still in the file.")


@db.command()
@_file
@settings_option
def backup(file: Path, settings_file: Path | None) -> None:
    """Write the whole database into FILE, while servers run. It holds no keys: keep those elsewhere.

    \b
    takeback db backup /backup/2026-11-26.takeback
    """

    async def work(_: Settings, database: Database) -> backups.Counts:
        return await backups.backup(database, file)

    _show(with_database(settings_file, work))
    click.echo(f"The keys are not in it. Keep these of data_dir in another place: {', '.join(KEYS)}.")


@db.command()
@_file
@settings_option
def restore(file: Path, settings_file: Path | None) -> None:
    """Fill an empty database from FILE; the keys must be back first. Nothing is ever overwritten.

    \b
    takeback db restore /backup/2026-11-26.takeback
    """

    async def work(settings: Settings, database: Database) -> backups.Counts:
        drop_files_key(settings.data_path)
        return await backups.restore(database, file)

    _show(with_database(settings_file, work))


@db.command()
@click.option(
    "--to", "address", required=True, help="The empty PostgreSQL database, postgresql+psycopg://user@host/name."
)
@settings_option
def move(address: str, settings_file: Path | None) -> None:
    """Move from SQLite to PostgreSQL. Stop the servers first; then set database_url and start them.

    \b
    takeback db move --to postgresql+psycopg://takeback@localhost/takeback
    """

    async def work(settings: Settings, database: Database) -> backups.Counts:
        target = Database.open(address, fingerprint_keys(settings))
        if not database.is_sqlite or target.is_sqlite:
            raise SettingsError("Moving leads from SQLite to PostgreSQL. Use backup and restore for anything else.")
        try:
            await migrate(target)
            return await backups.move(database, target)
        finally:
            await target.close()

    _show(with_database(settings_file, work))
    click.echo("Set database_url to the new address before a server is started. The file of before can then go.")


@db.command()
@settings_option
def check(settings_file: Path | None) -> None:
    """Read everything once, and say whether the database is what it says. May run beside servers."""

    async def work(_: Settings, database: Database) -> list[str]:
        return await database.read("check", findings)

    wrong = with_database(settings_file, work)
    for sentence in wrong:
        click.echo(sentence)
    if wrong:
        raise ConflictError("The database is not what it should be. See docs/runbooks/restore.md.")
    click.echo("All is well: digest, feed, receipts, erasure, references and audit fit their rows.")


def _show(counts: backups.Counts) -> None:
    table = Table("table", "rows")
    for name, count in counts.items():
        table.add_row(name, str(count))
    Console().print(table)
    click.echo("Every row was counted, and the list's digest added up from the copy.")
