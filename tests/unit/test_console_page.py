"""docs/console.md says what is done at the console and what at the command line: as it is, and all of it."""

from __future__ import annotations

import re
from pathlib import Path

from support.commands import operators_commands
from takeback.apps.clearinghouse import Zone, create_app
from takeback.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
FILES = {"GET /style.css", "GET /passkey.js", "GET /icon.svg"}


def rows() -> list[list[str]]:
    page = (ROOT / "docs" / "console.md").read_text(encoding="utf-8")
    table = page.partition("## What can be done where")[2].partition("\n## ")[0]
    lines = [line for line in table.splitlines() if line.startswith("| ")][2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def named(column: int) -> set[str]:
    return {name for row in rows() for name in re.findall(r"`([^`]+)`", row[column])}


def test_every_route_of_the_console_is_in_the_table(tmp_path: Path) -> None:
    app = create_app(Settings(data_dir=str(tmp_path)), only=Zone.CONSOLE)
    routes = {
        f"{method} {re.sub(r'{[^}]*}', '{id}', route.path.removeprefix('/console')) or '/'}"
        for route in app.routes
        if route.path.startswith("/console")
        for method in getattr(route, "methods", ())
    }
    assert named(1) == {one for one in routes if not one.startswith("OPTIONS ")} - FILES


def test_every_command_of_an_operator_is_in_the_table() -> None:
    assert named(2) == {" ".join(("takeback", *words)) for words, _ in operators_commands()}


def test_what_is_done_in_one_place_only_says_why() -> None:
    lonely = [row for row in rows() if "–" in (row[1], row[2]) and row[0] != "start it"]
    assert lonely
    for what, console, command_line, why in rows():
        one_of_them = "–" in (console, command_line)
        assert console != command_line, what
        assert bool(why) == one_of_them or what == "start it", what
