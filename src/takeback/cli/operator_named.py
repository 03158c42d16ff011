"""Proposals from the command line: the operator who makes one is named as colleagues read it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import rich_click as click

from takeback.clearinghouse import two_person
from takeback.clearinghouse.operators import all_operators
from takeback.cli.database import with_database
from takeback.clock import SystemClock
from takeback.errors import NotFoundError
from takeback.model.proposal import Proposal, ProposalKind
from takeback.settings import Settings
from takeback.storage.database import Database

operator_option = click.option("--operator", "acting", required=True, metavar="NAME", help="Who proposes it.")


async def propose(
    database: Database, acting: str, kind: ProposalKind, subject: str, details: Mapping[str, str]
) -> Proposal:
    """Keeps a proposal of the operator of that name, or raises NotFoundError."""
    for one in await all_operators(database):
        if one.name == acting:
            return await two_person.propose(database, SystemClock(), one, kind, subject, details)
    raise NotFoundError("There is no operator of that name. See `takeback operator list`.")


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
