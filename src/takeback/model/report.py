"""A report to an authority that apparent sexual abuse of a child was found, as values: who, what, where, when.

A report is never made of a match alone. `refusal` says what is missing before one may be built. What is not known stays
out: nothing in here has a value that nobody has set.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from takeback.errors import InvalidInputError
from takeback.model.hold import Decision, Hold, HoldState
from takeback.model.operator import Role
from takeback.model.reason import OWN_ACCOUNT
from takeback.model.tier import Tier

#: Most characters of why a child is in danger now: the authority takes no more.
MAX_URGENT_CHARACTERS = 3_000
#: Most characters of what else a person says.
MAX_INFO_CHARACTERS = 10_000


class Incident(StrEnum):
    """What is reported; the words are the authority's."""

    MATERIAL = "Child Pornography (possession, manufacture, and distribution)"
    TRAFFICKING = "Child Sex Trafficking"
    TOURISM = "Child Sex Tourism"
    MOLESTATION = "Child Sexual Molestation"
    DOMAIN = "Misleading Domain Name"
    WORDS = "Misleading Words or Digital Images on the Internet"
    ENTICEMENT = "Online Enticement of Children for Sexual Acts"
    UNSOLICITED = "Unsolicited Obscene Material Sent to a Child"


class Happening(StrEnum):
    """What was done from an address."""

    LOGIN = "Login"
    REGISTRATION = "Registration"
    PURCHASE = "Purchase"
    UPLOAD = "Upload"
    OTHER = "Other"
    UNKNOWN = "Unknown"


class FileNote(StrEnum):
    """What a person may say of a file. None is ever set by a rule."""

    DRAWING = "animeDrawingVirtualHentai"
    MEME = "potentialMeme"
    VIRAL = "viral"
    SELF_PRODUCED = "possibleSelfProduction"
    HARM = "physicalHarm"
    VIOLENCE = "violenceGore"
    ANIMAL = "bestiality"
    LIVE = "liveStreaming"
    INFANT = "infant"
    GENERATED = "generativeAi"


class ReportNote(StrEnum):
    """What a person may say of the whole."""

    SEXTORTION = "sextortion"
    SOLICITATION = "csamSolicitation"
    BETWEEN_MINORS = "minorToMinorInteraction"
    SPAM = "spam"
    SADISTIC = "sadisticOnlineExploitation"


class Grounds(StrEnum):
    """Why the child-safety role takes it for apparent abuse of a child. Which of them may stand alone is a policy."""

    SEEN = "seen"
    """Somebody of the child-safety role has looked at the file itself."""
    VERIFIED_LIST = "verified-list"
    """A hotline has verified the entry that it matches; nobody here has looked at the file."""


class Unseen(StrEnum):
    """The policy about files that nobody here has looked at."""

    NEVER = "never"
    VERIFIED = "verified"


@dataclass(frozen=True, slots=True)
class Said:
    """What a person of the child-safety role says for a report. Nothing of it is ever filled in by a rule.

    `file_notes` are of every file: of which something else is to be said, that one takes a report of its own. Raises
    InvalidInputError for a text that is too long.
    """

    grounds: Grounds
    notes: tuple[ReportNote, ...] = ()
    file_notes: tuple[FileNote, ...] = ()
    urgent: str | None = None
    info: str | None = None
    incident: Incident = Incident.MATERIAL

    def __post_init__(self) -> None:
        for field_, text, most in (
            ("urgent", self.urgent, MAX_URGENT_CHARACTERS),
            ("info", self.info, MAX_INFO_CHARACTERS),
        ):
            if text is not None and len(text) > most:
                problem, remedy = f"has {len(text):,} characters, and may have {most:,}.", "Say it more shortly."
                raise InvalidInputError(field=field_, problem=problem, remedy=remedy)


@dataclass(frozen=True, slots=True)
class IpEvent:
    """An address (text), what was done from it, and when: aware, so that the time zone is never guessed."""

    address: str
    happening: Happening = Happening.UNKNOWN
    at: datetime | None = None
    port: int | None = None
    proxy: bool | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """An account, and the person behind it, as far as the platform knows them. `id` is the platform's own."""

    id: str | None = None
    service: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    age: int | None = None
    screen_name: str | None = None
    display_names: tuple[str, ...] = ()
    profile_urls: tuple[str, ...] = ()
    bio: str | None = None
    ip_events: tuple[IpEvent, ...] = ()
    info: str | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What the platform tells of a held piece of content, for a report. Personal data: sealed wherever it is kept."""

    reported: Account | None = None
    recipients: tuple[Account, ...] = ()
    victims: tuple[Account, ...] = ()
    uploaded_at: datetime | None = None
    upload_event: IpEvent | None = None
    location: str | None = None
    file_name: str | None = None
    public: bool | None = None
    chat: str | None = None
    chat_service: str | None = None
    context: str | None = None


@dataclass(frozen=True, slots=True)
class FileHash:
    """A hash in hexadecimal, and its type as the authority writes it: MD5, SHA1, SHA256, PDQ."""

    type: str
    value: str


@dataclass(frozen=True, slots=True)
class ReportedFile:
    """A file of a report. `evidence` is the id of the item that holds it; `viewed` and `metadata_viewed` are events.

    `matched` names lists and entries that it was found by, as pairs of a name and a text.
    """

    evidence: str
    viewed: bool
    metadata_viewed: bool
    hashes: tuple[FileHash, ...] = ()
    matched: tuple[tuple[str, str], ...] = ()
    notes: tuple[FileNote, ...] = ()
    original_name: str | None = None
    uploaded_at: datetime | None = None
    location: str | None = None
    public: bool | None = None
    upload_event: IpEvent | None = None
    info: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reporter:
    """Who reports: the people of the platform that an investigator may ask, and what the platform always says."""

    first_name: str = ""
    last_name: str = ""
    email: str = ""
    legal_url: str = ""
    company_text: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report. `at` is when the incident was, `at_means` what that moment is.

    `said` is what of `info` a person wrote, so that it can be corrected; the rest are facts of the platform.
    """

    incident: Incident
    at: datetime
    at_means: str
    reporter: Reporter
    platform: str | None = None
    urgent: str | None = None
    notes: tuple[ReportNote, ...] = ()
    urls: tuple[str, ...] = ()
    chat: str | None = None
    chat_service: str | None = None
    reported: Account | None = None
    recipients: tuple[Account, ...] = ()
    victims: tuple[Account, ...] = ()
    files: tuple[ReportedFile, ...] = ()
    info: str | None = None
    said: str | None = None


def said_in(report: Report, grounds: Grounds) -> Said:
    """Gives what a person said for a report that was built."""
    file_notes = report.files[0].notes if report.files else ()
    return Said(grounds, report.notes, file_notes, report.urgent, report.said, report.incident)


@dataclass(frozen=True, slots=True)
class Judged:
    """What the desk knows of a hold when somebody wants to report it.

    `decider_role` is the role of who decided, None for a rule or for nobody; `viewed` says whether somebody has seen
    the file itself, or one that is the same byte for byte.
    """

    hold: Hold
    decider_role: Role | None
    viewed: bool
    tiers: frozenset[str] = field(default_factory=frozenset)


def refusal(judged: Judged, grounds: Grounds, unseen: Unseen) -> str | None:
    """Says what forbids a report, and what to do; None where nothing does.

    1. What was decided may be reported (`refusal_of_decision`).
    2. The grounds are true: somebody has seen the file, or policy and list let one be reported that nobody has.
    """
    if why := refusal_of_decision(judged):
        return why
    if grounds is Grounds.SEEN:
        return None if judged.viewed else "Nobody has seen the file itself: a blurred view is none. Look, or say so."
    return _refusal_of_unseen(judged, unseen)


def refusal_of_decision(judged: Judged) -> str | None:
    """Says what of a decision forbids every report, and what to do; None where nothing does.

    1. A person confirmed it: a match is a claim, whoever made the list.
    2. That person has the child-safety role. People list pictures of themselves; not every one shows a crime.
    3. They did not find that whoever is shown in it posted it.
    """
    if judged.hold.state is not HoldState.CONFIRMED:
        return f"This hold is {judged.hold.state.value}. Only what a person has confirmed is reported."
    if judged.decider_role is not Role.CHILD_SAFETY:
        wanted = Decision.ESCALATE.value
        return f"Nobody of the child-safety role has confirmed it. Let it go there ({wanted}) and be decided there."
    if judged.hold.reason == OWN_ACCOUNT:
        return "Whoever is shown in it posted it. That is not reported: it is hidden, and counts against nobody."
    return None


def refusal_of_copy(judged: Judged, unseen: Unseen) -> str | None:
    """Says what forbids that a report has this file beside another one; None where nothing does."""
    if why := refusal_of_decision(judged):
        return why
    return None if judged.viewed else _refusal_of_unseen(judged, unseen)


def _refusal_of_unseen(judged: Judged, unseen: Unseen) -> str | None:
    if unseen is Unseen.NEVER:
        return "The policy here is to report no file that nobody has seen (report_unseen). Look at the file first."
    if Tier.VERIFIED.value not in judged.tiers:
        return "No hotline has verified the entry that it matches. Look at the file first."
    return None
