"""The console over real HTTP: its cookie, its forms, its headers, and how sessions begin and end."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from litestar import Litestar, Router, get
from litestar.testing import TestClient
from sqlalchemy import text

from support.authenticator import Authenticator
from support.console import COOKIE, ConsoleDesk, csrf_in
from support.members import Member
from support.servers import ClearinghouseServer
from takeback.apps.clearinghouse import Zone, create_app
from takeback.apps.console.pages import failed
from takeback.apps.staff.access import cookie, guard
from takeback.clearinghouse.installation import LEAST_FREE, shown
from takeback.clearinghouse.keys import KEYS, open_database
from takeback.clock import SystemClock
from takeback.model.operator import Role
from takeback.settings import Settings
from takeback.staff.operators import all_operators, close_account
from takeback.staff.passkeys import Ceremonies
from takeback.staff.sessions import csrf_token
from takeback.staff.site import Site
from takeback.storage import sessions
from takeback.storage.database import Database


@pytest.fixture(scope="module")
def desk(server: ClearinghouseServer) -> ConsoleDesk:
    return ConsoleDesk(server)


@pytest.fixture(scope="module")
def device(desk: ConsoleDesk) -> Authenticator:
    return desk.enrolled("Console tests", Role.OPERATOR)


@pytest.fixture
def http(desk: ConsoleDesk, device: Authenticator) -> Iterator[httpx2.Client]:
    """A browser that is signed in."""
    with desk.browser() as client:
        assert desk.sign_in(client, device).status_code == 303
        yield client


def signed_in(desk: ConsoleDesk, http: httpx2.Client) -> bool:
    answer = http.get(desk.url)
    assert (answer.status_code, answer.headers.get("location")) in [(200, None), (303, "/console/sign-in")]
    return answer.status_code == 200


def test_who_cannot_show_that_it_forgets_is_marked(http: httpx2.Client, desk: ConsoleDesk, tmp_path: Path) -> None:
    member = Member(desk.server, "Forgetful", tmp_path)
    listed = http.get(f"{desk.url}/participants").text
    row = next(one for one in listed.split("<tr>") if f"/participants/{member.id}" in one)
    assert "cannot show that it forgets" in row
    assert "Cannot show that it forgets" in http.get(f"{desk.url}/participants/{member.id}").text
    told = json.loads(desk.server.run("participant", "list", "--json"))
    assert {one["id"]: one["cannot_show_that_it_forgets"] for one in told}[member.id]
    desk.server.run("participant", "header-keys", member.id, "--end")
    assert member.stopncii.get("/FetchHashes").status_code == 401
    assert "annot show that it forgets" not in http.get(f"{desk.url}/participants/{member.id}").text


def test_the_cookie_is_of_this_host_alone_and_for_no_script() -> None:
    told = cookie(Site.of(Settings(staff_url="https://console.example")), "token").to_header(header="")
    assert told == "__Host-takeback-console=token; HttpOnly; Path=/; SameSite=strict; Secure"


def test_on_localhost_the_cookie_works_without_tls(desk: ConsoleDesk, device: Authenticator) -> None:
    with desk.browser() as http:
        cookie = desk.sign_in(http, device).headers["set-cookie"]
    assert re.fullmatch(COOKIE + r"=[\w-]{43}; HttpOnly; Path=/; SameSite=strict", cookie)


def test_a_token_that_somebody_planted_is_never_a_session(desk: ConsoleDesk, device: Authenticator) -> None:
    planted = "p" * 43
    with desk.browser(planted) as http:
        answer = desk.sign_in(http, device)
    assert planted not in answer.headers["set-cookie"]
    with desk.browser(planted) as thief:
        assert not signed_in(desk, thief)


def test_signing_in_again_ends_the_session_before(
    desk: ConsoleDesk, device: Authenticator, http: httpx2.Client
) -> None:
    before = http.cookies[COOKIE]
    assert desk.sign_in(http, device).status_code == 303
    assert http.cookies[COOKIE] != before
    assert signed_in(desk, http)
    with desk.browser(before) as old:
        assert not signed_in(desk, old)


def test_signing_out_ends_it_here_and_there(desk: ConsoleDesk, http: httpx2.Client) -> None:
    token = http.cookies[COOKIE]
    answer = http.post(f"{desk.url}/sign-out", data={"csrf": csrf_token(token)})
    assert answer.status_code == 303
    assert answer.headers["clear-site-data"] == '"cache", "storage"'
    assert "Max-Age=0" in answer.headers["set-cookie"]
    with desk.browser(token) as again:
        assert not signed_in(desk, again)


@pytest.mark.parametrize("column", ["seen_at", "begun_at"])
def test_a_session_ends_by_the_clock(desk: ConsoleDesk, http: httpx2.Client, column: str) -> None:
    assert signed_in(desk, http)
    digest = hashlib.sha256(http.cookies[COOKIE].encode()).digest()

    async def make_old(database: Database) -> None:
        statement = text(f"UPDATE console_session SET {column} = '2026-01-01 00:00:00.000000' WHERE digest = :digest")  # noqa: S608
        await database.run("make-old", lambda connection: connection.execute(statement, {"digest": digest}))

    desk.on_database(make_old)
    assert not signed_in(desk, http)
    # It is over for good, not only while the clock says so.
    kept = desk.on_database(lambda database: database.run("find", lambda c: sessions.find(c, digest)))
    assert kept is None


def test_a_closed_account_is_out_at_once(desk: ConsoleDesk) -> None:
    desk.enrolled("Stays", Role.ADMINISTRATOR)
    device = desk.enrolled("Leaves", Role.ADMINISTRATOR)
    with desk.browser() as http:
        desk.sign_in(http, device)
        assert signed_in(desk, http)
        leaves = {one.name: one.id for one in desk.on_database(all_operators)}["Leaves"]
        desk.on_database(lambda database: close_account(database, SystemClock(), leaves))
        assert not signed_in(desk, http)
        assert desk.sign_in(http, device).status_code == 401


@pytest.mark.parametrize(
    ("headers", "token", "status"),
    [
        ({"origin": "https://evil.example"}, "own", 403),
        ({"origin": "null"}, "own", 403),
        ({"origin": ""}, "own", 403),
        ({"sec-fetch-site": "cross-site"}, "own", 403),
        ({"sec-fetch-site": "same-site"}, "own", 403),
        ({}, "none", 403),
        ({}, "another's", 403),
        ({"content-type": "application/json"}, "own", 400),
        ({"content-type": "text/plain"}, "own", 400),
    ],
)
def test_a_form_of_anywhere_else_does_nothing(
    desk: ConsoleDesk, http: httpx2.Client, headers: dict[str, str], token: str, status: int
) -> None:
    csrf = {"own": csrf_token(http.cookies[COOKIE]), "none": "", "another's": csrf_token("another")}[token]
    body = {"content": f"csrf={csrf}"} if "content-type" in headers else {"data": {"csrf": csrf}}
    answer = http.post(f"{desk.url}/sign-out", headers=headers, **body)  # type: ignore[arg-type]
    assert answer.status_code == status, answer.text
    assert signed_in(desk, http)


def test_signing_in_from_another_site_is_refused(desk: ConsoleDesk, device: Authenticator) -> None:
    with desk.browser() as http:
        http.headers["origin"] = "https://evil.example"
        assert desk.sign_in(http, device).status_code == 401
        assert not http.cookies


def test_pages_carry_their_forms_token_and_nothing_may_frame_or_keep_them(
    desk: ConsoleDesk, http: httpx2.Client
) -> None:
    token = http.cookies[COOKIE]
    for path in ("", "/participants", "/audit", "/account", "/participants/none", "/settings", "/sign-in", "/enrol"):
        answer = http.get(desk.url + path)
        policy = answer.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in policy, path
        assert "default-src 'none'" in policy, path
        assert "unsafe" not in policy, path
        assert answer.headers["cache-control"] == "no-store", path
        assert csrf_in(answer) == csrf_token(token), path
        assert token not in answer.text, path
        assert not re.search(r"<script(?![^>]* src=)|<style|\sstyle=|\son\w+=", answer.text), path


def test_what_is_typed_in_is_text(desk: ConsoleDesk, http: httpx2.Client) -> None:
    nasty = '"><script>alert(1)</script>'
    answer = http.get(f"{desk.url}/audit", params={"actor": nasty, "done": nasty})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    for wrong in ({"since": "yesterday"}, {"before": "x"}, {"actor": "x" * 121}):
        assert http.get(f"{desk.url}/audit", params=wrong).status_code == 400


def test_secrets_stand_on_no_page_of_settings(desk: ConsoleDesk) -> None:
    with desk.browser(desk.token(desk.add("Reads settings", Role.ADMINISTRATOR))) as http:
        page = http.get(f"{desk.url}/settings").text
    assert "staff_idle_s" in page
    assert "Seconds without a request" in page
    secret = Settings(database_url="postgresql+psycopg://user:word@db.example/takeback?password=word2")
    assert shown(secret, "database_url") == "postgresql+psycopg://…@db.example/takeback"
    assert shown(Settings(fingerprint_keys="1:secret"), "fingerprint_keys") == "set, and not shown here"
    assert shown(Settings(public_url="https://list.example"), "public_url") == "https://list.example"


def test_health_tells_what_is_well_and_what_is_not(desk: ConsoleDesk) -> None:
    def verdicts() -> dict[str, str]:
        found = re.findall(r'(?s)<li class="(\w+)">\s*<strong>(.*?): [\w ]+</strong>\s*<span>', http.get(page).text)
        return {name: how for how, name in found}

    page, key = f"{desk.url}/health", desk.server.data / KEYS[0]
    usage = shutil.disk_usage(desk.server.data)
    room = "well" if usage.free / usage.total >= LEAST_FREE else "unwell"
    keys = {f"Key: {name}": "well" for name in KEYS}
    with desk.browser(desk.token(desk.add("Reads health", Role.VIEWER))) as http:
        assert verdicts() == {"Database": "well", "Publisher": "well", **keys, "Disk": room}
        aside = key.rename(key.with_suffix(".aside"))
        try:
            assert verdicts()[f"Key: {key.name}"] == "unwell"
            assert "look at this" in http.get(page).text
        finally:
            aside.rename(key)


def test_a_route_that_names_no_role_lets_nobody_in(tmp_path: Path) -> None:
    @get("/forgotten", sync_to_thread=False)
    def forgotten() -> str:
        return "secret"

    settings, clock = Settings(data_dir=str(tmp_path)), SystemClock()
    database = open_database(settings)
    guards = [guard(database, clock, Ceremonies(database, clock, settings))]
    handlers: dict[Any, Any] = {Exception: failed}
    router = Router("/console", route_handlers=[forgotten], guards=guards, exception_handlers=handlers)
    with TestClient(Litestar([router])) as client:
        answer = client.get("/console/forgotten")
    assert (answer.status_code, "secret" in answer.text) == (401, False)


def test_a_zone_runs_alone_and_the_console_can_be_off(tmp_path: Path) -> None:
    def paths(only: Zone | None = None, *, console: bool = True) -> set[str]:
        app = create_app(Settings(data_dir=str(tmp_path), console=console), only=only)
        return {route.path for route in app.routes}

    everywhere = {"/health", "/ready"}
    mine = {"portal": "/v1/submissions", "exchange": "/v1/changes", "console": "/console"}
    for zone in Zone:
        there = paths(zone)
        assert everywhere < there
        assert {path for path in mine.values() if path in there} == {mine[zone.value]}
    assert not [path for path in paths(console=False) if path.startswith("/console")]
