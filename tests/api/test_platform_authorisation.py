"""Who may ask what of a platform's agent: every route, and everybody who could. A new route has to be put in here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from pathlib import Path

import httpx2
import pytest

from api.test_desk import TABLE as DESK
from support.agents import AgentServer, file_list
from takeback.apps.agent.app import create_agent
from takeback.errors import SettingsError
from takeback.model.agent_key import KeyRole
from takeback.platform_settings import PlatformSettings


class Who(Enum):
    """Who a route is for."""

    ANYBODY = "anybody"
    SCREEN = KeyRole.SCREEN
    INSTRUCTIONS = KeyRole.INSTRUCTIONS
    ADMIN = KeyRole.ADMIN


#: The page for notices, in the browser's language and in that of the address.
NOTICE = ("/notice", "/notice/{tag:str}")
TABLE = {
    "GET /health": Who.ANYBODY,
    "GET /healthz": Who.ANYBODY,
    "GET /ready": Who.ANYBODY,
    # Uploads.
    "POST /v1/screen": Who.SCREEN,
    "POST /v1/screen/batch": Who.SCREEN,
    "POST /v1/screen/stream": Who.SCREEN,
    "POST /v1/hooks/pict-rs": Who.SCREEN,
    "POST /v1/media/removed": Who.SCREEN,
    "POST /v1/hooks/form": Who.SCREEN,
    # What is known of held content, for a report.
    "POST /v1/evidence/{hold:str}/facts": Who.SCREEN,
    # What to do with content, and how the lists stand.
    "GET /v1/instructions": Who.INSTRUCTIONS,
    "POST /v1/appeals": Who.INSTRUCTIONS,
    "GET /v1/status": Who.ADMIN,
    # Notices: number and secret open one, which is in the body; without them everybody is answered alike.
    "GET /notice/style.css": Who.ANYBODY,
    **{f"GET {base}{path}": Who.ANYBODY for base in NOTICE for path in ("", "/file", "/how", "/status")},
    **{
        f"POST {base}{path}": Who.ANYBODY for base in NOTICE for path in ("", "/file", "/parts", "/status", "/withdraw")
    },
    "POST /v1/notices": Who.ANYBODY,
    **dict.fromkeys((f"POST /v1/notices/{{number:str}}/{one}" for one in ("parts", "status", "withdraw")), Who.ANYBODY),
    "POST /v1/notices/{number:str}/contents": Who.INSTRUCTIONS,
}


CALLERS = ("nobody", "a stranger", "a revoked key", *(role.value for role in KeyRole))


def may(who: Who, caller: str) -> bool:
    """Says what the table means for one caller."""
    if who is Who.ANYBODY:
        return True
    return caller in tuple(KeyRole) and KeyRole(caller).includes(who.value)


def test_every_route_is_in_the_table(tmp_path: Path) -> None:
    app = create_agent(PlatformSettings(data_dir=str(tmp_path)))
    every = {f"{method} {route.path}" for route in app.routes for method in getattr(route, "methods", ())}
    known = {one for one in every if not one.startswith("OPTIONS ") and not one.split(" ")[1].startswith("/schema")}
    assert known == set(TABLE) | {route for route in DESK if "/desk" in route}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AgentServer]:
    folder = tmp_path_factory.mktemp("platform")
    running = AgentServer(folder / "agent", file_list(folder / "list.txt", []))
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def callers(server: AgentServer) -> dict[str, httpx2.Client]:
    keys: dict[str, str | None] = {role.value: server.key(role.value, role) for role in KeyRole}
    revoked = server.key("revoked", KeyRole.ADMIN)
    server.revoke("revoked")
    keys |= {"nobody": None, "a stranger": "tbk.0011223344556677.guess", "a revoked key": revoked}
    return {caller: server.client(key) for caller, key in keys.items()}


@pytest.mark.parametrize("caller", CALLERS)
def test_each_caller_asks_what_the_table_says_and_nothing_else(callers: dict[str, httpx2.Client], caller: str) -> None:
    wrong = []
    for route, who in TABLE.items():
        method, path = route.split(" ")
        filled = re.sub(r"\{\w+:\w+\}", "nothing-such", path)
        answer = callers[caller].request(method, filled)
        let_in = answer.status_code not in (401, 403)
        if answer.status_code >= 500 or let_in != may(who, caller):
            wrong.append(f"{route}: {answer.status_code} for {caller}, though it is for {who.name}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("caller", CALLERS)
def test_no_key_opens_the_desk(callers: dict[str, httpx2.Client], caller: str) -> None:
    wrong = []
    for route, least in DESK.items():
        method, path = route.split(" ")
        if least is None:
            continue
        answer = callers[caller].request(method, re.sub(r"\{\w+:\w+\}", "nothing-such", path))
        if answer.status_code not in (401, 403) and answer.headers.get("location") != "/desk/sign-in":
            wrong.append(f"{route}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)


def test_development_lets_in_programs_on_this_machine_and_nothing_else(tmp_path: Path) -> None:
    server = AgentServer(tmp_path / "agent", "development = true\n" + file_list(tmp_path / "list.txt", []))
    server.start()
    with httpx2.Client(base_url=server.url, timeout=30) as near:
        assert near.get("/v1/status").status_code == 200
        refused = {
            "through a proxy": {"x-forwarded-for": "192.0.2.1"},
            "from a page in a browser": {"origin": "https://elsewhere.example"},
            "by another name": {"host": "rebound.example"},
            "with a wrong key": {"authorization": "Bearer tbk.x.y"},
        }
        answers = {how: near.get("/v1/status", headers=headers).status_code for how, headers in refused.items()}
        assert answers == dict.fromkeys(refused, 401)
    server.stop()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "agent.example"])
def test_development_on_an_address_that_others_reach_does_not_start(tmp_path: Path, host: str) -> None:
    with pytest.raises(SettingsError, match="development"):
        create_agent(PlatformSettings(data_dir=str(tmp_path), host=host, development=True))
