"""Proposals from the command line: the operator who makes one is named as colleagues read it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import rich_click as click

from takeback.clearinghouse import two_person
from takeback.cli.database import with_database
from takeback.clock import SystemClock
from takeback.model.proposal import Proposal, ProposalKind
from takeback.settings import Settings
from takeback.staff.operators import at_the_machine
from takeback.storage.database import Database


async def propose(
    database: Database, acting: str, kind: ProposalKind, subject: str, details: Mapping[str, str]
) -> Proposal:
    """Keeps a proposal of an operator, named by name or id; raises NotFoundError where there is none."""
    clock = SystemClock()
    return await two_person.propose(
        database, clock, await at_the_machine(database, clock, acting), kind, subject, details
    )


def proposed(settings_file: Path | None, acting: str, kind: ProposalKind, subject: str, *, as_json: bool) -> None:
    """Keeps a proposal without details, and says what is to be done with it."""

    async def work(_: Settings, database: Database) -> Proposal:
        return await propose(database, acting, kind, subject, {})

    say_next(with_database(settings_file, work), as_json=as_json)


def say_next(proposal: Proposal, *, as_json: bool) -> None:
    """Prints the proposal's id, and who has to do what."""
    if as_json:
        click.echo(json.dumps({"proposal": proposal.id, "kind": proposal.kind.value, "subject": proposal.subject}))
        return
    click.echo(proposal.id)
    click.echo("Another operator decides: takeback proposal carry-out, with this id.", err=True)
