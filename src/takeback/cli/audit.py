"""`takeback audit`: what operators did."""

from __future__ import annotations

import rich_click as click

from takeback.cli.audit_search import search


@click.group()
def audit() -> None:
    """What operators did, and when."""


audit.add_command(search)
