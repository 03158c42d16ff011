"""What two participants can learn together: not which pictures one person sent, and not each other's names."""

from __future__ import annotations

import itertools
import random

import msgspec

from contract.conftest import Run
from contract.test_clearinghouse import clock, invited, page, submission
from support.exchange_simulator import md5
from takeback.clearinghouse.intake import take_in
from takeback.clearinghouse.publishing import publish_waiting
from takeback.fingerprints.types import Fingerprint
from takeback.model.change import Upsert
from takeback.storage.database import Database

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
