"""`takeback log`: the public log of this clearinghouse."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from takeback.apps.bundle import digest_of
from takeback.clearinghouse.keys import log_signing_key
from takeback.clearinghouse.log_files import CHECKPOINT, LogFiles, LogIdentity
from takeback.clearinghouse.public_log import FOLDER, Published, publish
from takeback.cli.database import with_database
from takeback.cli.options import settings_option
from takeback.clock import SystemClock
from takeback.settings import Settings, load
from takeback.storage.database import Database


@click.group()
def log() -> None:
    """The public log: what everybody may check (spec/public-log.md)."""


def identity_of(settings: Settings) -> LogIdentity:
    """Gives whose log this installation's is."""
    return LogIdentity(settings.list_id, log_signing_key(settings.data_path))


@log.command("publish")
@settings_option
def publish_(settings_file: Path | None) -> None:
    """Bring the log up to date now. A running server does it every LOG_INTERVAL_S by itself.

    \b
    takeback log publish --settings /etc/takeback.toml
    """

    async def work(settings: Settings, database: Database) -> Published:
        page = digest_of(settings.portal_path)
        return await publish(database, SystemClock(), identity_of(settings), settings.data_path, page=page)

    done = with_database(settings_file, work)
    closed = "" if done.day is None else f", {done.day} is closed"
    click.echo(f"The log has {done.size} leaves{closed}.", err=True)


@log.command()
@settings_option
def checkpoint(settings_file: Path | None) -> None:
    """Print the newest checkpoint: the log's size and root, signed.

    \b
    takeback log checkpoint
    """
    settings = load(settings_file)
    found = LogFiles(settings.data_path / FOLDER, identity_of(settings)).fetch(CHECKPOINT)
    click.echo((found or b"There is none yet: takeback log publish\n").decode(), nl=False)


@log.command()
@settings_option
def key(settings_file: Path | None) -> None:
    """Print the key that checks the log. Hand it to participants on a safe channel, and print it where it stays.

    \b
    takeback log key
    """
    click.echo(str(identity_of(load(settings_file)).verifier))
