"""What stock clients need of a server, row by row: privacy, and hostile requests."""

from __future__ import annotations

import base64
import socket
from contextlib import suppress
from typing import Any

import httpx2
import pytest

from support.arachnid import LOOKUP, coded, lookup
from support.hash_sharing import YES
from support.members import Member, listed, own_pdq
from support.servers import ClearinghouseServer


def test_privacy_no_value_lands_in_a_log(server: ClearinghouseServer, member: Member) -> None:
    value = own_pdq(listed(server, 630))[0]
    member.stopncii.post("/SubmitFeedback", json={"hashFeedbacks": [{"feedbackValue": "?", "hashValue": value}]})
    member.stopncii.get(f"/FetchHashes?nextPageToken={value}")
    lookup(member, value)
    member.http.get(f"/v2/entries/{value}")
    member.http.put(f"/v2/entries/900/{value[:32]}/PDQ/feedback", content=YES)
    log = server.log_text()
    for trace in (value, value[:32], coded(value), member.password, *member.keys.values()):
        assert trace not in log


BOMB = (
    b'<!DOCTYPE x [<!ENTITY a "'
    + b"b" * 1000
    + b'">'
    + b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10 if n else b"&a;") for n in range(9))
    + b"]><feedbackSubmission><affirmative>&a8;</affirmative></feedbackSubmission>"
)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<feedbackSubmission/>",
        b"<other><affirmative/></other>",
        b"<feedbackSubmission><affirmative/><negative/></feedbackSubmission>",
        b'<!DOCTYPE x [<!ENTITY a "b">]><feedbackSubmission><affirmative/></feedbackSubmission>',
        b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><feedbackSubmission><affirmative/></feedbackSubmission>',
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><feedbackSubmission>&a;</feedbackSubmission>',
        BOMB,
        b"<feedbackSubmission><affirmative>" * 3000,
        b"<a>" * 60_000,
        "<feedbackSubmission><affirmative/></feedbackSubmission>".encode("utf-16")[:-1],
        b"\x00" * 1000,
    ],
    ids=range(12),
)
def test_xml_attacks_are_no_vote(body: bytes, member: Member) -> None:
    answer = member.http.put(f"/v2/entries/900/{'ab' * 16}/PDQ/feedback", content=body)
    assert (answer.status_code, answer.json()["field"]) == (400, "body")
    assert "root:" not in answer.text


@pytest.mark.parametrize("announced", [True, False])
def test_oversize_bodies_are_refused(announced: bool, member: Member) -> None:
    body = b" " * 300_000
    content: Any = body if announced else iter([body[:100_000]] * 3)
    vote = member.http.put(f"/v2/entries/900/{'ab' * 16}/PDQ/feedback", content=content)
    content = body if announced else iter([body[:100_000]] * 3)
    said = member.stopncii.post("/SubmitFeedback", content=content)
    content = body if announced else iter([body[:100_000]] * 3)
    asked = httpx2.post(f"{member.server.url}{LOOKUP}", auth=(member.user, member.password), content=content)
    assert {answer.status_code for answer in (vote, said, asked)} == {413}


INTAKE, HEALTH, FETCH = "/v1/submissions", "/health", "/stopncii/v1/FetchHashes"


#: Ends the connection, once it is read as a request of its own.
LAST = f"GET {HEALTH} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


def exchanged(server: ClearinghouseServer, sent: str) -> bytes:
    """Gives everything that is answered on one connection, until the server ends it: at LAST, or where it gives up."""
    host, port = server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall((sent + LAST).encode())
        answer = b""
        with suppress(ConnectionResetError):  # it may end without reading on
            while part := connection.recv(65_536):
                answer += part
    return answer


def basic(member: Member) -> str:
    coded_ = base64.b64encode(f"{member.user}:{member.password}".encode()).decode()
    return f"Host: x\r\nAuthorization: Basic {coded_}\r\n"


def hidden(member: Member) -> str:
    """A request that would be answered by what no other request here is."""
    return f"GET /hashsharing/v2/members HTTP/1.1\r\n{basic(member)}\r\n"


def test_the_request_that_is_hidden_would_be_answered(member: Member) -> None:
    """Alone, and behind another whose body ends where it says: so what is looked for below can be found."""
    alone = exchanged(member.server, hidden(member))
    assert alone.startswith(b"HTTP/1.1 200")
    assert b"Help lines" in alone
    for path in (LOOKUP, INTAKE):
        first = f"POST {path} HTTP/1.1\r\n{basic(member)}Content-Length: 2\r\n\r\n{{}}"
        both = exchanged(member.server, first + hidden(member))
        assert both.count(b"HTTP/1.1 ") == 3
        assert b"Help lines" in both


@pytest.mark.parametrize("path", [LOOKUP, INTAKE])
@pytest.mark.parametrize(
    "lengths",
    [
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "Content-Length: {whole}\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: {whole}\r\n",
        "Content-Length: {whole}\r\nTransfer-Encoding : chunked\r\n",
        "Content-Length: 5\r\nContent-Length: {whole}\r\n",
        "Content-Length: -1\r\n",
        "Content-Length: 5x\r\n",
        "Transfer-Encoding: chunked, identity\r\n",
    ],
)
def test_a_body_with_two_sizes_smuggles_no_second_request(path: str, lengths: str, member: Member) -> None:
    """Whatever is answered, the request that hides behind the body is not."""
    behind = hidden(member)
    lengths = lengths.format(whole=5 + len(behind))
    request = f"POST {path} HTTP/1.1\r\n{basic(member)}{lengths}\r\n0\r\n\r\n{behind}"
    assert b"Help lines" not in exchanged(member.server, request)


@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
@pytest.mark.parametrize("path", [HEALTH, FETCH, LOOKUP, INTAKE, "/nothing-such"])
def test_a_body_that_nobody_reads_is_no_second_request(path: str, method: str, member: Member) -> None:
    """A route that does not read its body must not leave it on the connection (CL.0)."""
    body = hidden(member)
    request = f"{method} {path} HTTP/1.1\r\n{basic(member)}Content-Length: {len(body)}\r\n\r\n{body}"
    answer = exchanged(member.server, request)
    assert answer.count(b"HTTP/1.1 ") == 2, "this one, and the last"
    assert b"Help lines" not in answer
