"""A participant accepts a new agreement itself, over real HTTP: by a request that it signs, the SDK and a command."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from api.test_bad_input import problem
from support.commands import run_command
from support.console import ConsoleDesk
from support.joining import EVERY_TYPE
from support.members import invited, on_database
from support.servers import ClearinghouseServer
from support.signing import Signer
from takeback.apps.clearinghouse import Zone, create_app
from takeback.clearinghouse import participants
from takeback.clock import SystemClock
from takeback.errors import ConflictError, SuspendedError
from takeback.exchanges.takeback import connect
from takeback.model.application import Agreement
from takeback.model.operator import Role
from takeback.settings import Settings
from takeback.storage import audit
from takeback.storage import participants as stored
from takeback.wire.credentials import credentials, credentials_bytes

TARGET = "/v1/agreement"
CLOCK = SystemClock()
FIRST = Agreement("hotline-1", "To check.", EVERY_TYPE, "DE,FR", CLOCK.now().date().replace(year=2020, day=1))


class Clearinghouse(ClearinghouseServer):
    """One with an agreement of its own, which changes."""

    def says(self, version: str) -> None:
        (self.folder / "agreement.txt").write_text(f"{version}\n\nBe kind.\n\nBe \x1b[31mquick.\n")

    def member(self, name: str) -> Path:
        """Gives the credentials of a participant that has agreed to the first version."""
        file = self.invited(name)
        id_ = credentials(file.read_bytes()).participant
        on_database(self, lambda database: database.run("agree", lambda c: stored.agree(c, id_, FIRST)))
        return file

    def invited(self, name: str) -> Path:
        """Gives the credentials of one without an agreement."""
        file = self.folder / f"{name}.json"
        file.write_bytes(credentials_bytes(invited(self, name)))
        return file

    def agreed(self, file: Path) -> Agreement:
        """What is kept."""
        found = on_database(self, lambda database: database.read("agreements", stored.agreements))
        return found[credentials(file.read_bytes()).participant]

    def noted(self, file: Path) -> list[str]:
        """The audit's events about it, after those of inviting it."""
        id_ = credentials(file.read_bytes()).participant
        told = on_database(self, lambda database: database.run("events", audit.events))
        return [one for one in told if f":{id_}:" in one and not one.endswith(":invite")]


@pytest.fixture(scope="module")
def clearinghouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clearinghouse]:
    server = Clearinghouse(tmp_path_factory.mktemp("agreeing"))
    with server.settings.open("a") as settings:
        settings.write(f'agreement_file = "{server.folder / "agreement.txt"}"\n')
    server.says("hotline-1")
    server.start()
    server.says("hotline-2")
    yield server
    server.stop()


def send(server: Clearinghouse, signer: Signer, body: bytes, headers: dict[str, str] | None = None) -> httpx2.Response:
    signed = headers or dict(signer.headers("POST", TARGET, body))
    return httpx2.post(f"{server.url}{TARGET}", content=body, headers={**signed, "content-type": "application/json"})


def test_the_sdk_accepts_the_version_of_now_and_no_other(clearinghouse: Clearinghouse) -> None:
    file = clearinghouse.member("By the SDK")
    with connect(file) as exchange:
        current = exchange.agreement()
        assert (current.version, current.text) == ("hotline-2", "Be kind.\n\nBe \x1b[31mquick.")
        with pytest.raises(ConflictError, match="version is hotline-2 now"):
            exchange.agree("hotline-1")
        assert clearinghouse.agreed(file) == FIRST
        assert clearinghouse.noted(file) == []
        days = {exchange.agree(current.version) for _ in range(2)}
        now = clearinghouse.agreed(file)
        assert days == {now.agreed_on}
        assert now.agreed_on > FIRST.agreed_on
        assert (now.version, now.purpose, now.types, now.regions) == ("hotline-2", "To check.", EVERY_TYPE, "DE,FR")
        assert clearinghouse.noted(file) == [f"{exchange.participant}:{exchange.participant}:agreed-anew"]
        desk = ConsoleDesk(clearinghouse)
        with desk.browser(desk.token(desk.add("Looks", Role.VIEWER))) as http:
            page = http.get(f"{clearinghouse.url}/console/participants/{exchange.participant}").text
        assert f"<bdi>hotline-2</bdi>, on {now.agreed_on}" in page
        on_database(clearinghouse, lambda database: participants.suspend(database, CLOCK, exchange.participant))
        clearinghouse.says("hotline-3")
        with pytest.raises(SuspendedError):
            exchange.agree("hotline-3")
        clearinghouse.says("hotline-2")
        assert clearinghouse.agreed(file) == now


def test_a_request_counts_once_as_it_was_signed(clearinghouse: Clearinghouse) -> None:
    file, body = clearinghouse.member("By hand"), b'{"version":"hotline-2"}'
    signer = Signer.of(file)
    other = Signer.of(clearinghouse.member("Somebody else"))
    problem(httpx2.post(f"{clearinghouse.url}{TARGET}", json=json.loads(body)), 401, "not-authorised")
    for wrong in (
        dict(signer.headers("POST", TARGET, b'{"version":"hotline-1"}')),
        dict(signer.headers("POST", "/v1/feedback", body)),
        dict(Signer(other.key, signer.key_id).headers("POST", TARGET, body)),
    ):
        problem(send(clearinghouse, signer, body, wrong), 401, "not-authorised")
    for bad, field in (
        (b"{}", "version"),
        (b'{"version":""}', "version"),
        (b'{"version":"hotline-2","yes":1}', "yes"),
    ):
        assert problem(send(clearinghouse, signer, bad), 400, "invalid-input")["field"] == field
    assert clearinghouse.agreed(file) == FIRST
    headers = dict(signer.headers("POST", TARGET, body))
    taken = send(clearinghouse, signer, body, headers)
    assert taken.json() == {"version": "hotline-2", "agreed_on": str(clearinghouse.agreed(file).agreed_on)}
    assert taken.headers["cache-control"] == "no-store"
    problem(send(clearinghouse, signer, body, headers), 401, "not-authorised")
    alone = Signer.of(clearinghouse.invited("Without one"))
    assert "/join" in problem(send(clearinghouse, alone, body), 409, "conflict")["detail"]


def test_both_are_where_the_exchange_is_alone(tmp_path: Path) -> None:
    app = create_app(Settings(data_dir=str(tmp_path)), only=Zone.EXCHANGE)
    (methods,) = [getattr(route, "methods", ()) for route in app.routes if route.path == TARGET]
    assert {"GET", "POST"} <= set(methods)


def test_the_command_shows_the_text_and_asks(clearinghouse: Clearinghouse) -> None:
    file = clearinghouse.member("By command")
    for typed in ("n\n", ""):
        done = run_command("agree", str(file), typed=typed)
        assert (done.exit_code, done.stdout) == (1, "hotline-2\nBe kind.\n\nBe \\x1b[31mquick.\n")
        assert "agree to hotline-2? [y/N]" in done.stderr
    assert clearinghouse.agreed(file) == FIRST
    done = run_command("agree", str(file), typed="y\n")
    day = clearinghouse.agreed(file).agreed_on
    assert (done.exit_code, clearinghouse.agreed(file).version) == (0, "hotline-2")
    assert done.stderr.endswith(f"agreed to hotline-2 on {day}.\n")
    other = clearinghouse.member("Has read it")
    assert run_command("agree", str(other), "--yes").exit_code == 0
    assert clearinghouse.agreed(other).version == "hotline-2"
    refused = run_command("agree", str(clearinghouse.invited("By itself")), "--yes")
    assert (refused.exit_code, refused.stderr.count("\n")) == (5, 1)
