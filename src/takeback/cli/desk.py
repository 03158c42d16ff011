"""`takeback desk`: what waits for a person, deciding it, and the people who do. It needs no browser."""

from __future__ import annotations

import rich_click as click

from takeback.cli.audit_search import search
from takeback.cli.desk_brakes import brake, negative
from takeback.cli.desk_holds import appeals, holds, undo
from takeback.cli.operator import operator
from takeback.cli.proposal import proposal
from takeback.cli.staffed import Platform


@click.group()
@click.pass_context
def desk(context: click.Context) -> None:
    """A platform's desk: holds, appeals, brakes, and its people.

    \b
    The first one:      takeback desk operator add "Ana Example" --role administrator
    What waits:         takeback desk holds list
    Decide one:         takeback desk holds decide ID --reason lawful --operator "Ana Example"
    """
    context.obj = Platform()


for _command in (holds, appeals, undo, brake, negative, operator, proposal):
    desk.add_command(_command)
desk.add_command(search, "audit")
