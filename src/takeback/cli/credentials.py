"""`takeback participant invite|key|password|header-keys`: secrets of participants, shown once."""

from __future__ import annotations

import base64
import binascii
import json
import os
from datetime import timedelta
from pathlib import Path

import rich_click as click
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from takeback.clearinghouse import credentials, participants
from takeback.clearinghouse.header_keys import end_header_keys, give_header_keys
from takeback.clearinghouse.keys import list_key, password_key
from takeback.cli.database import with_database
from takeback.cli.options import settings_option
from takeback.clock import SystemClock
from takeback.errors import InvalidInputError
from takeback.settings import Settings
from takeback.storage.database import Database
from takeback.wire.credentials import Credentials, credentials_bytes
from takeback.wire.keys import MAX_OVERLAP_DAYS

_public_key_option = click.option(
    "--public-key", help="Their own Ed25519 public key (base64, 32 bytes); else a pair is made here."
)
_output_option = click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), help="File for the credentials (mode 0600)."
)
_overlap_option = click.option(
    "--overlap-days",
    type=click.IntRange(0, MAX_OVERLAP_DAYS),
    default=0,
    show_default=True,
    help="How long the one before stays valid beside it; 0 ends it at once.",
)


@click.command()
@click.argument("name")
@_public_key_option
@_output_option
@settings_option
def invite(name: str, public_key: str | None, output: Path | None, settings_file: Path | None) -> None:
    """Let a platform at the list by yourself, and print the credentials that it needs. They are shown once.

    For trials, and where there are no two operators: with them, platforms apply and two people admit them
    (docs/participants.md), unless the setting `invite_alone` is on.

    \b
    takeback participant invite "Example Photos" --output example.json
    takeback participant invite "Example Photos" --public-key 'b64…'
    """
    _must_be_new(output)
    given = None if public_key is None else _public_key(public_key)

    async def work(settings: Settings, database: Database) -> str:
        new = await participants.invite(database, SystemClock(), name, public_key=given, alone=settings.invite_alone)
        return _told(settings, new.participant.id, new.private_key)

    _hand_out(with_database(settings_file, work), output, name)


@click.command()
@click.argument("id_", metavar="ID")
@_public_key_option
@_overlap_option
@_output_option
@settings_option
def key(id_: str, public_key: str | None, overlap_days: int, output: Path | None, settings_file: Path | None) -> None:
    """Give a participant a new key, and print the credentials with it. They are shown once.

    It needs its first one after it was admitted, and another at least once a year. With an overlap both keys work,
    until the one before ends. A participant can also change its key by itself (spec/list-format.md).

    \b
    takeback participant key p-0123… --output example.json
    takeback participant key p-0123… --public-key 'b64…' --overlap-days 7
    """
    _must_be_new(output)
    given = None if public_key is None else _public_key(public_key)

    async def work(settings: Settings, database: Database) -> str:
        new = await credentials.give_key(
            database, SystemClock(), id_, public_key=given, overlap=timedelta(days=overlap_days)
        )
        return _told(settings, id_, new.private_key)

    _hand_out(with_database(settings_file, work), output, "the participant")


@click.command()
@click.argument("id_", metavar="ID")
@_overlap_option
@settings_option
def password(id_: str, overlap_days: int, settings_file: Path | None) -> None:
    """Give a participant a new password, for software that cannot sign its requests. It is shown once.

    Stock hash-sharing clients ask with it below PUBLIC_URL/hashsharing (spec/hash-sharing.md).

    \b
    takeback participant password p-0123…
    takeback participant password p-0123… --overlap-days 2
    """

    async def work(settings: Settings, database: Database) -> dict[str, str]:
        made = await credentials.give_password(
            database,
            SystemClock(),
            id_,
            password_key(settings.data_path),
            overlap=timedelta(days=overlap_days),
        )
        return {"base_url": f"{settings.public_url}/hashsharing", "user": id_, "password": made}

    click.echo(json.dumps(with_database(settings_file, work), indent=2))


@click.command("header-keys")
@click.argument("id_", metavar="ID")
@_overlap_option
@click.option("--end", is_flag=True, help="End the keys that it has, and give none.")
@settings_option
def header_keys(id_: str, overlap_days: int, end: bool, settings_file: Path | None) -> None:
    """Give a participant two header keys, for software that speaks StopNCII's dialect. They are shown once.

    Stock clients never forget a withdrawn value in that dialect: use `password` where it can be (docs/dialects.md).
    Whoever has such keys is named as one that cannot show that it forgets, until they end.

    \b
    takeback participant header-keys p-0123…
    takeback participant header-keys p-0123… --overlap-days 2
    takeback participant header-keys p-0123… --end
    """
    if end:
        with_database(settings_file, lambda _, database: end_header_keys(database, SystemClock(), id_))
        click.echo("Its header keys have ended.", err=True)
        return

    async def work(settings: Settings, database: Database) -> dict[str, str]:
        key, overlap = password_key(settings.data_path), timedelta(days=overlap_days)
        made = await give_header_keys(database, SystemClock(), id_, key, overlap=overlap)
        base = f"{settings.public_url}/stopncii/v1"
        keys = {"fetch_function_key": made.fetch, "subscription_key": made.subscription, "base_url_override": base}
        return {**keys, "TX_STOPNCII_KEYS": f"{made.fetch},{made.subscription},{base}"}

    click.echo(json.dumps(with_database(settings_file, work), indent=2))
    click.echo("Common clients go on matching what is withdrawn: tell them to read docs/dialects.md.", err=True)


def _told(settings: Settings, id_: str, private_key: Ed25519PrivateKey | None) -> str:
    """Gives the credentials file, or the same without a private key where that is the participant's own."""
    public = list_key(settings.data_path).public_key()
    if private_key is None:
        verify = base64.b64encode(public.public_bytes_raw()).decode("ascii")
        parts = {"exchange": settings.public_url, "participant": id_}
        return json.dumps({**parts, "list": settings.list_id, "list_key": verify}, indent=2)
    whole = Credentials(settings.public_url, id_, settings.list_id, private_key, public)
    return credentials_bytes(whole).decode("utf-8")


def _hand_out(text: str, output: Path | None, to: str) -> None:
    if output is None:
        click.echo(text)
        return
    with os.fdopen(os.open(output, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text + "\n")
    click.echo(f"Wrote the credentials. Hand the file to {to} over a safe channel, then delete it here.", err=True)


def _must_be_new(output: Path | None) -> None:
    if output is not None and output.exists():
        raise InvalidInputError(field="--output", problem="exists already.", remedy="Choose another file.")


def _public_key(text: str) -> Ed25519PublicKey:
    try:
        return Ed25519PublicKey.from_public_bytes(base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError):
        raise InvalidInputError(
            field="--public-key", problem="is not an Ed25519 public key.", remedy="Give its 32 bytes in base64."
        ) from None
