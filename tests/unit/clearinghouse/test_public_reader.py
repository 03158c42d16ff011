"""A domain that somebody else has chosen leads nowhere but to a small text on the public internet."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import dns.asyncresolver
import dns.resolver
import httpx2
import pytest

from support import loops
from support.certificates import self_signed
from takeback.clearinghouse import public_reader
from takeback.clearinghouse.public_reader import MAX_BYTES, PublicReader, is_public
from takeback.errors import UnavailableError

PATH = "/.well-known/takeback-verification.txt"
PUBLIC = "93.184.215.14"


@pytest.mark.parametrize(
    "address",
    [
        *(
            "127.0.0.1",
            "10.0.0.1",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
        ),
        *("255.255.255.255", "198.18.0.1", "192.0.2.1", "240.0.0.1", "::1", "::", "fe80::1", "fd00::1", "ff02::1"),
        *(
            "::ffff:127.0.0.1",
            "::ffff:93.184.215.14",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2001:0:7f00:1::",
            "fe80::1%lo",
        ),
        *("not an address", "", "127.1", "0x7f000001"),
    ],
)
def test_an_address_that_is_not_public_is_never_asked(address: str) -> None:
    assert not is_public(address)

    async def both(_: str) -> list[str]:
        return [PUBLIC, address]

    reader = PublicReader(both, httpx2.MockTransport(lambda _: pytest.fail("it was asked")))
    with pytest.raises(UnavailableError, match="not public"):
        loops.run(reader.file("photos.example", PATH))


@pytest.mark.parametrize("address", [PUBLIC, "1.1.1.1", "2606:4700:4700::1111"])
def test_others_are(address: str) -> None:
    assert is_public(address)


async def streamed(text: bytes) -> AsyncIterator[bytes]:
    yield text


def read(answer: httpx2.Response | Exception, asked: list[httpx2.Request] | None = None) -> str:
    async def here(_: str) -> list[str]:
        return [PUBLIC]

    def give(request: httpx2.Request) -> httpx2.Response:
        if asked is not None:
            asked.append(request)
        if isinstance(answer, Exception):
            raise answer
        return answer

    return loops.run(PublicReader(here, httpx2.MockTransport(give)).file("photos.example", PATH))


def test_the_checked_address_is_asked_in_the_domains_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    asked: list[httpx2.Request] = []
    assert read(httpx2.Response(200, content=streamed(b"a token\n")), asked) == "a token\n"
    (request,) = asked
    assert (str(request.url), request.headers["host"]) == (f"https://{PUBLIC}{PATH}", "photos.example")
    assert request.extensions["sni_hostname"] == "photos.example"


@pytest.mark.parametrize("status", [301, 302, 307, 308, 404, 500])
def test_nothing_is_followed(status: int) -> None:
    asked: list[httpx2.Request] = []
    with pytest.raises(UnavailableError, match=str(status)):
        read(httpx2.Response(status, headers={"location": "http://169.254.169.254/"}, text="x"), asked)
    assert len(asked) == 1


def test_a_text_without_end_is_left() -> None:
    given = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal given
        while True:
            given += 1_000
            yield b"x" * 1_000

    with pytest.raises(UnavailableError, match="over"):
        read(httpx2.Response(200, content=endless()))
    assert given < 2 * MAX_BYTES


def test_a_packed_text_is_not_unpacked() -> None:
    with pytest.raises(UnavailableError):
        read(
            httpx2.Response(200, headers={"content-encoding": "gzip"}, content=streamed(b"\x1f\x8b" + bytes(MAX_BYTES)))
        )


def test_who_dawdles_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(public_reader, "TOTAL_S", 0.05)

    async def slowly() -> AsyncIterator[bytes]:
        await asyncio.Event().wait()
        yield b""

    with pytest.raises(UnavailableError, match="within"):
        read(httpx2.Response(200, content=slowly()))


@pytest.mark.parametrize("failure", [httpx2.ConnectError("x"), httpx2.ReadError("x"), OSError("x")])
def test_what_fails_says_nothing_of_the_network(failure: Exception) -> None:
    with pytest.raises(UnavailableError, match="did not answer over https") as raised:
        read(failure)
    assert "x" not in str(raised.value).split()


def test_records_are_read_in_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    class Record:
        strings = (b"takeback-", b"verification=abc")

    async def answered(name: str, kind: str, lifetime: float) -> list[Record]:
        assert (name, kind) == ("photos.example", "TXT")
        assert lifetime <= 10
        return [Record()]

    monkeypatch.setattr(dns.asyncresolver, "resolve", answered)
    assert loops.run(PublicReader().txt("photos.example")) == ["takeback-verification=abc"]

    async def silent(*_: object, **__: object) -> None:
        raise dns.resolver.NXDOMAIN

    monkeypatch.setattr(dns.asyncresolver, "resolve", silent)
    with pytest.raises(UnavailableError):
        loops.run(PublicReader().txt("photos.example"))


@pytest.mark.parametrize(("name", "trusted"), [("photos.example", True), ("other.example", False)])
def test_the_certificate_has_to_be_the_domains(name: str, trusted: bool, tmp_path: Path) -> None:
    """A real connection: the address is an address, and still the certificate has to name the domain."""
    certificate = self_signed(tmp_path, name)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(10)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)

        def serve() -> None:
            raw, _ = listener.accept()
            try:
                with context.wrap_socket(raw, server_side=True) as connection:
                    connection.recv(4096)
                    connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\ntoken")
            except OSError:
                raw.close()

        server = threading.Thread(target=serve)
        server.start()
        port = listener.getsockname()[1]
        transport = httpx2.AsyncHTTPTransport(verify=ssl.create_default_context(cafile=certificate))

        async def ask() -> str:
            return await PublicReader(transport=transport, port=port)._get("photos.example", "127.0.0.1", PATH)

        def asked() -> str:
            return loops.run(ask())

        try:
            if trusted:
                assert asked() == "token"
            else:
                with pytest.raises(httpx2.ConnectError, match="certificate"):
                    asked()
        finally:
            server.join(10)
