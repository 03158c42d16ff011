"""A removal notice: what the person in a picture, or somebody for them, tells the service where it is (spec/notice.md).

A notice may be incomplete. `missing_parts` says what its law still asks for, so that a service can ask for just that,
instead of refusing. The page applies the same rules before anything is sent (web/portal/src/notice/missing.ts).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Law(StrEnum):
    """The law that the notice leans on."""

    US = "us-223a"
    EU = "eu-dsa-16"
    UK = "uk-osa"
    OTHER = "other"


class AgeThen(StrEnum):
    """How old the person was when the picture was taken, or is made to look in it."""

    UNDER_18 = "under-18"
    UNSURE = "unsure"
    OVER_18 = "over-18"


class Content(StrEnum):
    """What is to be removed."""

    PICTURE = "picture"
    VIDEO = "video"
    BOTH = "both"


class Where(StrEnum):
    """Where in a service it stands, for what has no link."""

    POST = "post"
    STORY = "story"
    PROFILE = "profile"
    MESSAGE = "message"
    GROUP = "group"
    COMMENT = "comment"
    LIVE = "live"
    OTHER = "other"


class Statement(StrEnum):
    """What the signer states. Under 18 nobody can consent, so nobody is asked to state that they did not."""

    GOOD_FAITH = "good-faith"
    NO_CONSENT = "no-consent"


class Circumstance(StrEnum):
    """What helps a service to see that there was no consent. Never required."""

    SENT_PRIVATELY = "sent-privately"
    TAKEN_SECRETLY = "taken-secretly"
    TRICKED = "tricked"
    THREATENED = "threatened"
    STOLEN = "stolen"


class Signer(StrEnum):
    """Who signs."""

    DEPICTED = "depicted"
    GUARDIAN = "guardian"
    AUTHORISED = "authorised"


class Authority(StrEnum):
    """Why somebody who is neither in the picture nor a parent may sign."""

    ASKED = "asked"
    ORGANISATION = "organisation"
    LAWYER = "lawyer"


class Part(StrEnum):
    """What a law may ask of a notice, in the order in which the page asks."""

    PLACE = "place"
    STATEMENT = "statement"
    AUTHORITY = "authority"
    SIGNATURE = "signature"
    CONTACT = "contact"


@dataclass(frozen=True, slots=True)
class Place:
    """One place where it is: a link, or an account and where it stands there. `seen_on` is a day."""

    url: str | None = None
    account: str | None = None
    where: Where | None = None
    seen_on: date | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice to one service. `signature` is a name, initials, or a name that the signer uses only here."""

    law: Law
    language: str
    made_on: date
    service: str
    depicted: AgeThen
    content: Content
    signer: Signer
    computer_made: bool = False
    places: tuple[Place, ...] = ()
    statements: frozenset[Statement] = frozenset()
    circumstances: frozenset[Circumstance] = frozenset()
    authority: Authority | None = None
    signature: str | None = None
    email: str | None = None


def missing_parts(notice: Notice) -> tuple[Part, ...]:
    """Gives what the notice's law asks for and the notice does not say; empty when it is complete."""
    child = notice.depicted is AgeThen.UNDER_18
    stated = {Statement.GOOD_FAITH} if child else {Statement.GOOD_FAITH, Statement.NO_CONSENT}
    # 47 U.S.C. 223a(a)(1)(B) asks for a signature and for contact, whatever the age. Regulation (EU) 2022/2065
    # article 16(2)(c) asks for name and address, but not where a child is shown. The others prescribe no form.
    named = notice.law is Law.US or (notice.law is Law.EU and not child)
    here = {
        Part.PLACE: bool(notice.places),
        Part.STATEMENT: stated <= notice.statements,
        Part.AUTHORITY: notice.signer is not Signer.AUTHORISED or notice.authority is not None,
        Part.SIGNATURE: not named or notice.signature is not None,
        Part.CONTACT: not named or notice.email is not None,
    }
    return tuple(part for part in Part if not here[part])
