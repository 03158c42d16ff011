"""`make demo`: it starts, says what to try, stops with Ctrl-C, and goes on with the same data."""

from __future__ import annotations

import os
import re
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2

from support.person import Person
from support.servers import ROOT, free_port
from support.waiting import eventually

#: Seconds from the command to the addresses, once everything is installed (the issue's limit for a later start).
START_SECONDS = 60


def command(data: Path, *words: object) -> list[str]:
    ports = {"--portal-port": free_port(), "--site-port": free_port()}
    options = [str(word) for pair in ports.items() for word in pair]
    return [sys.executable, str(ROOT / "scripts" / "demo.py"), "--data", str(data), *options, *map(str, words)]


@contextmanager
def running(data: Path) -> Iterator[str]:
    """Gives what the demo prints until it waits; ends it with Ctrl-C."""
    process = subprocess.Popen(
        command(data), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env={**os.environ, "PYTHONUNBUFFERED": "1"}
    )
    assert process.stdout is not None
    try:
        yield until(process, "Ctrl-C stops everything.")
    finally:
        process.send_signal(signal.SIGINT)
        rest = process.communicate(timeout=30)[0].decode()
    assert process.returncode == 0
    assert "goes on with the same data" in rest


def until(process: subprocess.Popen[bytes], last: str) -> str:
    printed, deadline = "", time.monotonic() + START_SECONDS
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)  # type: ignore[arg-type]
        while last not in printed:
            assert time.monotonic() < deadline, printed
            assert process.poll() is None, printed
            if selector.select(timeout=1):
                printed += os.read(process.stdout.fileno(), 65_536).decode()  # type: ignore[union-attr]
    return printed


def addresses(printed: str) -> tuple[str, str]:
    portal, site = re.findall(r"http://127\.0\.0\.1:\d+", printed)[:2]
    return portal, site


def shown(site: str) -> int:
    return httpx2.get(site).text.count('src="/pictures/')


def test_it_starts_stops_and_goes_on(tmp_path: Path) -> None:
    data = tmp_path / "demo"
    with running(data) as printed:
        portal, site = addresses(printed)
        assert shown(site) == 4
        person = Person(portal)
        person.send((data / "pictures" / "coffee.png").read_bytes())
        eventually(lambda: shown(site) == 3, because="the old copy is held")
    for address in (portal, site):
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", int(address.rsplit(":", 1)[1]))) != 0, "it has stopped"
    with running(data) as printed:
        portal, site = addresses(printed)
        assert shown(site) == 3
        person.portal = portal
        assert person.status()["state"] == "listed"


def test_a_taken_port_is_a_clear_message(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = subprocess.run(
            command(tmp_path / "demo", "--site-port", port), capture_output=True, text=True, check=False, timeout=60
        )
    assert done.returncode == 1
    assert f"port {port} is taken" in done.stderr
    assert "--site-port" in done.stderr
    assert "Traceback" not in done.stderr
