"""`takeback report`: reports to the CyberTipline. Building one sends nothing: it is written to disk to be read."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import rich_click as click
from rich.console import Console
from rich.table import Column, Table

from takeback.cli.evidence import approve_proposal, say_proposal
from takeback.cli.options import json_option, operator_option, settings_option
from takeback.cli.platform_database import with_platform
from takeback.clock import SystemClock
from takeback.errors import InvalidInputError
from takeback.model.completeness import Completeness
from takeback.model.filing import Door, Filing
from takeback.model.operator import Operator
from takeback.model.proposal import ProposalKind
from takeback.model.report import FileNote, Grounds, Incident, ReportNote, Said
from takeback.participant import two_person
from takeback.participant.reports.doors import reports_here, sending_here
from takeback.participant.reports.reports import Built, Reports
from takeback.participant.reports.sending import Sending
from takeback.platform_settings import PlatformSettings
from takeback.staff.operators import at_the_machine
from takeback.storage.database import Database

T = TypeVar("T")
Work = Callable[[Reports, Sending, Operator], Awaitable[T]]

output_option = click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help="A new folder for what would be sent; personal data, unsealed. Without it: report-<id> here.",
)


@click.group()
def report() -> None:
    """Reports of apparent abuse of a child, to NCMEC's CyberTipline (docs/reports.md).

    \b
    takeback report build h-0123… --grounds seen --operator "Ana Example"    sends nothing
    takeback report rehearse r-0123… --operator "Ana Example"                neither does this
    takeback report send r-0123… --operator "Ana Example"                    to NCMEC's test
    takeback report propose r-0123… --operator "Ana Example"
    takeback report approve c-0123… --operator "Bo Example"                  a second person
    takeback report send r-0123… --production --operator "Ana Example"
    """


@report.command()
@click.argument("hold_id", metavar="HOLD")
@click.option("--grounds", type=click.Choice([one.value for one in Grounds]), required=True, help="Why it is reported.")
@click.option("--incident", type=click.Choice([one.name.lower() for one in Incident]), default="material")
@click.option("--note", "notes", multiple=True, type=click.Choice([one.value for one in ReportNote]))
@click.option("--file-note", "file_notes", multiple=True, type=click.Choice([one.value for one in FileNote]))
@click.option("--urgent", help="Why a child is in danger now.")
@click.option("--info", help="What else is to be said.")
@click.option("--without", multiple=True, metavar="HOLD", help="A copy to leave out; may be given again.")
@click.option("--instead", metavar="REPORT", help="The report that this one replaces: it is taken back.")
@output_option
@operator_option
@settings_option
@json_option
def build(
    hold_id: str,
    grounds: str,
    incident: str,
    notes: tuple[str, ...],
    file_notes: tuple[str, ...],
    urgent: str | None,
    info: str | None,
    without: tuple[str, ...],
    instead: str | None,
    output: Path | None,
    acting: str,
    settings_file: Path | None,
    as_json: bool,
) -> None:
    """Build a report about a hold that the child-safety role has confirmed, and write it to disk. Sends nothing.

    The copies that the same decision answered are in it, if they are of the same account and may be reported.
    """
    said = Said(
        Grounds(grounds),
        tuple(ReportNote(one) for one in notes),
        tuple(FileNote(one) for one in file_notes),
        urgent,
        info,
        Incident[incident.upper()],
    )

    async def work(reports: Reports, _: Sending, by: Operator) -> Built:
        return await reports.build(by, hold_id, said, without=without, instead=instead)

    _say_built(_with_reports(settings_file, acting, work), output, as_json=as_json)


@report.command()
@click.argument("id_", metavar="REPORT")
@output_option
@operator_option
@settings_option
@json_option
def show(id_: str, output: Path | None, acting: str, settings_file: Path | None, as_json: bool) -> None:
    """Write a report that was built to disk again, as it would be sent. The access log says that you read it."""
    built = _with_reports(settings_file, acting, lambda reports, _, by: reports.show(by, id_))
    _say_built(built, output, as_json=as_json)


@report.command()
@click.argument("id_", metavar="REPORT")
@operator_option
@settings_option
def rehearse(id_: str, acting: str, settings_file: Path | None) -> None:
    """Do all of sending but the sending: check the documents, open every file, compare it with what is said of it."""
    files = _with_reports(settings_file, acting, lambda reports, _, by: reports.rehearse(by, id_))
    click.echo(f"Every document keeps the rules, and files that open and are as described: {files}. Nothing was sent.")


@report.command()
@operator_option
@settings_option
@json_option
def status(acting: str, settings_file: Path | None, as_json: bool) -> None:
    """Show how far the latest reports have come, without what they say."""
    filings = _with_reports(settings_file, acting, lambda reports, _, by: reports.list_(by))
    rows = [_row(one) for one in filings]
    if as_json:
        click.echo(json.dumps(rows))
        return
    table = Table(Column("id", overflow="fold"), "hold", "state", "score", "tried", "theirs", "finished", "problem")
    for row in rows:
        names = ("id", "hold", "state", "score", "tried_at", "theirs", "finished_at", "problem")
        table.add_row(*(str(row[name] or "") for name in names))
    Console().print(table if rows else "No report was built.")


@report.command()
@click.argument("id_", metavar="REPORT")
@operator_option
@settings_option
@json_option
def propose(id_: str, acting: str, settings_file: Path | None, as_json: bool) -> None:
    """Propose to send a report to the authority itself; a second person of the child-safety role approves it."""

    async def work(reports: Reports, _: Sending, by: Operator) -> str:
        kind, filing = ProposalKind.SUBMIT_REPORT, await reports.find(by, id_)
        return (await two_person.propose(reports.database, SystemClock(), by, kind, filing.id, {})).id

    say_proposal(_with_reports(settings_file, acting, work), "report", as_json=as_json)


@report.command()
@click.argument("proposal", metavar="PROPOSAL")
@operator_option
@settings_option
def approve(proposal: str, acting: str, settings_file: Path | None) -> None:
    """Approve a report that another person proposed to send. Read it first: takeback report show."""
    approve_proposal(settings_file, acting, proposal)


@report.command()
@click.argument("id_", metavar="REPORT")
@click.option("--production", is_flag=True, help="To the CyberTipline itself; without it, to NCMEC's test.")
@operator_option
@settings_option
@json_option
def send(id_: str, production: bool, acting: str, settings_file: Path | None, as_json: bool) -> None:
    """Send a report, or go on where it was left. To NCMEC's test, unless you say --production.

    Never send a picture of a real person to the test.
    """
    door = Door.PRODUCTION if production else Door.TEST
    _say(_with_reports(settings_file, acting, lambda _, sending, by: sending.send(by, id_, door)), as_json=as_json)


@report.command()
@click.argument("id_", metavar="REPORT")
@operator_option
@settings_option
@json_option
def retract(id_: str, acting: str, settings_file: Path | None, as_json: bool) -> None:
    """Take a report back that is not finished."""
    _say(_with_reports(settings_file, acting, lambda _, sending, by: sending.retract(by, id_)), as_json=as_json)


@report.command()
@click.argument("id_", metavar="REPORT")
@click.option("--stands/--none", "stands", required=True, help="What the authority answered.")
@operator_option
@settings_option
@json_option
def settle(id_: str, stands: bool, acting: str, settings_file: Path | None, as_json: bool) -> None:
    """Say what the authority answered about an unclear report: that it stands, or that it has none."""
    settled = partial(_settled, id_=id_, stands=stands)
    _say(_with_reports(settings_file, acting, settled), as_json=as_json)


async def _settled(_: Reports, sending: Sending, by: Operator, *, id_: str, stands: bool) -> Filing:
    return await sending.settle(by, id_, stands=stands)


def _with_reports(settings_file: Path | None, acting: str, work: Work[T]) -> T:
    async def run(settings: PlatformSettings, database: Database) -> T:
        clock = SystemClock()
        by = await at_the_machine(database, clock, acting)
        with reports_here(settings, database, clock) as reports:
            return await work(reports, sending_here(settings, database, clock), by)

    return with_platform(settings_file, run)


def _say_built(built: Built, output: Path | None, *, as_json: bool) -> None:
    folder = output or Path(f"report-{built.filing.id}")
    try:
        folder.mkdir(mode=0o700, parents=True)
    except FileExistsError:
        raise InvalidInputError(field="output", problem="is there already.", remedy="Name a new folder.") from None
    for name, document in built.documents.items():
        file = folder / name
        file.touch(mode=0o600)
        file.write_bytes(document)
    complete = _complete(built.completeness)
    (folder / "completeness.json").write_text(json.dumps(complete, indent=2), encoding="utf-8")
    if as_json:
        files = {"files": [file.hold for file in built.files], "left_out": dict(built.left_out)}
        click.echo(json.dumps({**_row(built.filing), **complete, **files, "folder": str(folder)}))
        return
    click.echo(built.filing.id)
    for hold, why in built.left_out.items():
        click.echo(f"Not in it: {hold}. {why}", err=True)
    click.echo(f"Written to {folder}; nothing was sent. It is complete to {built.completeness.score} of 100.", err=True)
    for one in built.completeness.missing:
        click.echo(f"  {one.points:>3}  {one.what}: {one.why}", err=True)


def _complete(found: Completeness) -> dict[str, Any]:
    missing = [{"what": one.what, "why": one.why, "points": one.points} for one in found.missing]
    return {"score": found.score, "missing": missing}


def _say(filing: Filing, *, as_json: bool) -> None:
    click.echo(json.dumps(_row(filing)) if as_json else filing.state.value)


def _row(filing: Filing) -> dict[str, Any]:
    moments = ("built_at", "opened_at", "tried_at", "finished_at")
    named = {name: getattr(filing, name) for name in moments}
    return {
        "id": filing.id,
        "hold": filing.hold,
        "authority": filing.authority,
        "state": filing.state.value,
        "door": None if filing.door is None else filing.door.value,
        "grounds": filing.grounds.value,
        "score": filing.score,
        "theirs": filing.theirs,
        "request": filing.request,
        "problem": filing.problem,
        **{name: None if at is None else at.isoformat(timespec="seconds") for name, at in named.items()},
    }
