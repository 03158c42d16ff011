"""What a list must come to, in plain values and by the published rules: no database, no feed, no sequence."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta

from takeback.clearinghouse.hits import Brake
from takeback.clearinghouse.publishing import Burst
from takeback.model.entry import EntryState
from takeback.model.feedback import Verdict
from takeback.model.hits import coarse_hits
from takeback.model.suspension import SuspendedBy
from takeback.model.tier import Tier, standing

WAITING, LISTED, SUSPENDED, WITHDRAWN = (
    EntryState.WAITING,
    EntryState.LISTED,
    EntryState.SUSPENDED,
    EntryState.WITHDRAWN,
)
PUBLISHED = (LISTED, SUSPENDED)


@dataclass
class Expected:
    """One entry."""

    state: EntryState = WAITING
    tier: Tier = Tier.SUBMITTED
    by: SuspendedBy | None = None
    votes: dict[str, Verdict] = field(default_factory=dict)
    hits: dict[date, dict[str, int]] = field(default_factory=dict)
    held_until: date | None = None
    listed_on: date | None = None
    renewed_on: date | None = None
    released_on: date | None = None
    withdraw_on: date | None = None

    def list_(self, tier: Tier, on: date) -> None:
        """Puts it on the list, or back."""
        self.state, self.tier, self.by, self.held_until = LISTED, tier, None, None
        self.listed_on = self.listed_on or on

    def withdraw(self) -> None:
        """Ends it for ever, and what was said of it."""
        self.__init__(state=WITHDRAWN)  # type: ignore[misc]  # nothing is left


class ExpectedList:
    """All of them, by number, and what happened to them, counted."""

    def __init__(self, burst: Burst, brake: Brake, expiry_days: int) -> None:
        self.entries: dict[int, Expected] = {}
        self.active: set[str] = set()
        self.happened: Counter[str] = Counter()
        self._burst, self._brake, self._expiry = burst, brake, timedelta(days=expiry_days)

    def listed(self) -> dict[int, Tier]:
        """Gives what is on the list, and how far it is believed."""
        return {number: entry.tier for number, entry in self.entries.items() if entry.state is LISTED}

    def of(self, *states: EntryState) -> list[int]:
        """Gives the numbers of the entries in these states."""
        return [number for number, entry in self.entries.items() if entry.state in states]

    def publish(self, today: date) -> None:
        """Lists what waits; what came in a burst is held first."""
        waiting = [self.entries[number] for number in self.of(WAITING)]
        new = [entry for entry in waiting if entry.held_until is None]
        if len(new) > self._burst.entries:
            self.happened["held"] += 1
            for entry in new:
                entry.held_until = today + timedelta(days=self._burst.days)
        for entry in waiting:
            if entry.held_until is None or entry.held_until <= today:
                self.happened["held is over"] += entry.held_until is not None
                entry.list_(entry.tier, today)

    def release_held(self, today: date) -> None:
        """Has what is held go out with the next publication."""
        for number in self.of(WAITING):
            entry = self.entries[number]
            if entry.held_until is not None and entry.held_until > today:
                entry.held_until = today
                self.happened["let go"] += 1

    def vote(self, number: int, voter: str, verdict: Verdict, today: date) -> None:
        """Keeps a verdict, in place of an earlier one."""
        entry = self.entries[number]
        if entry.state in PUBLISHED:
            entry.votes[voter] = verdict
            self._move(entry, today)

    def recount(self, voter: str, today: date) -> None:
        """Counts what a participant has judged again: it has been suspended, or resumed."""
        for entry in self.entries.values():
            if voter in entry.votes and entry.state in PUBLISHED:
                self._move(entry, today)

    def hit(self, number: int, finder: str, day: date, count: int) -> None:
        """Keeps how often it was found, and pulls the brake where that is too often."""
        entry = self.entries[number]
        if entry.state not in PUBLISHED:
            return
        found = entry.hits.setdefault(day, {})
        found[finder] = coarse_hits(count)
        counted = [steps for who, steps in found.items() if who in self.active]
        enough = min(self._brake.participants, len(self.active))
        seen = entry.released_on is not None and day <= entry.released_on
        if sum(counted) >= self._brake.hits_a_day and len(counted) >= enough and not seen:
            self._brake_by(entry, SuspendedBy.HITS)

    def forbid(self, number: int) -> None:
        """Suspends what a public picture has."""
        self._brake_by(self.entries[number], SuspendedBy.NEGATIVE)

    def suspend(self, number: int) -> None:
        """What one operator does."""
        entry = self.entries[number]
        entry.state, entry.by = SUSPENDED, SuspendedBy.OPERATOR

    def release(self, number: int, today: date) -> None:
        """What two operators do: verdicts against it begin anew."""
        entry = self.entries[number]
        entry.votes = {who: said for who, said in entry.votes.items() if said is not Verdict.WRONG}
        entry.list_(self._standing(entry)[0], today)
        entry.released_on = today

    def verify(self, number: int, today: date) -> None:
        """What two operators do: the highest tier, on the list."""
        self.entries[number].list_(Tier.VERIFIED, today)
        self.entries[number].released_on = today

    def withdraw_due(self, today: date) -> None:
        """Takes back what was to be taken back by now."""
        for entry in self.entries.values():
            if entry.withdraw_on is not None and entry.withdraw_on <= today:
                entry.withdraw()
                self.happened["withdrawn on its day"] += 1

    def expire(self, today: date) -> None:
        """Takes back what has been there for long and was not renewed."""
        for entry in self.entries.values():
            begun = entry.renewed_on or entry.listed_on
            if entry.listed_on is not None and begun is not None and begun <= today - self._expiry:
                entry.withdraw()
                self.happened["expired"] += 1

    def _brake_by(self, entry: Expected, by: SuspendedBy) -> None:
        may_be = (WAITING, LISTED) if by is SuspendedBy.NEGATIVE else (LISTED,)
        if entry.state in may_be and entry.tier is not Tier.VERIFIED:
            entry.state, entry.by = SUSPENDED, by
            self.happened[by] += 1

    def _move(self, entry: Expected, today: date) -> None:
        if entry.state is SUSPENDED and entry.by is not SuspendedBy.VOTES:
            return
        tier, suspended = self._standing(entry)
        if suspended and entry.state is LISTED:
            entry.state, entry.tier, entry.by = SUSPENDED, tier, SuspendedBy.VOTES
            self.happened[SuspendedBy.VOTES] += 1
        elif not suspended:
            self.happened["votes put it back"] += entry.state is SUSPENDED
            entry.list_(tier, today)

    def _standing(self, entry: Expected) -> tuple[Tier, bool]:
        said = [verdict for who, verdict in entry.votes.items() if who in self.active]
        now = standing(
            confirmed=said.count(Verdict.CONFIRMED),
            wrong=said.count(Verdict.WRONG),
            verified=entry.tier is Tier.VERIFIED,
        )
        return now.tier, now.suspended
