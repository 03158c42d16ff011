"""What a worker does with a shard: reads each object, makes its fingerprints and asks the lists.

Nothing that is wrong with one object stops the rest: it is reported with its reason. Hostile bytes are decoded in a
child that is killed and replaced (media/), so a worker lives on.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from takeback.errors import TakebackError
from takeback.fingerprints.types import Fingerprint
from takeback.fingerprints.variants import Effort
from takeback.media import Fingerprinted, Fingerprinter, Limits, Unscannable, UnscannableReason
from takeback.model.entry import Kind
from takeback.model.hold import Content, Finding
from takeback.model.sweep import Item, Refused, Report, Scanned, Shard
from takeback.participant.hash_list import HashList
from takeback.participant.holding import finding_of
from takeback.participant.own_media import kept
from takeback.participant.screening import Matched, Screen
from takeback.sweep.source import Source, source_of

#: Objects whose reading broke off are read so many times.
TRIES = 3
#: Why an object was not read at all, beside the reasons of `UnscannableReason`.
GONE, UNREADABLE = "gone", "unreadable"


@dataclass(frozen=True, slots=True)
class Task:
    """What is the same for every shard of a sweep. `lists` are name and file of each copy of a list.

    `reads` objects are read at a time in each worker: one is decoded, the others wait for storage. Objects over
    `object_bytes` are not fetched.
    """

    source: str
    lists: tuple[tuple[str, str], ...]
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
            scanned = tuple(threads.map(tools.scanned, shard.items))
    except TakebackError as error:
        return Refused(shard.number, error.code, str(error))
    return Report(shard.number, scanned, time.monotonic() - begin)


@cache
def _tools(task: Task) -> _Tools:
    """Lists, index and decoder are opened once in each process."""
    return _Tools(task)


class _Tools:
    def __init__(self, task: Task) -> None:
        self._task, self._limits = task, Limits()
        self._source: Source = source_of(task.source)
        self._fingerprinter = Fingerprinter(self._limits, quick=True, effort=task.effort)
        self._screens = [(name, Screen(HashList.open(Path(file)), effort=task.effort)) for name, file in task.lists]

    def scanned(self, item: Item) -> Scanned:
        """Gives what became of an object."""
        if item.size > self._task.object_bytes:
            return Scanned(item, Kind.IMAGE, reason=UnscannableReason.TOO_MANY_BYTES.value)
        made = self._made(item)
        if isinstance(made, str):
            return Scanned(item, Kind.IMAGE, reason=made)
        if isinstance(made, Unscannable):
            return self._answered(item, Kind.IMAGE, made.exact, made.reason.value)
        return self._answered(item, made.kind, made.fingerprints, None)

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

    def _answered(self, item: Item, kind: Kind, prints: tuple[Fingerprint, ...], reason: str | None) -> Scanned:
        """What cannot be decoded may still be, byte for byte, what is listed."""
        findings: list[Finding] = []
        for name, screen in self._screens if prints else ():
            found = screen.check(prints)
            if isinstance(found, Matched):
                findings += [finding_of(name, match) for match in found.matches]
        own = kept(Content(item.key), kind, prints).fingerprints if self._task.keep else ()
        return Scanned(item, kind, own, tuple(findings), reason)
