"""Every setting of a platform's agent and desk, in one frozen struct: a TOML file, with TAKEBACK_* over it."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from takeback.settings import Port, Positive, Seconds, StaffSettings


class PlatformSettings(StaffSettings, frozen=True, forbid_unknown_fields=True):
    """An agent and a desk. Every limit names its unit."""

    data_dir: str = "takeback-platform"
    """Folder for the lists, the SQLite file, the keys and what is kept sealed. Keep it on an encrypted disk."""

    database_url: str = ""
    """SQLAlchemy address (`postgresql+psycopg://…`). Empty: a SQLite file in `data_dir`."""

    port: Port = 8450
    """Port to listen on; 0 takes a free one."""

    desk_lease_s: Seconds = 900.0
    """Seconds that a hold which somebody has opened is given to nobody else."""

    desk_skip_s: Seconds = 28_800.0
    """Seconds that a hold which somebody skipped is not given to them again."""

    desk_break_after_decisions: Positive = 40
    """Decisions after which a reviewer has to take a break."""

    desk_break_after_s: Seconds = 3_000.0
    """Seconds of looking after which a reviewer has to take a break."""

    desk_break_s: Seconds = 600.0
    """Seconds that a break lasts. Whoever opens nothing for as long has had one."""

    desk_confirmed: Literal["remove", "hide"] = "remove"
    """What the platform is told to do with content that a person has confirmed."""

    desk_picture_pixels: Positive = 320
    """Longer side of a picture as the desk shows it, in pixels."""

    brake_contents_an_hour: Positive = 50
    """Contents that one entry may hit in an hour; one that hits more is quarantined until a person looks."""

    brake_accounts_an_hour: Positive = 20
    """The same for accounts."""

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
