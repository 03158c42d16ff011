"""Whether everybody got the list that we got: every state that we were given has to stand in the public log.

1. The log's checkpoint is signed, and goes on where the one that we saw last was.
2. Each new leaf is proven to be in it.
3. Each state that we were given is found, once the log has come so far: when a later one was found, or when the day
   after that on which we were given it is closed (clocks may differ by a little).
"""

from __future__ import annotations

from dataclasses import dataclass

from takeback.errors import UntrustedListError
from takeback.exchanges.public_log import PublicLog
from takeback.model.public_log import state_hash
from takeback.participant.lists.given_states import GivenState
from takeback.participant.lists.replica import Replica
from takeback.wire.log_leaves import DayBody, StatesBody, leaf_of
from takeback.wire.tiles import check_growth, proven_leaves


@dataclass(frozen=True, slots=True)
class LogReport:
    """How many leaves the log has, how many of our states were found now, and how many are not due yet."""

    leaves: int
    found: int
    waiting: int


def check_log(replica: Replica, log: PublicLog) -> LogReport:
    """Looks for every state that this replica was given; raises UntrustedListError when one is missing."""
    # 1.
    before, now = replica.read_until(), log.checkpoint()
    if before is not None:
        check_growth(log.fetch, before, now)
    # 2.
    list_id, waiting = replica.list_id(), replica.given_states()
    found, closed = set[GivenState](), None
    for place, leaf in proven_leaves(log.fetch, now, before.size if before else 0):
        body = leaf_of(leaf)
        if isinstance(body, StatesBody):
            there = set(body.states)
            found |= {state for state in waiting if _hash(list_id, state, place) in there}
        elif isinstance(body, DayBody):
            closed = body.day
    # 3.
    latest = max((state.head for state in found), default=-1)
    missing = [state for state in waiting if state not in found]
    if any(state.head < latest or (closed is not None and state.day < closed) for state in missing):
        raise UntrustedListError(
            "A state of the list that was given to this participant is not in the public log: others may have been "
            "given another list. Keep this file, and ask the clearinghouse and other participants."
        )
    replica.found_in_log(found, now)
    return LogReport(now.size, len(found), len(missing))


def _hash(list_id: str, state: GivenState, place: int) -> str:
    return state_hash(list_id, state.head, state.digest, state.salt, place).hex()
