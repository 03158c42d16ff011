"""What stock clients need of a server, row by row: privacy, and hostile requests."""

from __future__ import annotations

import base64
import socket
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


@pytest.mark.parametrize(
    "lengths",
    [
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "Content-Length: 5\r\nContent-Length: 6\r\n",
        "Content-Length: -1\r\n",
        "Content-Length: 5x\r\n",
        "Transfer-Encoding: chunked, identity\r\n",
    ],
)
def test_a_body_with_two_sizes_smuggles_no_second_request(lengths: str, member: Member) -> None:
    """Whatever is answered, the request that hides behind the body is not."""
    host, port = member.server.url.removeprefix("http://").split(":")
    basic = base64.b64encode(f"{member.user}:{member.password}".encode()).decode()
    hidden = f"GET /hashsharing/v2/members HTTP/1.1\r\nHost: x\r\nAuthorization: Basic {basic}\r\n\r\n"
    request = f"POST {LOOKUP} HTTP/1.1\r\nHost: x\r\nAuthorization: Basic {basic}\r\n{lengths}\r\n0\r\n\r\n{hidden}"
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        connection.sendall(request.encode())
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        while part := connection.recv(65_536):
            answer += part
    assert b"Help lines" not in answer
