"""`takeback decoy`: drawings that show who still finds what was taken back."""

from __future__ import annotations

import json
import secrets
from collections.abc import Awaitable, Callable
from pathlib import Path
from random import Random
from typing import Any

import rich_click as click
from PIL import Image, ImageDraw, ImageFilter
from rich.console import Console
from rich.table import Table

from takeback.clearinghouse import decoys as cases
from takeback.cli.database import with_database
from takeback.cli.options import json_option, operator_option, settings_option
from takeback.clock import Clock, SystemClock
from takeback.errors import InvalidInputError
from takeback.fingerprints.types import Fingerprint
from takeback.media import Fingerprinter, Unscannable
from takeback.model.decoy import Decoy
from takeback.model.operator import Operator
from takeback.settings import Settings
from takeback.staff.operators import at_the_machine
from takeback.storage.database import Database

#: Width and height of a drawing in pixels, and how many shapes it has.
SIZE, SHAPES = (1024, 768), 60


@click.group()
def decoy() -> None:
    """Drawings that are listed and uploaded to one participant, to see that it takes back what is withdrawn.

    \b
    1. takeback decoy make p-0123 decoy.png --operator "Ana"    draws one and lists it
    2. upload decoy.png to that service as any user would; it should be held
    3. takeback decoy withdraw d-4567 --operator "Ana"
    4. two days later upload it again: whoever still finds it is named on the page of services
    """


@decoy.command()
@click.argument("participant")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@operator_option
@settings_option
@json_option
def make(participant: str, file: Path, acting: str, settings_file: Path | None, as_json: bool) -> None:
    """Draw a decoy into FILE (PNG) and list it with the next publication. Nothing tells it from other entries."""
    prints = _drawn(file)
    _act(acting, settings_file, lambda db, clock, op: cases.add_decoy(db, clock, op, participant, prints), as_json)


@decoy.command()
@click.argument("id_", metavar="DECOY")
@operator_option
@settings_option
@json_option
def withdraw(id_: str, acting: str, settings_file: Path | None, as_json: bool) -> None:
    """Take a decoy off the list. From the day after tomorrow on, nobody should find it."""
    _act(acting, settings_file, lambda db, clock, op: cases.withdraw_decoy(db, clock, op, id_), as_json)


@decoy.command()
@click.argument("id_", metavar="DECOY")
@operator_option
@settings_option
@json_option
def found(id_: str, acting: str, settings_file: Path | None, as_json: bool) -> None:
    """Say that you saw the participant find a decoy today: for software that does not say so itself."""
    _act(acting, settings_file, lambda db, clock, op: cases.found_by_hand(db, clock, op, id_), as_json)


@decoy.command("list")
@settings_option
@json_option
def list_(settings_file: Path | None, as_json: bool) -> None:
    """Show every decoy and what it shows: unfound, found, withdrawn, or still found after its withdrawal."""

    async def work(_: Settings, database: Database) -> list[Decoy]:
        return await cases.all_decoys(database)

    rows = [_row(one) for one in with_database(settings_file, work)]
    if as_json:
        click.echo(json.dumps(rows))
        return
    table = Table("decoy", "participant", "made on", "withdrawn on", "last found on", "state")
    for row in rows:
        table.add_row(*(str(value or "") for value in row.values()))
    Console().print(table)


def _drawn(file: Path) -> tuple[Fingerprint, ...]:
    """Draws shapes at random places, which no other picture has, and gives their fingerprints."""
    random = secrets.SystemRandom()
    picture = Image.new("RGB", SIZE, _colour(random))
    pen = ImageDraw.Draw(picture)
    for _ in range(SHAPES):
        corners = [(random.randrange(SIZE[0]), random.randrange(SIZE[1])) for _ in range(random.randint(3, 6))]
        pen.polygon(corners, fill=_colour(random))
    picture.filter(ImageFilter.GaussianBlur(2)).save(file, "PNG")
    with Fingerprinter() as fingerprinter:
        made = fingerprinter.fingerprint(file)
    if isinstance(made, Unscannable):
        raise InvalidInputError(field="file", problem=f"could not be read again ({made.reason}).", remedy="Try again.")
    return made.fingerprints


def _colour(random: Random) -> tuple[int, int, int]:
    return random.randrange(256), random.randrange(256), random.randrange(256)


def _row(one: Decoy) -> dict[str, Any]:
    days = (one.made_on, one.withdrawn_on, one.found_on)
    made, withdrawn, last = (None if day is None else day.isoformat() for day in days)
    return {
        "decoy": one.id,
        "participant": one.participant,
        "made_on": made,
        "withdrawn_on": withdrawn,
        "found_on": last,
        "state": one.state.value,
    }


def _act(
    acting: str,
    settings_file: Path | None,
    act: Callable[[Database, Clock, Operator], Awaitable[Decoy]],
    as_json: bool,
) -> None:
    """Does one thing for an operator, and says of which decoy."""

    async def work(_: Settings, database: Database) -> Decoy:
        clock = SystemClock()
        return await act(database, clock, await at_the_machine(database, clock, acting))

    one = with_database(settings_file, work)
    click.echo(json.dumps(_row(one)) if as_json else one.id)
