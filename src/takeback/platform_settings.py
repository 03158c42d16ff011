"""Every setting of a platform's agent and desk, in one frozen struct: a TOML file, with TAKEBACK_* over it."""

from __future__ import annotations

from pathlib import Path

from takeback.settings import Port, StaffSettings


class PlatformSettings(StaffSettings, frozen=True, forbid_unknown_fields=True):
    """An agent and a desk. Every limit names its unit."""

    data_dir: str = "takeback-platform"
    """Folder for the lists, the SQLite file, the keys and what is kept sealed. Keep it on an encrypted disk."""

    database_url: str = ""
    """SQLAlchemy address (`postgresql+psycopg://…`). Empty: a SQLite file in `data_dir`."""

    port: Port = 8450
    """Port to listen on; 0 takes a free one."""

    @property
    def staff_base(self) -> str:
        """Every address of the desk begins so."""
        return "/desk"

    @property
    def data_path(self) -> Path:
        """The data folder."""
        return Path(self.data_dir)

    @property
    def database_address(self) -> str:
        """The database's address, with the default filled in."""
        return self.database_url or f"sqlite+aiosqlite:///{self.data_path / 'platform.db'}"
