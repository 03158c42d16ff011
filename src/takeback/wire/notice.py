"""A removal notice as a file (spec/notice.md): the page writes it, a service's desk reads it.

`spec/notice.schema.json` is made from these structs. The shape is checked here; what the law still asks for is
`takeback.model.notice.missing_parts`.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta

from takeback.errors import InvalidInputError, TooLargeError
from takeback.model.notice import (
    AgeThen,
    Authority,
    Circumstance,
    Content,
    Law,
    Notice,
    Place,
    Signer,
    Statement,
    Where,
)
from takeback.wire.json import Request, decode, encode

MAX_NOTICE_BYTES = 65_536
MAX_PLACES = 20

_ONE_LINE = r"^[^\x00-\x1f\x7f]+$"
Line = Annotated[str, Meta(pattern=_ONE_LINE, max_length=100, description="one line of text")]
Link = Annotated[str, Meta(pattern=r"^https?://[^\s\x00-\x1f\x7f]+$", max_length=2000, description="a web address")]
Email = Annotated[str, Meta(pattern=r"^[^@\s\x00-\x1f\x7f]+@[^@\s\x00-\x1f\x7f]+$", max_length=254)]
LanguageTag = Annotated[str, Meta(pattern="^[A-Za-z0-9-]+$", max_length=35, description="BCP 47")]


class PlaceBody(Request, frozen=True):
    """One place. It has a `url`, or an `account`, or both."""

    url: Link | None = None
    account: Line | None = None
    where: Where | None = None
    seen_on: date | None = None


class SignedBody(Request, frozen=True):
    """Who signs. `authority` stands with `authorised`, and with nothing else."""

    by: Signer
    authority: Authority | None = None
    name: Line | None = None


class NoticeBody(Request, frozen=True):
    """A removal notice, version 1. It may be incomplete (spec/notice.md has the table)."""

    format: Literal["takeback-notice"]
    version: Literal[1]
    law: Law
    language: LanguageTag
    made_on: date
    service: Line
    depicted: AgeThen
    content: Content
    signed: SignedBody
    computer_made: bool = False
    places: Annotated[tuple[PlaceBody, ...], Meta(max_length=MAX_PLACES)] = ()
    statements: Annotated[tuple[Statement, ...], Meta(max_length=len(Statement))] = ()
    circumstances: Annotated[tuple[Circumstance, ...], Meta(max_length=len(Circumstance))] = ()
    email: Email | None = None


def notice(data: bytes) -> Notice:
    """Gives the notice in a file, or raises InvalidInputError for the first field that is not as it should be."""
    if len(data) > MAX_NOTICE_BYTES:
        raise TooLargeError(
            field="body", problem=f"is over {MAX_NOTICE_BYTES} bytes.", remedy="Split the places over more notices."
        )
    body = decode(data, NoticeBody, contract="spec/notice.md")
    if (body.signed.authority is not None) and body.signed.by is not Signer.AUTHORISED:
        raise InvalidInputError(
            field="signed.authority", problem="stands with `authorised` only.", remedy="Leave it out here."
        )
    return Notice(
        law=body.law,
        language=body.language,
        made_on=body.made_on,
        service=body.service,
        depicted=body.depicted,
        content=body.content,
        signer=body.signed.by,
        computer_made=body.computer_made,
        places=tuple(_place(place, f"places[{at}]") for at, place in enumerate(body.places)),
        statements=frozenset(body.statements),
        circumstances=frozenset(body.circumstances),
        authority=body.signed.authority,
        signature=body.signed.name,
        email=body.email,
    )


def notice_bytes(of: Notice) -> bytes:
    """Gives the file of a notice; sets are written in the order of their enums."""
    return encode(
        NoticeBody(
            format="takeback-notice",
            version=1,
            law=of.law,
            language=of.language,
            made_on=of.made_on,
            service=of.service,
            depicted=of.depicted,
            content=of.content,
            signed=SignedBody(of.signer, of.authority, of.signature),
            computer_made=of.computer_made,
            places=tuple(PlaceBody(place.url, place.account, place.where, place.seen_on) for place in of.places),
            statements=tuple(one for one in Statement if one in of.statements),
            circumstances=tuple(one for one in Circumstance if one in of.circumstances),
            email=of.email,
        )
    )


def _place(body: PlaceBody, field: str) -> Place:
    if body.url is None and body.account is None:
        raise InvalidInputError(
            field=field, problem="has neither `url` nor `account`.", remedy="Give one of them, or leave the place out."
        )
    return Place(body.url, body.account, body.where, body.seen_on)
