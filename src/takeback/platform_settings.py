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

    evidence_days: Positive = 366
    """Days that sealed evidence is kept: a year from a report (18 U.S.C. 2258A(h)), a leap year too."""

    evidence_unreported_days: Positive = 30
    """Days that facts of a hold are kept while nothing is reported about it."""

    evidence_list_rows: Positive = 500
    """Rows of a list of evidence or of reports, at most."""

    facts_body_limit_bytes: Positive = 65_536
    """Largest body of facts about a hold from the platform, in bytes."""

    report_unseen: Literal["never", "verified"] = "never"
    """Whether a file may be reported that nobody here has seen: never, or where a hotline verified its entry."""

    report_platform: str = ""
    """Name of the service in reports, as people know it."""

    reporter_first_name: str = ""
    """First name of who reports, or of the team."""

    reporter_last_name: str = ""
    """Last name of who reports, or of the team."""

    reporter_email: str = ""
    """Address at which an investigator reaches them."""

    reporter_legal_url: str = ""
    """Page that says how legal process is served."""

    reporter_company_text: str = ""
    """What stands in every report: how legal process is served, how long data are kept, a number for emergencies."""

    cybertip_url: str = "https://report.cybertip.org/ispws"
    """The CyberTipline itself. A report goes there only when a second person has approved it."""

    cybertip_user: str = ""
    """User name that NCMEC gave for it."""

    cybertip_password: str = ""
    """Its password. Keep it in the environment."""

    cybertip_test_url: str = "https://exttest.cybertip.org/ispws"
    """NCMEC's place to try reports out. What goes there is seen by NCMEC: never send pictures of real people."""

    cybertip_test_user: str = ""
    """User name that NCMEC gave for the test."""

    cybertip_test_password: str = ""
    """Its password. Keep it in the environment."""

    cybertip_timeout_s: Seconds = 60.0
    """Seconds that a call to the CyberTipline may stay without an answer."""

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
