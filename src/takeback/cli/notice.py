"""`takeback notice`: what somebody asked to have removed under a law, at a platform."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import Any

import msgspec
import rich_click as click
from rich.console import Console
from rich.table import Column, Table

from takeback.cli.notice_senders import flagger, suspend, warn
from takeback.cli.options import json_option, operator_option, settings_option
from takeback.cli.platform_database import with_platform
from takeback.clock import SystemClock
from takeback.errors import InvalidInputError
from takeback.model.notice import Notice
from takeback.model.notice_log import MonthReport
from takeback.model.received_notice import NoticeState, ReceivedNotice, Refusal
from takeback.participant.notices import deciding, export, misuse, reading, statements
from takeback.participant.notices.misuse import NotifierCounts
from takeback.participant.notices.reading import NoticeDetails
from takeback.participant.notices.texts import counted, isolated, languages, texts_of
from takeback.platform_settings import PlatformSettings
from takeback.settings import load_as
from takeback.staff.operators import at_the_machine
from takeback.storage.database import Database
from takeback.storage.platform.notifiers import Notifier
from takeback.wire.notice import notice_bytes
from takeback.wire.statements import Removed, bodies

_Shown = tuple[NoticeDetails, NotifierCounts | None, Notice | None]
_number = click.argument("number")
_month = click.option("--month", required=True, help="As 2026-11, in UTC.")


@click.group()
def notice() -> None:
    """Notices that ask a platform to remove something under a law. docs/notices.md says how they go."""


@notice.command("list")
@click.option(
    "--state",
    type=click.Choice([*(state.value for state in NoticeState), "waiting", "all"]),
    default="waiting",
    show_default=True,
    help="`waiting`: open and incomplete ones.",
)
@click.option("--flagged", is_flag=True, help="Those of trusted flaggers alone.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=100, show_default=True)
@settings_option
@json_option
def list_(state: str, flagged: bool, limit: int, settings_file: Path | None, as_json: bool) -> None:
    """Show notices, those whose time runs out first before the others."""
    some = {"waiting": reading.WAITING, "all": None}
    states = some[state] if state in some else frozenset({NoticeState(state)})

    async def work(_: PlatformSettings, database: Database) -> list[ReceivedNotice]:
        return await reading.queue(database, states, limit=limit, flagged=flagged)

    found = with_platform(settings_file, work)
    if as_json:
        click.echo(json.dumps([_row(one) for one in found]))
        return
    table = Table(Column("number", no_wrap=True), "state", "hours left", "law", "shown", "by", "joined to")
    for one in found:
        table.add_row(one.number, one.state, _left(one), one.law, one.depicted, one.signer, one.joined_to or "")
    Console().print(table if found else "No notice waits.")


@notice.command()
@_number
@click.option("--letter", is_flag=True, help="What it says, with names and addresses; it is audited.")
@click.option("--operator", "acting", metavar="NAME", help="Who reads it; with --letter.")
@settings_option
@json_option
def show(number: str, letter: bool, acting: str | None, settings_file: Path | None, as_json: bool) -> None:
    """Show one notice: how it stands, its content, what happened to it.

    \b
    takeback notice show ABCDE-12345
    takeback notice show ABCDE-12345 --letter --operator "Ana Example"
    """

    async def work(_: PlatformSettings, database: Database) -> _Shown:
        found = await reading.details(database, number)
        counts = await misuse.counts_of(database, SystemClock(), found.standing.notice)
        if not letter:
            return found, counts, None
        if acting is None:
            raise InvalidInputError(field="operator", problem="is missing.", remedy="Say who reads it.")
        operator = await at_the_machine(database, SystemClock(), acting)
        return found, counts, await reading.read_letter(database, SystemClock(), operator, number)

    found, counts, said = with_platform(settings_file, work)
    facts = _details(found, counts)
    if said is not None:
        facts["letter"] = json.loads(notice_bytes(said))
    if as_json:
        click.echo(json.dumps(facts))
        return
    table = Table("what", "is")
    for key, value in facts.items():
        lines = value if isinstance(value, list) else [value]
        table.add_row(key, "\n".join("" if one is None else _text(one) for one in lines))
    Console().print(table)


@notice.command()
@_number
@click.option("--remove", "granted", is_flag=True, help="What it names, and what is the same, has to go.")
@click.option(
    "--refuse",
    "reason",
    type=click.Choice([reason.value for reason in Refusal]),
    help="Nothing has to go, because of this.",
)
@operator_option
@settings_option
@json_option
def decide(
    number: str, granted: bool, reason: str | None, acting: str, settings_file: Path | None, as_json: bool
) -> None:
    """Decide a notice. What is only near to what it names is decided at the desk, one by one.

    \b
    takeback notice decide ABCDE-12345 --remove --operator "Ana Example"
    takeback notice decide ABCDE-12345 --refuse not-found --operator "Ana Example"
    """
    if granted is (reason is not None):
        raise InvalidInputError(field="decision", problem="is not one.", remedy="Give --remove, or --refuse REASON.")

    async def work(settings: PlatformSettings, database: Database) -> ReceivedNotice:
        operator = await at_the_machine(database, SystemClock(), acting)
        refusal = None if reason is None else Refusal(reason)
        return await deciding.decide(database, SystemClock(), settings, operator, number, refusal)

    ended = with_platform(settings_file, work)
    if as_json:
        click.echo(json.dumps(_row(ended)))
    else:
        click.echo(f"The notice is {ended.state.value}.", err=True)


@notice.command("export")
@_month
@click.option("--csv", "as_csv", is_flag=True, help="A table: of all notices, by law, by lane.")
@settings_option
@json_option
def export_(month: str, as_csv: bool, settings_file: Path | None, as_json: bool) -> None:
    """Print a month's figures for a regulator. They name nobody.

    \b
    takeback notice export --month 2026-11 --json
    takeback notice export --month 2026-11 --csv > notices-2026-11.csv
    """

    async def work(settings: PlatformSettings, database: Database) -> MonthReport:
        return await export.month_of_notices(database, SystemClock(), settings, month)

    report = with_platform(settings_file, work)
    if as_json:
        click.echo(msgspec.json.encode(report).decode())
        return
    rows = export.rows(report)
    if as_csv:
        writer = csv.DictWriter(sys.stdout, export.COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
        return
    table = Table("figure", *(str(row["of"]) for row in rows))
    for name in export.COLUMNS[2:]:
        table.add_row(name.replace("_", " "), *("" if row[name] is None else str(row[name]) for row in rows))
    Console().print(table)


@notice.command("statements")
@_month
@settings_option
def statements_(month: str, settings_file: Path | None) -> None:
    """Print statements of reasons for the EU's transparency database: one line is the body of one call.

    \b
    takeback notice statements --month 2026-11 > statements.jsonl
    """

    async def work(_: PlatformSettings, database: Database) -> list[Removed]:
        return await statements.removed_in(database, month)

    removed = with_platform(settings_file, work)
    for body in bodies(removed):
        click.echo(body.decode())
    undated = sum(one.uploaded_on is None for one in removed)
    if undated:
        click.echo(f"{undated} of {len(removed)} have no content_date: name it when you name the content.", err=True)


@notice.command("text")
@click.option("--language", type=click.Choice(languages()), default="en", show_default=True)
@settings_option
def text_(language: str, settings_file: Path | None) -> None:
    """Print how to have something removed, to put where your pictures are. It is the page /notice/how, too."""
    settings, words = load_as(PlatformSettings, settings_file), texts_of(language)["how"]
    service, hours = isolated(language, settings.service_name), counted(language, "hours", settings.notice_due_hours)
    click.echo(f"{words['title']}\n")
    for paragraph in words["text"]:
        click.echo(f"{paragraph.format(service=service, hours=hours)}\n")


for command in (flagger, warn, suspend):
    notice.add_command(command)


def _row(one: ReceivedNotice) -> dict[str, Any]:
    row = msgspec.to_builtins(one)
    del row["notifier"]  # it says nothing to anybody, and ties notices together
    return {name: value for name, value in row.items() if value is not None}


def _left(one: ReceivedNotice) -> str:
    if one.due_at is None or one.state is not NoticeState.OPEN:
        return ""
    hours = (one.due_at - SystemClock().now()).total_seconds() / 3_600
    return f"{hours:.1f}" if hours > 0 else f"over by {-hours:.1f}"


def _details(found: NoticeDetails, counts: NotifierCounts | None) -> dict[str, Any]:
    standing = found.standing
    return _row(standing.notice) | {
        "missing": [part.value for part in standing.missing],
        "joined": list(found.joined),
        "contents": [
            {"id": one.content, "how": one.how.value, "distance": one.distance, "hold": one.hold}
            | {"hidden": one.hidden_at is not None, "flags": sorted(one.flags)}
            for one in found.contents
        ],
        "events": [{"at": one.at.isoformat(), "event": one.event.value, **one.facts} for one in found.events],
        "notifier": None if counts is None else _counts(counts),
    }


def _counts(counts: NotifierCounts) -> dict[str, Any]:
    standing: Notifier = counts.standing
    numbers = {name: getattr(counts, name) for name in ("sent", "removed", "refused", "refused_as_misuse")}
    return numbers | {
        "warned_at": standing.warned_at and standing.warned_at.isoformat(),
        "suspended_until": standing.suspended_until and standing.suspended_until.isoformat(),
    }


def _text(value: object) -> str:
    if isinstance(value, dict):
        return " ".join(f"{name}={one}" for name, one in value.items() if one is not None and one != [])
    return str(value)
