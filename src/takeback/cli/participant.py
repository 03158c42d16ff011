"""`takeback participant`: let platforms in, see how they are doing, and shut them out."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import rich_click as click
from rich.console import Console
from rich.table import Column, Table

from takeback.clearinghouse import participants
from takeback.clearinghouse.agreement import agreement_text
from takeback.clearinghouse.freshness import Standing, standings
from takeback.cli import credentials, joining
from takeback.cli.database import with_database
from takeback.cli.options import json_option, operator_option, settings_option
from takeback.cli.proposing import proposed
from takeback.clock import Clock, SystemClock
from takeback.model.application import Agreement, types_text
from takeback.model.participant import Participant
from takeback.model.proposal import ProposalKind
from takeback.settings import Settings
from takeback.storage.database import Database

Act = Callable[[Database, Clock, str], Awaitable[Participant]]


@click.group()
def participant() -> None:
    """Platforms that receive the list.

    \b
    A company applies at PUBLIC_URL/join. Then:
    takeback participant apply-list
    takeback participant verify a-0123…
    takeback participant admit a-0123… --operator "Ana Example"
    takeback proposal carry-out c-0123… --operator "Bo Example"
    takeback participant key p-0123… --output example.json
    takeback participant live p-0123… --operator "Ana Example"
    """


for command in (joining.apply_list, joining.verify, joining.admit, joining.refuse):
    participant.add_command(command)
for command in (credentials.invite, credentials.key, credentials.password, credentials.header_keys):
    participant.add_command(command)


@participant.command("list")
@settings_option
@json_option
def list_(settings_file: Path | None, as_json: bool) -> None:
    """Show every participant: how far behind the list, how slow to take back, and its last error.

    \b
    takeback participant list
    takeback participant list --json
    """

    async def work(settings: Settings, database: Database) -> tuple[list[Standing], str]:
        return await standings(database, SystemClock(), settings), agreement_text(settings).version

    found, version = with_database(settings_file, work)
    if as_json:
        click.echo(json.dumps([_as_json(one, version) for one in found]))
        return
    table = Table(
        Column("id", overflow="fold"), "name", "state", "types", "last sync", "behind", "verdicts", "last error"
    )
    for one in found:
        p, health = one.participant, one.health
        since = f" since {health.behind_since}" if health.behind_since else ""
        slow = f", slow to take back {health.owed}" if health.slow else ""
        error = f"{p.last_error} {p.last_error_at:%Y-%m-%d %H:%M}" if p.last_error and p.last_error_at else ""
        sync = f"{p.last_sync_at:%Y-%m-%d %H:%M}" if p.last_sync_at else "never"
        unproven = ", cannot show that it forgets" if health.unproven else ""
        behind = f"{health.behind}{since}{slow}{unproven}"
        table.add_row(p.id, p.name, p.state, types_text(p.types), sync, behind, str(health.verdicts), error)
    Console().print(table if found else "Nobody takes part yet. Companies apply at PUBLIC_URL/join.")
    if outdated := [one.participant.name for one in found if one.is_on_another(version)]:
        click.echo(f"Under another version of the agreement than {version}: {', '.join(outdated)}.", err=True)


@participant.command()
@click.argument("id_", metavar="ID")
@click.option("--version", required=True, help="The first line of the agreement that it has agreed to.")
@settings_option
def agreed(id_: str, version: str, settings_file: Path | None) -> None:
    """Note that a participant has agreed to the agreement as it is now. Purpose, types and regions stay.

    One with a key can do it itself: `takeback agree`.

    \b
    takeback participant agreed p-0123… --version takeback-2
    """

    async def work(settings: Settings, database: Database) -> Agreement:
        return await participants.agreed_to(database, SystemClock(), settings, id_, version)

    click.echo(f"Kept: {id_} agreed to {version} on {with_database(settings_file, work).agreed_on}.", err=True)


@participant.command()
@click.argument("id_", metavar="ID")
@settings_option
def suspend(id_: str, settings_file: Path | None) -> None:
    """Shut a participant out, from its next request on. To let it back in takes two operators.

    \b
    takeback participant suspend p-0123…
    """
    click.echo(f"{_done(settings_file, participants.suspend, id_)} is suspended.", err=True)


@participant.command()
@click.argument("id_", metavar="ID")
@click.confirmation_option(prompt="This ends the participant for ever. Go on?")
@settings_option
def leave(id_: str, settings_file: Path | None) -> None:
    """End a participant for ever: its credentials stop at once, and what we keep of it is erased.

    Its name, its agreement and its verdicts stay.

    \b
    takeback participant leave p-0123…
    """
    click.echo(f"{_done(settings_file, participants.leave, id_)} has left.", err=True)


@participant.command()
@click.argument("id_", metavar="ID")
@operator_option
@settings_option
@json_option
def live(id_: str, acting: str, settings_file: Path | None, as_json: bool) -> None:
    """Propose to let a participant out of the sandbox and at the list.

    \b
    takeback participant live p-0123… --operator "Ana Example"
    """
    proposed(settings_file, acting, ProposalKind.MAKE_LIVE, id_, as_json=as_json)


@participant.command()
@click.argument("id_", metavar="ID")
@operator_option
@settings_option
@json_option
def resume(id_: str, acting: str, settings_file: Path | None, as_json: bool) -> None:
    """Propose to let a suspended participant back in.

    \b
    takeback participant resume p-0123… --operator "Ana Example"
    """
    proposed(settings_file, acting, ProposalKind.RESUME_PARTICIPANT, id_, as_json=as_json)


def _done(settings_file: Path | None, act: Act, id_: str) -> str:
    """Does something to a participant, and gives its name."""

    async def work(_: Settings, database: Database) -> str:
        return (await act(database, SystemClock(), id_)).name

    return with_database(settings_file, work)


def _as_json(one: Standing, version: str) -> dict[str, Any]:
    p, health, agreed = one.participant, one.health, one.agreement
    return {
        "id": p.id,
        "name": p.name,
        "state": p.state.value,
        "invited_on": p.invited_on.isoformat(),
        "live_on": p.live_on and p.live_on.isoformat(),
        "types": types_text(p.types).split(","),
        "agreement": agreed
        and {
            "version": agreed.version,
            "regions": agreed.regions,
            "on": str(agreed.agreed_on),
            "current": not one.is_on_another(version),
        },
        "acknowledged": p.acknowledged,
        "last_sync_at": p.last_sync_at and p.last_sync_at.isoformat(timespec="seconds"),
        "behind": health.behind,
        "behind_since": health.behind_since and health.behind_since.isoformat(),
        "slow_to_take_back": health.slow,
        "owed": health.owed,
        "cannot_show_that_it_forgets": health.unproven,
        "verdicts": health.verdicts,
        "last_error": p.last_error,
        "last_error_at": p.last_error_at and p.last_error_at.isoformat(timespec="seconds"),
        "old_key_ends_at": p.old_key_ends_at and p.old_key_ends_at.isoformat(timespec="seconds"),
    }
