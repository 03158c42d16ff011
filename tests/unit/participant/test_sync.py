"""A copy of the list: whole pages or nothing, proven at the end, and nothing withdrawn stays."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from support import old_replica
from support.exchange_simulator import ExchangeSimulator, changed, md5, name, pdq, sha256
from takeback import HashList
from takeback.errors import SettingsError, StaleListError, UnavailableError, UntrustedListError
from takeback.model.change import ChangePage
from takeback.model.feedback import ActionTaken, Feedback, Verdict
from takeback.model.list_digest import EMPTY, digest_of
from takeback.model.tier import Tier
from takeback.participant.lists.packing import pieces
from takeback.participant.lists.replica import Replica
from takeback.participant.lists.sync import sync

PAGE = 3


def values_of(replica: Replica) -> dict[str, list[bytes]]:
    """Everything that the file holds, by entry."""
    rows = replica._database.execute("SELECT name, md5, sha1, sha256, pictures, edits, frames FROM entry").fetchall()
    return {
        name: [*filter(None, exact), *(piece for many in rest if many for piece in pieces(many))]
        for name, exact, rest in ((row[0], row[1:4], row[4:]) for row in rows)
    }


class AnyOrder(RuleBasedStateMachine):
    """Listing, changing, withdrawing, syncing, broken connections and crashes in any order."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.exchange = ExchangeSimulator()
        self.replica = Replica(self.folder / "list.db")
        self.withdrawn: set[bytes] = set()
        self.given: dict[str, Feedback] = {}

    def teardown(self) -> None:
        self.replica.close()
        shutil.rmtree(self.folder)

    @rule(number=st.integers(1, 12), value=st.integers(2**200, 2**201), tier=st.sampled_from(Tier))
    def lists(self, number: int, value: int, tier: Tier) -> None:
        self._forget(name(number))
        self.exchange.put(
            name(number), pdq(value + number), pdq(value - number, edit="square"), sha256(value * 3 + number), tier=tier
        )

    @rule(number=st.integers(1, 12))
    def withdraws(self, number: int) -> None:
        self._forget(name(number))
        self.exchange.withdraw(name(number))

    @rule()
    def syncs(self) -> None:
        self.exchange.calls_left = None
        report = sync(self.replica, self.exchange, self.exchange.clock, page_changes=PAGE)
        live = self.exchange.live()
        expected = {entry: sorted(f.value for f in one.fingerprints) for entry, one in live.items()}
        assert {entry: sorted(values) for entry, values in values_of(self.replica).items()} == expected
        assert self.replica.position().digest == digest_of(live.values())
        assert not report.began_again
        file = (self.folder / "list.db").read_bytes() + (self.folder / "list.db-wal").read_bytes()
        kept = {value for values in expected.values() for value in values}
        assert not any(value in file for value in self.withdrawn - kept), "a withdrawn value is in the file"
        assert {f.entry: f for f in self.exchange.received} == self.given
        assert self.replica.outbox() == []

    @rule(calls=st.integers(0, 3))
    def breaks_off(self, calls: int) -> None:
        self.exchange.calls_left = calls
        before = self.replica.position()
        try:
            sync(self.replica, self.exchange, self.exchange.clock, page_changes=PAGE)
        except UnavailableError:
            assert self.replica.position().cursor >= before.cursor

    @rule(number=st.integers(1, 12), verdict=st.sampled_from(Verdict))
    def gives_feedback(self, number: int, verdict: Verdict) -> None:
        feedback = Feedback(name(number), verdict, ActionTaken.KEPT)
        self.given[feedback.entry] = feedback
        self.replica.put_in_outbox(feedback)

    @rule()
    def crashes(self) -> None:
        """What the file system holds at this moment is all that is left."""
        copy = Path(tempfile.mkdtemp())
        for file in self.folder.iterdir():
            shutil.copy(file, copy)
        self.teardown()
        self.folder = copy
        self.replica = Replica(copy / "list.db")

    @invariant()
    def the_digest_is_that_of_what_is_held(self) -> None:
        position = self.replica.position()
        assert position.digest.entries == len(values_of(self.replica))

    def _forget(self, entry: str) -> None:
        if entry in self.exchange.live():
            self.withdrawn |= {f.value for f in self.exchange.live()[entry].fingerprints}


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)


@pytest.fixture
def exchange() -> ExchangeSimulator:
    made = ExchangeSimulator()
    for number in range(1, 6):
        made.put(name(number), pdq(number << 100), sha256(number), md5(number))
    return made


@pytest.fixture
def hashlist(tmp_path: Path, exchange: ExchangeSimulator) -> HashList:
    return HashList.open(tmp_path / "list.db", clock=exchange.clock)


def swapped(page: ChangePage) -> ChangePage:
    return replace(page, changes=page.changes[::-1])


def shortened(page: ChangePage) -> ChangePage:
    return replace(page, changes=page.changes[:-1])


LIES = {
    "another list": changed(list_id="other.example/list"),
    "another participant": changed(participant="p-2"),
    "another cursor": changed(after=1),
    "a cursor that goes back": changed(next=-1),
    "a sequence past the cursor": changed(next=2),
    "sequences that do not rise": swapped,
    "the future": changed(issued=ExchangeSimulator().clock.now() + timedelta(minutes=10)),
    "a change left out": shortened,
    "another digest": changed(head=EMPTY),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_page_that_does_not_prove_itself_is_not_kept(
    hashlist: HashList, exchange: ExchangeSimulator, lie: str
) -> None:
    exchange.tamper = LIES[lie]
    with pytest.raises(UntrustedListError):
        hashlist.sync(exchange)
    assert values_of(hashlist.replica) == {}
    with pytest.raises(StaleListError):
        hashlist.require_fresh()
    exchange.tamper = lambda page: page
    assert hashlist.sync(exchange).entries == 5


def test_an_old_page_is_a_replay(hashlist: HashList, exchange: ExchangeSimulator) -> None:
    old = exchange.clock.now() - timedelta(hours=1)
    hashlist.sync(exchange)
    exchange.tamper = changed(issued=old)
    with pytest.raises(UntrustedListError, match="replaying"):
        hashlist.sync(exchange)


def test_a_lost_change_is_noticed_and_healed(hashlist: HashList, exchange: ExchangeSimulator) -> None:
    hashlist.sync(exchange)
    exchange.put(name(9), pdq(9 << 90))
    calls = []

    def once(page: ChangePage) -> ChangePage:
        calls.append(page)
        return shortened(page) if len(calls) == 1 else page

    exchange.tamper = once
    report = hashlist.sync(exchange)
    assert report.began_again
    assert report.entries == 6


def test_a_list_older_than_a_day_does_not_answer(hashlist: HashList, exchange: ExchangeSimulator) -> None:
    with pytest.raises(StaleListError, match="never been synced"):
        hashlist.require_fresh()
    hashlist.sync(exchange)
    exchange.clock.advance(timedelta(hours=23, minutes=59))
    hashlist.require_fresh()
    exchange.clock.advance(timedelta(minutes=2))
    with pytest.raises(StaleListError, match="24 hours"):
        hashlist.require_fresh()
    hashlist.sync(exchange)
    hashlist.require_fresh()


def test_half_a_sync_does_not_make_a_list_fresh(tmp_path: Path, exchange: ExchangeSimulator) -> None:
    replica = Replica(tmp_path / "list.db")
    exchange.calls_left = 1
    with pytest.raises(UnavailableError):
        sync(replica, exchange, exchange.clock, page_changes=2)
    assert len(values_of(replica)) == 2
    assert replica.complete_as_of() is None


def test_one_file_holds_one_list(hashlist: HashList, exchange: ExchangeSimulator) -> None:
    hashlist.sync(exchange)
    exchange.list_id = "other.example/list"
    with pytest.raises(SettingsError, match="another list"):
        hashlist.sync(exchange)


def test_a_file_that_is_no_list_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "list.db"
    file.write_bytes(b"notes of somebody" * 1000)
    with pytest.raises(UntrustedListError, match="Delete it"):
        HashList.open(file)
    assert file.read_bytes() == b"notes of somebody" * 1000


@pytest.mark.parametrize("version", [1, 2, 3, 4])
def test_a_file_of_before_is_brought_forward(
    version: int, hashlist: HashList, exchange: ExchangeSimulator, tmp_path: Path
) -> None:
    hashlist.sync(exchange)
    last = hashlist.replica.followed().entry
    hashlist.replica.put_in_outbox(Feedback(name(1), Verdict.WRONG, ActionTaken.KEPT))
    before = values_of(hashlist.replica)
    hashlist.close()
    with closing(sqlite3.connect(tmp_path / "list.db")) as file:
        old_replica.make_old(file, version)
    with HashList.open(tmp_path / "list.db", clock=exchange.clock) as again:
        again.require_fresh()
        assert again.replica.followed().entry == last, "no number comes twice"
        assert values_of(again.replica) == before
        exchange.put(name(9), pdq(9 << 90), pdq(10 << 90, edit="of-a-later-set"))
        report = again.sync(exchange)
        assert (report.began_again, report.delivered, report.changes) == (False, 1, 1)
        row = again.replica.followed().entry
        assert again.replica.edits_of(row) == [("of-a-later-set", pdq(10 << 90).value)]
        (pictures, _), (edits, of) = again.replica.values_between(0, row, ["pictures", "edits"])
        assert (len(pictures) // 32, edits, list(of)) == (6, pdq(10 << 90).value, [row])


def test_a_file_of_a_newer_version_is_left_alone(hashlist: HashList, tmp_path: Path) -> None:
    hashlist.close()
    with closing(sqlite3.connect(tmp_path / "list.db")) as file:
        file.execute("PRAGMA user_version = 99")
    with pytest.raises(SettingsError, match="newer"):
        HashList.open(tmp_path / "list.db")


def test_only_the_owner_may_read_the_file(hashlist: HashList, tmp_path: Path) -> None:
    hashlist.close()
    assert (tmp_path / "list.db").stat().st_mode & 0o077 == 0
