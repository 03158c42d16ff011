"""Writing the public log: every hour the states that the list was in, every day what has changed (spec/public-log.md).

The order is what makes it safe: leaves go into the database, then into files, and last a checkpoint is signed. What is
cut off between two of these is done by the next run, with the same bytes.
"""

from __future__ import annotations

import asyncio
import fcntl
import hashlib
import hmac
import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from itertools import islice
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.clearinghouse.log_files import LogFiles, LogIdentity
from takeback.clock import Clock, today
from takeback.errors import SettingsError, UnavailableError
from takeback.model.entry import EntryId, EntryState, ReceiptDigest
from takeback.model.public_log import content_hash, gone_leaf, listed_leaf, merged, opening, rounded, state_hash
from takeback.storage import audit, entries, entry_prints, list_state
from takeback.storage import public_log as storage
from takeback.storage.database import Database
from takeback.storage.list_state import ListState
from takeback.wire.log_leaves import DAY, MAX_STATES, STATES, DayBody, StatesBody, leaf_bytes, leaf_of
from takeback.wire.tiles import WIDTH, proven_leaves

#: Where the files are, inside data_dir.
FOLDER = "log"
#: States and entries are filled up with random hashes to a multiple of these, so that their number tells nothing.
STATES_TOGETHER = 16
ENTRIES_TOGETHER = 64
#: Entries shuffled together, entries in one transaction, and leaves read from the database at a time.
ROUND = 20_000
BATCH = 1_000
_PART = 32 * WIDTH
_HASH_BYTES = 32


#: A listed entry, one that is gone, or a random leaf.
_Planned = EntryId | tuple[EntryId, ReceiptDigest] | None


@dataclass(frozen=True, slots=True)
class Published:
    """How many leaves the log has, and the day that was closed, where one was."""

    size: int
    day: date | None


def state_salt(identity: LogIdentity, head: int) -> bytes:
    """Gives the salt (32 bytes) of the list's state at `head`: participants get it with the state."""
    key = hashlib.sha256(b"takeback log salts 1\n" + identity.key.private_bytes_raw()).digest()
    return hmac.digest(key, f"{identity.list_id}\n{head}".encode(), "sha256")


async def publish(
    database: Database, clock: Clock, identity: LogIdentity, data_dir: Path, *, page: str | None = None
) -> Published:
    """Brings the log up to date. `page` is the digest of the person's page, in hexadecimal, where there is one.

    Raises UnavailableError while another process does the same, and SettingsError rather than sign a fork.
    """
    folder = data_dir / FOLDER
    with _one_at_a_time(folder):
        files = LogFiles(folder, identity)
        await _take_back(database, files)
        await _append_states(database, identity)
        day = await _append_day(database, clock, identity, page)
        return Published(await _write(database, files), day)


async def _append_states(database: Database, identity: LogIdentity) -> None:
    """Adds a leaf of the states since the last one, with the one in which the list was then."""
    while True:

        async def work(connection: AsyncConnection) -> bool:
            states = await storage.past_states(connection, MAX_STATES) or [await list_state.read(connection)]
            place = await storage.size(connection)
            hashes = [_state(identity, state, place) for state in states]
            hashes += [secrets.token_bytes(_HASH_BYTES) for _ in range(_filling(len(hashes), STATES_TOGETHER))]
            body = StatesBody(STATES, [one.hex() for one in sorted(hashes)])
            await storage.append(connection, [leaf_bytes(body)])
            await storage.forget_past_states(connection, before=states[-1].head)
            return len(states) == MAX_STATES

        if not await database.run("log-states", work):
            return


async def _append_day(database: Database, clock: Clock, identity: LogIdentity, page: str | None) -> date | None:
    """Closes yesterday, where it is not closed: leaves of entries in shuffled order, then that of the day."""
    day = today(clock) - timedelta(days=1)
    last = await database.run("log-last-day", storage.last_day)
    if last is not None and last[0] >= day:
        return None
    plan, gone = list[_Planned](), 0
    async for one in _to_be_done(database):
        gone += isinstance(one, tuple)
        plan.append(one)
        if len(plan) == ROUND:
            await _append_entries(database, plan)
            plan = []
    await _append_entries(database, plan + [None] * _filling(len(plan), ENTRIES_TOGETHER))
    added = await database.run("log-count", lambda connection: storage.counts_listed_on(connection, day))
    counts = await database.run("log-count", storage.counts_by_state_tier_and_age)

    async def work(connection: AsyncConnection) -> date | None:
        before = await storage.last_day(connection)
        if before is not None and before[0] >= day:
            return None  # another machine was first
        body = DayBody(
            format=DAY,
            list_id=identity.list_id,
            day=day,
            since=0 if before is None else before[1] + 1,
            state=_state(identity, await list_state.read(connection), await storage.size(connection)).hex(),
            audit=(await audit.head(connection)).hex(),
            page=page,
            listed=merged(counts.get(EntryState.LISTED.value, {})),
            suspended=merged(counts.get(EntryState.SUSPENDED.value, {})),
            withdrawn=merged(counts.get(EntryState.WITHDRAWN.value, {})),
            added=merged(added),
            taken_back=rounded(gone),
        )
        await storage.append(connection, [leaf_bytes(body)], day=day)
        return day

    return await database.run("log-day", work)


async def _to_be_done(database: Database) -> AsyncIterator[_Planned]:
    """Gives the entries that need a leaf. Looks at a part of the list at a time, so that nobody waits for long."""
    closed = None
    while closed is None or len(closed) == BATCH:
        after = closed[-1][0] if closed else EntryId()
        closed = await database.run("log-find", partial(storage.to_be_closed, after=after, limit=BATCH))
        for one in closed:
            yield one
    until: EntryId | None = EntryId()
    while until is not None:
        part = partial(storage.to_be_logged, after=until, limit=ROUND)
        listed, until = await database.run("log-find", part)
        for id_ in listed:
            yield id_


async def _append_entries(database: Database, plan: list[_Planned]) -> None:
    """Adds leaves of entries that are listed, of those that are gone, and random ones, shuffled; each entry once."""
    secrets.SystemRandom().shuffle(plan)
    for begin in range(0, len(plan), BATCH):
        await _append_batch(database, plan[begin : begin + BATCH])


async def _append_batch(database: Database, plan: list[_Planned]) -> None:
    async def work(connection: AsyncConnection) -> None:
        ids = await storage.still_to_be_logged(connection, [one for one in plan if isinstance(one, bytes)])
        known = await entries.by_ids(connection, list(ids))
        prints = await entry_prints.fingerprints_of(connection, list(known))
        first = await storage.size(connection)
        leaves, rows = list[bytes](), list[tuple[EntryId, bytes, bytes, int]]()
        for one in plan:
            place = first + len(leaves)
            if one is None:
                leaves.append(secrets.token_bytes(_HASH_BYTES))
            elif isinstance(one, tuple):
                if await storage.keep_gone(connection, one[0], place):
                    leaves.append(gone_leaf(opening(one[1])))
            elif one in known:
                entry, salt = known[one], secrets.token_bytes(_HASH_BYTES)
                content = content_hash(salt, entry.kind, entry.age, prints.get(one, ()))
                leaves.append(listed_leaf(opening(entry.receipt), content))
                rows.append((one, salt, content, place))
        if rows:
            await storage.keep_logged(connection, rows)
        if leaves:
            await storage.append(connection, leaves)

    await database.run("log-entries", work)


async def _write(database: Database, files: LogFiles) -> int:
    """Writes what the files lack, from the beginning of the bundle in which they end, and signs all of it."""
    start = files.checkpoint().size // WIDTH * WIDTH
    size = start
    while True:
        part = await database.run("log-read", partial(storage.leaves_from, start=start, limit=_PART))
        size = start + len(part)
        if part:
            await asyncio.to_thread(files.add, start, part)
        if len(part) < _PART:
            break
        start = size
    return (await asyncio.to_thread(files.sign, size)).size


async def _take_back(database: Database, files: LogFiles) -> None:
    """Gives a database that was restored from an older backup the leaves that were signed since.

    They are public, and a log that went on without them would be a fork.
    """
    signed = files.checkpoint()
    size = await database.run("log-size", storage.size)
    if signed.size <= size:
        return
    missing = proven_leaves(files.fetch, signed, size)
    while part := list(islice(missing, BATCH)):

        async def work(connection: AsyncConnection, part: list[tuple[int, bytes]] = part) -> None:
            if await storage.size(connection) != part[0][0]:
                raise SettingsError("The public log has holes in the database. Restore the backup before it.")
            for _, leaf in part:
                body = leaf_of(leaf)
                await storage.append(connection, [leaf], day=body.day if isinstance(body, DayBody) else None)

        await database.run("log-take-back", work)


def _filling(count: int, together: int) -> int:
    """Gives how many are missing to a multiple; of none, a whole one."""
    return -count % together if count else together


def _state(identity: LogIdentity, state: ListState, place: int) -> bytes:
    return state_hash(identity.list_id, state.head, state.digest, state_salt(identity, state.head), place)


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with folder.with_name(folder.name + ".lock").open("wb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UnavailableError("Another process is writing the public log. One is enough.") from None
        yield
