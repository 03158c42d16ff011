"""Every setting of a platform's agent and desk, in one frozen struct: a TOML file, with TAKEBACK_* over it."""

from __future__ import annotations

from pathlib import Path

from takeback.settings import Port, Positive, Seconds, StaffSettings


class PlatformSettings(StaffSettings, frozen=True, forbid_unknown_fields=True):
    """An agent and a desk. Every limit names its unit."""

    data_dir: str = "takeback-platform"
    """Folder for the lists, the SQLite file, the keys and what is kept sealed. Keep it on an encrypted disk."""

    database_url: str = ""
    """SQLAlchemy address (`postgresql+psycopg://…`). Empty: a SQLite file in `data_dir`."""

    port: Port = 8450
    """Port to listen on; 0 takes a free one."""

    own_media_from_uploads: bool = True
    """Whether fingerprints of uploads that were screened are kept, so that a new entry finds them later."""

    own_index_every_s: Seconds = 3_600.0
    """Seconds between two times that the file of the own fingerprints' index is written anew, at least."""

    holds_of_an_entry: Positive = 1_000
    """Holds that one entry may open in one look over old media, at most: one that finds more is hardly what it says."""

    sweep_shard_files: Positive = 500
    """Objects in one part of a sweep, at most. What a crash interrupts is done again by the part."""

    sweep_shard_bytes: Positive = 1_073_741_824
    """Bytes in one part of a sweep, unless a single object has more."""

    sweep_reads: Positive = 4
    """Objects that each worker of a sweep reads at a time: one is decoded while the others come from storage."""

    sweep_object_bytes: Positive = 8_589_934_592
    """Largest object that a sweep reads, in bytes; larger ones are reported."""

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
