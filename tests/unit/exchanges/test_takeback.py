"""The client side of the exchange: what it believes, what it tries again, and what it says."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import httpx2
import pytest
import stamina
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from support.exchange_simulator import NOON
from takeback.clock import ManualClock
from takeback.errors import (
    ConflictError,
    InvalidInputError,
    NotAuthorisedError,
    SuspendedError,
    TakebackError,
    TooLargeError,
    UnavailableError,
    UntrustedListError,
)
from takeback.exchanges import takeback as module
from takeback.exchanges.takeback import TRIES, TakebackExchange
from takeback.model.change import ChangePage
from takeback.model.feedback import ActionTaken, Feedback, Verdict
from takeback.model.hits import Hits
from takeback.model.list_digest import EMPTY
from takeback.wire import changes, signed
from takeback.wire.credentials import Credentials

LIST_KEY, OWN_KEY = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
PAGE = changes.page_bytes(ChangePage("a.example/list", "p-1", 0, 0, NOON, (), EMPTY))
Handler = Callable[[httpx2.Request], httpx2.Response]


@pytest.fixture(autouse=True)
def without_pauses() -> Iterator[None]:
    with stamina.set_testing(True, attempts=TRIES):
        yield


def exchange(handler: Handler) -> TakebackExchange:
    given = Credentials("https://a.example", "p-1", "a.example/list", OWN_KEY, LIST_KEY.public_key())
    return TakebackExchange(given, clock=ManualClock(NOON), transport=httpx2.MockTransport(handler))


def answering(status: int, content: bytes, **headers: str) -> Handler:
    return lambda _: httpx2.Response(status, content=content, headers=headers)


def test_a_page_with_the_list_s_signature_is_believed() -> None:
    page = exchange(answering(200, PAGE, **{signed.HEADER: signed.sign(PAGE, LIST_KEY)})).changes(0, 10)
    assert page.list_id == "a.example/list"


@pytest.mark.parametrize(
    "signature",
    ["", "x", signed.sign(PAGE, OWN_KEY), signed.sign(PAGE + b" ", LIST_KEY)],
    ids=["none", "no signature", "another's", "of another page"],
)
def test_any_other_signature_is_not(signature: str) -> None:
    with pytest.raises(UntrustedListError, match="Nothing was kept"):
        exchange(answering(200, PAGE, **{signed.HEADER: signature})).changes(0, 10)


def test_an_endless_answer_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_ANSWER_BYTES", len(PAGE) - 1)
    with pytest.raises(UntrustedListError, match="bytes"):
        exchange(answering(200, PAGE, **{signed.HEADER: signed.sign(PAGE, LIST_KEY)})).changes(0, 10)


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_busy_server_is_asked_again_and_then_given_up(status: int) -> None:
    asked: list[str] = []

    def busy(request: httpx2.Request) -> httpx2.Response:
        asked.append(request.headers["signature-input"])
        return httpx2.Response(status)

    with pytest.raises(UnavailableError, match="sync again later"):
        exchange(busy).changes(0, 10)
    assert len(set(asked)) == TRIES, "each try is signed anew: none is taken twice"


def test_a_broken_connection_is_tried_again() -> None:
    asked: list[int] = []

    def flaky(_: httpx2.Request) -> httpx2.Response:
        asked.append(1)
        if len(asked) < TRIES:
            raise httpx2.ConnectError("no route")
        return httpx2.Response(200, content=PAGE, headers={signed.HEADER: signed.sign(PAGE, LIST_KEY)})

    assert exchange(flaky).changes(0, 10).complete


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (401, b'{"code": "not-authorised", "detail": "Sign it."}', NotAuthorisedError),
        (403, b'{"code": "suspended", "detail": "Ask why."}', SuspendedError),
        (409, b'{"code": "conflict", "detail": "It contradicts."}', ConflictError),
        (400, b'{"code": "invalid-input", "field": "after", "detail": "Begin with 0."}', InvalidInputError),
        (413, b'{"code": "too-large", "field": "body", "detail": "Send less."}', TooLargeError),
        (500, b"<html>", UnavailableError),
        (302, b"", UnavailableError),
        (418, b'{"code": "something-new", "detail": "Be patient."}', UnavailableError),
    ],
)
def test_a_refusal_becomes_the_error_of_our_tree(status: int, body: bytes, error: type[TakebackError]) -> None:
    with pytest.raises(error) as raised:
        exchange(answering(status, body)).send_feedback((Feedback("ab" * 16, Verdict.WRONG, ActionTaken.KEPT),))
    assert type(raised.value) is error


def test_feedback_goes_in_parts() -> None:
    sizes: list[int] = []

    def count(request: httpx2.Request) -> httpx2.Response:
        sizes.append(request.content.count(b'"entry"'))
        return httpx2.Response(200, content=b"{}")

    verdicts = tuple(Feedback(f"{n:032x}", Verdict.WRONG, ActionTaken.KEPT) for n in range(2500))
    exchange(count).send_feedback(verdicts)
    assert sizes == [1000, 1000, 500]


def test_hits_go_coarsely_and_in_parts() -> None:
    bodies: list[bytes] = []

    def keep(request: httpx2.Request) -> httpx2.Response:
        bodies.append(request.content)
        return httpx2.Response(200, content=b"{}")

    exchange(keep).send_hits(tuple(Hits(f"{n:032x}", NOON.date(), 57) for n in range(1001)))
    assert [body.count(b'"count":30}') for body in bodies] == [1000, 1]


def test_a_key_is_never_shown() -> None:
    made = exchange(answering(200, b""))
    assert OWN_KEY.private_bytes_raw().hex() not in repr(vars(made))
    assert repr(made) == "TakebackExchange('https://a.example')"


@pytest.mark.parametrize("content", [b"<html>", b"{}", b'{"version": 1}'])
def test_what_is_no_agreement_is_none(content: bytes) -> None:
    asked = exchange(answering(200, content))
    for ask in (asked.agreement, lambda: asked.agree("takeback-1")):
        with pytest.raises(UnavailableError, match="address"):
            ask()
