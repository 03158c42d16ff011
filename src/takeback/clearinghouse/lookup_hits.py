"""How often look-ups find an entry: counted in memory, and told in coarse steps, so that the brake works for them too.

Who only looks up reports no counts of its own. What is counted is that an entry was found at a participant on a day,
never what was asked. A private picture is found a few times a day: of such a one nothing is written at all.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from datetime import date

from takeback.model.hits import coarse_hits

#: What one participant finds less often on a day is not written down.
LEAST = 100
#: Counts that are remembered at most; the one longest unused is forgotten first.
MOST_COUNTS = 100_000


class LookupHits:
    """The counts of one process and one day. Several processes add what each has counted."""

    def __init__(self) -> None:
        self._day = date.min
        self._counts: OrderedDict[tuple[str, int], int] = OrderedDict()

    def count(self, participant: str, found: Iterable[int], day: date) -> dict[int, int]:
        """Counts what a participant found, by the entries' numbers; gives what is to be added to the written counts."""
        if day != self._day:
            self._day = day
            self._counts.clear()
        due: dict[int, int] = {}
        for number in found:
            before = self._counts.pop((participant, number), 0)
            self._counts[participant, number] = before + 1
            if step := _written(before + 1) - _written(before):
                due[number] = due.get(number, 0) + step
        while len(self._counts) > MOST_COUNTS:
            self._counts.popitem(last=False)
        return due


def _written(count: int) -> int:
    return coarse_hits(count) if count >= LEAST else 0
