"""What of a page may be believed. Pure rules, numbered as in spec/list-format.md; no network and no disk.

Rule 1, the signature over the bytes, is the exchange's; everything after it is here:

    2. the page is of this list, for this participant
    3. it continues where we are: `after` is our cursor, `next` does not go back, sequences rise inside (after, next]
    4. it is not from the future, and not older than a page that we have kept
    5. on the last page, what we then have is what the clearinghouse says that we must have
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from takeback.errors import UntrustedListError
from takeback.model.change import START, ChangePage
from takeback.model.list_digest import EMPTY, ListDigest

#: How far ahead of our clock a page may be issued.
MAX_AHEAD = timedelta(minutes=5)
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Position:
    """Where a replica is: its cursor, when its newest page was issued, and the digest of what it holds."""

    cursor: int = START
    issued: datetime = BEGINNING
    digest: ListDigest = EMPTY


def check_page(page: ChangePage, position: Position, *, list_id: str, participant: str, now: datetime) -> None:
    """Raises UntrustedListError for the first of rules 2 to 4 that does not hold."""
    # 2.
    if page.list_id != list_id or page.participant != participant:
        raise UntrustedListError("The page is of another list or for another participant. Nothing of it was kept.")
    # 3.
    sequences = [change.sequence for change in page.changes]
    rising = all(a < b for a, b in zip([page.after, *sequences], [*sequences, page.next + 1], strict=True))
    if page.after != position.cursor or page.next < page.after or not rising:
        raise UntrustedListError("The page does not continue where this replica is. Nothing of it was kept.")
    # 4.
    if page.issued > now + MAX_AHEAD:
        raise UntrustedListError(
            "The page was issued in the future. Check this machine's clock; nothing of the page was kept."
        )
    if page.issued < position.issued:
        raise UntrustedListError("The page is older than one that was kept: somebody is replaying. Nothing was kept.")


def check_head(page: ChangePage, digest: ListDigest) -> bool:
    """Whether rule 5 holds: on the last page, what we have is what the clearinghouse says."""
    return page.head is None or page.head == digest
