"""What participants are shown, on both databases: what their agreement allows, or test entries; provably."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path

import pytest

from contract.conftest import Run
from contract.test_by_time import Client
from contract.test_clearinghouse import LIST, clock, page, secret
from support.exchange_simulator import md5, pdq, sha256
from support.joining import admitted, decided, now_, two_operators
from takeback.clearinghouse import participants
from takeback.clearinghouse.feed import page_for
from takeback.clearinghouse.intake import take_in
from takeback.clearinghouse.publishing import publish_waiting
from takeback.clearinghouse.test_entries import changed_after, fingerprints_of, is_test
from takeback.clearinghouse.trust import take_feedback
from takeback.clearinghouse.withdrawal import withdraw
from takeback.clock import Clock
from takeback.errors import InvalidInputError
from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.model.change import ChangePage, Tombstone, Upsert
from takeback.model.entry import Age, EntryState, Kind, Submission, SubmittedEntry
from takeback.model.feedback import ActionTaken, Feedback, Verdict
from takeback.model.participant import Participant
from takeback.model.proposal import ProposalKind
from takeback.model.receipt import receipt_digest
from takeback.model.tier import StrongestAction, Tier
from takeback.model.view import View
from takeback.participant.lists.replica import Replica
from takeback.participant.lists.sync import SyncReport, sync
from takeback.storage.database import Database

MD5, SHA256, PDQ, VPDQ = FingerprintType.MD5, FingerprintType.SHA256, FingerprintType.PDQ, FingerprintType.VPDQ


def many_types(number: int) -> Submission:
    """A picture with pdq and an edit of it, or, every third, a film."""
    film = number % 3 == 0
    seen = tuple(Fingerprint(VPDQ, (number * 7 + at).to_bytes(32, "big"), 90, at) for at in range(3))
    prints = (md5(number), sha256(number), *(seen if film else (pdq(number), pdq(number + 1, "centre-10"))))
    kind = Kind.VIDEO if film else Kind.IMAGE
    return Submission(Age.UNDER_18, (SubmittedEntry(receipt_digest(secret(number)), kind, prints),))


class Reader:
    """A platform with a copy of its own. What it says waits in a list until it is asked for."""

    def __init__(self, database: Database, member: Participant, folder: Path, now: Clock) -> None:
        self.database, self.member, self.now = database, member, now
        self.replica = Replica(folder / f"{member.id}.db")
        self.seen: list[ChangePage] = []

    async def sync(self, limit: int = 3) -> SyncReport:
        """Fetches every page first, as a network client would, and lets the real client check and keep them."""
        fetched = _Fetched(self.member.id)
        cursor = self.replica.position().cursor
        while True:
            current = await now_(self.database, self.member)
            got = await page_for(self.database, self.now, current, list_id=LIST, after=cursor, limit=limit)
            fetched.pages.append(got)
            cursor = got.next
            if got.complete:
                break
        self.seen += fetched.pages
        report = sync(self.replica, fetched, self.now, page_changes=limit)
        assert not report.began_again, "the digest proves the copy"
        return report

    def types(self) -> set[FingerprintType]:
        upserts = [change for one in self.seen for change in one.changes if isinstance(change, Upsert)]
        return {print_.type for one in upserts for print_ in one.entry.fingerprints}


class _Fetched:
    """An exchange that hands out pages fetched before."""

    def __init__(self, participant: str) -> None:
        self.list_id, self.participant = LIST, participant
        self.pages: list[ChangePage] = []
        self.at = 0

    def changes(self, after: int, limit: int) -> ChangePage:
        _ = after, limit
        self.at += 1
        return self.pages[self.at - 1]

    def send_feedback(self, verdicts: tuple[Feedback, ...]) -> None:
        raise AssertionError(f"nothing waits: {len(verdicts)}")


def test_each_is_shown_what_its_agreement_allows_and_can_prove_it(run: Run, tmp_path: Path) -> None:
    """Anything happens to the list, agreements come in the middle of it, and no copy ever fails its digest."""

    async def story(database: Database) -> None:
        drawn, at, both = random.Random(3), clock(), await two_operators(database, clock())
        readers: list[Reader] = []
        everything = Reader(database, (await participants.invite(database, at, "All")).participant, tmp_path, at)
        voters = [(await participants.invite(database, at, f"Voter {n}")).participant for n in range(3)]
        wanted = [{MD5}, {PDQ, VPDQ}, {MD5, PDQ}, {MD5}]
        number = 0
        for step in range(36):
            if step % 9 == 4:
                types = frozenset(wanted[len(readers)])
                member = await admitted(database, at, both, f"Some {len(readers)}", types)
                await decided(database, at, both, ProposalKind.MAKE_LIVE, member.id)
                readers.append(Reader(database, await now_(database, member), tmp_path, at))
            match drawn.randrange(4):
                case 0 | 1:
                    number += 1
                    await take_in(database, many_types(number))
                    await publish_waiting(database, at)
                case 2 if number:
                    await withdraw(database, (secret(drawn.randint(1, number)),))
                case _:
                    voter = drawn.choice(voters)
                    rows = [c.entry.entry for c in (await page(database, voter)).changes if isinstance(c, Upsert)]
                    if rows:
                        said = Feedback(drawn.choice(rows), drawn.choice(list(Verdict)), ActionTaken.KEPT)
                        await take_feedback(database, at, voter, (said,))
            for one in drawn.sample(readers, k=len(readers) // 2):
                await one.sync()
        live = (await everything.sync()).entries
        for one, types in zip(readers, wanted, strict=True):
            assert (await one.sync()).entries == live
            assert one.types() <= types
        assert readers[1].types() == {PDQ, VPDQ}

    run(story)


def test_by_time_nothing_is_given_where_nothing_is_left(run: Run) -> None:
    async def story(database: Database) -> None:
        at, both = clock(), await two_operators(database, clock())
        for number in (1, 2, 3):
            await take_in(database, many_types(number))
        await publish_waiting(database, at)
        for types, kinds in (({PDQ}, [Kind.IMAGE] * 2), ({MD5, SHA256}, [Kind.IMAGE] * 2 + [Kind.VIDEO])):
            member = await admitted(database, at, both, str(len(types)), frozenset(types))
            await decided(database, at, both, ProposalKind.MAKE_LIVE, member.id)
            client = Client(database, await now_(database, member), at)
            await client.fetch()
            assert sorted(one.kind for one in client.has.values()) == kinds
            assert {p.type for one in client.has.values() for p in one.fingerprints or ()} == types - {SHA256}

    run(story)


def test_the_list_never_reaches_the_sandbox(run: Run, tmp_path: Path) -> None:
    """Whatever happens to the list and however it asks, one in the sandbox sees test entries and nothing else."""

    async def story(database: Database) -> None:
        drawn, at, both = random.Random(3), clock(), await two_operators(database, clock())
        member = await admitted(database, at, both)
        view = View(member.view_key)
        by_cursor, by_time = Reader(database, member, tmp_path, at), Client(database, member, at)
        number = 0
        for _ in range(30):
            match drawn.randrange(6):
                case 0 | 1:
                    number += 1
                    await take_in(database, many_types(number))
                    await publish_waiting(database, at)
                case 2 if number:
                    await withdraw(database, (secret(drawn.randint(1, number)),))
                case 3:
                    at.advance(timedelta(seconds=drawn.choice([0, 5, 100])))
                    if drawn.random() < 0.2:
                        by_time.asked, by_time.has = 0, {}
                    await by_time.fetch()
                case 4 if drawn.random() < 0.2:
                    by_cursor.replica.begin_again()
                case 4:
                    with pytest.raises(InvalidInputError, match="never gave out"):
                        await page(database, member, after=drawn.randint(7, 99))
                case _:
                    await by_cursor.sync(drawn.randint(1, 4))
        changes = [change for one in by_cursor.seen for change in one.changes]
        names = {c.entry if isinstance(c, Tombstone) else c.entry.entry for c in changes} | by_time.has.keys()
        assert names
        assert all(is_test(view.entry_of(name, field="entry")) for name in names)
        assert all(one.sandbox for one in by_cursor.seen)
        known = {p for one in changed_after(0, 4) for p in fingerprints_of(one.id)}
        assert {p for c in changes if isinstance(c, Upsert) for p in c.entry.fingerprints} <= known
        assert {p for one in by_time.has.values() for p in one.fingerprints or ()} <= known

    run(story)


def test_an_engineer_sees_everything_that_a_list_does(run: Run, tmp_path: Path) -> None:
    async def story(database: Database) -> None:
        at, both = clock(), await two_operators(database, clock())
        member = await admitted(database, at, both)
        reader, client = Reader(database, member, tmp_path, at), Client(database, member, at)
        entries = []
        for _ in range(4):
            entries.append((await reader.sync(100)).entries)
            at.advance(timedelta(seconds=60))
            await client.fetch()
        assert entries == [4, 4, 3, 3], "four come, one changes, one is withdrawn, and then nothing"
        assert len(client.has) == 3
        (changed,) = reader.seen[1].changes
        assert isinstance(changed, Upsert)
        assert (changed.entry.tier, changed.entry.action) == (Tier.CONFIRMED, StrongestAction.REMOVE)
        assert isinstance(reader.seen[2].changes[0], Tombstone)
        # Verdicts are taken, and touch nothing.
        said = (
            Feedback(changed.entry.entry, Verdict.CONFIRMED, ActionTaken.REMOVED),
            Feedback("ab" * 16, Verdict.WRONG, ActionTaken.KEPT),
        )
        taken = await take_feedback(database, at, member, said)
        assert (taken.taken, taken.unknown) == (1, 1)
        # A copy from the sandbox does not survive going live: the digest does not fit, so it begins again.
        for number in range(1, 9):
            await take_in(database, many_types(number))
        await publish_waiting(database, at)
        await decided(database, at, both, ProposalKind.MAKE_LIVE, member.id)
        after = reader.replica.position().cursor
        stale = await page(database, await now_(database, member), after=after)
        assert not reader.replica.keep(stale)
        reader.replica.begin_again()
        assert (await reader.sync()).entries == 8
        assert not any(one.sandbox for one in reader.seen[4:])

    run(story)


def test_the_history_of_test_entries_is_what_it_says() -> None:
    states = [(one.sequence, one.state, one.tier) for one in changed_after(0, 6)]
    assert [sequence for sequence, _, _ in states] == [3, 4, 5, 6]
    assert states[-1][1] is EntryState.WITHDRAWN
    assert changed_after(6, 6) == []
