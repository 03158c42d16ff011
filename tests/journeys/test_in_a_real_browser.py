"""The whole story in a real Chromium, with real photographs; and an audit of every byte that the page sends."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page

from support.audit import audit
from support.pictures import half_size_jpeg, photograph
from support.portal_page import PortalPage
from support.recorder import Record, Sent, recording
from support.servers import ROOT, ClearinghouseServer, PhotoshareServer
from support.walk import walk

PORTAL = ROOT / "src" / "takeback" / "apps" / "static" / "portal"
CAMERA, SOFTWARE = 0x010F, 0x0131


def test_a_fingerprint_travels_and_comes_back(
    chromium: Browser, clearinghouse: ClearinghouseServer, photoshare: PhotoshareServer, tmp_path: Path
) -> None:
    """Choose, send, held on upload as a half-size copy, confirmed, seen on the receipt, taken back, forgotten."""
    pictures, copies = tmp_path / "pictures", tmp_path / "copies"
    pictures.mkdir()
    copies.mkdir()
    for name in ("chelsea.png", "coffee.png", "rocket.jpg"):
        (pictures / name).write_bytes(photograph(name))
        (copies / f"{name}.jpg").write_bytes(half_size_jpeg(photograph(name)))
    steps = list(
        walk(
            chromium,
            portal=clearinghouse.url,
            site=photoshare.url,
            password=PhotoshareServer.PASSWORD,
            pictures=pictures,
            copies=copies,
        )
    )
    assert "taken back" in steps[-1]


def test_only_the_page_and_the_fingerprints_travel(
    chromium: Browser, clearinghouse: ClearinghouseServer, tmp_path: Path
) -> None:
    """Every byte from opening the page to the receipt is recorded; nothing of the pictures is among them."""
    files = {
        tmp_path / "Holiday at the lake with Sam 2019.jpg": _with_camera_data(photograph("rocket.jpg")),
        tmp_path / "IMG_20190704_121314159265.png": photograph("chelsea.png"),
        tmp_path / "photo from phone of Alex.webp": _as(photograph("coffee.png"), "WEBP"),
        tmp_path / "a plain drawing without detail.gif": _as_drawing(),
    }
    for path, content in files.items():
        path.write_bytes(content)
    with recording(clearinghouse.url) as record:
        context = chromium.new_context(proxy={"server": record.proxy, "bypass": "<-loopback>"})
        page = context.new_page()
        troubles = _troubles_of(page)
        person = PortalPage(page, clearinghouse.url)
        person.begin()
        person.choose(list(files))
        for number in range(1, len(files) + 1):
            assert person.tile(number).locator("img, canvas, video").count() == 0, "a tile shows no picture"
        person.send()
        assert len(person.words().split()) == 6
        assert context.cookies() == []
        assert page.evaluate("localStorage.length + sessionStorage.length") == 0
        assert page.evaluate("indexedDB.databases()") == []
        context.close()
    assert troubles == []
    submissions = [sent for sent in record.requests if sent.method == "POST"]
    assert len(submissions) == 1
    assert submissions[0].body.count(b'"receipt"') == len(files)
    audit(
        record,
        server=clearinghouse.url,
        pictures=files.values(),
        names=[path.name for path in files],
        files={"/", *(f"/assets/{file.name}" for file in (PORTAL / "assets").iterdir())},
    )


@pytest.mark.parametrize("leak", ["picture", "name", "base64", "host", "field", "query", "spaces"])
def test_the_audit_finds_what_it_is_for(leak: str) -> None:
    """The audit above would fail for each of these."""
    server, picture, name = "http://127.0.0.1:1", photograph("rocket.jpg"), "Holiday at the lake.jpg"
    submission = b'{"age":"under-18","entries":[]}'
    body, address = submission, f"{server}/v1/submissions"
    raw = b"POST /v1/submissions HTTP/1.1\r\n\r\n" + body
    match leak:
        case "picture":
            raw += picture[5000:5016]
        case "name":
            raw += name.encode()
        case "base64":
            raw += base64.b64encode(picture[100:130])
        case "host":
            address = "http://127.0.0.1:2/v1/submissions"
        case "field":
            body = b'{"age":"under-18","entries":[],"device":"x"}'
        case "query":
            address += "?x=1"
        case "spaces":
            body = body.replace(b",", b", ")
    record = Record("", [Sent("POST", urlsplit(address), {}, body)], bytearray(raw))
    with pytest.raises(AssertionError):
        audit(record, server=server, pictures=[picture], names=[name], files={"/"})


def _troubles_of(page: Page) -> list[str]:
    """What the console complains about: a broken security policy among it."""
    troubles: list[str] = []
    page.on("console", lambda message: troubles.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    return troubles


def _with_camera_data(jpeg: bytes) -> bytes:
    exif = Image.Exif()
    exif[CAMERA] = "A camera that belongs to somebody"
    exif[SOFTWARE] = "Edited at home on a Tuesday"
    out = io.BytesIO()
    Image.open(io.BytesIO(jpeg)).save(out, "JPEG", exif=exif, quality=90)
    return out.getvalue()


def _as(picture: bytes, kind: str) -> bytes:
    out = io.BytesIO()
    Image.open(io.BytesIO(picture)).convert("RGB").save(out, kind)
    return out.getvalue()


def _as_drawing() -> bytes:
    out = io.BytesIO()
    Image.new("P", (320, 200), 7).save(out, "GIF")
    return out.getvalue()
