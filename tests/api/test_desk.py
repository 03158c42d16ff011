"""The desk over real HTTP: who opens what, what is shown when, and what a decision says before and after."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import httpx2
import pytest
from PIL import Image

from support.console import csrf_in
from support.desk_server import COOKIE, DeskServer
from support.evidence import staffed
from support.films import film
from support.pictures import photograph
from takeback.apps.desk.alone import create_desk
from takeback.exchanges.cybertip import CyberTipline
from takeback.model.hold import HoldState
from takeback.model.operator import PLATFORM_ROLES, Role
from takeback.model.report import Grounds, Said
from takeback.model.review import Viewing
from takeback.participant.reports.reports import Reports
from takeback.platform_settings import PlatformSettings
from takeback.storage import audit
from takeback.storage.database import Database
from takeback.storage.platform.reviews import viewings

#: Every route of the desk, and the least role that opens it; None: whoever is not signed in.
TABLE: dict[str, Role | None] = {
    "GET /health": None,
    **dict.fromkeys(("GET /desk/sign-in", "POST /desk/sign-in", "GET /desk/enrol", "POST /desk/enrol/open"), None),
    **dict.fromkeys(("POST /desk/enrol", "GET /desk/style.css", "GET /desk/passkey.js", "GET /desk/icon.svg"), None),
    # Counts and plots, and one's own account.
    "GET /desk": Role.VIEWER,
    "GET /desk/account": Role.VIEWER,
    "POST /desk/account/passkeys": Role.VIEWER,
    "POST /desk/account/passkeys/{id_:str}/remove": Role.VIEWER,
    "POST /desk/account/sign-out-others": Role.VIEWER,
    "POST /desk/sign-out": Role.VIEWER,
    # What reviewers do. One hold or appeal that was escalated refuses an operator by itself.
    "GET /desk/queue": Role.OPERATOR,
    "POST /desk/queue/next": Role.OPERATOR,
    "GET /desk/holds/{id_:str}": Role.OPERATOR,
    "GET /desk/holds/{id_:str}/picture/{how:str}": Role.OPERATOR,
    **dict.fromkeys(
        (f"POST /desk/holds/{{id_:str}}/{one}" for one in ("open", "look", "decide", "skip", "apart")), Role.OPERATOR
    ),
    "GET /desk/appeals": Role.OPERATOR,
    "GET /desk/appeals/{id_:str}": Role.OPERATOR,
    "POST /desk/appeals/{id_:str}/decide": Role.OPERATOR,
    # Notices. One that says that a child is shown refuses an operator by itself.
    "GET /desk/notices": Role.OPERATOR,
    "GET /desk/notices/{number:str}": Role.OPERATOR,
    "POST /desk/notices/{number:str}/letter": Role.OPERATOR,
    "POST /desk/notices/{number:str}/decide": Role.OPERATOR,
    "GET /desk/brakes": Role.OPERATOR,
    "POST /desk/brakes": Role.OPERATOR,
    "GET /desk/audit": Role.OPERATOR,
    "GET /desk/proposals": Role.OPERATOR,
    "GET /desk/proposals/new": Role.OPERATOR,
    "POST /desk/proposals": Role.OPERATOR,
    "POST /desk/proposals/{id_:str}/carry-out": Role.OPERATOR,
    "POST /desk/proposals/{id_:str}/refuse": Role.OPERATOR,
    # Child-safety, apart of the order.
    "GET /desk/escalated": Role.CHILD_SAFETY,
    "POST /desk/escalated/next": Role.CHILD_SAFETY,
    "GET /desk/evidence": Role.CHILD_SAFETY,
    "GET /desk/evidence/{id_:str}": Role.CHILD_SAFETY,
    "GET /desk/reports": Role.CHILD_SAFETY,
    "GET /desk/reports/{id_:str}": Role.CHILD_SAFETY,
    **dict.fromkeys(
        (f"POST /desk/reports/{{id_:str}}/{one}" for one in ("propose", "send", "retract", "settle")), Role.CHILD_SAFETY
    ),
    "GET /desk/holds/{id_:str}/report": Role.CHILD_SAFETY,
    "POST /desk/holds/{id_:str}/report": Role.CHILD_SAFETY,
    # Accounts and the negative bank.
    "GET /desk/negative": Role.ADMINISTRATOR,
    "GET /desk/operators": Role.ADMINISTRATOR,
    "POST /desk/operators": Role.ADMINISTRATOR,
    "POST /desk/operators/{id_:str}/enrol": Role.ADMINISTRATOR,
    "POST /desk/operators/{id_:str}/role": Role.ADMINISTRATOR,
    "POST /desk/operators/{id_:str}/close": Role.ADMINISTRATOR,
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskServer]:
    with DeskServer(tmp_path_factory.mktemp("desk"), desk_break_after_decisions=1_000) as running:
        yield running


def test_every_route_is_in_the_table(tmp_path: Path) -> None:
    app = create_desk(PlatformSettings(data_dir=str(tmp_path)))
    every = {f"{method} {route.path}" for route in app.routes for method in getattr(route, "methods", ())}
    assert {one for one in every if not one.startswith("OPTIONS ")} == set(TABLE)


def test_a_desk_is_made_as_often_as_wanted_in_one_process(desk: DeskServer, tmp_path: Path) -> None:
    with desk.browser() as http:
        assert http.get(f"{desk.url}/sign-in").status_code == 200  # its templates are in use
    assert create_desk(PlatformSettings(data_dir=str(tmp_path))).routes


@pytest.mark.parametrize("role", [None, *PLATFORM_ROLES], ids=lambda role: role.value if role else "nobody")
def test_each_role_opens_what_the_table_says_and_nothing_else(desk: DeskServer, role: Role | None) -> None:
    wrong = []
    http = desk.browser() if role is None else desk.signed_in(f"The {role.value}", role)
    csrf = csrf_in(http.get(f"{desk.url}/account")) if role else "x"
    # What ends sessions comes last.
    for route in sorted(TABLE, key=lambda one: "sign-out" in one):
        method, path = route.split(" ")
        filled = re.sub(r"\{(\w+):\w+\}", "nothing-such", path)
        form = {"csrf": csrf} if method == "POST" else None
        answer = http.request(method, desk.origin + filled, data=form)
        to_the_door = answer.status_code == 303 and answer.headers["location"] == "/desk/sign-in"
        let_in = answer.status_code not in (401, 403) and not to_the_door
        least = TABLE[route]
        may = least is None or (role is not None and role.includes(least))
        if answer.status_code >= 500 or let_in != may:
            wrong.append(f"{route}: {answer.status_code}")
    http.close()
    assert not wrong, "\n".join(wrong)


def post(http: httpx2.Client, desk: DeskServer, path: str, **fields: str) -> httpx2.Response:
    return http.post(desk.url + path, data={"csrf": csrf_in(http.get(f"{desk.url}/account")), **fields})


def test_a_picture_is_shown_only_to_whoever_asked_and_only_as_asked(desk: DeskServer) -> None:
    content = photograph("coffee.png")
    desk.seal("c-1", content)
    desk.people(lambda people: people.hold("h-1", copy="c-1", cluster=101))
    with desk.signed_in("Ana", Role.OPERATOR) as ana, desk.signed_in("Bo", Role.OPERATOR) as bo:
        at = f"{desk.url}/holds/h-1"
        assert "<img" not in ana.get(at).text
        assert ana.get(f"{at}/picture/blurred").status_code == 409  # not open
        assert post(ana, desk, "/holds/h-1/look", how="blurred").status_code == 409
        assert post(ana, desk, "/holds/h-1/open").status_code == 303
        assert "<img" not in ana.get(at).text
        assert ana.get(f"{at}/picture/blurred").status_code == 404  # not asked for
        assert post(ana, desk, "/holds/h-1/look", how="sharp").status_code == 409  # blurred comes first
        assert post(ana, desk, "/holds/h-1/look", how="large").status_code == 400
        assert post(ana, desk, "/holds/h-1/look", how="blurred").status_code == 303
        assert 'src="/desk/holds/h-1/picture/blurred"' in ana.get(at).text
        answer = ana.get(f"{at}/picture/blurred")
        assert (answer.headers["content-type"], answer.headers["cache-control"]) == ("image/png", "no-store")
        shown = Image.open(io.BytesIO(answer.content))
        assert (shown.mode, max(shown.size)) == ("L", 320)
        assert ana.get(f"{at}/picture/sharp").status_code == 404
        assert bo.get(f"{at}/picture/blurred").status_code == 409  # somebody else's
        assert post(ana, desk, "/holds/h-1/look", how="sharp").status_code == 303
        sharp = Image.open(io.BytesIO(ana.get(f"{at}/picture/sharp").content))
        assert (sharp.mode, max(sharp.size)) == ("RGB", 320)
        # The blur is one: what is left of the detail is a fraction of it.
        assert detail(shown) < detail(sharp.convert("L")) / 4
    events = desk.on_database(lambda database: database.run("audit", audit.events))
    assert [one.rsplit(":", 1)[1] for one in events if "hold/h-1" in one] == ["open", "view-blurred", "view-sharp"]


def detail(image: Image.Image) -> float:
    """How much neighbours differ, on average."""
    return sum(abs(a - b) for a, b in pairwise(image.tobytes())) / image.width / image.height


def test_of_a_film_a_few_still_frames_are_shown_and_of_damage_nothing(desk: DeskServer) -> None:
    desk.seal("c-film", film())
    desk.seal("c-broken", photograph("coffee.png")[:500])
    desk.people(lambda people: people.hold("h-film", copy="c-film", cluster=102, kind="video"))
    desk.people(lambda people: people.hold("h-broken", copy="c-broken", cluster=103))

    def seen(id_: str) -> list[Viewing]:
        return desk.on_database(lambda database: database.run("seen", lambda connection: viewings(connection, id_)))

    with desk.signed_in("Cleo", Role.OPERATOR) as http:
        post(http, desk, "/holds/h-film/open")
        post(http, desk, "/holds/h-film/look", how="blurred")
        sheet = Image.open(io.BytesIO(http.get(f"{desk.url}/holds/h-film/picture/blurred").content))
        assert (sheet.format, sheet.mode, sheet.width) == ("PNG", "L", 2 * (160 + 4))
        assert "<video" not in http.get(f"{desk.url}/holds/h-film").text
        assert len(seen("h-film")) == 1
        # What cannot be drawn was seen by nobody.
        post(http, desk, "/holds/h-broken/open")
        answer = post(http, desk, "/holds/h-broken/look", how="blurred")
        assert (answer.status_code, "cannot be shown" in answer.text) == (404, True)
        assert "<img" not in http.get(f"{desk.url}/holds/h-broken").text
        assert seen("h-broken") == []


def test_what_a_decision_answers_is_said_before_and_after(desk: DeskServer) -> None:
    for number in (1, 2, 3):
        desk.people(lambda people, number=number: people.hold(f"h-copy-{number}", cluster=104))
    with desk.signed_in("Dee", Role.OPERATOR) as http:
        post(http, desk, "/holds/h-copy-1/open")
        assert post(http, desk, "/holds/h-copy-3/apart").status_code == 303
        shown = http.get(f"{desk.url}/holds/h-copy-1").text
        assert "This answers all 2 copies." in shown
        assert post(http, desk, "/holds/h-copy-1/decide", reason="never heard of").status_code == 400
        assert post(http, desk, "/holds/h-copy-1/decide", reason="lawful").status_code == 303
        after = http.get(f"{desk.url}/holds/h-copy-1").text
        assert "It answered 2 contents:" in after
        assert post(http, desk, "/holds/h-copy-2/decide", reason="lawful").status_code == 409
    assert desk.people(lambda people: people.find("h-copy-3")).state is HoldState.OPEN


def test_an_administrator_sees_nothing_that_was_escalated(desk: DeskServer) -> None:
    desk.people(lambda people: people.hold("h-grave", cluster=105, state=HoldState.ESCALATED))
    with desk.signed_in("Adm", Role.ADMINISTRATOR) as http, desk.signed_in("Safe", Role.CHILD_SAFETY) as safe:
        assert http.get(f"{desk.url}/holds/h-grave").status_code == 403
        assert http.get(f"{desk.url}/escalated").status_code == 403
        assert "h-grave"[:12] not in http.get(f"{desk.url}/queue").text
        assert "h-grave" in safe.get(f"{desk.url}/escalated").text
        assert post(safe, desk, "/escalated/next").headers["location"] == "/desk/holds/h-grave"


def test_a_report_is_read_and_approved_by_two_of_the_child_safety_role(desk: DeskServer) -> None:
    async def built(database: Database) -> str:
        on = await staffed(database, desk.settings.data_path, names=("Gil", "Hana", "Ivo"))
        await on.hold("h-report", copy=True)
        await on.shown(hold="h-report")
        await on.store.copy(on.ana, "h-report")
        line = CyberTipline("http://127.0.0.1:1", "", "", timeout_s=1)
        return (
            await Reports(desk.settings, database, on.clock, on.store, line).build(
                on.ana, "h-report", Said(Grounds.SEEN)
            )
        ).filing.id

    id_ = desk.on_database(built)
    with desk.signed_in("Jo", Role.CHILD_SAFETY) as jo, desk.signed_in("Kim", Role.CHILD_SAFETY) as kim:
        assert id_[:12] in jo.get(f"{desk.url}/reports").text
        shown = jo.get(f"{desk.url}/reports/{id_}").text
        assert "&lt;fileViewedByEsp&gt;true&lt;/fileViewedByEsp&gt;" in shown
        assert "an IP address with its time" in shown
        assert post(jo, desk, f"/reports/{id_}/propose").status_code == 303
        assert "You proposed this" in jo.get(f"{desk.url}/proposals").text
        (proposal,) = re.findall(r"/proposals/(c-[0-9a-f]+)/carry-out", kim.get(f"{desk.url}/proposals").text)
        assert post(kim, desk, f"/proposals/{proposal}/carry-out").status_code == 303
        assert "approved" in kim.get(f"{desk.url}/reports").text
        items = re.findall(r"/desk/evidence/(e-[0-9a-f]+)", kim.get(f"{desk.url}/evidence").text)
        logs = [kim.get(f"{desk.url}/evidence/{one}").text for one in items]
        assert any("read for report" in log and "Jo" in log for log in logs)


def test_a_passkey_opens_the_desk(desk: DeskServer) -> None:
    device = desk.enrolled(desk.add("Flo", Role.VIEWER))
    with desk.browser() as http:
        options = re.search(r'data-options="([^"]*)"', http.get(f"{desk.url}/sign-in").text)
        assert options
        answer = device.get(options[1].replace("&#34;", '"'))
        came_in = http.post(f"{desk.url}/sign-in", data={"answer": answer})
        assert came_in.status_code == 303
        assert came_in.headers["set-cookie"].startswith(f"{COOKIE}=")
        page = http.get(desk.url).text
        assert "Pictures that wait" in page
        assert "/desk/queue" not in page  # a viewer sees numbers
