"""Every setting of a platform's agent and desk, in one frozen struct: a TOML file, with TAKEBACK_* over it."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from takeback.agent_settings import AnyList, Fail, PolicyRow
from takeback.settings import NotNegative, Port, Positive, Seconds, StaffSettings


class PlacePattern(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which content of the platform a link names. `{name}` in `link` is one part of the path; `content` repeats it.

    `{link = "https://photos.example/p/{id}", content = "post/{id}"}`
    """

    link: Annotated[str, msgspec.Meta(pattern=r"^https?://[^\s/?#{}]+(/[^\s?#]*)?$", max_length=500)]
    content: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
    surface: Literal["public", "message", "profile"] = "public"


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

    desk_copy_days: NotNegative = 30
    """Days after a decision that the sealed copy of a held file is kept; 0: none is ever made."""

    desk_copy_limit_bytes: Positive = 104_857_600
    """Largest file of which a copy is kept for the desk, in bytes."""

    brake_contents_an_hour: Positive = 50
    """Contents that one entry may hit in an hour; one that hits more is quarantined until a person looks."""

    brake_accounts_an_hour: Positive = 20
    """The same for accounts."""

    evidence_days: Positive = 366
    """Days that sealed evidence is kept: a year from a report (18 U.S.C. 2258A(h)), a leap year too."""

    evidence_unreported_days: Positive = 30
    """Days that facts of a hold are kept while nothing is reported about it."""

    evidence_purge_s: Seconds = 3_600.0
    """How often a running agent erases evidence that is due."""

    evidence_list_rows: Positive = 500
    """Rows of a list of evidence or of reports, at most."""

    facts_body_limit_bytes: Positive = 65_536
    """Largest body of facts about a hold from the platform, in bytes."""

    report_unseen: Literal["never", "verified"] = "never"
    """Whether a file may be reported that nobody here has seen, nor one that is the same byte for byte in that report:
    never, or where a hotline verified its entry."""

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

    service_name: Annotated[str, msgspec.Meta(pattern="^[^\\x00-\\x1f\\x7f]+$", max_length=100)] = "this service"
    """The name of the platform, as its people know it: it stands on the page for notices."""

    notice_leave_url: str = "https://www.wikipedia.org/"
    """Where "Leave this page" leads on the page for notices: a dull page that says nothing of this one."""

    notice_due_hours: Positive = 48
    """Hours from a valid notice in which it has to be decided."""

    notice_warn_hours: tuple[Positive, ...] = (12, 24, 36, 44)
    """Hours from a valid notice after which the desk is warned, once each."""

    notice_hide_at_once: bool = True
    """Whether what a valid notice names is hidden before anybody has looked."""

    notice_at_expiry: Literal["hide", "nothing"] = "hide"
    """What happens to what is not decided when the time is over: hidden until a person has looked, or nothing."""

    notice_places: tuple[PlacePattern, ...] = ()
    """Which of your content a link names, see docs/notices.md. What fits none is named by your own API call."""

    notice_copy_radius_bits: NotNegative = 15
    """Largest distance, in bits of PDQ, at which a picture of yours is shown to a reviewer as a near copy."""

    notice_copies_hidden: Positive = 100
    """Identical copies that are hidden by one notice; where there are more, a person looks before any is."""

    notice_personal_days: Positive = 180
    """Days after its end at which what a notice says, with names and addresses, is erased."""

    notice_incomplete_days: Positive = 30
    """Days after which a notice that was never completed is erased."""

    notices_a_minute: Positive = 10
    """Notices, and questions about them, from one network in a minute. No address is kept."""

    notice_body_limit_bytes: Positive = 131_072
    """Largest form or file for a notice, in bytes."""

    notice_interval_s: Seconds = 5.0
    """Seconds between two looks at what the clocks of notices ask for."""

    notice_lease_s: Seconds = 120.0
    """Seconds after which another process takes over a task whose process has died."""

    notice_mail_to: str = ""
    """Address that gets the clock's warnings, too. Empty: they are shown at the desk and counted, and that is all."""

    notice_answer_by_mail: bool = True
    """Whether somebody who gave an address gets a letter when the notice came in, and when it is decided.

    Only where `mail_server` or `mail_dir` is set: addresses do not gather in a folder that nobody empties.
    """

    proxy_address_header: str = ""
    """Header in which your proxy, and nobody else, puts the address of who asks. Empty: none is believed."""

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

    request_timeout_s: Seconds = 300.0
    """Seconds in which a request has to come whole, headers and file."""

    stop_grace_s: Positive = 5
    """Seconds that requests have to end when the server is stopped."""

    development: bool = False
    """Whether programs on this machine may ask without a key. Only where `host` is this machine alone."""

    own_media_from_uploads: bool = True
    """Whether fingerprints of uploads that were screened are kept, so that a new entry finds them later."""

    own_index_every_s: Seconds = 3_600.0
    """Seconds between two times that the file of the own fingerprints' index is written anew, at least."""

    sweep_shard_files: Positive = 500
    """Objects in one part of a sweep, at most. What a crash interrupts is done again by the part."""

    sweep_shard_bytes: Positive = 1_073_741_824
    """Bytes in one part of a sweep, unless a single object has more."""

    sweep_reads: Positive = 4
    """Objects that each worker of a sweep reads at a time: one is decoded while the others come from storage."""

    sweep_object_bytes: Positive = 8_589_934_592
    """Largest object that a sweep reads, in bytes; larger ones are reported."""

    @property
    def answers_notices(self) -> bool:
        """Whether letters to submitters are written."""
        return self.notice_answer_by_mail and bool(self.mail_server or self.mail_dir)

    @property
    def staff_base(self) -> str:
        """Every address of the desk begins so."""
        return "/desk"

    @property
    def database_address(self) -> str:
        """The database's address, with the default filled in."""
        return self.database_url or f"sqlite:///{self.data_path / 'platform.db'}"
