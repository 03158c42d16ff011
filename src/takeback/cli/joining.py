"""`takeback participant apply-list|verify|admit|refuse`: from an application to the sandbox."""

from __future__ import annotations

import json
from pathlib import Path

import rich_click as click
from rich.console import Console
from rich.table import Column, Table

from takeback.clearinghouse import applications
from takeback.clearinghouse.keys import password_key
from takeback.clearinghouse.public_reader import PublicReader
from takeback.clearinghouse.verification import Verified
from takeback.clearinghouse.verification import verify as verify_application
from takeback.cli.database import with_database
from takeback.cli.options import json_option, operator_option, settings_option
from takeback.cli.proposing import propose, say_next
from takeback.clock import SystemClock
from takeback.model.application import Application, ApplicationState, types_of, types_text
from takeback.model.proposal import Proposal, ProposalKind
from takeback.settings import Settings
from takeback.storage.database import Database


@click.command("apply-list")
@settings_option
@json_option
def apply_list(settings_file: Path | None, as_json: bool) -> None:
    """Show who has applied, what for, and what has been verified.

    \b
    takeback participant apply-list
    takeback participant apply-list --json
    """

    async def work(_: Settings, database: Database) -> list[Application]:
        return await applications.all_applications(database)

    found = with_database(settings_file, work)
    if as_json:
        click.echo(json.dumps([_as_json(one) for one in found]))
        return
    table = Table(Column("id", overflow="fold"), "name", "state", "domain", "e-mail", "types", "applied")
    for one in found:
        domain = f"{one.domain} {'✓' if one.domain_verified_on else '?'}"
        email = f"{one.email} {'✓' if one.email_verified_on else '?'}"
        agreed = one.agreement
        table.add_row(one.id, one.name, one.state, domain, email, types_text(agreed.types), str(agreed.agreed_on))
    waiting = any(one.state is ApplicationState.OPEN for one in found)
    Console().print(table if found else "Nobody has applied. Companies apply at PUBLIC_URL/join.")
    if waiting:
        click.echo("✓ verified. Next: takeback participant verify ID, then takeback participant admit ID.", err=True)


@click.command()
@click.argument("id_", metavar="APPLICATION")
@settings_option
@json_option
def verify(id_: str, settings_file: Path | None, as_json: bool) -> None:
    """Look for the token at the applicant's domain, and send its address a letter with a code.

    Each only where it is not verified yet. The code is entered on the page of the application. Letters go into
    `mail_dir`, or to `mail_server`.

    \b
    takeback participant verify a-0123…
    """

    async def work(settings: Settings, database: Database) -> Verified:
        key = password_key(settings.data_path)
        return await verify_application(database, SystemClock(), settings, PublicReader(), key, id_)

    found = with_database(settings_file, work)
    if as_json:
        facts = {"letter_sent": found.letter_sent, "domain_problem": found.problem}
        click.echo(json.dumps(_as_json(found.application) | facts))
        return
    click.echo(f"domain: {'verified' if found.problem is None else found.problem}")
    click.echo(f"e-mail: {'a letter with a code is on its way' if found.letter_sent else 'verified'}")


@click.command()
@click.argument("id_", metavar="APPLICATION")
@click.option("--types", help="Allow fewer types than were asked for, as md5,pdq.")
@operator_option
@settings_option
@json_option
def admit(id_: str, types: str | None, acting: str, settings_file: Path | None, as_json: bool) -> None:
    """Propose to let an applicant into the sandbox. Domain and e-mail have to be verified.

    When another operator has carried it out, give it a key (`takeback participant key`) or a password. It then sees
    test entries; `takeback participant live` proposes to let it at the list.

    \b
    takeback participant admit a-0123… --operator "Ana Example"
    takeback participant admit a-0123… --types md5,pdq --operator "Ana Example"
    """
    details = {} if types is None else {"types": types_text(types_of(types.split(","), field="--types"))}

    async def work(_: Settings, database: Database) -> Proposal:
        await applications.admissible(database, id_)
        return await propose(database, acting, ProposalKind.ADMIT_PARTICIPANT, id_, details)

    say_next(with_database(settings_file, work), as_json=as_json)


@click.command()
@click.argument("id_", metavar="APPLICATION")
@settings_option
def refuse(id_: str, settings_file: Path | None) -> None:
    """Refuse an application. It is erased in its time (`application_days`).

    \b
    takeback participant refuse a-0123…
    """

    async def work(_: Settings, database: Database) -> None:
        await applications.refuse_application(database, SystemClock(), id_)

    with_database(settings_file, work)
    click.echo("The application is refused.", err=True)


def _as_json(one: Application) -> dict[str, object]:
    agreed = one.agreement
    return {
        "id": one.id,
        "name": one.name,
        "state": one.state.value,
        "domain": one.domain,
        "domain_verified_on": one.domain_verified_on and one.domain_verified_on.isoformat(),
        "email": one.email,
        "email_verified_on": one.email_verified_on and one.email_verified_on.isoformat(),
        "purpose": agreed.purpose,
        "hits": one.hits,
        "types": types_text(agreed.types).split(","),
        "regions": agreed.regions,
        "agreement": agreed.version,
        "applied_on": agreed.agreed_on.isoformat(),
        "participant": one.participant,
    }
