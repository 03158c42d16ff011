"""Readers that wait for news, and pages in the encoding that a reader takes."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest

from support.members import invited, listed, withdraw
from support.servers import ClearinghouseServer
from support.signing import Signer
from takeback.clearinghouse.keys import list_key
from takeback.exchanges.takeback import TakebackExchange
from takeback.fingerprints.types import Fingerprint
from takeback.model.change import Tombstone, Upsert
from takeback.participant.hash_list import HashList
from takeback.wire import changes as wire
from takeback.wire import signed


def target(after: int, wait: int = 0) -> str:
    return f"/v1/changes?after={after}&limit=5000" + (f"&wait={wait}" if wait else "")


def get(http: httpx2.Client, signer: Signer, what: str, **headers: str) -> httpx2.Response:
    answer = http.get(what, headers={**signer.headers("GET", what), **headers})
    assert answer.status_code == 200, answer.text
    return answer


def head_of(http: httpx2.Client, signer: Signer) -> int:
    """Reads to the end of the feed, however much other tests have put on it."""
    page = wire.page(get(http, signer, target(0)).content)
    while not page.complete:
        page = wire.page(get(http, signer, target(page.next)).content)
    return page.next


def test_a_reader_that_waits_has_a_change_at_once(
    server: ClearinghouseServer, http: httpx2.Client, signer: Signer
) -> None:
    made = listed(server, 5000, 1)
    head = head_of(http, signer)
    with ThreadPoolExecutor(1) as pool:
        for act, kind in (
            (lambda: listed(server, 5001, 1), Upsert),
            (lambda: withdraw(server, made.secrets[0]), Tombstone),
        ):
            waiting = pool.submit(get, http, signer, target(head, wait=40))
            time.sleep(0.3)  # it is most likely waiting; were it not, the answer would be the same
            assert not waiting.done(), "there is nothing new"
            act()
            begun = time.monotonic()
            page = wire.page(waiting.result(30).content)
            assert time.monotonic() - begun < 20, "not after all of its time"
            assert isinstance(page.changes[-1], kind)
            head = page.next


def test_a_wait_ends(http: httpx2.Client, signer: Signer) -> None:
    head = head_of(http, signer)
    page = wire.page(get(http, signer, target(head, wait=1)).content)
    assert (page.changes, page.complete) == ((), True)


def test_the_server_stops_though_somebody_waits(tmp_path_factory: pytest.TempPathFactory) -> None:
    own = ClearinghouseServer(tmp_path_factory.mktemp("stops"), publish_interval_s=0.1)
    own.settings.write_text(own.settings.read_text() + "stop_grace_s = 5\n")
    own.start()
    given = invited(own, "Waits")
    signer = Signer(given.private_key, given.participant)
    with httpx2.Client(base_url=own.url, timeout=60) as http, ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(lambda: http.get(target(0, 40), headers=signer.headers("GET", target(0, 40))))
        time.sleep(0.5)  # so that the request is there; the test holds without it too
        begun = time.monotonic()
        own.stop()
        assert time.monotonic() - begun < 20, "not after all of the reader's time"
        assert waiting.exception(20) is None or isinstance(waiting.exception(), httpx2.HTTPError)


@pytest.mark.parametrize(
    ("accepted", "came"),
    [
        ("gzip", "gzip"),
        ("zstd", "zstd"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("zstd;q=0, gzip;q=0.5", "gzip"),
        ("*", "gzip"),
        ("identity", None),
        ("", None),
        ("br;q=x", None),
    ],
)
def test_a_page_comes_in_the_encoding_that_is_taken(
    accepted: str, came: str | None, server: ClearinghouseServer, http: httpx2.Client, signer: Signer
) -> None:
    listed(server, 5010, 10)
    plain = get(http, signer, target(0), **{"accept-encoding": "identity"})
    answer = get(http, signer, target(0), **{"accept-encoding": accepted})
    assert answer.headers.get("content-encoding") == came
    assert answer.headers["vary"] == "accept-encoding"
    key = list_key(server.data).public_key()
    signed.verify(answer.content, answer.headers[signed.HEADER], key)
    assert wire.page(answer.content).changes == wire.page(plain.content).changes
    if came is not None:
        assert int(answer.headers["content-length"]) < 0.7 * len(plain.content)


def test_the_sdk_waits(server: ClearinghouseServer, tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("waits") / "list.db"
    with HashList.open(file) as list_, TakebackExchange(invited(server, "Waits for news")) as exchange:
        list_.sync(exchange)
        before = list_.replica.position().digest.entries
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(list_.sync, exchange, wait_s=40)
            made = listed(server, 5020, 2)
            report = waiting.result(30)
        while report.entries < before + 2:
            report = list_.sync(exchange, wait_s=40)
        md5 = made.body["entries"][0]["fingerprints"][0]["value"]
        assert Fingerprint.parse("md5", md5)
