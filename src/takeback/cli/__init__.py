"""The `takeback` command: one file per noun, no logic."""

from __future__ import annotations

import sys


def main() -> None:
    """Runs the command line; says what to install where the small install has no command line."""
    try:
        from takeback.cli.main import cli  # noqa: PLC0415 - the small install has no click
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("takeback"):
            raise
        print(f"takeback: {error.name} is missing. Install takeback[cli] for the commands.", file=sys.stderr)  # noqa: T201 - a command speaks
        sys.exit(9)
    cli()
