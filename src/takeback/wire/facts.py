"""What a platform tells of a held piece of content, as JSON: accounts, addresses, times. Every time has its zone.

The lengths are those of the CyberTipline's documentation, so that nothing is cut off later without anybody noticing.
"""

from __future__ import annotations

import ipaddress
from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from takeback.errors import InvalidInputError
from takeback.model.report import Account, Facts, Happening, IpEvent, Report
from takeback.wire.json import Answer, Request, decode, encode

CONTRACT = "docs/reports.md"

Name = Annotated[str, Meta(min_length=1, max_length=100)]
Id = Annotated[str, Meta(min_length=1, max_length=255)]
Url = Annotated[str, Meta(min_length=1, max_length=2083)]
Text = Annotated[str, Meta(max_length=20_000)]
Aware = Annotated[datetime, Meta(tz=True)]
Some = Meta(max_length=50)


class IpEventBody(Request, frozen=True):
    """An address and what was done from it."""

    address: Annotated[str, Meta(max_length=45)]
    happening: Happening = Happening.UNKNOWN
    at: Aware | None = None
    port: Annotated[int, Meta(ge=1, le=65_535)] | None = None
    proxy: bool | None = None


class AccountBody(Request, frozen=True):
    """An account, and the person behind it as far as they are known."""

    id: Id | None = None
    service: Name | None = None
    first_name: Name | None = None
    last_name: Name | None = None
    emails: Annotated[tuple[Id, ...], Some] = ()
    phones: Annotated[tuple[Annotated[str, Meta(min_length=1, max_length=50)], ...], Some] = ()
    age: Annotated[int, Meta(ge=0, le=150)] | None = None
    screen_name: Id | None = None
    display_names: Annotated[tuple[Id, ...], Some] = ()
    profile_urls: Annotated[tuple[Url, ...], Some] = ()
    bio: Text | None = None
    ip_events: Annotated[tuple[IpEventBody, ...], Some] = ()
    info: Text | None = None


class FactsBody(Request, frozen=True):
    """All of it. What is not known is left out."""

    reported: AccountBody | None = None
    recipients: Annotated[tuple[AccountBody, ...], Some] = ()
    victims: Annotated[tuple[AccountBody, ...], Some] = ()
    uploaded_at: Aware | None = None
    upload_event: IpEventBody | None = None
    location: Url | None = None
    file_name: Annotated[str, Meta(min_length=1, max_length=2056)] | None = None
    public: bool | None = None
    chat: Text | None = None
    chat_service: Id | None = None
    context: Text | None = None


class KeptBody(Answer, frozen=True):
    """The answer: the id of the sealed item. The latest one of a hold goes into a report."""

    evidence: str


def facts(body: bytes) -> Facts:
    """Gives the facts of a JSON body, or raises InvalidInputError that names the field."""
    found = msgspec.convert(decode(body, FactsBody, CONTRACT), Facts, from_attributes=True)
    accounts = [one for one in (found.reported, *found.recipients, *found.victims) if one is not None]
    for account in accounts:
        _addresses(account)
    if found.upload_event is not None:
        _address(found.upload_event)
    return found


def facts_bytes(given: Facts) -> bytes:
    """Gives the JSON of facts as it is sealed."""
    return encode(given)


def kept_facts(text: bytes) -> Facts:
    """Gives back what `facts_bytes` gave."""
    return msgspec.json.decode(text, type=Facts)


def report_text(report: Report) -> bytes:
    """Gives the JSON of a whole report as it is sealed."""
    return encode(report)


def kept_report(text: bytes) -> Report:
    """Gives back what `report_text` gave."""
    return msgspec.json.decode(text, type=Report)


def _addresses(account: Account) -> None:
    for event in account.ip_events:
        _address(event)


def _address(event: IpEvent) -> None:
    try:
        ipaddress.ip_address(event.address)
    except ValueError:
        raise InvalidInputError(
            field="address", problem="is not an IP address.", remedy="Send it as 192.0.2.55 or 2001:db8::1."
        ) from None
