"""`takeback participant`: let platforms in, see how they are doing, and shut them out."""

from __future__ import annotations

import base64
import binascii
import json
import os
from pathlib import Path

import rich_click as click
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from rich.console import Console
from rich.table import Column, Table

from takeback.clearinghouse import participants
from takeback.clearinghouse.header_keys import give_header_keys
from takeback.clearinghouse.keys import list_key, password_key
from takeback.cli.database import with_database
from takeback.cli.options import json_option, settings_option
from takeback.clock import SystemClock
from takeback.errors import InvalidInputError
from takeback.model.participant import Participant
from takeback.settings import Settings
from takeback.storage.database import Database
from takeback.wire.credentials import Credentials, credentials_bytes


@click.group()
def participant() -> None:
    """Platforms that receive the list."""


@participant.command()
@click.argument("name")
@click.option("--public-key", help="Their own Ed25519 public key (base64, 32 bytes); else a pair is made here.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="File for the credentials (mode 0600).")
@settings_option
def invite(name: str, public_key: str | None, output: Path | None, settings_file: Path | None) -> None:
    """Let a platform join, and print the credentials that it needs. They are shown once.

    \b
    takeback participant invite "Example Photos" --output example.json
    takeback participant invite "Example Photos" --public-key 'b64…'
    """
    if output is not None and output.exists():
        raise InvalidInputError(field="--output", problem="exists already.", remedy="Choose another file.")
    given = None if public_key is None else _public_key(public_key)

    async def work(settings: Settings, database: Database) -> str:
        new = await participants.invite(database, SystemClock(), name, public_key=given)
        key = list_key(settings.data_path)
        if new.private_key is None:
            verify = base64.b64encode(key.public_key().public_bytes_raw()).decode("ascii")
            parts = {"exchange": settings.public_url, "participant": new.participant.id}
            return json.dumps({**parts, "list": settings.list_id, "list_key": verify}, indent=2)
        credentials = Credentials(
            settings.public_url, new.participant.id, settings.list_id, new.private_key, key.public_key()
        )
        return credentials_bytes(credentials).decode("utf-8")

    text = with_database(settings_file, work)
    if output is None:
        click.echo(text)
        return
    with os.fdopen(os.open(output, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text + "\n")
    click.echo(f"Wrote the credentials. Hand the file to {name} over a safe channel, then delete it here.", err=True)


@participant.command()
@click.argument("id_", metavar="ID")
@settings_option
def password(id_: str, settings_file: Path | None) -> None:
    """Give a participant a password, for software that cannot sign its requests. It is shown once.

    Stock hash-sharing clients ask with it below PUBLIC_URL/hashsharing (spec/hash-sharing.md). Its old one ends.

    \b
    takeback participant password p-0123…
    """

    async def work(settings: Settings, database: Database) -> dict[str, str]:
        made = await participants.give_password(database, SystemClock(), id_, password_key(settings.data_path))
        return {"base_url": f"{settings.public_url}/hashsharing", "user": id_, "password": made}

    click.echo(json.dumps(with_database(settings_file, work), indent=2))


@participant.command("header-keys")
@click.argument("id_", metavar="ID")
@settings_option
def header_keys(id_: str, settings_file: Path | None) -> None:
    """Give a participant two header keys, for software that speaks StopNCII's dialect. They are shown once.

    Stock clients never forget a withdrawn value in that dialect: use `password` where it can be (docs/dialects.md).

    \b
    takeback participant header-keys p-0123…
    """

    async def work(settings: Settings, database: Database) -> dict[str, str]:
        made = await give_header_keys(database, SystemClock(), id_, password_key(settings.data_path))
        base = f"{settings.public_url}/stopncii/v1"
        keys = {"fetch_function_key": made.fetch, "subscription_key": made.subscription, "base_url_override": base}
        return {**keys, "TX_STOPNCII_KEYS": f"{made.fetch},{made.subscription},{base}"}

    click.echo(json.dumps(with_database(settings_file, work), indent=2))
    click.echo("Common clients go on matching what is withdrawn: tell them to read docs/dialects.md.", err=True)


@participant.command("list")
@settings_option
@json_option
def list_(settings_file: Path | None, as_json: bool) -> None:
    """Show every participant, and how far each has come."""

    async def work(_: Settings, database: Database) -> list[Participant]:
        return await participants.all_participants(database)

    found = with_database(settings_file, work)
    rows = [
        {
            "id": p.id,
            "name": p.name,
            "state": p.state.value,
            "invited_on": p.invited_on.isoformat(),
            "acknowledged": p.acknowledged,
            "last_sync_at": p.last_sync_at.isoformat(timespec="seconds") if p.last_sync_at else None,
        }
        for p in found
    ]
    if as_json:
        click.echo(json.dumps(rows))
        return
    table = Table(Column("id", overflow="fold"), "name", "state", "invited", "has up to", "last sync")
    for row in rows:
        table.add_row(*("never" if value is None else str(value) for value in row.values()))
    Console().print(table if rows else "Nobody takes part yet: takeback participant invite NAME")


@participant.command()
@click.argument("id_", metavar="ID")
@settings_option
def suspend(id_: str, settings_file: Path | None) -> None:
    """Shut a participant out, from its next request on.

    \b
    takeback participant suspend p-0123…
    """

    async def work(_: Settings, database: Database) -> str:
        return (await participants.suspend(database, SystemClock(), id_)).name

    click.echo(f"{with_database(settings_file, work)} is suspended.", err=True)


def _public_key(text: str) -> Ed25519PublicKey:
    try:
        return Ed25519PublicKey.from_public_bytes(base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError):
        raise InvalidInputError(
            field="--public-key", problem="is not an Ed25519 public key.", remedy="Give its 32 bytes in base64."
        ) from None
