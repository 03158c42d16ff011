"""`takeback entry`: take entries in, look at single ones, suspend them, and propose to release or verify them."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, BinaryIO

import rich_click as click
from rich.console import Console
from rich.table import Table

from takeback.clearinghouse import looking, review, two_person
from takeback.clearinghouse.intake import take_in_by_hand
from takeback.cli.database import with_database
from takeback.cli.options import json_option, operator_option, settings_option
from takeback.clock import SystemClock
from takeback.errors import InvalidInputError, TooLargeError
from takeback.fingerprints.types import Fingerprint
from takeback.model.channel import BY_HAND, Channel
from takeback.model.entry import EntryId
from takeback.model.operator import Operator
from takeback.model.proposal import ProposalKind
from takeback.settings import Settings
from takeback.staff.negative import NegativeGate
from takeback.staff.operators import at_the_machine
from takeback.storage.database import Database
from takeback.storage.entries import StoredEntry
from takeback.wire.intake import SubmissionBody, submission
from takeback.wire.json import decode

on_list_of = click.option("--on-list-of", metavar="PARTICIPANT", help="ENTRY is this participant's own id for it.")


@click.group()
def entry() -> None:
    """Single entries of the list. No fingerprint is shown, unless an administrator asks for it."""


@entry.command("take-in")
@click.argument("file", type=click.File("rb"))
@click.option(
    "--channel",
    type=click.Choice([one.value for one in BY_HAND]),
    required=True,
    help="Who had it: a help line, or the clearinghouse itself.",
)
@operator_option
@settings_option
@json_option
def take_in(file: BinaryIO, channel: str, acting: str, settings_file: Path | None, as_json: bool) -> None:
    """Take in what stands in FILE: one body of POST /v1/submissions (spec/intake.md), as the saved page writes it.

    All of it or nothing, by the rules of the page, and once however often it is given. The six words stay with whoever
    made the file: they alone can see how it stands and take it back.

    \b
    takeback entry take-in fingerprints.json --channel helpline --operator "Ana Example"
    """

    async def work(settings: Settings, database: Database) -> tuple[int, int]:
        given = submission(decode(_read(file, settings.intake_body_limit_bytes), SubmissionBody, "intake.md"))
        operator = await at_the_machine(database, SystemClock(), acting)
        gate, came_by = NegativeGate(), Channel(channel)
        new = await take_in_by_hand(database, SystemClock(), operator, given, gate, came_by)
        return len(given.entries), new

    entries, new = with_database(settings_file, work)
    if as_json:
        click.echo(json.dumps({"entries": entries, "new": new}))
        return
    click.echo(f"{entries} entries, {new} of them new. What is new goes out with the next publication.", err=True)


@entry.command("list")
@settings_option
@json_option
def list_(settings_file: Path | None, as_json: bool) -> None:
    """Show the entries that wait for a person: suspended ones, and those of a burst."""

    async def work(_: Settings, database: Database) -> list[StoredEntry]:
        return await review.set_aside(database)

    rows = [_row(one) for one in with_database(settings_file, work)]
    if as_json:
        click.echo(json.dumps(rows))
        return
    table = Table("id", "state", "why", "held until", "tier", "listed on")
    for row in rows:
        names = ("entry", "state", "suspended_by", "held_until", "tier", "listed_on")
        table.add_row(*(str(row[name] or "") for name in names))
    Console().print(table if rows else "No entry waits for anybody.")


@entry.command()
@click.argument("name", metavar="ENTRY")
@on_list_of
@click.option("--values", is_flag=True, help="The fingerprints themselves: for an administrator, and it is audited.")
@click.option("--operator", "acting", metavar="NAME", help="The administrator for whom you act; with --values.")
@settings_option
@json_option
def show(
    name: str, on_list_of: str | None, values: bool, acting: str | None, settings_file: Path | None, as_json: bool
) -> None:
    """Show what is known of an entry: state, votes and hits.

    \b
    takeback entry show 0123…
    takeback entry show 4567… --on-list-of p-0123…
    """

    async def work(_: Settings, database: Database) -> tuple[review.Details, tuple[Fingerprint, ...]]:
        id_ = await review.entry_named(database, name, on_list_of=on_list_of)
        found = await review.look_at(database, id_)
        if not values:
            return found, ()
        if acting is None:
            raise InvalidInputError(field="operator", problem="is missing.", remedy="Say which administrator asks.")
        operator = await at_the_machine(database, SystemClock(), acting)
        return found, (await looking.fingerprints_of(database, SystemClock(), operator, id_.hex()))[1]

    found, prints = with_database(settings_file, work)
    row = _row(found.entry) | {
        "confirmed": found.confirmed,
        "wrong": found.wrong,
        "hits": {day.isoformat(): count for day, count in found.hits_by_day.items()},
        "fingerprints": found.fingerprints,
    }
    if values:
        row["values"] = [f"{one.type.value}:{one.hex}" for one in prints]
    if as_json:
        click.echo(json.dumps(row))
        return
    table = Table("what", "is")
    for key, value in row.items():
        text = "\n".join(map(str, value)) if isinstance(value, list) else value
        table.add_row(key, "" if text is None else str(text))
    Console().print(table)


@entry.command()
@click.argument("name", metavar="ENTRY")
@on_list_of
@operator_option
@settings_option
def suspend(name: str, on_list_of: str | None, acting: str, settings_file: Path | None) -> None:
    """Take an entry off everybody's list at once. One operator may; to release it takes two.

    \b
    takeback entry suspend 0123… --operator "Ana Example"
    """

    async def act(database: Database, operator: Operator, id_: EntryId) -> str:
        await review.suspend_entry(database, SystemClock(), operator, id_)
        return "The entry is off everybody's list."

    click.echo(_acted(settings_file, name, on_list_of, acting, act), err=True)


@entry.command()
@click.argument("name", metavar="ENTRY")
@on_list_of
@operator_option
@settings_option
def release(name: str, on_list_of: str | None, acting: str, settings_file: Path | None) -> None:
    """Propose to put a suspended entry back. Another operator carries it out."""
    click.echo(_acted(settings_file, name, on_list_of, acting, _proposes(ProposalKind.RELEASE_ENTRY)))


@entry.command()
@click.argument("name", metavar="ENTRY")
@on_list_of
@operator_option
@settings_option
def verify(name: str, on_list_of: str | None, acting: str, settings_file: Path | None) -> None:
    """Propose the highest tier, after the hotline's own review. Another operator carries it out."""
    click.echo(_acted(settings_file, name, on_list_of, acting, _proposes(ProposalKind.VERIFY_ENTRY)))


@entry.command("release-held")
@operator_option
@settings_option
def release_held(acting: str, settings_file: Path | None) -> None:
    """Let what came in bursts go out with the next publication."""

    async def work(_: Settings, database: Database) -> int:
        return await review.release_held(database, SystemClock(), await at_the_machine(database, SystemClock(), acting))

    click.echo(f"{with_database(settings_file, work)} entries go out with the next publication.", err=True)


_Act = Callable[[Database, Operator, EntryId], Awaitable[str]]


def _acted(settings_file: Path | None, name: str, on_list_of: str | None, acting: str, act: _Act) -> str:
    async def work(_: Settings, database: Database) -> str:
        id_ = await review.entry_named(database, name, on_list_of=on_list_of)
        return await act(database, await at_the_machine(database, SystemClock(), acting), id_)

    return with_database(settings_file, work)


def _proposes(kind: ProposalKind) -> _Act:
    async def act(database: Database, operator: Operator, id_: EntryId) -> str:
        await review.look_at(database, id_)  # a proposal about nothing helps nobody
        subject = looking.subject_of(id_)
        return (await two_person.propose(database, SystemClock(), operator, kind, subject, {})).id

    return act


def _read(file: BinaryIO, limit: int) -> bytes:
    body = file.read(limit + 1)
    if len(body) > limit:
        raise TooLargeError(field="FILE", problem=f"is over {limit} bytes.", remedy="Have it made in parts.")
    return body


def _row(one: StoredEntry) -> dict[str, Any]:
    return {
        "entry": one.id.hex(),
        "state": one.state.value,
        "suspended_by": one.suspended_by.value if one.suspended_by else None,
        "held_until": one.held_until.isoformat() if one.held_until else None,
        "tier": one.tier.value,
        "kind": one.kind.value,
        "age": one.age.value,
        "listed_on": one.listed_on.isoformat() if one.listed_on else None,
        "renewed_on": one.renewed_on.isoformat() if one.renewed_on else None,
        "released_on": one.released_on.isoformat() if one.released_on else None,
    }
