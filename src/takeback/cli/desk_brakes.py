"""`takeback desk brake` and `takeback desk negative`: what this platform itself makes of entries and of pictures."""

from __future__ import annotations

import json
from itertools import groupby
from pathlib import Path

import rich_click as click

from takeback.cli.options import json_option, operator_option, settings_option
from takeback.cli.platform_database import with_platform
from takeback.clock import SystemClock
from takeback.matching.negative import patterns
from takeback.model.proposal import ProposalKind
from takeback.model.standing import EntryStanding, Stood
from takeback.participant import two_person
from takeback.participant.holds.brakes import decide_entry, standing_entries
from takeback.platform_settings import PlatformSettings
from takeback.staff.negative import addition, all_values
from takeback.staff.operators import at_the_machine
from takeback.storage.database import Database
from takeback.storage.negative import NegativeValue

#: What may be said of an entry; `release` takes back what was said.
_SAID = {"confirm": EntryStanding.CONFIRMED, "deconfirm": EntryStanding.DECONFIRMED, "release": None}


@click.group()
def brake() -> None:
    """Entries that hit too much, and those that a person here has judged."""


@brake.command("list")
@operator_option
@settings_option
@json_option
def list_entries(acting: str, settings_file: Path | None, as_json: bool) -> None:
    """Show which entries stand otherwise here than on their list."""

    async def work(settings: PlatformSettings, database: Database) -> list[Stood]:
        who = await at_the_machine(database, SystemClock(), acting)
        size = settings.staff_page_rows
        return [one for how in EntryStanding for one in await standing_entries(database, who, how, limit=size)]

    rows = [
        {"list": one.list, "entry": one.entry, "standing": one.standing.value, "since": one.since.isoformat()}
        for one in with_platform(settings_file, work)
    ]
    if as_json:
        click.echo(json.dumps(rows))
        return
    for row in rows:
        click.echo("  ".join(row.values()))


@brake.command("decide")
@click.argument("list_", metavar="LIST")
@click.argument("entry")
@click.argument("said", metavar="WORD", type=click.Choice(list(_SAID)))
@operator_option
@settings_option
def decide(list_: str, entry: str, said: str, acting: str, settings_file: Path | None) -> None:
    """Say how an entry stands here: confirm, deconfirm, or release to what its list says.

    \b
    takeback desk brake decide ours 0123… deconfirm --operator "Ana Example"
    """

    async def work(_: PlatformSettings, database: Database) -> None:
        clock = SystemClock()
        who = await at_the_machine(database, clock, acting)
        await decide_entry(database, clock, who, list_, entry, _SAID[said])

    with_platform(settings_file, work)
    click.echo("Kept.", err=True)


@click.group()
def negative() -> None:
    """Pictures that everybody has, for which nothing is held. Changes take two administrators."""


@negative.command()
@click.argument("label")
@click.option("--value", "values", multiple=True, required=True, help="pdq:<64 hex>, md5:<32 hex> or sha256:<64 hex>.")
@operator_option
@settings_option
@json_option
def add(label: str, values: tuple[str, ...], acting: str, settings_file: Path | None, as_json: bool) -> None:
    """Propose a picture by its values: make them with `takeback hash`.

    \b
    takeback desk negative add "Our own logo" --value pdq:0123… --operator "Ana Example"
    """
    new = addition(label, values)

    async def work(_: PlatformSettings, database: Database) -> str:
        who, kind = await at_the_machine(database, SystemClock(), acting), ProposalKind.ADD_NEGATIVE
        return (await two_person.propose(database, SystemClock(), who, kind, new.subject, new.details)).id

    proposal = with_platform(settings_file, work)
    click.echo(json.dumps({"picture": new.subject, "proposal": proposal}) if as_json else proposal)


@negative.command()
@click.argument("picture")
@operator_option
@settings_option
def remove(picture: str, acting: str, settings_file: Path | None) -> None:
    """Propose to take a picture off."""

    async def work(_: PlatformSettings, database: Database) -> str:
        who, kind = await at_the_machine(database, SystemClock(), acting), ProposalKind.REMOVE_NEGATIVE
        return (await two_person.propose(database, SystemClock(), who, kind, picture, {})).id

    click.echo(with_platform(settings_file, work))


@negative.command("list")
@settings_option
@json_option
def list_values(settings_file: Path | None, as_json: bool) -> None:
    """Show what was put there."""

    async def work(_: PlatformSettings, database: Database) -> list[NegativeValue]:
        return await all_values(database)

    found = with_platform(settings_file, work)
    rows = [
        {"picture": picture, "label": ones[0].label, "added_on": ones[0].added_on.isoformat(), "values": len(ones)}
        for picture, ones in ((key, list(group)) for key, group in groupby(found, key=lambda one: one.picture))
    ]
    if as_json:
        click.echo(json.dumps({"pictures": rows, "generated": len(patterns())}))
        return
    for row in rows:
        click.echo("  ".join(map(str, row.values())))
