"""The agreement that participants take part under: its text, and what a participant sends to accept it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, TypeVar

from msgspec import Meta

from takeback.errors import InvalidInputError, UnavailableError
from takeback.wire.json import Answer, Request, decode

T = TypeVar("T", bound=Answer)


class AgreementBody(Answer, frozen=True):
    """The text that a company accepts by applying, and a participant when it has changed."""

    version: str
    text: str


class AcceptBody(Request, frozen=True):
    """The version that the participant accepts: the one that it has read."""

    version: Annotated[str, Meta(min_length=1, max_length=40)]


class AgreedBody(Answer, frozen=True):
    """What is kept: the version, and the day on which the participant agreed to it."""

    version: str
    agreed_on: date


def answer_of(body: bytes, shape: type[T]) -> T:
    """Gives what a clearinghouse has answered, or raises UnavailableError where it is nothing of the kind."""
    try:
        return decode(body, shape)
    except InvalidInputError:
        raise UnavailableError("No agreement came. Check the exchange's address in the credentials.") from None
