"""`takeback desk holds`, `appeals` and `undo`: decisions from the command line, by an operator who is named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import rich_click as click
from rich.console import Console
from rich.table import Column, Table

from takeback.cli.options import json_option, operator_option, settings_option
from takeback.cli.platform_database import with_platform
from takeback.clock import SystemClock
from takeback.model.appeal import Appeal
from takeback.model.hold import HoldState, Source, Surface
from takeback.model.proposal import ProposalKind
from takeback.model.reason import REASONS
from takeback.model.review import Waiting
from takeback.participant import two_person
from takeback.participant.desk import appealing, opening, undoing
from takeback.participant.desk.decisions import Decided
from takeback.participant.desk.decisions import decide as decide_hold
from takeback.participant.desk.facts import Facts, facts_of
from takeback.platform_settings import PlatformSettings
from takeback.staff.operators import at_the_machine
from takeback.storage.database import Database
from takeback.storage.platform.queue import Wanted


@click.group()
def holds() -> None:
    """What waits for a person, what is due first on top."""


@holds.command("list")
@click.option("--escalated", is_flag=True, help="What was escalated, for child-safety.")
@click.option("--list", "list_", help="Only what is near to this list.")
@click.option("--source", type=click.Choice([one.value for one in Source]))
@click.option("--surface", type=click.Choice([one.value for one in Surface]))
@click.option("--due", is_flag=True, help="Only what has a law's clock.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True)
@operator_option
@settings_option
@json_option
def list_holds(
    escalated: bool,
    list_: str | None,
    source: str | None,
    surface: str | None,
    due: bool,
    limit: int,
    acting: str,
    settings_file: Path | None,
    as_json: bool,
) -> None:
    """Show the queue: a line a picture.

    \b
    takeback desk holds list --operator "Ana Example" --due
    """
    wanted = Wanted(
        HoldState.ESCALATED if escalated else HoldState.OPEN,
        list_,
        Source(source) if source else None,
        Surface(surface) if surface else None,
        None,
        due,
    )

    async def work(_: PlatformSettings, database: Database) -> list[Waiting]:
        clock = SystemClock()
        who = await at_the_machine(database, clock, acting)
        return await opening.waiting(database, clock, who, wanted, limit=limit)

    rows = [_row(one) for one in with_platform(settings_file, work)]
    if as_json:
        click.echo(json.dumps(rows))
        return
    table = Table(Column("id", overflow="fold"), "due", "held since", "list", "surface", "from", "copies")
    for row in rows:
        names = ("id", "due_at", "opened_at", "list", "surface", "source", "copies")
        table.add_row(*(str(row[name] or "") for name in names))
    Console().print(table if rows else "Nothing waits.")


@holds.command()
@click.argument("id_", metavar="ID")
@operator_option
@settings_option
@json_option
def show(id_: str, acting: str, settings_file: Path | None, as_json: bool) -> None:
    """Show all that is known of one, but no picture: for that there is the page."""

    async def work(_: PlatformSettings, database: Database) -> Facts:
        clock = SystemClock()
        return await facts_of(database, clock, await at_the_machine(database, clock, acting), id_)

    found = with_platform(settings_file, work)
    hold = found.hold
    told: dict[str, Any] = {
        "id": hold.id,
        "state": hold.state.value,
        "reason": hold.reason,
        "content": hold.content.id,
        "account": hold.content.account,
        "account_before": {state.value: count for state, count in found.account.items()},
        "surface": hold.content.surface.value,
        "due_at": hold.due_at and hold.due_at.isoformat(),
        "copies": len(found.copies),
        "near": [
            {"list": one.finding.list, "entry": one.finding.entry, "how": one.nearness, "here": one.history}
            for one in found.known
        ],
    }
    if as_json:
        click.echo(json.dumps(told))
        return
    for name, value in told.items():
        for line in value if isinstance(value, list) else [value]:
            click.echo(f"{name:16}{', '.join(map(str, line.values())) if isinstance(line, dict) else line or ''}")


@holds.command()
@click.argument("id_", metavar="ID")
@click.option(
    "--reason", "word", type=click.Choice([one.word for one in REASONS]), required=True, help="It says the decision."
)
@operator_option
@settings_option
@json_option
def decide(id_: str, word: str, acting: str, settings_file: Path | None, as_json: bool) -> None:
    """Decide one, and every copy of it.

    \b
    takeback desk holds decide h-0123… --reason lawful --operator "Ana Example"
    """

    async def work(settings: PlatformSettings, database: Database) -> Decided:
        clock = SystemClock()
        who = await at_the_machine(database, clock, acting)
        await opening.open_hold(database, clock, settings, who, id_)
        return await decide_hold(database, clock, settings, who, id_, word)

    done = with_platform(settings_file, work)
    if as_json:
        said = {"review": done.review.id, "decision": done.review.decision.value, "state": done.state.value}
        click.echo(json.dumps({**said, "copies": done.copies}))
        return
    click.echo(f"{done.review.decision.value.capitalize()}: it answered {done.copies} contents.", err=True)


@click.group()
def appeals() -> None:
    """What uploaders asked to be looked at again, by somebody else than the first reviewer."""


@appeals.command("list")
@operator_option
@settings_option
@json_option
def list_appeals(acting: str, settings_file: Path | None, as_json: bool) -> None:
    """Show what waits, oldest first."""

    async def work(settings: PlatformSettings, database: Database) -> list[dict[str, object]]:
        who = await at_the_machine(database, SystemClock(), acting)
        found = await appealing.open_appeals(database, who, limit=settings.staff_page_rows)
        return [{**_appeal(one), "hold": hold.id, "yours_to_decide": may} for one, hold, may in found]

    rows = with_platform(settings_file, work)
    if as_json:
        click.echo(json.dumps(rows))
        return
    for row in rows:
        click.echo("  ".join(str(value) for value in row.values()))


@appeals.command("decide")
@click.argument("id_", metavar="ID")
@click.option("--reason", "word", type=click.Choice([one.word for one in REASONS]), required=True)
@operator_option
@settings_option
@json_option
def decide_appeal(id_: str, word: str, acting: str, settings_file: Path | None, as_json: bool) -> None:
    """Decide one: a reason that confirms upholds the decision, one that refuses restores the content."""

    async def work(settings: PlatformSettings, database: Database) -> Appeal:
        clock = SystemClock()
        who = await at_the_machine(database, clock, acting)
        return await appealing.decide_appeal(database, clock, settings, who, id_, word)

    done = with_platform(settings_file, work)
    click.echo(json.dumps(_appeal(done)) if as_json else f"The appeal is {done.state.value}.", err=not as_json)


@click.command()
@click.option("--reviewer", default="", help="Name or id; `policy` for what rules decided.")
@click.option("--list", "list_", default="", help="Only about entries of this list.")
@click.option("--entry", default="", help="Only about this entry.")
@click.option("--since", default="", help="From then on, as 2026-12-31T18:00 in UTC.")
@click.option("--until", default="", help="Before then.")
@click.option("--dry-run", is_flag=True, help="Only count what it would undo.")
@operator_option
@settings_option
@json_option
def undo(
    reviewer: str,
    list_: str,
    entry: str,
    since: str,
    until: str,
    dry_run: bool,
    acting: str,
    settings_file: Path | None,
    as_json: bool,
) -> None:
    """Propose to undo decisions; somebody else carries it out. Their content is hidden and waits again.

    \b
    takeback desk undo --reviewer "Bo Example" --since 2026-11-01 --dry-run --operator "Ana Example"
    """
    details = {"reviewer": reviewer, "list": list_, "entry": entry, "since": since, "until": until}

    async def work(_: PlatformSettings, database: Database) -> dict[str, object]:
        clock = SystemClock()
        who = await at_the_machine(database, clock, acting)
        would = await undoing.would_undo(database, details)
        if dry_run:
            return {"would_undo": would}
        subject = undoing.new_subject()
        made = await two_person.propose(database, clock, who, ProposalKind.UNDO_DECISIONS, subject, details)
        return {"would_undo": would, "proposal": made.id}

    found = with_platform(settings_file, work)
    if as_json:
        click.echo(json.dumps(found))
        return
    click.echo(f"It would undo the decisions about {found['would_undo']} contents.", err=True)
    if not dry_run:
        click.echo(found["proposal"])


def _row(one: Waiting) -> dict[str, object]:
    first = one.hold.findings[0] if one.hold.findings else None
    return {
        "id": one.hold.id,
        "due_at": one.due_at and one.due_at.isoformat(timespec="minutes"),
        "opened_at": one.opened_at.isoformat(timespec="minutes"),
        "list": first and first.list,
        "surface": one.hold.content.surface.value,
        "source": one.hold.source.value,
        "content": one.hold.content.id,
        "copies": one.copies,
    }


def _appeal(one: Appeal) -> dict[str, object]:
    return {"id": one.id, "content": one.content, "reason": one.reason.value, "state": one.state.value}
