"""What comes over the wire: the first screen, and all code for photographs. A larger page fails here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Request

from support.languages import BUILT
from support.pictures import photograph
from support.portal_page import PortalPage
from support.servers import ClearinghouseServer

FIRST_SCREEN_BYTES = 30_000
PHOTOGRAPHS_BYTES = 60_000
OFFERED = sorted(folder.parent.name for folder in BUILT.glob("*/pages.json"))


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context()
    yield context
    context.close()


def asked_for(context: BrowserContext) -> list[Request]:
    """Gives what will have been asked for, workers' scripts too."""
    asked: list[Request] = []
    context.on("requestfinished", lambda request: asked.append(request))  # noqa: PLW0108 - it marks what it is given
    return asked


def transferred(asked: list[Request]) -> int:
    """Gives the bytes of all answers as they were transferred, headers too."""
    sizes = [request.sizes() for request in asked]
    return sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes)


@pytest.mark.parametrize("tag", OFFERED)
def test_the_first_screen_is_small(context: BrowserContext, portal: ClearinghouseServer, tag: str) -> None:
    asked = asked_for(context)
    page = context.new_page()
    page.goto(f"{portal.url}/{tag}", wait_until="networkidle")
    assert page.get_by_role("heading", level=1).is_visible()
    table = {request.url.rpartition("/")[2]: request.sizes()["responseBodySize"] for request in asked}
    assert len(asked) >= 4
    assert transferred(asked) <= FIRST_SCREEN_BYTES, table


def test_the_code_for_photographs_is_small(
    context: BrowserContext, portal: ClearinghouseServer, tmp_path: Path
) -> None:
    """Every script and wasm file from the first byte to the fingerprints of a JPEG."""
    asked = asked_for(context)
    (tmp_path / "picture.jpg").write_bytes(photograph("rocket.jpg"))
    page = PortalPage(context.new_page(), portal.url)
    page.begin()
    page.choose([tmp_path / "picture.jpg"])
    names = {request.url.rpartition("/")[2] for request in asked if request.url.endswith((".js", ".wasm"))}
    code = {name: (BUILT / "assets" / f"{name}.br").stat().st_size for name in names}
    assert any(name.startswith("worker-") for name in names), "the worker was seen"
    assert sum(code.values()) <= PHOTOGRAPHS_BYTES, code


@pytest.mark.parametrize("accepted", ["br", "gzip", "identity", "gzip;q=0, br;q=0"])
def test_assets_and_pages_come_as_the_browser_takes_them(
    portal: ClearinghouseServer, context: BrowserContext, accepted: str
) -> None:
    script = next(BUILT.glob("assets/index-*.js"))
    for path in ("/", "/en", f"/assets/{script.name}"):
        answer = context.request.get(f"{portal.url}{path}", headers={"accept-encoding": accepted})
        assert answer.headers.get("content-encoding", "identity") == (accepted if ";" not in accepted else "identity")
        assert answer.headers["vary"] == "accept-encoding"
    assert answer.body() == script.read_bytes()
    assert "immutable" in answer.headers["cache-control"]


def test_answers_about_a_receipt_are_never_compressed(portal: ClearinghouseServer, context: BrowserContext) -> None:
    """A compressed answer has a size that tells what is in it."""
    answer = context.request.post(
        f"{portal.url}/v1/receipts/status", data={"secrets": ["0" * 64] * 128}, headers={"accept-encoding": "br, gzip"}
    )
    assert "content-encoding" not in answer.headers
    assert len(answer.body()) % 32_768 == 0
