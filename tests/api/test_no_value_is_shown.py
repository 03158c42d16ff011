"""Neither page nor command shows a fingerprint, but the one that an administrator asks for, which is noted."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import httpx2
import pytest
from click.testing import Result
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from support.commands import operators_commands, run_command
from support.console import COOKIE, ConsoleDesk
from support.console_data import fill
from support.servers import ClearinghouseServer
from takeback.apps.clearinghouse import Zone, create_app
from takeback.clearinghouse import two_person
from takeback.clock import SystemClock
from takeback.model.operator import AUTHORITY_ROLES, Operator, Role
from takeback.model.proposal import ProposalKind
from takeback.settings import Settings
from takeback.staff.negative import addition
from takeback.staff.sessions import csrf_token
from takeback.storage import audit, entry_prints
from takeback.storage.schema import entry

#: Commands that change something, or go on for ever.
NOT_HERE = {("db", "rekey"), ("log", "publish"), ("serve", "clearinghouse")}
#: A public picture that is only proposed: whoever is to carry it out has to compare its values.
PROPOSED = hashlib.sha256(b"a flag").digest()


@dataclass
class Filled:
    """A console with a month behind it, one operator of each role, and every value that the list knows."""

    desk: ConsoleDesk
    ids: dict[str, str]
    operators: dict[Role, Operator]
    browsers: dict[Role, httpx2.Client]
    values: set[bytes]

    def ask(self, role: Role, path: str) -> httpx2.Response:
        return self.browsers[role].get(self.desk.server.url + path)

    def send(self, role: Role, path: str) -> httpx2.Response:
        http = self.browsers[role]
        return http.post(self.desk.server.url + path, data={"csrf": csrf_token(http.cookies[COOKIE])})


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    server = ClearinghouseServer(Path(tmp_path_factory.mktemp("no-values")), publish_interval_s=0.1)
    server.start()
    desk = ConsoleDesk(server)
    operators = {role: desk.add(f"The {role.value}", role) for role in AUTHORITY_ROLES}
    ana = operators[Role.ADMINISTRATOR]
    ids = desk.on_database(lambda database: fill(database, ana))
    logo = addition("A flag", (f"pdq:{PROPOSED.hex()}",))
    kind = ProposalKind.ADD_NEGATIVE
    desk.on_database(lambda db: two_person.propose(db, SystemClock(), ana, kind, logo.subject, logo.details))

    async def values(connection: AsyncConnection) -> set[bytes]:
        every = list((await connection.execute(select(entry.c.id))).scalars())
        prints = await entry_prints.fingerprints_of(connection, every)
        return {one.value for of_one in prints.values() for one in of_one}

    browsers = {role: desk.browser(desk.token(operator)) for role, operator in operators.items()}
    yield Filled(desk, ids, operators, browsers, desk.on_database(lambda db: db.run("values", values)))
    for http in browsers.values():
        http.close()
    server.stop()


def pages(folder: Path, ids: dict[str, str]) -> list[str]:
    """Gives the address of every page, those with forms for each kind of proposal."""
    app = create_app(Settings(data_dir=str(folder)), only=Zone.CONSOLE)
    routes = {route.path for route in app.routes if "GET" in getattr(route, "methods", ())}
    found = []
    for path in sorted(one for one in routes if one.startswith("/console")):
        which = re.fullmatch(r"/console/(\w+?)s?/\{\w+:str\}", path)
        filled_in = [ids[which[1]]] if which else [""]
        filled_in += [ids["verified"]] if which and which[1] == "application" else []
        found += [re.sub(r"\{\w+:str\}", id_, path) for id_ in filled_in]
    found += [f"/console/proposals/new?kind={kind.value}" for kind in two_person.CHANGES]
    return [*found, f"/console/entry?entry={ids['entry']}", f"/console/decoys?participant={ids['participant']}"]


@cache
def written(value: bytes) -> set[str]:
    """Every way in which a value may stand in a page."""
    plain, for_urls = base64.b64encode(value).decode(), base64.urlsafe_b64encode(value).decode()
    return {value.hex(), value.hex().upper(), plain.rstrip("="), for_urls.rstrip("=")}


def shown(text: str, values: set[bytes]) -> set[bytes]:
    return {value for value in values if any(form in text for form in written(value))}


@pytest.mark.parametrize("role", AUTHORITY_ROLES)
def test_no_page_shows_a_value(filled: Filled, tmp_path: Path, role: Role) -> None:
    assert len(filled.values) > 100
    opened, wrong = 0, []
    for path in pages(tmp_path, filled.ids):
        answer = filled.ask(role, path)
        opened += answer.status_code == 200
        if shown(answer.text, filled.values):
            wrong.append(path)
        elif shown(answer.text, {PROPOSED}) and path != "/console/proposals":
            wrong.append(f"{path}: a value of the negative list")
    assert not wrong
    assert opened > {Role.VIEWER: 8, Role.OPERATOR: 20, Role.ADMINISTRATOR: 25}[role], opened


def test_whoever_may_carry_it_out_sees_what_is_proposed_for_the_negative_list(filled: Filled) -> None:
    seen = {role: PROPOSED.hex() in filled.ask(role, "/console/proposals").text for role in AUTHORITY_ROLES}
    assert seen == {role: role.includes(Role.OPERATOR) for role in AUTHORITY_ROLES}


def test_an_administrator_who_asks_is_shown_one_entry_and_it_is_noted(filled: Filled) -> None:
    def noted() -> list[str]:
        told = filled.desk.on_database(lambda database: database.run("events", audit.events))
        return [one for one in told if one.endswith(":show-values")]

    path = f"/console/entry/{filled.ids['entry']}/fingerprints"
    for role in AUTHORITY_ROLES:
        answer = filled.send(role, path)
        seen = shown(answer.text, filled.values)
        if role is Role.ADMINISTRATOR:
            assert (answer.status_code, len(seen)) == (200, 2)
        else:
            assert (answer.status_code, seen, noted()) == (403, set(), [])
    assert noted() == [f"{filled.operators[Role.ADMINISTRATOR].id}:entry/{filled.ids['entry']}:show-values"]


def test_no_command_shows_a_value_but_to_an_administrator_who_asks(filled: Filled) -> None:
    def said(*words: str) -> Result:
        return run_command(*words, "--settings", str(filled.desk.server.settings), env={"COLUMNS": "250"})

    readable = {words: one.params for words, one in operators_commands() if words not in NOT_HERE}
    asked = [words for words, params in readable.items() if not any(one.required for one in params)]
    assert len(asked) > 10
    for words in [*asked, ("entry", "show", filled.ids["entry"])]:
        for form in ([], ["--json"]):
            done = said(*words, *form)
            assert not shown(done.output, filled.values), words
            public = words in (("negative", "list"), ("proposal", "list"))
            assert public or not shown(done.output, {PROPOSED}), words
    show = ("entry", "show", filled.ids["entry"], "--values", "--operator")
    for role, operator in filled.operators.items():
        done = said(*show, operator.name)
        expected = (0, 2) if role is Role.ADMINISTRATOR else (3, 0)
        assert (done.exit_code, len(shown(done.output, filled.values))) == expected, role
