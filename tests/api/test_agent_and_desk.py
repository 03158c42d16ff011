"""One process is agent and desk: an upload is held with a sealed copy, a person decides, and all hear of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest

from api.test_agent import OTHER, PICTURE, prints_of
from support import loops
from support.agents import AgentServer, file_list
from support.desk import DeskPeople
from support.pictures import half_size_jpeg
from support.waiting import eventually
from takeback.clock import ManualClock, SystemClock
from takeback.fingerprints.types import FingerprintType
from takeback.model.agent_key import KeyRole
from takeback.model.hold import HoldState
from takeback.model.operator import Role
from takeback.model.review import Seen
from takeback.model.standing import EntryStanding
from takeback.participant.desk import appealing, opening, viewing
from takeback.participant.holds import brakes
from takeback.participant.holds.held_copies import copies_of, erase_copies
from takeback.participant.installation import open_database
from takeback.storage.platform import feedback_due

REST = "brake_contents_an_hour = 3\nbrake_accounts_an_hour = 3\n"


class Together:
    """The server, and what asks it."""

    def __init__(self, folder: Path) -> None:
        values = [next(one.hex for one in prints_of(PICTURE) if one.type is FingerprintType.PDQ)]
        values += [next(one.hex for one in prints_of(OTHER) if one.type is FingerprintType.PDQ)]
        lists = file_list(folder / "ours.txt", [f"pdq {one}" for one in values], name="ours")
        self.server = AgentServer(folder / "agent", REST + lists)
        keys = {role: self.server.key(role.value, role) for role in KeyRole}
        self.server.start()
        self.screens = self.server.client(keys[KeyRole.SCREEN])
        self.reads = self.server.client(keys[KeyRole.INSTRUCTIONS])
        admin = self.server.client(keys[KeyRole.ADMIN])
        eventually(lambda: all(row["fresh"] for row in admin.get("/v1/status").json()["lists"]))

    def upload(self, picture: bytes, content: str, account: str = "user/1") -> dict[str, object]:
        answer = self.screens.post("/v1/screen", params={"content": content, "account": account}, content=picture)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def people(self, work):
        async def whole():
            database = await open_database(self.server.settings)
            try:
                desk = DeskPeople(database)
                desk.settings = self.server.settings
                desk.clock.advance(SystemClock().now() - desk.clock.now())
                return await work(desk)
            finally:
                await database.close()

        return loops.run(whole())


@pytest.fixture(scope="module")
def together(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Together]:
    made = Together(tmp_path_factory.mktemp("together"))
    yield made
    made.server.stop()


async def feedback_that_waits(desk: DeskPeople) -> list[object]:
    return list(await desk.database.read("due", lambda connection: feedback_due.all_(connection, limit=5)))


def test_from_the_upload_to_the_instruction_the_feedback_and_the_appeal(together: Together) -> None:
    copy = half_size_jpeg(PICTURE)
    first = together.upload(PICTURE, "post/1")
    second = together.upload(copy, "post/2", "user/2")
    assert (first["do"], first["outcome"]) == ("hold", "matched")

    async def story(desk: DeskPeople) -> None:
        ana, args = await desk.person("Ana"), (desk.database, desk.clock, desk.settings)
        # Held with a copy, which is sealed.
        hold = await opening.open_hold(*args, ana, str(first["hold"]))
        assert hold.copy == hold.id
        copies = copies_of(desk.settings, desk.database)
        assert b"".join(copies.read(hold.id)) == PICTURE
        await viewing.look(*args, ana, hold.id, Seen.BLURRED)
        shown = await viewing.picture(*args, ana, hold.id, Seen.BLURRED)
        assert shown.startswith(b"\x89PNG")
        done = await desk.decide(ana, hold.id, "as-listed")
        assert (done.copies, done.review.viewed) == (2, Seen.BLURRED)

    together.people(story)
    files = [one for one in together.server.settings.data_path.rglob("*") if one.is_file()]
    assert not [one for one in files if PICTURE[1_000:1_064] in one.read_bytes()], "its bytes are nowhere on the disk"
    told = together.reads.get("/v1/instructions").json()["instructions"]
    assert [(one["content"], one["doing"]) for one in told] == [("post/1", "remove"), ("post/2", "remove")]
    # The agent takes the feedback to the list by itself.
    eventually(lambda: not together.people(feedback_that_waits))

    # An appeal comes by the platform's own key, and another reviewer grants it.
    asked = {"content": "post/2", "reason": "i-am-shown"}
    assert together.screens.post("/v1/appeals", json=asked).status_code == 403
    assert together.reads.post("/v1/appeals", json={**asked, "reason": "I beg you"}).status_code == 400
    assert together.reads.post("/v1/appeals", json={**asked, "content": "post/none"}).status_code == 404
    filed = together.reads.post("/v1/appeals", json=asked)
    assert (filed.status_code, filed.json()["state"]) == (201, "open")

    async def granted(desk: DeskPeople) -> None:
        bo = await desk.person("Bo", Role.CHILD_SAFETY)
        await appealing.decide_appeal(desk.database, desk.clock, desk.settings, bo, filed.json()["appeal"], "lawful")
        assert (await desk.find(str(second["hold"]))).state is HoldState.WRONG
        # Copies end some days after the decision.
        copies = copies_of(desk.settings, desk.database)
        assert await erase_copies(desk.database, desk.clock, desk.settings) == 0
        later = ManualClock(desk.clock.now() + timedelta(days=desk.settings.desk_copy_days, seconds=1))
        assert await erase_copies(desk.database, later, desk.settings) == 2
        assert not list(copies.ids())
        assert (await desk.find(str(second["hold"]))).copy is None

    together.people(granted)
    (last,) = together.reads.get("/v1/instructions", params={"after": 2}).json()["instructions"]
    assert (last["content"], last["doing"]) == ("post/2", "restore")


def test_an_entry_that_hits_too_much_holds_nothing_more_until_a_person_says_so(together: Together) -> None:
    answers = [together.upload(OTHER, f"meme/{number}", f"user/{number}") for number in range(5)]
    assert [one["do"] for one in answers] == ["hold", "hold", "hold", "allow", "allow"]
    entry = answers[0]["matches"][0]["entry"]  # type: ignore[index]

    async def say(desk: DeskPeople) -> None:
        ana = await desk.person("Cleo")
        (stood,) = await brakes.standing_entries(desk.database, ana, EntryStanding.QUARANTINED, limit=5)
        assert (stood.list, stood.entry) == ("ours", entry)
        await brakes.decide_entry(desk.database, desk.clock, ana, "ours", entry, EntryStanding.CONFIRMED)

    together.people(say)
    assert [together.upload(OTHER, f"meme/{number}")["do"] for number in range(5, 11)] == ["hold"] * 6


def test_the_door_of_the_desk_is_there_too(together: Together) -> None:
    page = httpx2.get(f"{together.server.url}/desk/sign-in")
    assert "for the reviewers of this platform" in page.text
