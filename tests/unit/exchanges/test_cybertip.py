"""The CyberTipline's client: what each code means, and where nothing is sent."""

from __future__ import annotations

import httpx2
import pytest
import stamina

from takeback.errors import (
    ConflictError,
    InvalidInputError,
    NotAuthorisedError,
    NotFoundError,
    SettingsError,
    TakebackError,
    UnavailableError,
)
from takeback.exchanges.cybertip import TRIES, CyberTipline

MEANS: dict[int, type[TakebackError]] = {
    1000: UnavailableError,
    1111: UnavailableError,
    2000: NotAuthorisedError,
    3100: NotAuthorisedError,
    4100: InvalidInputError,
    4110: InvalidInputError,
    5001: NotFoundError,
    5002: NotFoundError,
}


def answering(code: int, *, status: int = 200, asked: list[str] | None = None) -> CyberTipline:
    """A line to a service that answers everything with one code."""

    def handle(request: httpx2.Request) -> httpx2.Response:
        if asked is not None:
            asked.append(request.url.path)
        description = "<responseDescription>secret of the report</responseDescription>"
        body = f"<reportResponse><responseCode>{code}</responseCode>{description}</reportResponse>"
        return httpx2.Response(status, content=body.encode(), headers={"request-id": "call-7"})

    transport = httpx2.MockTransport(handle)
    return CyberTipline("https://authority.example/ispws", "user", "pass", timeout_s=5, transport=transport)


@pytest.mark.parametrize("code", MEANS)
def test_a_code_means_one_error_though_http_says_200(code: int) -> None:
    with stamina.set_testing(True), answering(code) as line, pytest.raises(MEANS[code]) as raised:
        line.finish("4001")
    assert str(code) in str(raised.value)
    assert "call-7" in str(raised.value)
    assert "secret" not in str(raised.value)


def test_what_has_come_to_its_end_already_is_no_error_and_the_other_end_is_one() -> None:
    with answering(5102) as line:
        assert line.finish("4001").request == "call-7"
        with pytest.raises(ConflictError, match="finished already"):
            line.retract("4001")
    with answering(5101) as line:
        line.retract("4001")
        with pytest.raises(ConflictError, match="retracted already"):
            line.finish("4001")


def test_only_what_may_be_repeated_is_repeated() -> None:
    asked: list[str] = []
    with stamina.set_testing(True, attempts=TRIES), answering(0, status=503, asked=asked) as line:
        with pytest.raises(UnavailableError):
            line.upload("4001", iter([b"x"]), 1)
        assert asked == ["/ispws/upload"]
        with pytest.raises(UnavailableError):
            line.finish("4001")
        assert asked[1:] == ["/ispws/finish"] * TRIES


@pytest.mark.parametrize("url", ["http://authority.example/ispws", "authority.example", "", "ftp://127.0.0.2/"])
def test_nothing_is_sent_without_tls(url: str) -> None:
    with pytest.raises(SettingsError, match="https"):
        CyberTipline(url, "user", "pass", timeout_s=5)


def test_a_repr_holds_no_password() -> None:
    with answering(0) as line:
        assert "pass" not in repr(line)
