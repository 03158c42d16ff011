"""Reports at the desk, over real HTTP: from a confirmed hold to one that stands, by two people, and nothing twice."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import pytest

from support.console import csrf_in
from support.cybertip_server import PASSWORD, USER, CyberTipServer, cybertip_server
from support.desk_server import DeskServer
from support.evidence import CONTENT, Staffed, staffed
from support.waiting import eventually
from takeback.model.hold import HoldState
from takeback.model.operator import Role
from takeback.storage.database import Database


class Desk:
    """A desk whose reports go to a service on this machine, and two people of the child-safety role at it."""

    def __init__(self, server: DeskServer, service: CyberTipServer) -> None:
        self.server, self.service, self.url = server, service, server.url
        self.on: Staffed
        self.ana, self.bo = (server.signed_in(name, Role.CHILD_SAFETY) for name in ("Ana", "Bo"))
        server.on_database(self._begin)

    async def _begin(self, database: Database) -> None:
        on = await staffed(database, self.server.settings.data_path, names=("Gil", "Hana", "Ivo"))
        for hold in ("h-1", "h-2", "h-3", "h-4", "h-5"):
            for copy in (hold, f"{hold}-copy"):
                await on.hold(copy, beside=hold, copy=True, content=CONTENT + copy.encode())
            await on.shown(hold=hold)
        await on.shown(hold="h-1-copy")
        await on.hold("unseen", copy=True)
        await on.hold("waits", state=HoldState.OPEN, by=None, copy=True)
        await on.hold("escalated", state=HoldState.ESCALATED, by=None, copy=True)
        await on.hold("by-rule", by="policy", copy=True)
        for hold in ("waits", "escalated", "by-rule"):
            await on.shown(hold=hold)

    def get(self, path: str) -> str:
        answer = self.ana.get(self.url + path)
        assert answer.status_code == 200, answer.text
        return answer.text

    def post(self, path: str, *, by: httpx2.Client | None = None, **fields: str) -> httpx2.Response:
        who = by or self.ana
        return who.post(self.url + path, data={"csrf": csrf_in(who.get(f"{self.url}/account")), **fields})

    def built(self, hold: str, **fields: str) -> str:
        answer = self.post(f"/holds/{hold}/report", grounds="seen", **fields)
        found = re.fullmatch(r"/desk/reports/(r-[0-9a-f]+)\?done=built", answer.headers.get("location", ""))
        assert found, answer.text
        return found[1]

    def approved(self, hold: str) -> str:
        id_ = self.built(hold)
        assert self.post(f"/reports/{id_}/propose").status_code == 303
        (proposal,) = re.findall(r"/proposals/(c-[0-9a-f]+)/carry-out", self.bo.get(f"{self.url}/proposals").text)
        assert self.post(f"/proposals/{proposal}/carry-out", by=self.bo).status_code == 303
        return id_

    def stage(self, id_: str) -> str:
        return re.findall(r'name="stage" value="([^"]+)"', self.get(f"/reports/{id_}"))[0]

    def send(self, id_: str, where: str, stage: str | None = None) -> httpx2.Response:
        return self.post(f"/reports/{id_}/send", where=where, stage=stage or self.stage(id_))

    def state(self, id_: str) -> str:
        return re.findall(r"<dt>State</dt><dd>([a-z]+)", self.get(f"/reports/{id_}"))[0]

    def becomes(self, id_: str, state: str) -> None:
        eventually(lambda: self.state(id_) == state)


def double_click(press: Callable[[], httpx2.Response]) -> list[str]:
    """Sends the same form twice at once, and gives what the pages that follow say was done."""
    with ThreadPoolExecutor(2) as threads:
        answers = [one.result() for one in [threads.submit(press) for _ in range(2)]]
    return sorted(answer.headers["location"].rpartition("=")[2] for answer in answers)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with cybertip_server() as service:
        known = {"cybertip_user": USER, "cybertip_password": PASSWORD, "cybertip_url": service.url}
        tests = {name.replace("tip_", "tip_test_"): value for name, value in known.items()}
        with DeskServer(tmp_path_factory.mktemp("desk"), **known, **tests) as server:
            desk = Desk(server, service)
            with desk.ana, desk.bo:
                yield desk


def test_what_no_person_has_confirmed_and_seen_gets_no_form_and_says_why(desk: Desk) -> None:
    refused = {
        "waits": "This hold is open. Only what a person has confirmed is reported.",
        "escalated": "This hold is escalated. Only what a person has confirmed is reported.",
        "by-rule": "Nobody of the child-safety role has confirmed it.",
        "unseen": "Nobody has seen the file itself",
    }
    for hold, why in refused.items():
        asked = desk.ana.get(f"{desk.url}/holds/{hold}/report")
        sent = desk.post(f"/holds/{hold}/report", grounds="seen")
        for answer in (asked, sent):
            assert (answer.status_code, why in answer.text, "<textarea" in answer.text) == (409, True, False)
    assert "Build a report" not in desk.get("/holds/waits")
    assert "No report was built." in desk.get("/reports")


def test_a_report_is_built_corrected_approved_by_another_and_sent_once(desk: Desk) -> None:
    form = desk.get("/holds/h-1/report")
    assert 'value="seen" required checked' in form
    assert "verified-list" not in form  # policy lets nothing be reported that nobody has seen
    assert "post/h-1-copy" in form
    assert re.findall(r'type="checkbox"[^>]*checked', form) == []  # no note stands there by itself
    # What is wrong is named, and what was typed stays.
    long = desk.post("/holds/h-1/report", grounds="seen", urgent="x" * 3_001, info="as it was", **{"note-spam": "yes"})
    assert long.status_code == 400
    assert "urgent: has 3,001 characters, and may have 3,000." in long.text
    assert "as it was</textarea>" in long.text
    assert 'name="note-spam" value="yes" checked' in long.text
    for wrong, named in ({"grounds": "because"}, "grounds"), ({"incident": "x"}, "incident"), ({"note-x": "y"}, "note"):
        answer = desk.post("/holds/h-1/report", **{"grounds": "seen", **wrong})
        assert (answer.status_code, f'id="wrong">{named}: ' in answer.text) == (400, True)

    first = desk.built("h-1", info="wrong", **{"without-h-1-copy": "yes", "file-note-infant": "yes"})
    again = desk.post("/holds/h-1/report", grounds="seen")
    assert again.headers["location"] == f"/desk/reports/{first}?done=reported"
    shown = desk.get(f"/reports/{first}")
    assert "Whoever built it left it out." in shown
    assert "an IP address with its time" in shown
    assert "&lt;infant&gt;true&lt;/infant&gt;" in shown

    correcting = desk.get(f"/holds/h-1/report?instead={first}")
    assert "wrong</textarea>" in correcting
    boxes = re.findall(r'name="([^"]+)" value="yes" checked', correcting)
    assert boxes == ["without-h-1-copy", "file-note-infant"]
    id_ = desk.built("h-1", instead=first, info="right\r\nand good")
    assert desk.state(first) == "retracted"
    shown = desk.get(f"/reports/{id_}")
    assert shown.count("&lt;fileViewedByEsp&gt;true&lt;/fileViewedByEsp&gt;") == 2
    assert "right\nand good" in shown

    # Nothing leaves before a second person has approved it; a rehearsal never does.
    assert "No second person has approved" in desk.send(id_, "production").text
    assert desk.send(id_, "elsewhere").status_code == 400
    assert desk.send(id_, "rehearsal").headers["location"].endswith("?done=rehearsed")
    for _ in range(2):
        assert desk.post(f"/reports/{id_}/propose").status_code == 303
    (proposal,) = re.findall(r"/proposals/(c-[0-9a-f]+)/carry-out", desk.bo.get(f"{desk.url}/proposals").text)
    assert f'href="/desk/reports/{id_}"' in desk.bo.get(f"{desk.url}/proposals").text
    assert "Ana has proposed to send it" in desk.get(f"/reports/{id_}")
    assert desk.post(f"/proposals/{proposal}/carry-out").status_code == 403
    assert desk.post(f"/proposals/{proposal}/carry-out", by=desk.bo).status_code == 303
    assert desk.service.calls == []

    # A double click, and one more press while it is on its way.
    stage = desk.stage(id_)
    desk.service.stall_at = "/finish"
    done = double_click(lambda: desk.send(id_, "production", stage))
    assert done in (["busy", "sending"], ["meanwhile", "sending"])
    assert desk.service.reached.wait(60)
    assert desk.state(id_) == "finishing"
    assert desk.send(id_, "production").headers["location"].endswith("?done=busy")
    assert desk.post(f"/reports/{id_}/retract", stage=desk.stage(id_)).headers["location"].endswith("?done=busy")
    desk.service.go_on.set()
    desk.becomes(id_, "finished")
    (number,) = desk.service.reports
    shown = desk.get(f"/reports/{id_}")
    assert f"<code>{number}</code>" in shown
    assert 'name="stage"' not in shown
    assert f"<code>{number}</code>" in desk.get("/reports")
    assert desk.send(id_, "production", stage).headers["location"].endswith("?done=meanwhile")
    assert [desk.service.calls.count(one) for one in ("/submit", "/upload", "/finish")] == [1, 2, 1]


def test_a_form_that_is_sent_twice_at_once_builds_one_report(desk: Desk) -> None:
    assert double_click(lambda: desk.post("/holds/h-5/report", grounds="seen")) == ["built", "reported"]
    assert len(re.findall(r"/desk/holds/h-5\b", desk.get("/reports"))) == 1


def test_what_went_wrong_is_shown_and_going_on_sends_nothing_again(desk: Desk) -> None:
    id_, uploads = desk.approved("h-2"), desk.service.calls.count("/upload")
    desk.service.break_at = ("/submit", False)
    desk.send(id_, "production")
    eventually(lambda: "The CyberTipline did not answer" in desk.get(f"/reports/{id_}"))
    assert "It was left on its way." in desk.get(f"/reports/{id_}")
    assert "through the production door" in desk.send(id_, "test").text
    desk.send(id_, "production")
    desk.becomes(id_, "finished")
    assert desk.service.calls.count("/upload") == uploads + 1  # nobody has seen the copy, which is another file


def test_what_is_not_finished_is_taken_back_and_tried_at_the_test_it_stands_nowhere(desk: Desk) -> None:
    id_ = desk.approved("h-3")
    stage = desk.stage(id_)
    desk.send(id_, "test", stage)
    eventually(lambda: "Tried at the test" in desk.get(f"/reports/{id_}"))
    assert desk.state(id_) == "approved"
    calls = len(desk.service.calls)
    assert desk.send(id_, "test", stage).headers["location"].endswith("?done=meanwhile")
    assert len(desk.service.calls) == calls
    stage = desk.stage(id_)
    assert desk.post(f"/reports/{id_}/retract", stage=stage).headers["location"].endswith("?done=taken-back")
    assert desk.post(f"/reports/{id_}/retract", stage=stage).headers["location"].endswith("?done=meanwhile")
    assert desk.state(id_) == "retracted"
    assert "Nothing stands at the authority" in desk.get(f"/reports/{id_}")


def test_of_what_nobody_knows_a_person_notes_what_the_authority_answered(desk: Desk) -> None:
    id_ = desk.approved("h-4")
    desk.service.stall_at = "/fileinfo"
    desk.service.reached.clear()
    desk.service.go_on.clear()
    desk.send(id_, "production")
    assert desk.service.reached.wait(60)
    desk.service.reports.clear()  # it has forgotten the report when it is asked to finish it
    desk.service.go_on.set()
    desk.becomes(id_, "unclear")
    shown = desk.get(f"/reports/{id_}")
    assert "Ask the authority, with its number" in shown
    assert "Nobody knows whether this report stands" in shown
    assert desk.post(f"/reports/{id_}/settle", answered="perhaps").status_code == 400
    assert desk.post(f"/reports/{id_}/settle", answered="none").status_code == 303
    assert desk.post(f"/reports/{id_}/settle", answered="none").status_code == 409
    assert desk.state(id_) == "approved"


def test_the_desk_keeps_its_files_sealed(desk: Desk) -> None:
    folder = Path(desk.server.settings.data_path)
    assert not [one for one in folder.rglob("*") if one.is_file() and CONTENT[:40] in one.read_bytes()]
