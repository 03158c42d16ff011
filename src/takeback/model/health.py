"""How a participant is doing: one pure function from what is known of it to what an operator has to see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from takeback.model.change import START
from takeback.model.participant import Participant, ParticipantState

#: Verdicts are counted over so many days.
FEEDBACK_DAYS = 30


@dataclass(frozen=True, slots=True)
class Health:
    """How far behind the list a participant is, what it still has to take back, and what it says.

    `behind` counts changes, `behind_since` is the first day (UTC) of which something is missing. `owed` counts entries
    that left the list too long ago and that it has not acknowledged; one such makes it `slow`. `verdicts` are of the
    last FEEDBACK_DAYS days. `unproven` is who asks in a dialect whose common client goes on matching what is gone
    (spec/stopncii.md): what it has read says nothing of what it forgets.
    """

    behind: int
    behind_since: date | None
    owed: int
    slow: bool
    verdicts: int
    unproven: bool = False


def has_up_to(participant: Participant, heads: Mapping[date, int]) -> int | None:
    """Gives the sequence up to which a participant's copy may be taken to be current; None where it has no copy.

    Whoever begins again at 0 has dropped its copy and is given a new one: that one is as old as its last sync.
    `heads` is the list's head at the beginning of each day.
    """
    if participant.acknowledged > START:
        return participant.acknowledged
    if participant.last_sync_at is None:
        return None
    day = participant.last_sync_at.date()
    later = [head for at, head in heads.items() if at > day]
    return min(later) if later else max(heads.values(), default=START)


def due_head(heads: Mapping[date, int], now: datetime, hours: int) -> int:
    """Gives the sequence of which everything is older than so many hours; days are the finest time that is kept."""
    latest = now - timedelta(hours=hours)
    return max((head for at, head in heads.items() if datetime.combine(at, time(), UTC) <= latest), default=START)


def health_of(
    participant: Participant, *, head: int, heads: Mapping[date, int], owed: int, verdicts: int, unproven: bool = False
) -> Health:
    """Gives how a participant is doing. `owed` counts its late tombstones; only a live participant can be slow."""
    if participant.state is not ParticipantState.ACTIVE:
        return Health(0, None, 0, slow=False, verdicts=verdicts)
    behind = max(0, head - participant.acknowledged)
    missed = [at for at, then in heads.items() if then > participant.acknowledged]
    # A head at the beginning of a day is reached on the day before.
    since = min(missed) - timedelta(days=1) if missed else None
    return Health(behind, since if behind else None, owed, slow=owed > 0, verdicts=verdicts, unproven=unproven)
