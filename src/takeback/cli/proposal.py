"""`takeback proposal`: changes that wait for a second operator."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from pathlib import Path

import rich_click as click
from rich.console import Console
from rich.table import Column, Table

from takeback.cli.options import json_option, operator_option, settings_option
from takeback.cli.staffed import staffed
from takeback.clock import Clock, SystemClock
from takeback.model.operator import Operator
from takeback.model.proposal import Proposal
from takeback.settings import StaffSettings
from takeback.staff import operators
from takeback.staff.two_person import open_proposals
from takeback.storage.database import Database

Decide = Callable[[Database, Clock, Operator, str], Awaitable[Proposal]]


@click.group()
def proposal() -> None:
    """Changes that one operator proposes and another carries out."""


@proposal.command("list")
@settings_option
@json_option
def list_(settings_file: Path | None, as_json: bool) -> None:
    """Show what waits, oldest first."""

    async def work(_: StaffSettings, database: Database) -> tuple[list[Proposal], dict[str, str]]:
        return await open_proposals(database, SystemClock()), await database.run("names", staffed().names)

    found, known = staffed().run(settings_file, work)
    rows = [
        {
            "id": one.id,
            "kind": one.kind.value,
            "subject": one.subject,
            "subject_name": known.get(one.subject, one.details.get("name", one.subject)),
            "details": dict(one.details),
            "proposed_by": known.get(one.proposed_by, one.proposed_by),
            "proposed_at": one.proposed_at.isoformat(timespec="seconds"),
        }
        for one in found
    ]
    if as_json:
        click.echo(json.dumps(rows))
        return
    table = Table(Column("id", overflow="fold"), "what", "about", "how", "proposed by", "at")
    for row, one in zip(rows, found, strict=True):
        how = ", ".join(f"{name}: {text}" for name, text in one.details.items() if name != "code")
        table.add_row(
            one.id, one.kind.value, str(row["subject_name"]), how, str(row["proposed_by"]), str(row["proposed_at"])
        )
    Console().print(table if rows else "Nothing waits for a second operator.")


@proposal.command("carry-out")
@click.argument("id_", metavar="ID")
@operator_option
@settings_option
@json_option
def carry_out(id_: str, acting: str, settings_file: Path | None, as_json: bool) -> None:
    """Do what another operator proposed.

    \b
    takeback proposal carry-out c-0123… --operator "Bo Example"
    """
    _decide(staffed().changes.carry_out, "Carried out", id_, acting, settings_file, as_json=as_json)


@proposal.command()
@click.argument("id_", metavar="ID")
@operator_option
@settings_option
@json_option
def refuse(id_: str, acting: str, settings_file: Path | None, as_json: bool) -> None:
    """End a proposal without doing it.

    \b
    takeback proposal refuse c-0123… --operator "Bo Example"
    """
    _decide(staffed().changes.refuse, "Refused", id_, acting, settings_file, as_json=as_json)


def _decide(decide: Decide, done: str, id_: str, acting: str, settings_file: Path | None, *, as_json: bool) -> None:
    async def work(_: StaffSettings, database: Database) -> Proposal:
        by = await operators.at_the_machine(database, SystemClock(), acting)
        return await decide(database, SystemClock(), by, id_)

    found = staffed().run(settings_file, work)
    if as_json:
        click.echo(json.dumps({"id": found.id, "kind": found.kind.value, "subject": found.subject}))
    else:
        click.echo(f"{done}: {found.kind.value} of {found.subject}.", err=True)
