"""The public log over real HTTP: as files, for a participant, and for whoever has the six words."""

from __future__ import annotations

import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from support.logged import identity_of, live_for_days
from support.person import root_of, secret_of
from support.servers import TAKEBACK, ClearinghouseServer
from support.submissions import Made, asked
from support.waiting import eventually
from takeback import HashList, PublicLog, connect
from takeback.errors import UntrustedListError
from takeback.exchanges.receipt import Proven, prove, secrets_of
from takeback.model.public_log import listed_leaf, opening
from takeback.model.receipt import receipt_digest
from takeback.wire.tiles import path, proven_leaves, width_of

WORDS = "abacus abdomen abide ablaze able abrasive"
SECRETS = secrets_of(f" {WORDS.upper()} ")


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ClearinghouseServer, list[Made]]]:
    running = ClearinghouseServer(Path(tmp_path_factory.mktemp("log")), publish_interval_s=0.1)
    with running.settings.open("a") as settings:
        settings.write("log_interval_s = 0.2\n")
    theirs = {0: (SECRETS[0], SECRETS[1]), 2: (SECRETS[7],)}
    made = live_for_days(running.data, of=theirs, withdrawn={1: SECRETS[1]})
    running.start()
    yield running, made
    running.stop()


@pytest.fixture
def server(lived: tuple[ClearinghouseServer, list[Made]]) -> ClearinghouseServer:
    return lived[0]


@pytest.fixture
def log(server: ClearinghouseServer) -> Iterator[PublicLog]:
    with PublicLog(f"{server.url}/log", httpx2.get(f"{server.url}/log/key").text) as opened:
        yield opened


def test_files_are_served_as_they_are(server: ClearinghouseServer, log: PublicLog) -> None:
    answer = httpx2.get(f"{server.url}/log/checkpoint")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=5"
    assert answer.text.startswith("test.example/list/log\n")
    size, served = 0, []
    while size != log.checkpoint().size:  # a log that grows meanwhile may have put full tiles in place of parts
        size = log.checkpoint().size
        served = [httpx2.get(f"{server.url}/log/{path(level, 0, width_of(0, 0, size))}") for level in (0, None)]
    for answer in served:
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["content-type"] == "application/octet-stream"
    assert httpx2.get(f"{server.url}/log/key").text == f"{identity_of(server.data).verifier}\n"
    assert len(list(proven_leaves(log.fetch, log.checkpoint()))) >= size


@pytest.mark.parametrize(
    "where",
    [
        *("tile/0/999", "tile/0/000.p/0", "tile/0/../../log.lock", "tile/64/000"),
        *("tile/0/%2e%2e/%2e%2e/%2e%2e/log-signing-key", "tile/..%2f..%2flog-signing-key", "tile/entries/000.p/01"),
        *("tile/0/000.new", "tile//etc/passwd", "tile/0/x00/000", "log-signing-key"),
    ],
)
def test_nothing_else_is_served(server: ClearinghouseServer, where: str) -> None:
    assert httpx2.get(f"{server.url}/log/{where}").status_code == 404


def test_a_participant_finds_every_state_that_it_was_given(
    server: ClearinghouseServer, log: PublicLog, tmp_path: Path
) -> None:
    exchange = connect(server.invite("Looks into the log"))
    with HashList.open(tmp_path / "list.db") as hashlist:
        hashlist.sync(exchange)
        eventually(lambda: hashlist.check_log(log).found)
        hashlist.sync(exchange)  # the same state once more is found once more
        eventually(lambda: hashlist.check_log(log).found)
        assert hashlist.check_log(log).waiting == 0


def test_a_participant_that_got_another_list_finds_out(
    server: ClearinghouseServer, log: PublicLog, tmp_path: Path
) -> None:
    """One entry more than others got; the digest of the page fits, and the log does not have it."""
    exchange = connect(server.invite("Is lied to"))
    with HashList.open(tmp_path / "list.db") as hashlist:
        hashlist.sync(exchange)
        with sqlite3.connect(tmp_path / "list.db") as database:
            database.execute("UPDATE given_state SET entries = entries + 1, digest = randomblob(32), issued = 0")
        with pytest.raises(UntrustedListError, match="not in the public log"):
            hashlist.check_log(log)


def test_a_log_that_is_not_the_one_seen_before_is_refused(
    server: ClearinghouseServer, log: PublicLog, tmp_path: Path
) -> None:
    exchange = connect(server.invite("Sees a fork"))
    with HashList.open(tmp_path / "list.db") as hashlist:
        hashlist.sync(exchange)
        hashlist.check_log(log)
        with sqlite3.connect(tmp_path / "list.db") as database:
            database.execute("UPDATE read_log SET root = randomblob(32)")
        with pytest.raises(UntrustedListError, match="does not go on"):
            hashlist.check_log(log)


def test_the_words_prove_what_is_listed_and_what_is_gone(server: ClearinghouseServer, log: PublicLog) -> None:
    assert SECRETS[:2] == (secret_of(root_of(WORDS), 0), secret_of(root_of(WORDS), 1))
    eventually(lambda: set(prove(server.url, log, SECRETS, days=9).listed) == {0, 7})
    assert set(prove(server.url, log, SECRETS, days=9).gone) == {1}
    assert prove(server.url, log, SECRETS, days=1).gone == {}, "it was gone before that"
    assert prove(server.url, log, secrets_of(WORDS.replace("able", "acid")), days=9) == Proven({}, {})
    asked_with = ("audit", "receipt", server.url, "--key", str(log.key))
    done = subprocess.run([TAKEBACK, *asked_with], input=f"{WORDS}\n", capture_output=True, text=True, check=True)
    for said in ("picture 1: on the list", "picture 2: taken back", "picture 8: on the list"):
        assert said in done.stdout
    assert WORDS not in done.stdout + done.stderr


def test_the_words_find_the_entry(lived: tuple[ClearinghouseServer, list[Made]], log: PublicLog) -> None:
    server, made = lived
    secret = made[0].secrets[1]

    def asking() -> httpx2.Response:
        return httpx2.post(f"{server.url}/v1/receipts/log", json=asked([made[2].secrets[0], secret]))

    eventually(lambda: asking().json()["entries"][0])  # the last day is closed by the server itself
    answer = asking()
    assert len(answer.content) % 32_768 == 0
    said = answer.json()["entries"]
    assert len(said) == 128
    assert said[2:] == [{}] * 126
    leaves = dict(proven_leaves(log.fetch, log.checkpoint()))
    opened = opening(receipt_digest(bytes.fromhex(secret)))
    assert leaves[said[1]["leaf"]] == listed_leaf(opened, bytes.fromhex(said[1]["content"]))
    assert leaves[said[0]["leaf"]] != listed_leaf(opened, bytes.fromhex(said[0]["content"]))
    httpx2.post(f"{server.url}/v1/receipts/withdraw", json=asked([made[2].secrets[0]])).raise_for_status()
    assert asking().json()["entries"][0] == {}, "unknown and withdrawn answer alike"
