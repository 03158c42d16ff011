"""What a worker does with a shard: reads each object, makes its fingerprints and asks the lists.

Nothing that is wrong with one object stops the rest: it is reported with its reason. Hostile bytes are decoded in a
child that is killed and replaced (media/), so a worker lives on.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from itertools import islice

from takeback.errors import TakebackError
from takeback.fingerprints.variants import Effort
from takeback.media import Fingerprinted, Fingerprinter, Limits, Unscannable, UnscannableReason
from takeback.model.entry import Kind
from takeback.model.hold import Content, Finding
from takeback.model.sweep import Item, Refused, Report, Scanned, Shard
from takeback.participant.hash_list import MAX_AGE, HashList
from takeback.participant.holds.holding import finding_of
from takeback.participant.look_up import LookUp, Matched, Prints
from takeback.participant.own_media import kept
from takeback.sweep.source import Source, source_of

#: Objects whose reading broke off are read so many times.
TRIES = 3
#: Objects that lists are asked about together, which costs less than one by one, at most.
ASKED_TOGETHER = 32
#: Why an object was not read at all, beside the reasons of `UnscannableReason`.
GONE, UNREADABLE = "gone", "unreadable"


@dataclass(frozen=True, slots=True)
class Task:
    """What is the same for every shard of a sweep.

    `lists` are name and file of each copy of a list, and the hours after which it is too old (None: as always).
    `reads` objects are read at a time in each worker: one is decoded, the others wait for storage. Objects over
    `object_bytes` are not fetched.
    """

    source: str
    lists: tuple[tuple[str, str, int | None], ...]
    effort: Effort
    keep: bool
    reads: int
    object_bytes: int


def scan(task: Task, shard: Shard) -> Report | Refused:
    """Gives what became of every object of a shard."""
    begin = time.monotonic()
    try:
        tools = _tools(task)
        with ThreadPoolExecutor(task.reads) as threads:
            scanned = tuple(tools.asked(threads.map(tools.read, shard.items)))
    except TakebackError as error:
        return Refused(shard.number, error.code, str(error))
    return Report(shard.number, scanned, time.monotonic() - begin)


def opened_list(file: str, max_age_h: int | None) -> HashList:
    """Opens the copy of a list."""
    return HashList.open(file, max_age=MAX_AGE if max_age_h is None else timedelta(hours=max_age_h))


@cache
def _tools(task: Task) -> _Tools:
    """Lists, index and decoder are opened once in each process."""
    return _Tools(task)


class _Tools:
    def __init__(self, task: Task) -> None:
        self._task, self._limits = task, Limits()
        self._source: Source = source_of(task.source)
        self._fingerprinter = Fingerprinter(self._limits, quick=True, effort=task.effort)
        self._look_ups = [
            (name, LookUp(opened_list(file, max_age_h), task.effort)) for name, file, max_age_h in task.lists
        ]

    def read(self, item: Item) -> _Read:
        """Makes the fingerprints of an object. What cannot be decoded may still be listed, byte for byte."""
        if item.size > self._task.object_bytes:
            return _Read(item, reason=UnscannableReason.TOO_MANY_BYTES.value)
        made = self._made(item)
        if isinstance(made, str):
            return _Read(item, reason=made)
        if isinstance(made, Unscannable):
            return _Read(item, made.exact, reason=made.reason.value)
        return _Read(item, made.fingerprints, made.kind)

    def asked(self, objects: Iterator[_Read]) -> Iterator[Scanned]:
        """Says what lists hold of objects, some at a time while others are still read."""
        while some := list(islice(objects, ASKED_TOGETHER)):
            yield from map(self._scanned, some, self._found(some))

    def _made(self, item: Item) -> Fingerprinted | Unscannable | str:
        for _ in range(TRIES):
            try:
                with self._source.opened(item.key) as opened:
                    return self._fingerprinter.fingerprint(opened)
            except FileNotFoundError:
                return GONE
            except (OSError, ValueError):  # ValueError: a name that no file can have
                continue
        return UNREADABLE

    def _found(self, objects: Sequence[_Read]) -> list[list[Finding]]:
        findings: list[list[Finding]] = [[] for _ in objects]
        for name, look_up in self._look_ups:
            for at, found in enumerate(look_up.many([one.prints for one in objects])):
                if isinstance(found, Matched):
                    findings[at] += [finding_of(name, match) for match in found.matches]
        return findings

    def _scanned(self, read: _Read, findings: Sequence[Finding]) -> Scanned:
        wanted = self._task.keep or findings  # brakes look at what was found, too
        own = kept(Content(read.item.key), read.kind, read.prints).fingerprints if wanted else ()
        return Scanned(read.item, read.kind, own, tuple(findings), read.reason)


@dataclass(frozen=True, slots=True)
class _Read:
    """An object's fingerprints, or why it has none."""

    item: Item
    prints: Prints = ()
    kind: Kind = Kind.IMAGE
    reason: str | None = None
