"""Applications of companies that want to take part (spec/applications.md)."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from takeback.errors import ConflictError
from takeback.model.application import (
    MAX_DOMAIN_CHARACTERS,
    MAX_EMAIL_CHARACTERS,
    MAX_NAME_CHARACTERS,
    MAX_TEXT_CHARACTERS,
    WELL_KNOWN,
    Application,
    Applying,
    types_of,
)
from takeback.wire.json import Answer, Request

_Text = Annotated[str, Meta(min_length=1, max_length=MAX_TEXT_CHARACTERS)]


class ApplicationBody(Request, frozen=True):
    """What a company fills in. `agreement` is the version that it accepts."""

    name: Annotated[str, Meta(min_length=1, max_length=MAX_NAME_CHARACTERS)]
    domain: Annotated[str, Meta(min_length=1, max_length=MAX_DOMAIN_CHARACTERS)]
    email: Annotated[str, Meta(min_length=1, max_length=MAX_EMAIL_CHARACTERS)]
    purpose: _Text
    hits: _Text
    types: Annotated[list[Literal["md5", "sha256", "pdq", "vpdq"]], Meta(min_length=1, max_length=4)]
    regions: Annotated[str, Meta(min_length=1, max_length=400)]
    agreement: Annotated[str, Meta(min_length=1, max_length=40)]


class CodeBody(Request, frozen=True):
    """The code from the letter."""

    code: Annotated[str, Meta(min_length=1, max_length=20)]


class ApplicationStateBody(Answer, frozen=True):
    """How an application stands, and what is to be shown at the domain: `file` holds `token`."""

    application: str
    state: str
    token: str
    file: str
    domain_verified: bool
    email_verified: bool


def applying(body: ApplicationBody, *, version: str) -> Applying:
    """Gives what was filled in; raises ConflictError where another version of the agreement was accepted."""
    if body.agreement != version:
        raise ConflictError("This is not the agreement of today. Read it again at /v1/agreement.")
    types = types_of(body.types, field="types")
    return Applying(body.name, body.domain, body.email, body.purpose, body.hits, types, body.regions)


def state(found: Application) -> ApplicationStateBody:
    """Gives what the company may see of its application."""
    return ApplicationStateBody(
        found.id,
        found.state.value,
        found.token,
        f"https://{found.domain}{WELL_KNOWN}",
        found.domain_verified_on is not None,
        found.email_verified_on is not None,
    )
