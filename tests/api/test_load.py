"""Under load: what waits or dawdles among participants takes no person's place, and nobody is waited for for ever."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest

from support.members import invited
from support.servers import ClearinghouseServer
from support.signing import Signer
from support.submissions import asked, make
from support.waiting import eventually

#: Requests of participants at a time, and seconds for a request to come whole; far less than as it is delivered.
ROOM, LIMIT_S = 2, 0.5
#: Longer than any answer here takes to come.
PATIENCE_S = 10.0
WHOLE = b"GET /health HTTP/1.1\r\nhost: x\r\n\r\n"


@contextmanager
def serving(folder: Path, settings: str) -> Iterator[ClearinghouseServer]:
    server = ClearinghouseServer(folder, publish_interval_s=0.1)
    with server.settings.open("a", encoding="utf-8") as file:
        file.write(settings)
    server.start()
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def sending(server: ClearinghouseServer, part: bytes) -> Iterator[socket.socket]:
    """A connection that sends a part of a request, and then nothing."""
    address = urlsplit(server.url)
    assert address.hostname is not None
    assert address.port is not None
    with socket.create_connection((address.hostname, address.port), timeout=PATIENCE_S) as connection:
        connection.sendall(part)
        yield connection


def half_a_body(path: str) -> bytes:
    head = f"POST {path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 2000\r\n\r\n"
    return head.encode() + b"{" + b" " * 999


def signing(server: ClearinghouseServer) -> Signer:
    credentials = invited(server, "Busy")
    return Signer(credentials.private_key, credentials.participant)


def to_the_end(connection: socket.socket) -> bytes:
    """Gives what comes until the server closes; the connection's own limit fails the test where it stays open."""
    heard = b""
    while more := connection.recv(65_536):
        heard += more
    return heard


def ask(http: httpx2.Client, signer: Signer, wait: int = 0, after: int = 0) -> httpx2.Response:
    target = f"/v1/changes?after={after}&wait={wait}"
    return http.get(target, headers=signer.headers("GET", target))


def until_there_is_room(http: httpx2.Client, signer: Signer, wait: int = 0) -> httpx2.Response:
    """As a client does: to be asked who one is takes room for a moment."""
    return eventually(lambda: answer if (answer := ask(http, signer, wait)).status_code != 503 else None)


def test_people_send_and_take_back_while_participants_fill_their_room(tmp_path: Path) -> None:
    with serving(tmp_path, f"exchange_concurrency = {ROOM}\n") as server, ExitStack() as stack:
        http = stack.enter_context(httpx2.Client(base_url=server.url, timeout=PATIENCE_S))
        signer = signing(server)
        pool = stack.enter_context(ThreadPoolExecutor(3 * ROOM))
        waiting = [pool.submit(until_there_is_room, http, signer, 40) for _ in range(3 * ROOM)]
        first = make(1)
        assert http.post("/v1/submissions", json=first.body).status_code == 201
        woken = [one.result(PATIENCE_S) for one in waiting]
        assert {one.status_code for one in woken} == {200}, "readers that wait take no room, of people or of others"

        slow: list[socket.socket] = []

        def one_more() -> httpx2.Response | None:
            slow.append(stack.enter_context(sending(server, half_a_body("/v1/feedback"))))
            answer = ask(http, signer)
            return answer if answer.status_code == 503 else None

        refused = eventually(one_more)
        assert (refused.json()["code"], refused.headers["retry-after"]) == ("unavailable", "5")
        assert http.post("/v1/submissions", json=make(2).body).status_code == 201
        assert http.post("/v1/receipts/withdraw", json=asked(first.secrets)).status_code == 204
        assert ask(http, signer).status_code == 503, "it was full all the time"
        for one in slow:
            one.close()
        assert until_there_is_room(http, signer).status_code == 200


@pytest.fixture(scope="module")
def impatient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClearinghouseServer]:
    with serving(
        Path(tmp_path_factory.mktemp("impatient")), f"request_timeout_s = {LIMIT_S}\nkeep_alive_s = 60\n"
    ) as server:
        yield server


@pytest.mark.parametrize(
    "part",
    [
        b"",
        b"POST /v1/submissions HTTP/1.1\r\nhost: x\r\n",
        half_a_body("/v1/submissions"),
        half_a_body("/v1/feedback"),
        WHOLE + b"GET /hea",
    ],
    ids=["nothing", "half of the headers", "half of a body", "half of feedback", "half of a second"],
)
def test_what_does_not_come_whole_is_not_waited_for(impatient: ClearinghouseServer, part: bytes) -> None:
    with sending(impatient, part) as connection:
        heard = to_the_end(connection)
    assert heard.count(b"HTTP/1.1") == heard.count(b"HTTP/1.1 200") == part.count(WHOLE)
    assert "unexpected" not in impatient.log_text(), "it is nobody's bug"


def test_an_empty_line_between_requests_keeps_no_connection(impatient: ClearinghouseServer) -> None:
    with sending(impatient, WHOLE) as connection:
        assert connection.recv(65_536).startswith(b"HTTP/1.1 200")
        connection.sendall(b"\r\n")
        to_the_end(connection)


def test_a_reader_that_has_asked_may_wait_longer(impatient: ClearinghouseServer) -> None:
    with httpx2.Client(base_url=impatient.url, timeout=PATIENCE_S) as http:
        signer = signing(impatient)
        answer = ask(http, signer, wait=1)
        assert answer.status_code == 200
        assert answer.elapsed.total_seconds() > LIMIT_S
        assert http.post("/v1/submissions", json=make(3).body).status_code == 201
