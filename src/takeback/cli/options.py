"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

settings_option = click.option(
    "--settings",
    "settings_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="TOML file; TAKEBACK_* of the environment goes over it.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="One JSON document, for other programs.")
operator_option = click.option(
    "--operator",
    "acting",
    required=True,
    metavar="NAME",
    help="The operator for whom you act. The audit says that it was done at the machine.",
)
