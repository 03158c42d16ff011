"""JSON bytes to typed structs, with one clear error that names the field.

Request bodies refuse unknown fields: a field that nobody reads is a mistake of the caller, or something that should
not have been sent. Answers that a client reads tolerate them, so that a server can grow.
"""

from __future__ import annotations

import re
from typing import TypeVar

import msgspec

from takeback.errors import InvalidInputError

T = TypeVar("T")

_PATH = re.compile(r"^(?P<problem>.*?)(?: - at `\$(?P<path>[^`]*)`)?$", re.DOTALL)
#: A field that is missing or unknown stands in msgspec's sentence, and its object in the path.
_NAMED = re.compile(r"(?:missing required|contains unknown) field `(?P<name>[A-Za-z_]{1,30})`$")
#: Any other name may be anything, so it is not repeated.
_STRANGE_NAME = re.compile(r" `(?![A-Za-z_]{1,30}`$).*`", re.DOTALL)
#: msgspec quotes a wrong value in a few messages; the caller's data never goes into an error.
_QUOTED_VALUE = re.compile(r"value '.*'|value -?\d+", re.DOTALL)


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A body that somebody sends us."""


class Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    """A body that a server sends; readers pass over fields that they do not know."""


def decode(body: bytes, shape: type[T], contract: str = "openapi.json") -> T:
    """Gives the typed value of a JSON body, or raises InvalidInputError naming the field and where the shape stands."""
    try:
        return msgspec.json.decode(body, type=shape)
    except msgspec.ValidationError as error:
        found = _PATH.match(str(error))
        path = (found["path"] if found and found["path"] else "").lstrip(".")
        raise wrong_field(path or "body", found["problem"] if found else "", contract) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise not_json() from None


def wrong_field(field: str, expectation: str, contract: str = "openapi.json") -> InvalidInputError:
    """Gives the error for one field, from what msgspec says of it, without the caller's value."""
    named = _NAMED.search(expectation)
    if named:
        field = named["name"] if field == "body" else f"{field}.{named['name']}"
    return InvalidInputError(
        field=field,
        problem=f"is not as it should be: {_without_data(expectation)}.",
        remedy=f"Compare with {contract} and send it again.",
    )


def _without_data(sentence: str) -> str:
    clean = _QUOTED_VALUE.sub("value", sentence)
    return _STRANGE_NAME.sub("", clean) if "field `" in clean else clean


def not_json() -> InvalidInputError:
    """Gives the error for a body that is no JSON at all."""
    return InvalidInputError(field="body", problem="is not JSON.", remedy="Send one JSON object in UTF-8.")


def encode(value: object) -> bytes:
    """Gives the JSON bytes of a struct."""
    return msgspec.json.encode(value)
