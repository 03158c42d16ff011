"""`takeback operator`, `takeback desk operator`: who may work there. At the machine no account is needed."""

from __future__ import annotations

import json
from pathlib import Path

import rich_click as click
from rich.console import Console
from rich.table import Column, Table

from takeback.cli.options import json_option, operator_option, settings_option
from takeback.cli.staffed import staffed
from takeback.clock import SystemClock
from takeback.model.operator import Operator, Role
from takeback.model.proposal import ProposalKind
from takeback.settings import StaffSettings
from takeback.staff import operators
from takeback.staff.enrolment import LINK_LASTS, give_link, link_of
from takeback.staff.site import Site
from takeback.storage.database import Database

_roles = click.Choice([role.value for role in Role])


@click.group()
def operator() -> None:
    """People who work here: viewer < operator < administrator; at a desk child-safety stands apart.

    \b
    The first one:  takeback operator add "Ana Example" --role administrator
    """


@operator.command()
@click.argument("name")
@click.option("--role", type=_roles, required=True, help="The most that they may do.")
@settings_option
@json_option
def add(name: str, role: str, settings_file: Path | None, as_json: bool) -> None:
    """Add somebody, and print the link with which they register a passkey. It is shown once, and works once.

    \b
    takeback operator add "Ana Example" --role administrator
    """

    async def work(settings: StaffSettings, database: Database) -> dict[str, str]:
        site = Site.of(settings)
        known = operators.role_named(role, staffed().changes.roles)
        new = await operators.add_operator(database, SystemClock(), name, known)
        code = await give_link(database, SystemClock(), new.id)
        return {"id": new.id, "name": new.name, "role": new.role.value, "link": link_of(site, code)}

    _show_link(staffed().run(settings_file, work), as_json=as_json)


@operator.command()
@click.argument("name")
@settings_option
@json_option
def enrol(name: str, settings_file: Path | None, as_json: bool) -> None:
    """Print a new link for somebody who has lost their passkeys. Those and all their sessions end now.

    \b
    takeback operator enrol "Ana Example"
    """

    async def work(settings: StaffSettings, database: Database) -> dict[str, str]:
        site = Site.of(settings)
        found = await operators.by_name(database, name)
        code = await give_link(database, SystemClock(), found.id)
        return {"id": found.id, "name": found.name, "role": found.role.value, "link": link_of(site, code)}

    _show_link(staffed().run(settings_file, work), as_json=as_json)


@operator.command("list")
@settings_option
@json_option
def list_(settings_file: Path | None, as_json: bool) -> None:
    """Show every account, the closed ones too."""

    async def work(_: StaffSettings, database: Database) -> list[Operator]:
        return await operators.all_operators(database)

    rows = [
        {"id": o.id, "name": o.name, "role": o.role.value, "state": o.state.value, "added_on": o.added_on.isoformat()}
        for o in staffed().run(settings_file, work)
    ]
    if as_json:
        click.echo(json.dumps(rows))
        return
    table = Table(Column("id", overflow="fold"), "name", "role", "state", "added")
    for row in rows:
        table.add_row(*row.values())
    Console().print(table if rows else "Nobody yet: takeback operator add NAME --role administrator")


@operator.command()
@click.argument("name")
@click.argument("new_role", metavar="ROLE", type=_roles)
@operator_option
@settings_option
@json_option
def role(name: str, new_role: str, acting: str, settings_file: Path | None, as_json: bool) -> None:
    """Propose another role for somebody; a second administrator carries it out.

    \b
    takeback operator role "Bo Example" operator --operator "Ana Example"
    """

    async def work(_: StaffSettings, database: Database) -> dict[str, str]:
        clock = SystemClock()
        found = await operators.by_name(database, name)
        by = await operators.at_the_machine(database, clock, acting)
        kind, details = ProposalKind.CHANGE_ROLE, {"role": new_role}
        return {"proposal": (await staffed().changes.propose(database, clock, by, kind, found.id, details)).id}

    made = staffed().run(settings_file, work)
    click.echo(json.dumps(made) if as_json else made["proposal"])
    if not as_json:
        click.echo("Another administrator: `proposal carry-out ID --operator NAME`, or on your pages.", err=True)


@operator.command()
@click.argument("name")
@settings_option
def close(name: str, settings_file: Path | None) -> None:
    """Close an account at once: its sessions and passkeys end. What it did stays in the audit.

    \b
    takeback operator close "Bo Example"
    """

    async def work(_: StaffSettings, database: Database) -> None:
        found = await operators.by_name(database, name)
        await operators.close_account(database, SystemClock(), found.id)

    staffed().run(settings_file, work)
    click.echo(f"The account of {name} is closed.", err=True)


def _show_link(made: dict[str, str], *, as_json: bool) -> None:
    click.echo(json.dumps(made) if as_json else made["link"])
    if not as_json:
        hours = int(LINK_LASTS.total_seconds() // 3600)
        click.echo(f"Hand it to {made['name']} on a safe way. It works once, within {hours} hours.", err=True)
