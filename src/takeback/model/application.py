"""A company that asks to take part, what it agrees to, and what has been verified of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from takeback.errors import InvalidInputError
from takeback.fingerprints.types import FingerprintType
from takeback.model.participant import AGREED_TYPES

#: Where a company shows that the domain is its own.
WELL_KNOWN = "/.well-known/takeback-verification.txt"
#: Wrong codes after which the code is void.
MAX_CODE_TRIES = 5

MAX_NAME_CHARACTERS = 120
MAX_TEXT_CHARACTERS = 1_000
MAX_EMAIL_CHARACTERS = 200
MAX_DOMAIN_CHARACTERS = 120
_LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
DOMAIN = re.compile(rf"(?:{_LABEL}\.)+[a-z](?:[a-z0-9-]{{0,61}}[a-z0-9])")
EMAIL = re.compile(rf"[A-Za-z0-9.!#$%&'*+/=?^_`{{|}}~-]{{1,64}}@{DOMAIN.pattern}")
REGIONS = re.compile(r"worldwide|[A-Z]{2}(?:,[A-Z]{2}){0,99}")


class ApplicationState(StrEnum):
    """open → admitted or refused."""

    OPEN = "open"
    ADMITTED = "admitted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Agreement:
    """What a company has agreed to: the text's version, for which purpose, which types, where, and on which day.

    `regions` is `worldwide`, or countries (ISO 3166-1, two letters) with commas between them.
    """

    version: str
    purpose: str
    types: frozenset[FingerprintType]
    regions: str
    agreed_on: date


@dataclass(frozen=True, slots=True)
class Application:
    """One application. `hits` is what the company will do with a match; `token` is to be shown at its domain."""

    id: str
    name: str
    domain: str
    email: str
    hits: str
    agreement: Agreement
    state: ApplicationState
    token: str
    domain_verified_on: date | None = None
    email_verified_on: date | None = None
    participant: str | None = None

    @property
    def verified(self) -> bool:
        """Whether both the domain and the e-mail address are the company's."""
        return self.domain_verified_on is not None and self.email_verified_on is not None


@dataclass(frozen=True, slots=True)
class Applying:
    """What a company fills in."""

    name: str
    domain: str
    email: str
    purpose: str
    hits: str
    types: frozenset[FingerprintType]
    regions: str


def types_of(names: Iterable[str], *, field: str) -> frozenset[FingerprintType]:
    """Gives the types, or raises InvalidInputError where there is none, or one that no agreement may allow."""
    wanted = set(names)
    if not wanted or not wanted <= {one.value for one in AGREED_TYPES}:
        raise InvalidInputError(
            field=field, problem="are not types of a list.", remedy=f"Choose from {', '.join(AGREED_TYPES)}."
        )
    return frozenset(FingerprintType(name) for name in wanted)


def types_text(types: Iterable[FingerprintType]) -> str:
    """Gives the one way in which a set of types is written: in the order of AGREED_TYPES, with commas."""
    wanted = set(types)
    return ",".join(one.value for one in AGREED_TYPES if one in wanted)


def checked(given: Applying) -> Applying:
    """Gives what was filled in, without space around it; InvalidInputError for the first field that is off."""
    name = _text(given.name, "name", MAX_NAME_CHARACTERS)
    if not name.isprintable():
        raise InvalidInputError(field="name", problem="is not a name.", remedy="Give it on one line.")
    domain = given.domain.strip().lower()
    if len(domain) > MAX_DOMAIN_CHARACTERS or not DOMAIN.fullmatch(domain):
        raise InvalidInputError(
            field="domain", problem="is not a domain.", remedy="Give it as photos.example, without https:// before it."
        )
    email = given.email.strip()
    if len(email) > MAX_EMAIL_CHARACTERS or not EMAIL.fullmatch(email):
        raise InvalidInputError(
            field="email", problem="is not an e-mail address.", remedy="Give one as safety@photos.example."
        )
    regions = given.regions.replace(" ", "")
    regions = regions if regions == "worldwide" else regions.upper()
    if not REGIONS.fullmatch(regions):
        raise InvalidInputError(
            field="regions", problem="are not countries.", remedy="Give `worldwide`, or two-letter codes: DE,FR."
        )
    return Applying(
        name,
        domain,
        email,
        _text(given.purpose, "purpose", MAX_TEXT_CHARACTERS),
        _text(given.hits, "hits", MAX_TEXT_CHARACTERS),
        given.types,
        regions,
    )


def _text(given: str, field: str, most: int) -> str:
    text = given.strip()
    if not 0 < len(text) <= most or any(not (one.isprintable() or one in "\r\n\t") for one in text):
        raise InvalidInputError(
            field=field, problem="is not a text.", remedy=f"Write 1 to {most:,} characters, without control characters."
        )
    return text
