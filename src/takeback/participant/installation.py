"""A platform's own database and keys."""

from __future__ import annotations

from takeback.platform_settings import PlatformSettings
from takeback.storage.database import Database
from takeback.storage.key_files import keyring_in
from takeback.storage.migrate import PLATFORM, migrate

#: Under these keys personal data of notices and copies of files are sealed. No backup of the database holds them.
SEAL_KEYS = "seal-keys"


async def open_database(settings: PlatformSettings) -> Database:
    """Gives the database, brought up to date."""
    database = Database.open(settings.database_address, keyring_in(settings.data_path / SEAL_KEYS))
    await migrate(database, steps=PLATFORM)
    return database
