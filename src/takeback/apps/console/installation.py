"""This installation: its settings as they are, and whether all is well with it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from litestar import Response, get

from takeback import metrics
from takeback.apps.console.pages import page
from takeback.apps.dependencies import TheSettings
from takeback.apps.health import longest_lag_s
from takeback.apps.installed import TheDatabase
from takeback.apps.staff.access import ADMINISTRATOR, VIEWER, Asked
from takeback.clearinghouse.keys import FILE_NAME, KEY_OF_PASSWORDS, KEYS_OF_FINGERPRINTS
from takeback.settings import Settings, documented
from takeback.storage.database import Database
from takeback.storage.migrate import step_of

#: Less free disk than this share is a warning.
LEAST_FREE = 0.1
#: Settings whose names end so are secrets.
_SECRETS = ("_key", "_keys", "password", "secret", "token")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at. `well` is None where there is nothing to say yet."""

    name: str
    well: bool | None
    said: str


@get("/settings", opt=ADMINISTRATOR)
async def settings_page(request: Asked, settings: TheSettings) -> Response[str]:
    """Shows every setting, what it means, and its value but for secrets."""
    rows = [(name, shown(settings, name), meaning) for name, (_, meaning) in documented(Settings).items()]
    return page(request, "settings", rows=rows)


@get("/health", opt=VIEWER)
async def health_page(request: Asked, settings: TheSettings, database: TheDatabase) -> Response[str]:
    """Shows whether all is well."""
    checks = [
        await _database(database),
        _publisher(settings),
        *_keys(settings),
        _disk(settings),
    ]
    return page(request, "health", checks=checks)


def shown(settings: Settings, name: str) -> str:
    """Gives a setting's value as a page may show it: no secret, and of an address neither user nor password."""
    value = getattr(settings, name)
    if name.endswith(_SECRETS):
        return "set, and not shown here" if value else ""
    parts = urlsplit(value) if isinstance(value, str) and "://" in value else None
    return f"{value}" if parts is None else f"{parts.scheme}://{_host(parts)}{parts.path}"


def _host(parts: SplitResult) -> str:
    return f"…@{parts.netloc.rpartition('@')[2]}" if "@" in parts.netloc else parts.netloc


async def _database(database: Database) -> Check:
    step = await database.run("health", step_of)
    kind = "SQLite" if database.is_sqlite else "PostgreSQL"
    return Check("Database", well=True, said=f"{kind} answers. Its schema is step {step}.")


def _publisher(settings: Settings) -> Check:
    lag = metrics.publication_lag()
    said = f"Its last round ended {lag:,.0f} seconds ago."
    return Check("Publisher", well=lag <= longest_lag_s(settings), said=said)


def _keys(settings: Settings) -> list[Check]:
    names = [FILE_NAME, KEY_OF_PASSWORDS, *([] if settings.fingerprint_keys else [KEYS_OF_FINGERPRINTS])]
    there = {name: (settings.data_path / name).is_file() for name in names}
    return [
        Check(f"Key: {name}", well=well, said=f"It is {'' if well else 'not '}in the data folder.")
        for name, well in there.items()
    ]


def _disk(settings: Settings) -> Check:
    usage = shutil.disk_usage(settings.data_path)
    free = usage.free / usage.total
    said = f"{free:.0%} of the disk that holds the data folder is free ({usage.free / 1e9:,.1f} GB)."
    return Check("Disk", well=free >= LEAST_FREE, said=said)
