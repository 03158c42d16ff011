"""`takeback audit`: whether the log, a replica and a database are what they say."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from takeback.cli.audit_search import search
from takeback.cli.options import json_option, settings_option
from takeback.errors import InvalidInputError, UntrustedListError
from takeback.exchanges.public_log import PublicLog
from takeback.exchanges.receipt import prove, secrets_of
from takeback.participant.lists.log_check import check_log
from takeback.participant.lists.replica import Replica
from takeback.settings import Settings, load
from takeback.wire import checkpoint as note
from takeback.wire.log_leaves import DayBody, leaf_of
from takeback.wire.tiles import check_growth, proven_leaves

if TYPE_CHECKING:
    from takeback.storage.database import Database


@click.group()
def audit() -> None:
    """What operators did, and whether the log, a replica and a database are what they say."""


@dataclass(frozen=True, slots=True)
class _Found:
    leaves: int
    new_leaves: int
    days: list[str]
    went_on_from: int | None


@audit.command()
@click.argument("source", required=False)
@click.option("--key", help="The log's key, as `takeback log key` prints it; needed for every log but this machine's.")
@click.option(
    "--seen",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File in which the last checkpoint is kept: the log has to go on where it was.",
)
@click.option(
    "--replica",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help="A participant's copy of the list: every state that it was given has to be in the log.",
)
@settings_option
@json_option
def verify(
    source: str | None,
    key: str | None,
    seen: Path | None,
    replica: Path | None,
    settings_file: Path | None,
    as_json: bool,
) -> None:
    """Check a public log: at SOURCE, an address or a folder; without it, this clearinghouse's log and its database.

    \b
    takeback audit verify https://list.example.org/log --key 'list…' --seen checkpoint
    takeback audit verify https://list.example.org/log --key 'list…' --replica list.db
    takeback audit verify --settings /etc/takeback.toml

    Ends with 0 when all of it holds, with 7 when something does not: keep everything then, and tell others.
    """
    settings = load(settings_file)
    done: dict[str, object] = {}
    with _log(source, key, settings) as log:
        done |= asdict(_check_leaves(log, seen))
        if replica is not None:
            done["replica"] = asdict(check_log(Replica(replica), log))
    if source is None:
        done["database"] = _check_database(settings_file)
    if as_json:
        click.echo(json.dumps(done, default=str))
        return
    for name, value in done.items():
        click.echo(f"{name.replace('_', ' ')}: {value}")
    click.echo("Everything holds.", err=True)


@audit.command()
@click.argument("exchange")
@click.option("--key", required=True, help="The log's key, from another place than the clearinghouse itself.")
@click.option("--days", default=30, show_default=True, help="How many days back to look for what was taken back.")
def receipt(exchange: str, key: str, days: int) -> None:
    """Ask what six words prove: that a picture is on the list, or was taken back. They are asked for, and stay here.

    \b
    takeback audit receipt https://list.example.org --key 'list…'

    A picture is in the log from the day after it was listed, and taken back from the day after that.
    """
    words = click.prompt("Six words", hide_input=sys.stdin.isatty())
    with PublicLog(f"{exchange.rstrip('/')}/log", note.log_key(key, field="--key")) as log:
        proven = prove(exchange, log, secrets_of(words), days=days)
    for at, place in sorted(proven.listed.items()):
        click.echo(f"picture {at + 1}: on the list, leaf {place}")
    for at, place in sorted(proven.gone.items()):
        click.echo(f"picture {at + 1}: taken back, leaf {place}")
    if not proven.listed and not proven.gone:
        click.echo("The log shows nothing of these words.")


def _log(source: str | None, key: str | None, settings: Settings) -> PublicLog:
    if source is not None:
        if key is None:
            raise InvalidInputError(
                field="--key",
                problem="is missing.",
                remedy="Give the line that the clearinghouse printed with `takeback log key`, from another channel.",
            )
        return PublicLog(source, note.log_key(key, field="--key"))
    from takeback.clearinghouse.public_log import FOLDER  # noqa: PLC0415 - a participant has no server packages
    from takeback.cli.public_log import identity_of  # noqa: PLC0415 - see above

    return PublicLog(settings.data_path / FOLDER, identity_of(settings).verifier)


def _check_leaves(log: PublicLog, seen: Path | None) -> _Found:
    """Checks signature, growth since the checkpoint in `seen`, and every leaf since; then keeps the new checkpoint."""
    now, signed = log.checkpoint(), log.fetch("checkpoint") or b""
    before = note.verify(seen.read_bytes(), log.key) if seen is not None and seen.exists() else None
    if before is not None:
        check_growth(log.fetch, before, now)
    start = 0 if before is None else before.size
    bodies = [leaf_of(leaf) for _, leaf in proven_leaves(log.fetch, now, start)]
    days = [body.day for body in bodies if isinstance(body, DayBody)]
    if days != sorted(set(days)):
        raise UntrustedListError("The days in the log are not in order. Keep it, and tell the clearinghouse.")
    if seen is not None and note.verify(signed, log.key) == now:
        seen.write_bytes(signed)
    return _Found(now.size, len(bodies), [str(day) for day in days], None if before is None else before.size)


def _check_database(settings_file: Path | None) -> dict[str, object]:
    from takeback.clearinghouse.log_files import LogFiles  # noqa: PLC0415 - a participant has no server packages
    from takeback.clearinghouse.public_log import FOLDER  # noqa: PLC0415 - see above
    from takeback.clearinghouse.self_check import SelfCheck, check_database  # noqa: PLC0415 - see above
    from takeback.cli.database import with_database  # noqa: PLC0415 - see above
    from takeback.cli.public_log import identity_of  # noqa: PLC0415 - see above

    async def work(settings: Settings, database: Database) -> SelfCheck:
        return await check_database(database, LogFiles(settings.data_path / FOLDER, identity_of(settings)))

    found = with_database(settings_file, work)
    if not found.whole:
        wrong = {name: value for name, value in asdict(found).items() if name.startswith("broken") and value}
        raise UntrustedListError(
            "The database is not what was written: "
            + ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in wrong.items())
            + ". Keep a copy of it; docs/public-log.md says what each means."
        )
    return asdict(found)


audit.add_command(search)
