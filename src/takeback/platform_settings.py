"""Every setting of a platform's agent and desk, in one frozen struct: a TOML file, with TAKEBACK_* over it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from msgspec import Meta

from takeback.agent_settings import AnyList, Fail, PolicyRow
from takeback.settings import NotNegative, Port, Positive, Seconds, StaffSettings


class PlatformSettings(StaffSettings, frozen=True, forbid_unknown_fields=True):
    """An agent and a desk. Every limit names its unit."""

    data_dir: str = "takeback-platform"
    """Folder for the lists, the SQLite file, the keys and what is kept sealed. Keep it on an encrypted disk."""

    database_url: str = ""
    """SQLAlchemy address (`postgresql+psycopg://…`). Empty: a SQLite file in `data_dir`."""

    port: Port = 8450
    """Port to listen on; 0 takes a free one."""

    # -- the agent: docs/agent.md

    lists: tuple[AnyList, ...] = ()
    """The lists that are followed: tables `[[lists]]`."""

    policies: tuple[PolicyRow, ...] = ()
    """What a match leads to, row by row: tables `[[policies]]`. Behind them stands: hold, and no messages in the EU."""

    stale_public: Fail = "fail-open"
    """What happens to public content while a list is too old to be asked: `fail-open` or `fail-closed`."""

    stale_message: Fail = "fail-open"
    """The same for messages."""

    stale_profile: Fail = "fail-open"
    """The same for profile pictures."""

    unscannable_public: Fail = "fail-open"
    """What happens to public content whose picture cannot be read: `fail-open` or `fail-closed`."""

    unscannable_message: Fail = "fail-open"
    """The same for messages."""

    unscannable_profile: Fail = "fail-open"
    """The same for profile pictures."""

    sync_wait_s: Annotated[int, Meta(ge=0, le=50)] = 25
    """Seconds that a clearinghouse is asked to wait for news: a withdrawal then arrives within a second."""

    sync_retry_s: Seconds = 10.0
    """Seconds before a list that could not be synced is tried again; doubled each time, up to a quarter of an hour."""

    effort: Annotated[str, Meta(pattern="^(plain|first|full)$")] = "first"
    """How much is tried for each file: `plain`, `first` or `full` (docs/recall.md)."""

    decoders: NotNegative = 0
    """Processes that decode files side by side. 0: as many as there are processors."""

    screen_body_limit_bytes: Positive = 104_857_600
    """Largest file in a request, in bytes."""

    screen_concurrency: Positive = 64
    """Files that are worked on or wait for a decoder at a time; beyond it the answer is 503."""

    screen_batch_items: Positive = 8_192
    """Items of fingerprints in one request, at most."""

    screens_a_minute: Positive = 6_000
    """Files that one key may have screened in a minute; so many may come at once."""

    lookups_a_minute: Positive = 60_000
    """Items of fingerprints that one key may ask about in a minute: a leaked key must not read a list out."""

    key_memory_s: Seconds = 5.0
    """Seconds for which a key is believed before the database is asked again: a revoked one works as long."""

    instructions_wait_s: Positive = 50
    """How long a reader that asks for new instructions may be kept waiting, in seconds."""

    webhook_url: str = ""
    """Where the platform wants to hear that there are new instructions: their numbers alone, signed. Empty: nowhere."""

    webhook_retry_s: Seconds = 10.0
    """Seconds before a webhook that failed is tried again; doubled each time, up to an hour."""

    metrics_port: Port = 0
    """Port for Prometheus, on 127.0.0.1 alone. 0: none."""

    connection_limit: Positive = 2_048
    """Connections that are open at a time; beyond it the answer is 503."""

    keep_alive_s: Positive = 15
    """Seconds after which a connection that asks nothing is closed."""

    stop_grace_s: Positive = 5
    """Seconds that requests have to end when the server is stopped."""

    development: bool = False
    """Whether programs on this machine may ask without a key. Only where `host` is this machine alone."""

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
