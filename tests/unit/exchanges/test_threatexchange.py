"""Our exchange for Meta's `threatexchange`: what is no page of the list is refused before anything of it is kept."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from support.ncmec import page_bytes
from support.stock import Hma
from takeback.errors import UntrustedListError
from takeback.exchanges.threatexchange import TakebackConfig, TakebackCredentials, TakebackExchange
from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.model.entry import Kind
from takeback.wire import ncmec

VALUE = "0f" * 32
ROWS = [ncmec.Row("ab" * 16, Kind.IMAGE, (Fingerprint(FingerprintType.PDQ, bytes.fromhex(VALUE), 100),))]
GOOD = page_bytes(ROWS, at=1_790_000_000, next_=None)
GROWING = b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10 if n else b"b" * 1000) for n in range(9))


class Hostile:
    """A server that answers everything with one page."""

    def __init__(self) -> None:
        self.page, self.asked = b"", 0
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked += 1
                self.send_response(200)
                self.send_header("content-length", str(len(outer.page)))
                self.end_headers()
                self.wfile.write(outer.page)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.url = f"http://127.0.0.1:{self.server.server_port}/hashsharing"


@pytest.fixture
def hostile() -> Iterator[Hostile]:
    made = Hostile()
    made.thread.start()
    yield made
    made.server.shutdown()
    made.thread.join()
    made.server.server_close()


@pytest.fixture
def hma(hostile: Hostile) -> Hma:
    collab = TakebackConfig(name="demo", base_url=hostile.url)
    return Hma(TakebackExchange.for_collab(collab, TakebackCredentials("demo", "word")), collab)


def test_a_page_is_taken(hostile: Hostile, hma: Hma) -> None:
    hostile.page = GOOD
    hma.fetch()
    assert hma.values == {VALUE}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (GOOD, b"not a page"),
        (GOOD, GOOD[:-20]),
        (b"<queryResult", b"<!DOCTYPE x [%b]><queryResult" % GROWING),
        (b"<queryResult", b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><queryResult'),
        (b"<id>", b"<other>"),
        (b' id="900"', b' id="nine"'),
        (VALUE.encode(), b"0f"),
        (b"maxTimestamp", b"max"),
        (b"<image>", b"<audio>"),
        (b"</images>", b"</images><paging><next>@elsewhere.example/v2/entries</next></paging>"),
    ],
    ids=["no XML", "cut", "growing", "a file", "id", "member", "value", "maximum", "kind", "elsewhere"],
)
def test_what_is_no_page_is_refused_whole(
    before: bytes, after: bytes, hostile: Hostile, hma: Hma, caplog: pytest.LogCaptureFixture
) -> None:
    assert before in GOOD
    hostile.page = GOOD.replace(before, after)
    if after.startswith((b"<other", b"<audio")):
        closing = before.replace(b"<", b"</"), after.replace(b"<", b"</")
        hostile.page = hostile.page.replace(*closing)
    with pytest.raises(UntrustedListError) as raised:
        hma.fetch()
    assert (hma.records, hma.checkpoint, hostile.asked) == ({}, None, 1)
    assert VALUE not in f"{raised.value!r}{raised.value.__cause__!r}{caplog.text}"


def test_a_page_that_names_itself_as_the_next_is_not_asked_for_without_end(hostile: Hostile, hma: Hma) -> None:
    hostile.page = page_bytes([], at=1_790_000_000, next_="/v2/entries?cursor=1.2.3")
    with pytest.raises(UntrustedListError):
        hma.fetch()
    assert hostile.asked < 50
