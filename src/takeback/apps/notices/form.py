"""The page's forms, as browsers send them, made into what the API takes: everything is checked in one place (wire)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import parse_qs

from litestar import Request
from litestar.datastructures import UploadFile

from takeback.errors import InvalidInputError
from takeback.wire.json import decode, encode
from takeback.wire.notices import PartsBody

#: Fields that a form of ours has, at most; one with more is refused unread.
MAX_FIELDS = 60
Fields = Mapping[str, list[str]]


async def fields_of(request: Request[Any, Any, Any]) -> dict[str, list[str]]:
    """Gives the fields of a form, those without a value left out; of a file its text. Raises InvalidInputError."""
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        found: dict[str, list[str]] = {}
        for name, value in (await request.form()).multi_items():
            text = (await value.read()).decode() if isinstance(value, UploadFile) else str(value)
            if text.strip():
                found.setdefault(name, []).append(text)
        return found
    try:
        return parse_qs((await request.body()).decode(), max_num_fields=MAX_FIELDS)
    except ValueError:
        raise InvalidInputError(field="body", problem="is not a form.", remedy="Send the form of the page.") from None


def one(fields: Fields, name: str) -> str:
    """Gives the value of a field, or nothing."""
    return fields.get(name, [""])[0].strip()


def notice_file(fields: Fields, *, service: str, language: str, today: date) -> bytes:
    """Gives the notice that a form says, as the file that a portal would write (spec/notice.md). It is not checked."""
    by = one(fields, "by")
    signed = {"by": by, "name": one(fields, "name"), "authority": one(fields, "authority")}
    said = {
        "format": "takeback-notice",
        "version": 1,
        "language": language,
        "made_on": today.isoformat(),
        "service": service,
        "law": one(fields, "law"),
        "depicted": one(fields, "depicted"),
        "content": one(fields, "content"),
        "computer_made": "computer_made" in fields,
        "places": _places(fields),
        "statements": fields.get("statements", []),
        "circumstances": fields.get("circumstances", []),
        # Why somebody else may ask is a question to somebody else only.
        "signed": {
            name: value for name, value in signed.items() if value and (name != "authority" or by == "authorised")
        },
        "email": one(fields, "email") or None,
    }
    return encode(said)


def parts_body(fields: Fields) -> PartsBody:
    """Gives what a form adds to a notice, or raises InvalidInputError."""
    given = {
        "secret": one(fields, "secret"),
        "places": _places(fields),
        "statements": fields.get("statements", []),
        "authority": one(fields, "authority") or None,
        "name": one(fields, "name") or None,
        "email": one(fields, "email") or None,
    }
    return decode(encode(given), PartsBody)


def _places(fields: Fields) -> list[dict[str, str]]:
    lines = [line.strip() for line in one(fields, "links").splitlines()]
    places = [{"url": line if "://" in line else f"https://{line}"} for line in lines if line]
    account = {"account": one(fields, "account"), "where": one(fields, "where")}
    if account["account"]:
        places.append({name: value for name, value in account.items() if value})
    return places
