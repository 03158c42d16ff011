"""Fingerprints of one picture as `takeback hash` prints them, pasted into a form."""

from __future__ import annotations

import re

from takeback.errors import InvalidInputError
from takeback.fingerprints.types import EDIT_NAME, Fingerprint
from takeback.model.entry import Kind
from takeback.wire.intake import MAX_FINGERPRINTS_PER_ENTRY, FingerprintBody, prints_of

_LINE = re.compile(
    r"(?P<type>md5|sha256|pdq) +(?P<value>[0-9a-f]{32,64})"
    rf"(?: +quality (?P<quality>100|\d{{1,2}}))?(?: +edit (?P<edit>{EDIT_NAME}))?"
)


def picture_of(text: str, *, field: str) -> tuple[Fingerprint, ...]:
    """Gives the fingerprints, held to the rules of intake, or raises InvalidInputError that repeats nothing of them.

    The name of the file is none of them: whoever pastes it is asked to leave it away.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    found = [_LINE.fullmatch(line) for line in lines[: MAX_FINGERPRINTS_PER_ENTRY + 1]]
    bodies = [_body(one) for one in found if one is not None]
    if len(bodies) != len(lines):
        raise InvalidInputError(
            field=field,
            problem="are not the fingerprints of a picture.",
            remedy="Paste the lines that `takeback hash` prints below the name of the file, and not the name.",
        )
    return prints_of(Kind.IMAGE, bodies, field=field)


def _body(line: re.Match[str]) -> FingerprintBody:
    type_, value, quality, edit = line.group("type", "value", "quality", "edit")
    return FingerprintBody(type_, value, None if quality is None else int(quality), edit=edit)  # type: ignore[arg-type]
