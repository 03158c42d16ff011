"""The audit of what a browser sent: the page's own files, the documented fields, and nothing of the picture."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable
from urllib.parse import quote, urlsplit

from support.recorder import Record, Sent
from takeback.fingerprints.edits import EDIT_NAMES

RUN = 16
_HEX = {"md5": 32, "sha256": 64, "pdq": 64}


def audit(record: Record, *, server: str, pictures: Iterable[bytes], names: Iterable[str], files: set[str]) -> None:
    """Raises AssertionError when anything else was sent than `files` asked for and documented bodies."""
    assert record.requests, "nothing was recorded"
    for sent in record.requests:
        assert sent.address.netloc == urlsplit(server).netloc, f"asked {sent.address.netloc}"
        assert not sent.address.query, "an address carries data"
        assert not {"cookie", "referer", "authorization"} & sent.headers.keys()
        if sent.method == "GET":
            assert sent.address.path in files, f"asked for {sent.address.path}"
            assert not sent.body
        else:
            _check_submission(sent)
    _check_runs(bytes(record.raw), pictures, names)


def _check_submission(sent: Sent) -> None:
    assert (sent.method, sent.address.path) == ("POST", "/v1/submissions"), f"{sent.method} {sent.address.path}"
    body = json.loads(sent.body)
    assert body.keys() == {"age", "entries"}
    assert body["age"] in ("under-18", "unsure")
    for entry in body["entries"]:
        assert entry.keys() == {"receipt", "kind", "fingerprints"}
        assert re.fullmatch("[0-9a-f]{64}", entry["receipt"])
        assert entry["kind"] in ("image", "video")
        for one in entry["fingerprints"]:
            pdq = one["type"] == "pdq"
            assert one.keys() - ({"edit"} if pdq else set()) == {"type", "value"} | ({"quality"} if pdq else set())
            assert one.get("edit", "square") in EDIT_NAMES
            assert re.fullmatch(f"[0-9a-f]{{{_HEX[one['type']]}}}", one["value"])
            assert type(one.get("quality", 0)) is int
    # Nothing hides in the spaces between: the body is exactly these values.
    assert sent.body == json.dumps(body, separators=(",", ":")).encode()


def _check_runs(raw: bytes, pictures: Iterable[bytes], names: Iterable[str]) -> None:
    """No 16 bytes in a row of a file or of its name, plain, in hexadecimal or in base64."""
    sent = {raw[at : at + RUN] for at in range(len(raw) - RUN + 1)}
    for picture in pictures:
        coded = [picture, picture.hex().encode(), *(base64.b64encode(picture[shift:]) for shift in range(3))]
        for content in coded:
            assert not any(content[at : at + RUN] in sent for at in range(len(content) - RUN + 1)), "part of a picture"
    for name in names:
        for form in (name, quote(name)):
            content = form.encode()
            assert not any(content[at : at + RUN] in sent for at in range(max(1, len(content) - RUN + 1))), name
