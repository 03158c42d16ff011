"""This installation as its operator sees it: its settings without their secrets, and whether all is well with it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from takeback.clearinghouse.keys import KEYS, KEYS_OF_FINGERPRINTS
from takeback.settings import Settings, documented
from takeback.storage.database import Database
from takeback.storage.migrate import step_of

#: Less free disk than this share is a warning.
LEAST_FREE = 0.1
#: Settings whose names end so are secrets.
_SECRETS = ("_key", "_keys", "password", "secret", "token")


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its value as it may be shown, and what it means."""

    name: str
    value: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at. `well` is None where there is nothing to say."""

    name: str
    well: bool | None
    said: str


def shown_settings(settings: Settings) -> list[Setting]:
    """Gives every setting."""
    return [Setting(name, shown(settings, name), meaning) for name, (_, meaning) in documented(Settings).items()]


def shown(settings: Settings, name: str) -> str:
    """Gives a setting's value as a page may show it: no secret, and of an address neither user nor password."""
    value = getattr(settings, name)
    if name.endswith(_SECRETS):
        return "set, and not shown here" if value else ""
    scheme, is_address, rest = f"{value}".partition("://")
    if not is_address:
        return f"{value}"
    # Whatever stands before the last @ may be a password, whatever is in it; a query may hold another.
    _, user, host = rest.rpartition("@")
    return f"{scheme}://{'…@' if user else ''}{host.partition('?')[0]}"


async def checks(settings: Settings, database: Database, publisher: Check) -> list[Check]:
    """Gives whether all is well. How the publisher does is known to the process in which it runs, and nowhere else."""
    return [await _database(database), publisher, *_keys(settings), disk(settings.data_path)]


async def _database(database: Database) -> Check:
    step = await database.run("health", step_of)
    kind = "SQLite" if database.is_sqlite else "PostgreSQL"
    return Check("Database", well=True, said=f"{kind} answers. Its schema is step {step}.")


def _keys(settings: Settings) -> list[Check]:
    names = [name for name in KEYS if name != KEYS_OF_FINGERPRINTS or not settings.fingerprint_keys]
    there = {name: (settings.data_path / name).is_file() for name in names}
    return [
        Check(f"Key: {name}", well=well, said=f"It is {'' if well else 'not '}in the data folder.")
        for name, well in there.items()
    ]


def publisher(lag_s: float, longest_s: float) -> Check:
    """Gives how the publisher of this process does, whose last round ended so many seconds ago."""
    return Check("Publisher", well=lag_s <= longest_s, said=f"Its last round ended {lag_s:,.0f} seconds ago.")


def disk(folder: Path) -> Check:
    """Gives whether there is room on the disk that holds the data folder."""
    if not folder.is_dir():
        return Check("Disk", well=False, said="The data folder is not there.")
    usage = shutil.disk_usage(folder)
    free = usage.free / usage.total
    said = f"{free:.0%} of the disk that holds the data folder is free ({usage.free / 1e9:,.1f} GB)."
    return Check("Disk", well=free >= LEAST_FREE, said=said)
