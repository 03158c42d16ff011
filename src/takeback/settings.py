"""Every setting of a clearinghouse, in one frozen struct: a TOML file, with TAKEBACK_* of the environment over it."""

from __future__ import annotations

import ast
import inspect
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, TypeVar

import msgspec

from takeback.errors import SettingsError

ENVIRONMENT_PREFIX = "TAKEBACK_"

Port = Annotated[int, msgspec.Meta(ge=0, le=65_535)]
Positive = Annotated[int, msgspec.Meta(ge=1)]
NotNegative = Annotated[int, msgspec.Meta(ge=0)]
Seconds = Annotated[float, msgspec.Meta(gt=0)]


class StaffSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What every installation with pages for its staff has: a console, or a desk."""

    data_dir: str = "takeback-data"
    """Folder for what the installation keeps. Keep it on an encrypted disk."""

    host: str = "127.0.0.1"
    """Address to listen on. Leave it local and put a TLS proxy that logs nothing before it."""

    port: Port = 8440
    """Port to listen on; 0 takes a free one."""

    staff_url: str = ""
    """Where staff open their pages (`https://…`). Passkeys belong to its host. Empty: localhost and `port`."""

    staff_idle_s: Seconds = 1_800.0
    """Seconds without a request after which an operator is signed out."""

    staff_session_s: Seconds = 36_000.0
    """Seconds after signing in at which an operator is signed out, however busy."""

    staff_fresh_s: Seconds = 600.0
    """Seconds after signing in within which an operator may add or remove passkeys; later, sign in again first."""

    staff_challenge_s: Seconds = 300.0
    """Seconds that the pages for signing in and for registering a passkey stay good."""

    staff_failures_per_hour: Positive = 10
    """Failed sign-ins with one passkey after which it has to wait until the hour is over."""

    staff_body_limit_bytes: Positive = 65_536
    """Largest body of a form of the staff's pages, in bytes."""

    staff_page_rows: Positive = 50
    """Rows on a page of a long table of the staff's pages."""

    mail_dir: str = ""
    """Folder for letters, as .eml files. Empty: `outbox` in `data_dir`."""

    mail_server: str = ""
    """Sends the letters instead: `smtps://user:password@host:465`, or `smtp://…:587` (STARTTLS). Empty: files."""

    mail_from: str = "takeback@localhost"
    """The sender of letters."""

    @property
    def data_path(self) -> Path:
        """The data folder."""
        return Path(self.data_dir)

    @property
    def staff_base(self) -> str:
        """Every address of the staff's pages begins so."""
        return "/console"

    @property
    def staff_address(self) -> str:
        """Where staff open their pages, with the default filled in."""
        return self.staff_url.rstrip("/") or f"http://localhost:{self.port}"


class Settings(StaffSettings, frozen=True, forbid_unknown_fields=True):
    """A clearinghouse. Every limit names its unit."""

    data_dir: str = "takeback-data"
    """Folder for the SQLite file and the list's signing key. Keep it on an encrypted disk."""

    database_url: str = ""
    """SQLAlchemy address (`postgresql+psycopg://…`). Empty: a SQLite file in `data_dir`."""

    fingerprint_keys: str = ""
    """Keys of fingerprints at rest, `1 <base64> 2 <base64>`; the highest seals. Empty: a file in `data_dir`."""

    seal_fingerprints: bool = True
    """Whether new fingerprints are sealed. Off only while processes from before 0010 still run beside this one."""

    list_id: str = "takeback.example/list"
    """Name of this list, the same for ever: it stands in every page and in participants' credentials."""

    public_url: str = "http://127.0.0.1:8440"
    """Where participants reach the exchange; written into their credentials."""

    portal_dir: str = ""
    """Folder of the built page. Empty: the one inside the package."""

    portal_file: str = ""
    """TOML file with name, help lines and legal texts of the service, see docs/portal-file.md. Empty: none."""

    publish_interval_s: Seconds = 60.0
    """How long submissions gather before they go out together, in shuffled order."""

    log_interval_s: Seconds = 3_600.0
    """How often the public log is brought up to date. A day is closed by the first time after it has ended."""

    page_changes: Positive = 1_000
    """Changes on a page of the feed, when the participant does not say."""

    page_cache_bytes: Annotated[int, msgspec.Meta(ge=0)] = 67_108_864
    """Memory for what participants' pages have in common, in bytes: it is read and opened once."""
    changes_wait_s: Positive = 50
    """How long a reader that asks for news may be kept waiting, in seconds."""

    hash_sharing_page_entries: Positive = 50_000
    """Entries on a page for clients that ask by time: the common one begins to search when there is a second page."""

    burst_entries: Positive = 5_000
    """New entries at one publication; more are a flood and are held, until a person looks or the days are over."""

    burst_hold_days: Positive = 2
    """Days that the entries of a flood are held. Nothing of them is lost, and receipts say that they wait."""

    brake_hits_a_day: Positive = 10_000
    """Hits of one entry on one day, over all participants, that suspend it everywhere until a person looks."""

    brake_participants: Positive = 2
    """How many participants must have had some of those hits (all, where there are fewer)."""

    expiry_days_under_18: NotNegative = 0
    """Days after which an entry of somebody under 18 expires, unless its receipt renewed it; 0: never."""

    expiry_days_unsure: NotNegative = 1_826
    """The same of somebody who was not sure of their age: five years; 0: never."""

    hit_days_kept: Positive = 30
    """Days that counts of hits are kept."""

    proof_from_a_minute: Positive = 120
    """Submissions a minute from which a proof of work is asked for; below, nothing is."""

    proof_least_rounds: Positive = 40
    """Rounds of work, at most, at that load: a fraction of a second on an old phone."""

    proof_most_rounds: Positive = 250
    """Rounds of work, at most, at ten times that load or more: up to two seconds on an old phone."""

    network_submissions: Positive = 60
    """Submissions from one network in ten minutes from which it is asked for most of the work. Never refused."""

    receipt_questions_a_minute: Positive = 120
    """Questions about receipts from one network; withdrawals are never limited."""

    participant_requests_a_minute: Positive = 3_000
    """Requests of one participant; so many may come at once."""

    proxy_address_header: str = ""
    """Header in which your proxy, and nobody else, puts the address of who asks. Empty: none is believed."""
    lookup_values: Positive = 100
    """PDQ values in one look-up, at most."""

    lookups_a_minute: Positive = 600
    """Look-ups of one participant in a minute, at most."""

    intake_body_limit_bytes: Positive = 2_097_152
    """Largest body from a person's page, in bytes."""

    feedback_body_limit_bytes: Positive = 262_144
    """Largest body of feedback from a participant, in bytes."""

    nonce_memory: Positive = 1_000_000
    """How many nonces of participants' requests are remembered, at most: ten minutes of all requests."""

    metrics_port: Port = 0
    """Port for Prometheus, on 127.0.0.1 alone. 0: none."""

    intake_concurrency: Positive = 256
    """Submissions and withdrawals that are worked on at a time; beyond it the answer is 503."""

    exchange_concurrency: Positive = 16
    """Participants' requests that are worked on at a time: few, since they come again, and people must not wait."""

    page_concurrency: Positive = 128
    """Requests for pages and for all else that are worked on at a time."""

    connection_limit: Positive = 2_048
    """Connections that are open at a time; beyond it the answer is 503."""

    keep_alive_s: Positive = 15
    """Seconds after which a connection that asks nothing is closed."""

    request_timeout_s: Seconds = 60.0
    """Seconds in which a request has to come whole, headers and body; an old phone on a bad line needs some."""

    header_limit_bytes: Positive = 16_384
    """Largest headers of a request, in bytes."""

    stop_grace_s: Positive = 20
    """Seconds that requests have to end when the server is stopped."""
    console: bool = True
    """Whether this process serves the operators' console, below /console."""

    open_applications: Positive = 200
    """How many applications may be open at a time; more are refused. Nothing is kept of who sends them."""

    application_days: Positive = 30
    """Days after which an application that became no participant is erased."""

    agreement_file: str = ""
    """Text file of what participants agree to; its first line is its version. Empty: the one of the package."""

    invite_alone: bool = False
    """Whether `takeback participant invite` works where two operators could admit: for trials."""

    slow_after_h: Positive = 24
    """Hours after which a participant that has not taken back what left the list is named; counted from midnights."""

    @property
    def database_address(self) -> str:
        """The database's address, with the default filled in."""
        return self.database_url or f"sqlite:///{self.data_path / 'clearinghouse.db'}"

    @property
    def portal_path(self) -> Path:
        """Where the built page is."""
        return Path(self.portal_dir) if self.portal_dir else Path(__file__).parent / "apps" / "static" / "portal"


AnySettings = TypeVar("AnySettings", bound=StaffSettings)


def load(file: Path | None, environment: Mapping[str, str] = os.environ) -> Settings:
    """Gives the settings of a clearinghouse, or raises SettingsError that names the one that is wrong."""
    return load_as(Settings, file, environment)


def load_as(kind: type[AnySettings], file: Path | None, environment: Mapping[str, str] = os.environ) -> AnySettings:
    """Gives the settings of one kind of installation, or raises SettingsError that names the one that is wrong."""
    values: dict[str, Any] = {}
    if file is not None:
        try:
            values = tomllib.loads(file.read_text(encoding="utf-8"))
        except OSError as error:
            raise SettingsError(f"The settings file cannot be read: {error.strerror}. Check --settings.") from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise SettingsError(f"The settings file is not TOML: {error}.") from None
    for name in kind.__struct_fields__:
        given = environment.get(ENVIRONMENT_PREFIX + name.upper())
        if given is not None:
            values[name] = given
    try:
        return msgspec.convert(values, kind, strict=False)
    except msgspec.ValidationError as error:
        raise SettingsError(f"The settings are not as they should be: {error}. See docs/settings.md.") from None


def documented(kind: type) -> dict[str, tuple[object, str]]:
    """Gives name → (default, the text that stands under it) of a struct; a text serves every name right above it."""
    found: dict[str, tuple[object, str]] = {}
    for one in reversed(kind.__mro__):
        if one.__module__.partition(".")[0] == kind.__module__.partition(".")[0]:
            found |= _documented(one)
    return found


def _documented(kind: type) -> dict[str, tuple[object, str]]:
    (body,) = (node.body for node in ast.parse(inspect.getsource(kind)).body if isinstance(node, ast.ClassDef))
    found: dict[str, tuple[object, str]] = {}
    for node in body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
            found[node.target.id] = (ast.literal_eval(node.value), "")
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and found:
            name = next(reversed(found))
            found[name] = (found[name][0], " ".join(str(node.value.value).split()))
    return found
