"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import rich_click as click

F = TypeVar("F", bound=Callable[..., Any])

settings_option = click.option(
    "--settings",
    "settings_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="TOML file; TAKEBACK_* of the environment goes over it.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="One JSON document, for other programs.")


def by_option(*, required: bool = True) -> Callable[[F], F]:
    """Gives the option that says which operator acts: what is done stands in the audit under that name."""
    return click.option("--by", metavar="OPERATOR", required=required, help="The operator who acts, by id.")
