"""`takeback evidence`: what a platform keeps sealed because a law asks for it."""

from __future__ import annotations

import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import rich_click as click
from rich.console import Console
from rich.table import Column, Table

from takeback.cli.options import json_option, operator_option, settings_option
from takeback.cli.platform_database import with_platform
from takeback.clock import SystemClock
from takeback.errors import SealedFileError
from takeback.model.evidence import Evidence, LegalHold, Purpose
from takeback.model.operator import Operator
from takeback.model.proposal import ProposalKind
from takeback.participant import two_person
from takeback.participant.reports.evidence import Checked, EvidenceStore
from takeback.platform_settings import PlatformSettings
from takeback.staff.operators import at_the_machine
from takeback.storage.database import Database

T = TypeVar("T")


@click.group()
def evidence() -> None:
    """Files, facts and reports that are kept sealed. Only the child-safety role comes in, and every read is noted.

    \b
    A cron job for every night:  takeback evidence purge && takeback evidence check
    """


@evidence.command()
@click.argument("hold_id", metavar="HOLD")
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@operator_option
@settings_option
@json_option
def keep(hold_id: str, file: Path | None, acting: str, settings_file: Path | None, as_json: bool) -> None:
    """Keep the file of a hold: the copy that the desk has, or FILE where it has none.

    \b
    takeback evidence keep h-0123… --operator "Ana Example"
    """

    async def work(store: EvidenceStore, by: Operator) -> Evidence:
        if file is None:
            return await store.copy(by, hold_id)
        with file.open("rb") as source:
            return await store.hand_in(by, hold_id, source)

    item = _as_operator(settings_file, acting, work)
    click.echo(json.dumps(_row(item, None)) if as_json else item.id)


@evidence.command("list")
@operator_option
@settings_option
@json_option
def list_(acting: str, settings_file: Path | None, as_json: bool) -> None:
    """Show what is kept, what is due first coming first."""
    items, orders = _as_operator(settings_file, acting, lambda store, by: store.list_(by))
    rows = [_row(item, orders.get(item.hold)) for item in items]
    if as_json:
        click.echo(json.dumps(rows))
        return
    table = Table(Column("id", overflow="fold"), "hold", "report", "what", "state", "due", "held by law")
    for row in rows:
        table.add_row(*(str(row[name] or "") for name in ("id", "hold", "report", "kind", "state", "due_at", "order")))
    Console().print(table if rows else "Nothing is kept.")


@evidence.command()
@click.argument("id_", metavar="ID")
@operator_option
@settings_option
@json_option
def show(id_: str, acting: str, settings_file: Path | None, as_json: bool) -> None:
    """Show what is known about an item and who read it, but not what it holds."""
    item, order, log = _as_operator(settings_file, acting, lambda store, by: store.show(by, id_))
    events = [
        {"at": event.at.isoformat(timespec="seconds"), "by": event.actor, "action": event.action} for event in log
    ]
    if as_json:
        click.echo(json.dumps({**_row(item, order), "log": events}))
        return
    for name, value in _row(item, order).items():
        click.echo(f"{name}: {value or '-'}")
    for event in events:
        click.echo(f"{event['at']} {event['by']} {event['action']}")


@evidence.command()
@click.argument("id_", metavar="ID")
@click.option("--why", type=click.Choice([why.value for why in Purpose]), required=True, help="Goes into the log.")
@click.option("--output", type=click.Path(path_type=Path), required=True, help="A new file; it lies there unsealed.")
@operator_option
@settings_option
def read(id_: str, why: str, output: Path, acting: str, settings_file: Path | None) -> None:
    """Write what an item holds into a new file, for an authority or a court. The log says who did it, and why."""

    async def work(store: EvidenceStore, by: Operator) -> None:
        chunks = await store.read(by, id_, Purpose(why))
        half = output.with_suffix(f"{output.suffix}.half")
        with half.open("xb") as file:
            half.chmod(0o600)
            file.writelines(chunks)
        half.rename(output)

    _as_operator(settings_file, acting, work)


@evidence.command()
@click.argument("hold_id", metavar="HOLD")
@click.option("--order", required=True, help="Number of the order or request; no person's name.")
@operator_option
@settings_option
def hold(hold_id: str, order: str, acting: str, settings_file: Path | None) -> None:
    """Forbid to erase anything of a hold, now and later, because an order asks for it."""
    _as_operator(settings_file, acting, lambda store, by: store.hold_by_law(by, hold_id, order))
    click.echo("Nothing of this hold is erased until two persons lift it: takeback evidence release.", err=True)


@evidence.command()
@click.argument("hold_id", metavar="HOLD")
@operator_option
@settings_option
@json_option
def release(hold_id: str, acting: str, settings_file: Path | None, as_json: bool) -> None:
    """Propose to lift an order; a second person of the child-safety role carries it out."""

    async def work(store: EvidenceStore, by: Operator) -> str:
        kind = ProposalKind.RELEASE_EVIDENCE
        return (await two_person.propose(store.database, SystemClock(), by, kind, hold_id, {})).id

    say_proposal(_as_operator(settings_file, acting, work), "evidence", as_json=as_json)


@evidence.command()
@click.argument("proposal", metavar="PROPOSAL")
@operator_option
@settings_option
def approve(proposal: str, acting: str, settings_file: Path | None) -> None:
    """Lift an order, as another person proposed."""
    approve_proposal(settings_file, acting, proposal)


@evidence.command()
@settings_option
@json_option
def purge(settings_file: Path | None, as_json: bool) -> None:
    """Erase what is due and not held by law. Run it every night; killed anywhere, the next one goes on."""
    gone = _with_store(settings_file, lambda store: store.purge())
    click.echo(json.dumps({"erased": gone}) if as_json else f"{len(gone)} items erased.")


@evidence.command()
@settings_option
@json_option
def check(settings_file: Path | None, as_json: bool) -> None:
    """Open every kept item and compare it with what is known about it. Exit code 9 where one does not open."""
    found: Checked = _with_store(settings_file, lambda store: store.check())
    if as_json:
        click.echo(json.dumps({"whole": found.whole, "broken": list(found.broken)}))
    else:
        click.echo(f"{found.whole} items open whole; {len(found.broken)} do not.")
        for id_ in found.broken:
            click.echo(id_)
    if found.broken:
        raise SealedFileError("Restore these items and their keys from their backups (docs/runbooks/preservation.md).")


@evidence.command()
@click.argument("id_", metavar="ID")
@operator_option
@settings_option
def receipt(id_: str, acting: str, settings_file: Path | None) -> None:
    """Print the proof that an item was erased, as JSON: an event of the audit and its place in the chain."""
    given = _as_operator(settings_file, acting, lambda store, by: store.receipt(by, id_))
    document = {
        "evidence": given.evidence,
        "hold": given.hold,
        "report": given.report,
        "sealed_sha256": given.sealed_sha256.hex(),
        "erased_at": given.at.isoformat(),
        "event": given.event,
        "event_id": given.event_id,
        "place": given.place,
        "before": given.before.hex(),
        "chain": given.chain.hex(),
    }
    click.echo(json.dumps(document, indent=2 if sys.stdout.isatty() else None))


def say_proposal(id_: str, noun: str, *, as_json: bool) -> None:
    """Prints a proposal's id, and who has to do what."""
    click.echo(json.dumps({"proposal": id_}) if as_json else id_)
    if not as_json:
        click.echo(f"Another person of the child-safety role: takeback {noun} approve, with this id.", err=True)


def approve_proposal(settings_file: Path | None, acting: str, proposal: str) -> None:
    """Carries out what another person proposed."""

    async def work(store: EvidenceStore, by: Operator) -> str:
        return (await two_person.carry_out(store.database, SystemClock(), by, proposal)).kind.value

    click.echo(f"Carried out: {_as_operator(settings_file, acting, work)}.", err=True)


def _with_store(settings_file: Path | None, work: Callable[[EvidenceStore], Awaitable[T]]) -> T:
    async def run(settings: PlatformSettings, database: Database) -> T:
        return await work(EvidenceStore(settings, database, SystemClock()))

    return with_platform(settings_file, run)


def _as_operator(settings_file: Path | None, acting: str, work: Callable[[EvidenceStore, Operator], Awaitable[T]]) -> T:
    async def run(store: EvidenceStore) -> T:
        return await work(store, await at_the_machine(store.database, SystemClock(), acting))

    return _with_store(settings_file, run)


def _row(item: Evidence, order: LegalHold | None) -> dict[str, Any]:
    return {
        "id": item.id,
        "hold": item.hold,
        "report": item.report,
        "kind": item.kind.value,
        "state": item.state.value,
        "size": item.size,
        "sealed_sha256": item.sealed_sha256.hex(),
        "kept_at": item.begun_at.isoformat(timespec="seconds"),
        "due_at": item.due_at.isoformat(timespec="seconds"),
        "erased_at": None if item.erased_at is None else item.erased_at.isoformat(timespec="seconds"),
        "order": None if order is None else order.order,
    }
