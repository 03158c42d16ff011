"""The program beside Mastodon (examples/mastodon), run for real: webhooks, storage, an agent, its desk and its feed."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from support.agents import AgentServer, file_list
from support.desk import DeskPeople
from support.mastodon_server import ADDRESS, EMAIL, SECRET, TEXT, TOKEN, MastodonServer, deliver, payload
from support.pictures import half_size_jpeg, photograph
from support.servers import ROOT, Server, free_port
from support.waiting import eventually
from takeback.clock import SystemClock
from takeback.fingerprints.types import FingerprintType
from takeback.media import Fingerprinted, Fingerprinter
from takeback.model.agent_key import KeyRole
from takeback.storage.database import Database

NEAR, EXACT, LAWFUL = photograph("coffee.png"), photograph("rocket.jpg"), photograph("chelsea.png")
HIDE = '[[policies]]\nname = "hide"\ndo = "hide"\nlists = ["exact"]\n'
HELD = "A file of this post waits at the desk. It is decided there; nobody has to open it here."
HIDDEN = "The desk wants a file of this post hidden. Mastodon cannot hide one post."
GO = "The desk has decided that a file of this post must go. Please delete the post: only a person can."
HOLD_OF = "SELECT id FROM hold WHERE content = ?"
#: A report by somebody else.
ANOTHER = {"comment": ["Spam"], "category": ["legal"], "forward": ["false"]}


class Beside:
    """The agent, the Mastodon server, and the program between them."""

    def __init__(self, folder: Path, mastodon: MastodonServer) -> None:
        self.mastodon, self._next = mastodon, 100_000
        values = {name: _values(picture) for name, picture in (("near", NEAR), ("exact", EXACT))}
        near = [f"pdq {values['near'][FingerprintType.PDQ]}"]
        exact = [f"{one.value} {values['exact'][one]}" for one in (FingerprintType.PDQ, FingerprintType.SHA256)]
        lists = file_list(folder / "near.txt", near, name="near")
        lists += file_list(folder / "exact.txt", exact, name="exact", tier="confirmed", action="remove")
        self.agent = AgentServer(folder / "agent", HIDE + lists)
        keys = {role: self.agent.key(role.value, role) for role in KeyRole}
        self.agent.start()
        admin = self.agent.client(keys[KeyRole.ADMIN])
        eventually(lambda: all(row["fresh"] for row in admin.get("/v1/status").json()["lists"]))
        port, self.database = free_port(), folder / "mastodon.db"
        environment = {
            "PYTHONPATH": str(ROOT / "examples"),
            "MASTODON_URL": mastodon.url,
            "MASTODON_TOKEN": TOKEN,
            "MASTODON_WEBHOOK_SECRET": SECRET,
            "MASTODON_STORAGE": str(mastodon.storage),
            "MASTODON_DATA": str(self.database),
            "MASTODON_PORT": str(port),
            "MASTODON_RETRY_S": "0.1",
            "TAKEBACK_AGENT": self.agent.url,
            "TAKEBACK_SCREEN_KEY": keys[KeyRole.SCREEN],
            "TAKEBACK_INSTRUCTIONS_KEY": keys[KeyRole.INSTRUCTIONS],
        }
        command: list[object] = [sys.executable, "-m", "mastodon"]
        self.program = Server(command, f"http://127.0.0.1:{port}", folder / "mastodon.log", environment)
        self.program.start()

    def post(self, picture: bytes, account: str, **more: object) -> tuple[str, str]:
        """Somebody posts a picture; gives the ids of the post and its file."""
        self._next += 1
        post, media = f"113{self._next:015d}", f"114{self._next:015d}"
        self.mastodon.keep(media, picture)
        assert deliver(self.program.url, payload(post, account, [media], **more)).status_code == 202
        eventually(lambda: not self.waiting())
        return post, media

    def waiting(self) -> int:
        with closing(sqlite3.connect(self.database)) as database:
            return int(database.execute("SELECT count(*) FROM waiting").fetchone()[0])

    def decide(self, content: str, word: str, person: str) -> None:
        """A reviewer decides at the agent's desk."""

        async def decided(database: Database) -> None:
            desk = DeskPeople(database)
            desk.settings = self.agent.settings
            desk.clock.advance(SystemClock().now() - desk.clock.now())
            rows = await database.read("hold", lambda c: c.exec_driver_sql(HOLD_OF, (content,)))
            await desk.decide(await desk.person(person), rows.scalar_one(), word)

        self.agent.on_database(decided)


def _values(picture: bytes) -> dict[FingerprintType, str]:
    with Fingerprinter() as fingerprinter:
        made = fingerprinter.fingerprint(picture)
    assert isinstance(made, Fingerprinted)
    return {one.type: one.hex for one in reversed(made.fingerprints)}


@pytest.fixture(scope="module")
def beside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Beside]:
    folder = tmp_path_factory.mktemp("mastodon")
    with MastodonServer(folder / "system") as mastodon:
        running = Beside(folder, mastodon)
        yield running
        running.program.stop()
        running.agent.stop()


def test_from_a_post_to_its_removal_and_moderators_hear_of_it_once(beside: Beside) -> None:
    mastodon = beside.mastodon
    lawful, _ = beside.post(LAWFUL, "501")
    post, media = beside.post(half_size_jpeg(NEAR), "501")
    eventually(lambda: mastodon.about(post))
    assert mastodon.about(post) == [(HELD, True)]
    assert mastodon.about(lawful) == []
    assert mastodon.acted == []
    # Mastodon repeats what it got no answer to, and says again what was edited.
    for event in ("status.created", "status.updated"):
        assert deliver(beside.program.url, payload(post, "501", [media], event=event)).status_code == 202
    eventually(lambda: not beside.waiting())
    assert len(mastodon.about(post)) == 1
    # A person decides. Reports by others stay open, though Mastodon closes them when it acts.
    mastodon.answer("POST", "/api/v1/reports", {**ANOTHER, "account_id": ["501"]})
    beside.decide(f"mastodon/501/{post}/{media}", "as-listed", "Ana")
    eventually(lambda: mastodon.acted == [("501", "suspend")] and mastodon.about(post)[-1][1])
    assert mastodon.about(post) == [(HELD, False), (GO, True)]
    assert [one.open for one in mastodon.reports if one.comment == "Spam"] == [True]


def test_what_was_wrong_is_undone_and_nothing_is_lost_while_everything_is_away(beside: Beside) -> None:
    mastodon, url = beside.mastodon, beside.program.url
    before = len(mastodon.acted)
    post, media = beside.post(EXACT, "502")  # the policy says hide
    eventually(lambda: mastodon.acted[before:] == [("502", "sensitive")] and mastodon.about(post) == [(HIDDEN, True)])
    # The agent stops, somebody posts, the program is killed, a person decides, and Mastodon is restarted.
    beside.agent.stop()
    mastodon.keep("114000000000888888", NEAR)
    assert deliver(url, payload("113000000000888888", "508", ["114000000000888888"])).status_code == 202
    eventually(lambda: "not looked at yet" in beside.program.log_text())
    beside.program.kill9()
    beside.decide(f"mastodon/502/{post}/{media}", "by-chance", "Bo")
    mastodon.away = True
    beside.agent.start()
    beside.program.start()
    eventually(lambda: "Mastodon answered GET by 503" in beside.program.log_text())
    mastodon.away = False
    eventually(lambda: mastodon.acted[before:] == [("502", "sensitive"), ("502", "unsensitive")])
    eventually(lambda: mastodon.about(post) == [(HIDDEN, False)])
    eventually(lambda: mastodon.about("113000000000888888") == [(HELD, True)])
    # Nothing is done twice: the place was kept, and the agent knows what a person has found.
    assert deliver(url, payload(post, "502", [media])).status_code == 202
    eventually(lambda: not beside.waiting())
    assert len(mastodon.acted) == before + 2
    assert mastodon.about(post) == [(HIDDEN, False)]


def test_what_somebody_else_did_is_left_alone_and_staff_to_people(beside: Beside) -> None:
    mastodon = beside.mastodon
    mastodon.states["503"], mastodon.staff = {"sensitive"}, {"504"}
    before = len(mastodon.acted)
    post, media = beside.post(EXACT, "503")
    other, _ = beside.post(EXACT, "504")
    eventually(lambda: mastodon.about(post) == mastodon.about(other) == [(HIDDEN, True)])
    eventually(lambda: "left to the moderators" in beside.program.log_text())
    beside.decide(f"mastodon/503/{post}/{media}", "lawful", "Cleo")
    # One decision is about all copies of a picture.
    eventually(lambda: mastodon.about(post) == mastodon.about(other) == [(HIDDEN, False)])
    assert mastodon.acted[before:] == []
    assert mastodon.states["503"] == {"sensitive"}


def test_a_post_that_moderators_cannot_see_is_named_and_messages_are_not_looked_at(beside: Beside) -> None:
    mastodon = beside.mastodon
    mastodon.unseen.add("113000000000999999")
    mastodon.keep("114000000000999999", NEAR)
    body = payload("113000000000999999", "505", ["114000000000999999"], visibility="private")
    assert deliver(beside.program.url, body).status_code == 202
    eventually(lambda: mastodon.about("113000000000999999"))
    assert mastodon.reports[-1].posts == []
    message, _ = beside.post(NEAR, "505", visibility="direct")
    assert mastodon.about(message) == []  # the agent's policy: messages of an unknown region are off


@pytest.mark.parametrize("signature", ["", "sha256=", "sha256=" + "0" * 64, "sha1=abc", "sha256=é"])
def test_a_wrong_signature_keeps_nothing(beside: Beside, signature: str) -> None:
    body = payload("113000000000000001", "506", ["114000000000000001"])
    answer = deliver(beside.program.url, body, signature=signature)
    assert (answer.status_code, answer.json()["detail"]) == (401, "X-Hub-Signature: is not of this webhook's secret.")
    assert deliver(beside.program.url, body, secret="another").status_code == 401
    assert beside.waiting() == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("event", "report.created"),
        ("media", "../../../../../etc/passwd"),
        ("media", "114/../../000000000001"),
        ("media", "114000000000000001\n"),
        ("media", "１１４"),  # digits, but of another script
        ("account", "506/../1"),
        ("post", "1?x=1"),
    ],
)
def test_what_is_no_post_with_ids_is_refused_and_not_repeated_to_anybody(beside: Beside, name: str, value: str) -> None:
    said = {"post": "113000000000000001", "account": "506", "media": "114000000000000001", "event": "status.created"}
    said[name] = value
    body = payload(said["post"], said["account"], [said["media"]], event=said["event"])
    answer = deliver(beside.program.url, body)
    assert answer.status_code == 400  # Mastodon does not repeat it
    assert answer.json()["detail"] == "body: is no status.created or status.updated of Mastodon 4.2 or later."
    assert beside.waiting() == 0


def test_no_address_of_a_payload_is_fetched_and_nothing_of_a_person_is_kept(beside: Beside) -> None:
    mastodon = beside.mastodon
    body = payload("113000000000777777", "507", ["114000000000777777"], address=f"{mastodon.url}/system/a.jpg")
    assert deliver(beside.program.url, body).status_code == 202  # and there is no such file in the storage
    eventually(lambda: not beside.waiting())
    assert mastodon.strange == []  # nor did the tests above lead to a call that Mastodon does not have
    assert mastodon.about("113000000000777777") == []
    files = [beside.program.log, *beside.database.parent.glob("mastodon.db*")]
    for file in files:
        assert not [one for one in (EMAIL, ADDRESS, TEXT, "somebody") if one.encode() in file.read_bytes()], file
