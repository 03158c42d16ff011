"""`takeback agent`: the keys of a platform's services, and how its lists stand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import rich_click as click
from rich.console import Console
from rich.table import Table

from takeback.cli.options import json_option, settings_option
from takeback.cli.platform_database import with_platform
from takeback.clock import SystemClock
from takeback.errors import NotFoundError, StaleListError
from takeback.model.agent_key import AgentKey, KeyRole
from takeback.participant.agent import keys as agent_keys
from takeback.participant.agent.status import lists_now
from takeback.participant.agent.webhook import secret_text, webhook_secret
from takeback.participant.lists.followed_lists import FollowedLists
from takeback.platform_settings import PlatformSettings
from takeback.settings import load_as
from takeback.storage.database import Database
from takeback.wire.screening import ListBody


@click.group()
def agent() -> None:
    """A platform's agent: keys of its services, how its lists stand. `takeback serve agent` runs it."""


@agent.group()
def key() -> None:
    """Keys of the platform's services. Without one, an agent answers nothing."""


@key.command()
@click.argument("name")
@click.option(
    "--role",
    type=click.Choice([role.value for role in KeyRole]),
    default=KeyRole.SCREEN.value,
    show_default=True,
    help="What it may ask: uploads, instructions, or all and how the lists stand.",
)
@settings_option
def add(name: str, role: str, settings_file: Path | None) -> None:
    """Make a key and print it, once.

    \b
    takeback agent key add "upload service" --settings agent.toml
    """

    async def work(settings: PlatformSettings, database: Database) -> str:
        digest_key = agent_keys.key_of_keys(settings.data_path)
        return await agent_keys.add_key(database, SystemClock(), name, KeyRole(role), digest_key)

    click.echo(with_platform(settings_file, work))
    click.echo("It is shown this once. Send it as `Authorization: Bearer …`.", err=True)


@key.command("list")
@settings_option
@json_option
def list_(settings_file: Path | None, as_json: bool) -> None:
    """Show which keys there are, without their secrets."""

    async def work(_: PlatformSettings, database: Database) -> list[AgentKey]:
        return await agent_keys.every_key(database)

    found = with_platform(settings_file, work)
    if as_json:
        click.echo(msgspec.json.encode(found).decode())
        return
    table = Table("name", "role", "added", "revoked")
    for one in found:
        table.add_row(one.name, one.role.value, one.added_on.isoformat(), str(one.revoked_on or ""))
    Console().print(table)


@key.command()
@click.argument("name")
@settings_option
def revoke(name: str, settings_file: Path | None) -> None:
    """End a key. A running agent refuses it within seconds."""

    async def work(_: PlatformSettings, database: Database) -> None:
        await agent_keys.revoke_key(database, SystemClock(), name)

    with_platform(settings_file, work)


@agent.command()
@settings_option
@json_option
def status(settings_file: Path | None, as_json: bool) -> None:
    """Show every list: its entries, whether it is fresh enough to be asked, and what its last sync ended in.

    Exit code 8 when one is too old to be asked.
    """

    async def work(settings: PlatformSettings, database: Database) -> list[ListBody]:
        with FollowedLists(settings, SystemClock()) as lists:
            return await lists_now(database, lists)

    found = with_platform(settings_file, work)
    if as_json:
        click.echo(msgspec.json.encode({"lists": found}).decode())
    else:
        table = Table("list", "kind", "entries", "fresh", "complete as of", "last error")
        for one in found:
            since = "never" if one.complete_as_of is None else one.complete_as_of.isoformat(timespec="seconds")
            fresh = "yes" if one.fresh else "no"
            table.add_row(one.name, one.kind, str(one.entries), fresh, since, one.detail or "")
        Console().print(table)
    if not all(one.fresh for one in found):
        raise StaleListError("A list is too old to be asked, or was never synced. Its last error says why.")


@agent.command()
@click.argument("name")
@settings_option
@json_option
def sync(name: str, settings_file: Path | None, as_json: bool) -> None:
    """Sync one list now, without a running agent: to try its settings out."""
    settings = msgspec.structs.replace(load_as(PlatformSettings, settings_file), sync_wait_s=0)
    with FollowedLists(settings, SystemClock()) as lists:
        one = lists.named(name)
        if one is None:
            raise NotFoundError("There is no list of that name in the settings.")
        report = one.sync_once()
    facts: dict[str, Any] = {"changes": report.changes, "entries": report.entries, "skipped": report.skipped}
    if as_json:
        click.echo(json.dumps(facts))
    else:
        click.echo(f"{report.changes} changes; {report.entries} entries; {report.skipped} records could not be read")


@agent.command("webhook-secret")
@settings_option
def webhook_secret_(settings_file: Path | None) -> None:
    """Print the secret that the platform checks the signatures of messages with (Standard Webhooks)."""
    settings = load_as(PlatformSettings, settings_file)
    click.echo(secret_text(webhook_secret(settings.data_path)))
