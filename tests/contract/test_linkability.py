"""What two participants can learn together: not which pictures one person sent, and not each other's names."""

from __future__ import annotations

import itertools
import random
from pathlib import Path

import msgspec
import pytest

from contract.conftest import Run
from contract.test_clearinghouse import LIST, clock, invited, page, secret, submission
from support.exchange_simulator import md5, pdq, sha256
from takeback.clearinghouse import list_files
from takeback.clearinghouse.by_time import page_of, range_of
from takeback.clearinghouse.by_value import FIRST_START, records_of, records_since
from takeback.clearinghouse.header_keys import give_header_keys
from takeback.clearinghouse.intake import take_in
from takeback.clearinghouse.list_files import NAMES, TEXT, ListFiles
from takeback.clearinghouse.lookup import LookupIndex
from takeback.clearinghouse.publishing import publish_waiting
from takeback.clearinghouse.withdrawal import withdraw
from takeback.clock import ManualClock
from takeback.fingerprints.types import Fingerprint
from takeback.model.change import Upsert
from takeback.model.entry import ENTRY_ID_BYTES, Age, Kind, Submission, SubmittedEntry
from takeback.model.receipt import receipt_digest
from takeback.storage.database import Database
from takeback.wire import list_files as wire

SUBMISSIONS, EACH = 40, 5
COUNT = SUBMISSIONS * EACH
#: Neighbours of one submission that chance makes: 1 in 50. Five times as many would be no chance any more (p < 1e-9).
MOST_NEIGHBOURS = 5 * (COUNT - 1) * (EACH - 1) // (COUNT - 1)


def neighbours(order: list[Fingerprint], sender: dict[Fingerprint, int]) -> int:
    """Gives how often one entry stands right behind another of the same submission."""
    return sum(sender[one] == sender[other] for one, other in itertools.pairwise(order))


def test_views_cannot_be_joined_by_id_time_or_order(run: Run) -> None:
    """Values are what participants are given to find copies with, and are the same for all; nothing else is."""
    sender = {md5(number): number // EACH for number in range(COUNT)}

    async def story(database: Database) -> None:
        for first in range(0, COUNT, EACH):
            await take_in(database, submission(*range(first, first + EACH)))
        await publish_waiting(database, clock())
        views = []
        for name in ("One", "Another"):
            reader = await invited(database, name)
            entries = [change.entry for change in (await page(database, reader)).changes if isinstance(change, Upsert)]
            assert len(entries) == COUNT
            views.append({entry.entry: entry for entry in entries})
        for view in views:
            by_value = {name: next(iter(set(entry.fingerprints) & set(sender))) for name, entry in view.items()}
            # By order: as they are given, and by their names.
            for order in (list(view), sorted(view)):
                assert neighbours([by_value[name] for name in order], sender) <= MOST_NEIGHBOURS
            # By time: nothing finer than a day, and so nothing that tells one from another.
            assert len({entry.listed_on for entry in view.values()}) == 1
            # By anything else that an entry carries: all are alike but for names, places and values.
            alike = {
                msgspec.json.encode(msgspec.structs.replace(entry, entry="", sequence=0, fingerprints=()))
                for entry in view.values()
            }
            assert len(alike) == 1
        # By id: no name is common, and the order of one's names says nothing of the other's.
        one, other = views
        assert not set(one) & set(other)
        rank = {next(iter(set(other[name].fingerprints) & set(sender))): at for at, name in enumerate(sorted(other))}
        ranks = [rank[next(iter(set(one[name].fingerprints) & set(sender)))] for name in sorted(one)]
        assert abs(correlation(ranks)) < 0.35, "five times what chance makes of 200"

    run(story)


def pictures(first: int) -> Submission:
    """A submission of EACH pictures that clients of every dialect can read."""
    prints = [(md5(number), sha256(number), pdq(number)) for number in range(first, first + EACH)]
    receipts = [receipt_digest(secret(number)) for number in range(first, first + EACH)]
    entries = [SubmittedEntry(receipt, Kind.IMAGE, some) for receipt, some in zip(receipts, prints, strict=True)]
    return Submission(Age.UNDER_18, tuple(entries))


async def filled(database: Database) -> ManualClock:
    for first in range(0, COUNT, EACH):
        await take_in(database, pictures(first))
    await publish_waiting(database, at := clock())
    return at


def assert_tells_nothing(named: dict[str, Fingerprint]) -> None:
    """By order: as they are given, and by their names, neighbours are of one submission as often as chance has it."""
    sender = {print_(number): number // EACH for number in range(COUNT) for print_ in (md5, sha256, pdq)}
    assert len(named) == COUNT
    for order in (list(named), sorted(named)):
        assert neighbours([named[name] for name in order], sender) <= MOST_NEIGHBOURS


def assert_not_joined_by_name(one: dict[str, Fingerprint], other: dict[str, Fingerprint]) -> None:
    """No name is common, and the order of one's names says nothing of the other's."""
    assert not set(one) & set(other)
    rank = {other[name]: at for at, name in enumerate(sorted(other))}
    assert abs(correlation([rank[one[name]] for name in sorted(one)])) < 0.35


def test_views_by_time_cannot_be_joined_but_by_values(run: Run) -> None:
    """NCMEC's dialect."""

    async def story(database: Database) -> None:
        at, views = await filled(database), []
        to = int(at.now().timestamp())
        for name in ("One", "Another"):
            reader = await invited(database, name)
            rows = (
                await page_of(
                    database, reader, await range_of(database, at, reader, 0, to), lambda one: one, limit=1000
                )
            ).changes
            alike = {(row.kind, row.channel, tuple(f.type for f in row.fingerprints or ())) for row in rows}
            assert len(alike) == 1, "all are alike but for names and values; the whole answer carries one time"
            views.append({row.name: (row.fingerprints or ())[0] for row in rows})
        for view in views:
            assert_tells_nothing(view)
        assert_not_joined_by_name(*views)
        # The feed is one, so the order is common, as it is in the pages of the list itself (ADR 17).
        assert list(views[0].values()) == list(views[1].values())

    run(story)


def test_views_by_value_cannot_be_joined_but_by_values(run: Run) -> None:
    """StopNCII's dialect."""

    async def story(database: Database) -> None:
        at, index, views = await filled(database), LookupIndex(database), []
        for name in ("One", "Another"):
            reader = await invited(database, name)
            await give_header_keys(database, at, reader.id, bytes(32))
            asked = await records_since(database, at, reader, FIRST_START)
            records = (await records_of(database, index, reader, asked, start=FIRST_START, limit=1000)).records
            assert len({(record.at, record.state, record.value.type) for record in records}) == 1
            views.append({record.case: record.value for record in records})
        for view in views:
            assert_tells_nothing(view)
        assert_not_joined_by_name(*views)
        assert list(views[0].values()) == list(views[1].values())

    run(story)


def test_files_join_views_by_their_common_text_and_by_nothing_of_a_person(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two participants can tell which of their names are one entry, as they can by its value (ADR 17): no more."""
    monkeypatch.setattr(list_files, "SEQUENCES", COUNT // 4)

    async def story(database: Database) -> None:
        at, files = await filled(database), ListFiles(bytes(32), LIST, 10**6)
        texts, views = [], []
        for name in ("One", "Another"):
            reader = await invited(database, name)
            directory = await files.directory(database, at, reader, 0)
            assert len(directory.files) == 4
            text, view = list[str](), dict[str, Fingerprint]()
            for file in directory.files:
                packed = await files.text(database, file.text.removeprefix(TEXT))
                names = await files.names(database, file.names.removeprefix(NAMES))
                lines = wire.text(packed, LIST, file).decode().split(wire.BETWEEN)
                text += lines
                ours = wire.names(names, file).hex(" ", ENTRY_ID_BYTES).split()
                for entry, its in zip(ours, lines, strict=True):
                    (type_, value) = its.split("\n")[7].split(" ")[:2]
                    view[entry] = Fingerprint.parse(type_, value)
            texts.append(text)
            views.append(view)
        # What joins two copies: the text is one, and so an entry's place, its sequence and its values are common.
        assert texts[0] == texts[1]
        assert list(views[0].values()) == list(views[1].values())
        # What does not: the names; and neither tells which entries one person sent.
        assert_not_joined_by_name(*views)
        for view in views:
            assert_tells_nothing(view)
        beside = [[line for line in its.split("\n")[2:] if " " not in line] for its in texts[0]]
        assert all(one == beside[0] for one in beside), "all that stands beside places and values is alike"

    run(story)


def test_what_is_taken_back_in_one_request_leaves_together(run: Run) -> None:
    """SECURITY.md says that this is not defended: all are off the list when the answer is there."""

    async def story(database: Database) -> None:
        await filled(database)
        reader = await invited(database)
        before = (await page(database, reader)).next
        await withdraw(database, tuple(secret(number) for number in range(EACH)))
        gone = (await page(database, reader, after=before)).changes
        assert [change.sequence - before for change in gone] == list(range(1, EACH + 1))
        # The text of SECURITY.md is to change with this.
        assert "take back in one request" in (Path(__file__).parents[2] / "SECURITY.md").read_text()

    run(story)


def correlation(ranks: list[int]) -> float:
    """Gives Spearman's coefficient between the order of a list and its values, 0 to n - 1."""
    n = len(ranks)
    return 1 - 6 * sum((at - rank) ** 2 for at, rank in enumerate(ranks)) / (n * (n * n - 1))


def test_the_measure_sees_what_is_in_order() -> None:
    """A test that cannot fail is none: an order that tells everything is seen."""
    sender = {md5(number): number // EACH for number in range(COUNT)}
    assert neighbours(list(sender), sender) > MOST_NEIGHBOURS
    shuffled = random.Random(1).sample(list(sender), COUNT)
    assert neighbours(shuffled, sender) <= MOST_NEIGHBOURS
    assert correlation(list(range(COUNT))) == 1
