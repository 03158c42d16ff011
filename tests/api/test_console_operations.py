"""What operators do all day, at the console over real HTTP: applications, entries, bursts, decoys, leaving."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import httpx2
import pytest
from litestar import Litestar
from litestar.di import Provide
from litestar.testing import TestClient

from api.test_joining import BODY
from support import loops
from support.console import COOKIE, LONG, ConsoleDesk
from support.held import hold
from support.joining import EVERY_TYPE, Domains, applying
from support.servers import ClearinghouseServer
from support.submissions import make
from support.waiting import eventually
from takeback.apps.console import console_router
from takeback.clearinghouse import applications, participants
from takeback.clearinghouse.keys import open_database, password_key
from takeback.clearinghouse.verification import PublicReader
from takeback.clock import SystemClock
from takeback.errors import EDGES, ConflictError
from takeback.model.application import Agreement
from takeback.model.entry import EntryState
from takeback.model.operator import Operator, Role
from takeback.model.participant import Participant, ParticipantState
from takeback.model.receipt import receipt_digest
from takeback.model.suspension import SuspendedBy
from takeback.model.view import View
from takeback.settings import Settings
from takeback.staff import sessions
from takeback.staff.operators import add_operator
from takeback.staff.sessions import csrf_token
from takeback.storage import audit, entries
from takeback.storage import participants as stored_participants
from takeback.storage.database import Database
from takeback.storage.migrate import migrate

T = TypeVar("T")
CLOCK = SystemClock()
CONFLICT = EDGES[ConflictError.code].status


class Browser:
    """Somebody who is signed in, and does what the forms of the pages do."""

    def __init__(self, desk: ConsoleDesk, http: httpx2.Client, operator: Operator) -> None:
        self.desk, self.http, self.operator = desk, http, operator

    def get(self, path: str) -> httpx2.Response:
        return self.http.get(self.desk.url + path, follow_redirects=True)

    def post(self, path: str, **fields: str) -> httpx2.Response:
        csrf = csrf_token(self.http.cookies[COOKIE])
        return self.http.post(self.desk.url + path, data={"csrf": csrf, **fields}, follow_redirects=True)


@pytest.fixture(scope="module")
def desk(server: ClearinghouseServer) -> ConsoleDesk:
    return ConsoleDesk(server)


@contextmanager
def browsing(desk: ConsoleDesk, name: str, role: Role) -> Iterator[Browser]:
    operator = desk.add(name, role)
    with desk.browser(desk.token(operator)) as http:
        yield Browser(desk, http, operator)


@pytest.fixture(scope="module")
def ana(desk: ConsoleDesk) -> Iterator[Browser]:
    with browsing(desk, "Ana of operations", Role.OPERATOR) as browser:
        yield browser


@pytest.fixture(scope="module")
def bo(desk: ConsoleDesk) -> Iterator[Browser]:
    with browsing(desk, "Bo of operations", Role.ADMINISTRATOR) as browser:
        yield browser


def said(page: httpx2.Response) -> str:
    """What the page says of the act before it."""
    assert page.status_code == 200, page.text
    found = re.search(r'<p class="done" role="status">(.*?)</p>', page.text, re.DOTALL)
    assert found, page.text
    return " ".join(found[1].split())


def events(desk: ConsoleDesk) -> list[str]:
    return desk.on_database(lambda database: database.run("events", audit.events))


def member(desk: ConsoleDesk, name: str) -> Participant:
    """A participant at the list."""
    return desk.on_database(lambda database: participants.invite(database, CLOCK, name)).participant


def now_(desk: ConsoleDesk, one: Participant) -> Participant:
    found = desk.on_database(lambda database: participants.find(database, one.id))
    assert found is not None
    return found


def listed(desk: ConsoleDesk, number: int) -> entries.StoredEntry:
    """An entry that somebody has sent, when it is on the list."""
    made = make(number, 1)
    assert httpx2.post(f"{desk.server.url}/v1/submissions", json=made.body).status_code == 201
    receipt = receipt_digest(bytes.fromhex(made.secrets[0]))

    def there() -> bool:
        return stored(desk, receipt).state is EntryState.LISTED

    eventually(there)
    return stored(desk, receipt)


def stored(desk: ConsoleDesk, receipt: bytes) -> entries.StoredEntry:
    found = desk.on_database(lambda database: database.run("one", lambda c: entries.by_receipts(c, [receipt])))
    return found[receipt]


def test_an_application_goes_from_the_console_into_the_sandbox(desk: ConsoleDesk, ana: Browser, bo: Browser) -> None:
    body = {**BODY, "name": "Console <Photos>"}
    id_ = httpx2.post(f"{desk.server.url}/v1/applications", json=body).json()["application"]
    listing = ana.get("/applications").text
    assert "Console &lt;Photos&gt;" in listing
    assert f"/console/applications/{id_}" in listing
    page = ana.get(f"/applications/{id_}").text
    assert "photos.example</bdi>, not verified" in page
    assert "Propose to admit it" not in page
    early = ana.post(f"/applications/{id_}/admit", **{"type-md5": "yes"})
    assert (early.status_code, "domain is not verified" in early.text) == (CONFLICT, True)

    async def verified(database: Database) -> None:
        key = password_key(desk.server.data)
        code = await applications.new_code(database, id_, key)
        await applications.domain_is_theirs(database, CLOCK, id_)
        await applications.confirm_email(database, CLOCK, id_, code, key)

    desk.on_database(verified)
    assert ana.get(f"/applications/{id_}").text.count('type="checkbox"') == 2, "the types that it asked for"
    assert ana.post(f"/applications/{id_}/admit").status_code == 400, "without any type there is nothing to admit it to"
    assert "Another operator has to carry it out" in said(ana.post(f"/applications/{id_}/admit", **{"type-md5": "yes"}))
    waiting = bo.get("/proposals").text
    assert "Admit participant: <bdi>Console &lt;Photos&gt;</bdi>" in waiting
    assert f'href="/console/applications/{id_}"' in waiting, "whoever carries it out can look first"
    (proposal,) = re.findall(rf"(?s){id_}.*?/console/proposals/(c-[0-9a-f]+)/carry-out", waiting)
    assert said(bo.post(f"/proposals/{proposal}/carry-out")) == "Carried out."

    admitted = desk.on_database(lambda database: applications.application(database, id_))
    assert admitted.participant is not None
    page = ana.get(f"/participants/{admitted.participant}").text
    assert "sandbox" in page
    for of_the_agreement in ("takeback-1", "To check what is uploaded.", "DE,FR", "<dd>md5</dd>"):
        assert of_the_agreement in page
    assert f"/console/proposals/new?kind=make-live&amp;subject={admitted.participant}" in page


def test_an_application_is_refused_once(desk: ConsoleDesk, ana: Browser) -> None:
    id_ = httpx2.post(f"{desk.server.url}/v1/applications", json={**BODY, "name": "Refused"}).json()["application"]
    assert "is refused" in said(ana.post(f"/applications/{id_}/refuse"))
    assert f"{ana.operator.id}:{id_}:refuse-application" in events(desk)
    page = ana.get(f"/applications/{id_}").text
    assert "Verify</button>" not in page
    assert ana.post(f"/applications/{id_}/refuse").status_code == CONFLICT


class Alone:
    """A console in this process, with settings and a reader of its own, and Ana who is signed in."""

    def __init__(self, settings: Settings, reader: PublicReader) -> None:
        self.settings, self.token, self.database = settings, sessions.new_token(), open_database(settings)
        provided = {
            "settings": Provide(lambda: settings, sync_to_thread=False),
            "database": Provide(lambda: self.database, sync_to_thread=False),
            "clock": Provide(lambda: CLOCK, sync_to_thread=False),
        }
        self.app = Litestar([console_router(settings, self.database, CLOCK, reader)], dependencies=provided)
        self.headers = {"origin": settings.staff_address, "cookie": f"{COOKIE}={self.token}"}

    def begun(self, work: Callable[[Database], Awaitable[T]]) -> T:
        """Makes the database, with Ana and what `work` puts there."""

        async def whole() -> T:
            database = open_database(self.settings)
            try:
                await migrate(database)
                ana = await add_operator(database, CLOCK, "Ana", Role.OPERATOR)
                await database.run("begin", lambda c: sessions.begin(c, CLOCK, ana.id, self.token, LONG))
                return await work(database)
            finally:
                await database.close()

        return loops.run(whole())

    def get(self, client: TestClient[Litestar], path: str) -> str:
        return client.get(f"/console{path}", headers=self.headers).text

    def post(self, client: TestClient[Litestar], path: str, **fields: str) -> httpx2.Response:
        form = {"csrf": csrf_token(self.token), **fields}
        return client.post(f"/console{path}", headers=self.headers, data=form, follow_redirects=False)


def test_verifying_says_what_it_found(tmp_path: Path) -> None:
    settings, domains = Settings(data_dir=str(tmp_path)), Domains("something else")
    alone = Alone(settings, domains)
    made = alone.begun(lambda db: applications.apply(db, CLOCK, settings, applying(), version="takeback-1"))
    with TestClient(alone.app) as client:
        first = said(alone.post(client, f"/applications/{made.id}/verify"))
        assert "The domain is not verified. The file does not hold the token." in first
        assert "A letter with a code is on its way." in first
        assert made.token not in first
        domains.text = made.token
        assert "The domain is verified." in said(alone.post(client, f"/applications/{made.id}/verify"))
        told = alone.get(client, f"/audit?subject={made.id}")
    assert "verify domain" in told
    assert "Ana" in told, "the audit says who asked for it"
    assert len(list((tmp_path / "outbox").glob("*.eml"))) == 2


def test_who_takes_part_under_another_agreement_is_told(tmp_path: Path) -> None:
    text = tmp_path / "agreement.txt"
    text.write_text("hotline-1\nBe kind.\n")
    alone = Alone(Settings(data_dir=str(tmp_path / "data"), agreement_file=str(text)), Domains())

    async def two(database: Database) -> list[str]:
        made = [(await participants.invite(database, CLOCK, name)).participant.id for name in ("Agreed", "Invited")]
        agreed = Agreement("hotline-1", "To check.", EVERY_TYPE, "worldwide", CLOCK.now().date())
        await database.run("agree", lambda connection: stored_participants.agree(connection, made[0], agreed))
        return made

    agreed, invited = alone.begun(two)
    with TestClient(alone.app) as client:
        assert "another version" not in alone.get(client, "/participants")
        text.write_text("hotline-2\nBe kind, and quick.\n")
        page = alone.get(client, "/participants")
        assert "1 take part under another version of the agreement than <bdi>hotline-2</bdi>" in page
        assert page.count("not the one of now") == 1
        page = alone.get(client, f"/participants/{agreed}")
        assert "<bdi>hotline-1</bdi>" in page
        assert "The agreement is now <bdi>hotline-2</bdi>" in page
        assert "hotline" not in alone.get(client, f"/participants/{invited}")
        for who, version in ((agreed, "hotline-1"), (invited, "hotline-2")):
            assert alone.post(client, f"/participants/{who}/agreed", version=version).status_code == CONFLICT
        assert alone.post(client, f"/participants/{agreed}/agreed", version="hotline-2").status_code == 303
        assert "another version" not in alone.get(client, "/participants")
        page = alone.get(client, f"/participants/{agreed}")
        assert "<bdi>hotline-2</bdi>" in page
        assert "<dd><bdi>To check.</bdi></dd>" in page
        assert "agreed anew" in alone.get(client, f"/audit?subject={agreed}")


def test_an_entry_is_found_by_a_participants_id_of_it_and_suspended(desk: ConsoleDesk, ana: Browser) -> None:
    reader, one = member(desk, "Finds something wrong"), listed(desk, 5_001)
    theirs = View(reader.view_key).name_of(one.id)
    page = ana.get(f"/entry?entry={theirs.upper()}&participant={reader.id}")
    assert page.url.path == f"/console/entry/{one.id.hex()}"
    assert "submitted" in page.text
    assert ana.get(f"/entry?entry={theirs}").status_code == 404, "it is nothing of ours"
    assert ana.get("/entry?entry=nonsense").status_code == 400
    assert "off everybody" in said(ana.post(f"/entry/{one.id.hex()}/suspend"))
    after = stored(desk, one.receipt)
    assert (after.state, after.suspended_by) == (EntryState.SUSPENDED, SuspendedBy.OPERATOR)
    assert f"{ana.operator.id}:entry/{one.id.hex()}:suspend-entry" in events(desk)
    assert ana.post(f"/entry/{one.id.hex()}/suspend").status_code == CONFLICT
    row = ana.get("/suspended").text.partition(f'href="/console/entry/{one.id.hex()}"')[2].partition("</tr>")[0]
    assert "<td>an operator</td>" in row
    assert "/fingerprints" not in ana.get(f"/entry/{one.id.hex()}").text, "an operator may not see them"


def test_releasing_takes_a_second_operator_who_sees_the_entry(desk: ConsoleDesk, ana: Browser, bo: Browser) -> None:
    one = listed(desk, 5_002)
    ana.post(f"/entry/{one.id.hex()}/suspend")
    ana.post("/proposals", kind="release-entry", subject=f"entry/{one.id.hex()}")
    waiting = bo.get("/proposals").text
    assert f'<a href="/console/entry/{one.id.hex()}">' in waiting
    (proposal,) = re.findall(rf"(?s){one.id.hex()}</code>.*?/console/proposals/(c-[0-9a-f]+)/carry-out", waiting)
    assert ana.post(f"/proposals/{proposal}/carry-out").status_code == 403
    bo.post(f"/proposals/{proposal}/carry-out")
    assert stored(desk, one.receipt).state is EntryState.LISTED


def test_held_bursts_are_listed_and_let_go(desk: ConsoleDesk, ana: Browser) -> None:
    assert "goes out by itself" not in ana.get("/suspended").text
    held = desk.on_database(lambda database: hold(database, CLOCK, 5_010, 5_011))
    page = ana.get("/suspended").text
    assert ": 2 entries</li>" in page
    assert "goes out with the next publication" in said(ana.post("/suspended/release-held"))
    assert "burst:release-held" in "\n".join(events(desk))
    eventually(lambda: all(stored(desk, one).state is EntryState.LISTED for one in held))
    assert "goes out by itself" not in ana.get("/suspended").text


def test_a_decoy_is_listed_withdrawn_and_seen_again(desk: ConsoleDesk, ana: Browser) -> None:
    reader, prints = member(desk, "Gets a decoy"), make(5_003, 1).body["entries"][0]["fingerprints"]
    lines = "\n".join(
        f"  {one['type']:<7} {one['value']}" + (f"  quality {one['quality']}" if "quality" in one else "")
        for one in prints
        if "edit" not in one
    )
    for wrong in ("", "drawing.png\n" + lines, lines.replace("100", "20"), lines.replace("md5", "sha1")):
        refused = ana.post("/decoys", participant=reader.id, values=wrong)
        assert refused.status_code == 400
        assert not any(one["value"] in refused.text for one in prints), "an error repeats no value"
    assert ana.post("/decoys", participant="p-nobody", values=lines).status_code == 404
    assert "listed with the next publication" in said(ana.post("/decoys", participant=reader.id, values=lines))
    page = ana.get("/decoys").text
    (decoy,) = re.findall(r"/console/decoys/(d-[0-9a-f]+)/withdraw", page)
    assert "Gets a decoy" in page
    assert not any(one["value"] in page for one in prints)
    ana.post(f"/decoys/{decoy}/found")
    assert "<dd>found, last found on" in " ".join(ana.get(f"/participants/{reader.id}").text.split())
    assert "decoy is withdrawn" in said(ana.post(f"/decoys/{decoy}/withdraw"))
    assert ana.post(f"/decoys/{decoy}/withdraw").status_code == CONFLICT
    mine = [one.rsplit(":", 1)[1] for one in events(desk) if f":{decoy}:" in one]
    assert mine == ["add-decoy", "saw-decoy-found", "withdraw-decoy"]


def test_only_who_is_sure_ends_a_participant(desk: ConsoleDesk, ana: Browser, bo: Browser) -> None:
    reader = member(desk, "Leaves at the console")
    assert "End it for ever" not in ana.get(f"/participants/{reader.id}").text
    assert ana.post(f"/participants/{reader.id}/leave", sure="yes").status_code == 403
    assert "End it for ever" in bo.get(f"/participants/{reader.id}").text
    assert bo.post(f"/participants/{reader.id}/leave").status_code == 400
    assert now_(desk, reader).state is ParticipantState.ACTIVE
    assert "has left" in said(bo.post(f"/participants/{reader.id}/leave", sure="yes"))
    assert (now_(desk, reader).state, now_(desk, reader).view_key) == (ParticipantState.LEFT, b"")
    assert f"{bo.operator.id}:{reader.id}:leave" in events(desk)
    assert reader.id not in ana.get("/suspended").text, "it has no ids of its own any more"
    assert ana.get(f"/entry?entry={'0' * 32}&participant={reader.id}").status_code == 404
