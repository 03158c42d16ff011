"""Abuse that comes in floods, and categories that nobody knows, on both databases (docs/abuse.md)."""

from __future__ import annotations

import random
from typing import Any

import pytest

from contract.conftest import Run
from contract.test_clearinghouse import clock, secret, states
from contract.test_trust import both, entry, picture, staff, value
from support.exchange_simulator import pdq
from support.submissions import make
from takeback.clearinghouse.intake import take_in
from takeback.clearinghouse.publishing import Burst, publish_waiting
from takeback.clearinghouse.statistics import list_statistics
from takeback.clearinghouse.withdrawal import withdraw
from takeback.errors import InvalidInputError, TooCommonError
from takeback.model.entry import Age, Submission
from takeback.model.proposal import ProposalKind
from takeback.model.receipt import ReceiptState
from takeback.staff.negative import MAX_VALUES, NegativeGate, addition
from takeback.storage.database import Database
from takeback.wire.intake import SubmissionBody
from takeback.wire.json import decode, encode

#: So many bits apart a picture that was encoded anew may well be.
BITS = 24


def test_a_flood_of_well_known_stock_pictures_lists_nothing(run: Run) -> None:
    async def story(database: Database) -> None:
        await staff(database)
        gate, drawn = NegativeGate(), random.Random(2)
        stock = [value(1_000 + number) for number in range(MAX_VALUES)]
        new = addition("What every site of that software ships", [f"pdq:{one:064x}" for one in stock])
        await both(database, clock(), ProposalKind.ADD_NEGATIVE, new.subject, new.details)
        for number, one in enumerate(stock * 2):  # each as it is and encoded anew, hidden among somebody's own
            changed = one ^ sum(1 << bit for bit in drawn.sample(range(256), BITS)) if number >= len(stock) else one
            own = entry(10_000 + number, pdq(value(number)))
            with pytest.raises(TooCommonError, match="fingerprint"):
                await take_in(database, Submission(Age.UNSURE, (own, entry(number, pdq(changed)))), gate)
        assert await publish_waiting(database, clock()) == 0
        counts = (await list_statistics(database)).entries_by_state
        assert set(counts.values()) == {0}, "of a submission that is refused nothing is kept"
        assert await take_in(database, picture(1), gate) == 1, "and what is nobody's stock comes in"

    run(story)


def test_a_hundredfold_flood_waits_and_holds_up_nobody_after_it(run: Run) -> None:
    burst = Burst(entries=5, days=2)

    async def story(database: Database) -> None:
        flood = range(100, 100 + 100 * burst.entries)
        for begin in range(flood.start, flood.stop, 100):
            await take_in(database, picture(*range(begin, begin + 100)))
        assert await publish_waiting(database, clock(), burst) == 0
        await take_in(database, picture(1))
        assert await publish_waiting(database, clock(), burst) == 1
        assert await states(database, 1, flood[0]) == [ReceiptState.LISTED, ReceiptState.WAITING]
        await withdraw(database, (secret(flood[0]),))
        counts = (await list_statistics(database)).entries_by_state
        assert (counts["listed"], counts["waiting"]) == (1, len(flood) - 1), "taking back works in the middle of it"

    run(story)


@pytest.mark.parametrize(
    ("path", "word"), [("age", "adult"), ("age", "other"), ("entries.0.kind", "meme"), ("category", "stock")]
)
def test_a_category_that_nobody_knows_comes_in_nowhere(path: str, word: str) -> None:
    """A supplier's new word is no entry of "something else": the whole submission is refused, and the field named."""
    body = make(1, 2).body
    decode(encode(body), SubmissionBody)
    *way, last = path.split(".")
    place: Any = body
    for step in way:
        place = place[int(step) if step.isdigit() else step]
    place[last] = word
    with pytest.raises(InvalidInputError) as refused:
        decode(encode(body), SubmissionBody)
    assert refused.value.field == path.replace(".0", "[0]")
    assert word not in str(refused.value)
