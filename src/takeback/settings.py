"""Every setting of a clearinghouse, in one frozen struct: a TOML file, with TAKEBACK_* of the environment over it."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import msgspec

from takeback.errors import SettingsError

ENVIRONMENT_PREFIX = "TAKEBACK_"

Port = Annotated[int, msgspec.Meta(ge=0, le=65_535)]
Positive = Annotated[int, msgspec.Meta(ge=1)]
Seconds = Annotated[float, msgspec.Meta(gt=0)]


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A clearinghouse. Every limit names its unit."""

    data_dir: str = "takeback-data"
    """Folder for the SQLite file and the list's signing key. Keep it on an encrypted disk."""

    database_url: str = ""
    """SQLAlchemy address (`postgresql+psycopg://…`). Empty: a SQLite file in `data_dir`."""

    list_id: str = "takeback.example/list"
    """Name of this list, the same for ever: it stands in every page and in participants' credentials."""

    public_url: str = "http://127.0.0.1:8440"
    """Where participants reach the exchange; written into their credentials."""

    host: str = "127.0.0.1"
    """Address to listen on. Leave it local and put a TLS proxy that logs nothing before it."""

    port: Port = 8440
    """Port to listen on; 0 takes a free one."""

    portal_dir: str = ""
    """Folder of the built page. Empty: the one inside the package."""

    portal_file: str = ""
    """TOML file with name, help lines and legal texts of the service, see docs/portal-file.md. Empty: none."""

    publish_interval_s: Seconds = 60.0
    """How long submissions gather before they go out together, in shuffled order."""

    page_changes: Positive = 1_000
    """Changes on a page of the feed, when the participant does not say."""

    changes_wait_s: Positive = 50
    """How long a reader that asks for news may be kept waiting, in seconds."""

    hash_sharing_page_entries: Positive = 50_000
    """Entries on a page for clients that ask by time: the common one begins to search when there is a second page."""

    lookup_values: Positive = 100
    """PDQ values in one look-up, at most."""

    lookups_a_minute: Positive = 600
    """Look-ups of one participant in a minute, at most."""

    intake_body_limit_bytes: Positive = 2_097_152
    """Largest body from a person's page, in bytes."""

    feedback_body_limit_bytes: Positive = 262_144
    """Largest body of feedback from a participant, in bytes."""

    nonce_memory: Positive = 1_000_000
    """How many nonces of participants' requests are remembered, at most."""

    @property
    def data_path(self) -> Path:
        """The data folder."""
        return Path(self.data_dir)

    @property
    def database_address(self) -> str:
        """The database's address, with the default filled in."""
        return self.database_url or f"sqlite+aiosqlite:///{self.data_path / 'clearinghouse.db'}"

    @property
    def portal_path(self) -> Path:
        """Where the built page is."""
        return Path(self.portal_dir) if self.portal_dir else Path(__file__).parent / "apps" / "static" / "portal"


def load(file: Path | None, environment: Mapping[str, str] = os.environ) -> Settings:
    """Gives the settings, or raises SettingsError that names the one that is wrong."""
    values: dict[str, Any] = {}
    if file is not None:
        try:
            values = tomllib.loads(file.read_text(encoding="utf-8"))
        except OSError as error:
            raise SettingsError(f"The settings file cannot be read: {error.strerror}. Check --settings.") from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise SettingsError(f"The settings file is not TOML: {error}.") from None
    for name in Settings.__struct_fields__:
        given = environment.get(ENVIRONMENT_PREFIX + name.upper())
        if given is not None:
            values[name] = given
    try:
        return msgspec.convert(values, Settings, strict=False)
    except msgspec.ValidationError as error:
        raise SettingsError(f"The settings are not as they should be: {error}. See docs/settings.md.") from None
