"""Letters by SMTP: over TLS that is proven, or not at all."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword

from support.certificates import self_signed
from support.servers import free_port
from takeback import letters
from takeback.errors import SettingsError, UnavailableError
from takeback.settings import Settings

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not:UserWarning")  # TLS is there from the start
USER, PASSWORD = "list", "p@ss/word"
IN_ADDRESS = "list:p%40ss%2Fword@"


class Box:
    """Takes letters in."""

    def __init__(self) -> None:
        self.letters: list[tuple[str, list[str], EmailMessage]] = []

    async def handle_DATA(self, _server: SMTP, _session: object, envelope: Envelope) -> str:  # noqa: N802 - its name there
        content = envelope.content
        assert isinstance(content, bytes)
        message = message_from_bytes(content, policy=policy.default)
        self.letters.append((envelope.mail_from or "", envelope.rcpt_tos, message))  # type: ignore[arg-type]  # by that policy
        return "250 OK"


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for this machine that signs itself, with its key behind it."""
    return self_signed(tmp_path)


@contextmanager
def server(certificate: Path | None, *, at_once: bool = False) -> Iterator[tuple[Box, int]]:
    """A mail server that begins TLS at once, when it is asked to, or never."""
    box, port, tls = Box(), free_port(), None
    if certificate is not None:
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(certificate)

    def knows(_server: SMTP, _session: object, _envelope: object, _mechanism: str, given: Any) -> AuthResult:
        assert isinstance(given, LoginPassword)
        known = (given.login, given.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=known, handled=False)

    running = Controller(
        box,
        "127.0.0.1",
        port,
        ssl_context=tls if at_once else None,
        tls_context=None if at_once else tls,
        require_starttls=tls is not None and not at_once,
        auth_require_tls=not at_once,
        authenticator=knows,
        auth_required=True,
    )
    running.start()
    try:
        yield box, port
    finally:
        running.stop()


def send(address: str, text: str = "Your code: 12345678\n") -> None:
    settings = Settings(mail_server=address, mail_from="list@example.org")
    letters.send(settings, "safety@photos.example", "Is this you?", text, name="letter-1")


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_letter_arrives_over_tls(scheme: str, certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with server(certificate, at_once=scheme == "smtps") as (box, port):
        send(f"{scheme}://{IN_ADDRESS}localhost:{port}")
        send(f"{scheme}://{IN_ADDRESS}localhost:{port}", "Ваш код: 12345678\n")
    for sender, to, letter in box.letters:
        assert (sender, to) == ("list@example.org", ["safety@photos.example"])
        assert (letter["Subject"], letter["Message-ID"]) == ("Is this you?", "<letter-1@example.org>")
    texts = [letter.get_content().splitlines() for _, _, letter in box.letters]
    assert texts == [["Your code: 12345678"], ["Ваш код: 12345678"]]


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_no_letter_goes_to_a_server_that_cannot_prove_its_name(scheme: str, certificate: Path) -> None:
    with server(certificate, at_once=scheme == "smtps") as (box, port), pytest.raises(UnavailableError) as told:
        send(f"{scheme}://{IN_ADDRESS}localhost:{port}")
    assert box.letters == []
    assert PASSWORD not in str(told.value)


def test_no_letter_goes_in_the_clear() -> None:
    with server(None) as (box, port), pytest.raises(UnavailableError):
        send(f"smtp://localhost:{port}")
    assert box.letters == []


def test_a_wrong_password_and_a_server_that_is_away_are_said(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with server(certificate) as (box, port), pytest.raises(UnavailableError, match="SMTPAuthenticationError"):
        send(f"smtp://list:wrong@localhost:{port}")
    assert box.letters == []
    with pytest.raises(UnavailableError, match="ConnectionRefusedError"):
        send(f"smtp://localhost:{port}")


@pytest.mark.parametrize("address", ["mail.example.org", "http://mail.example.org", "smtp://"])
def test_an_address_that_is_none_is_said(address: str) -> None:
    with pytest.raises(SettingsError, match="mail_server"):
        send(address)
