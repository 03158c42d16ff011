"""One list of values in layers: immutable parts below, what came since above. Asked while it changes.

Every change and every fold puts a new tuple of layers in place of the old one; whoever is asking goes on with the old.
A fold makes one part of the layers on top whose sizes have come near each other, so that there are never many.
"""

from __future__ import annotations

import ctypes
import struct
import threading
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from operator import itemgetter

from takeback.fingerprints._native import core
from takeback.fingerprints.scan import VALUE_BYTES
from takeback.matching.parts import PART_VALUES, Delta, Layer, Part, build, build_from, live, pointers, processors

#: Values, and deletions, that a delta takes before it is folded. All of it is looked at by every question: 4 µs.
DELTA_VALUES = 4096
#: A part is folded with what lies above it while it is at most this many times as large.
FOLD_RATIO = 4
#: Room for so many finds is made for each query; a question with more in all is asked once more, with enough.
FOUND_EACH = 64
#: Each thread keeps its room up to so many finds of 16 bytes.
FOUND_KEPT = 1 << 17
_NEAREST = itemgetter(1, 0)
_NO_ROOM = ctypes.create_string_buffer(0)
_FOUND = struct.Struct("<QII")  # struct tb_found: id, query, distance

#: The id that was given with a value, and its distance in bits.
Near = tuple[int, int]


class _Stack:
    """Layers, oldest first, and the delta on top of them that takes the changes."""

    __slots__ = ("all", "below", "delta", "pointers")

    def __init__(self, below: Sequence[Layer], delta: Delta) -> None:
        self.below, self.delta, self.all = tuple(below), delta, (*below, delta)
        self.pointers = pointers(self.all)

    @property
    def untouched(self) -> bool:
        """Whether the delta holds no change."""
        return not self.delta.count and not self.delta.deletions()


class Layers:
    """The values of one list, asked with a radius of so many bits at most. Safe to use from several threads."""

    def __init__(self, radius: int, parts: Sequence[Part] = ()) -> None:
        self._core, self._radius = core(), radius
        self._within = self._core.tb_radius_within
        self._room = threading.local()
        self._writing = threading.Lock()  # held for microseconds
        self._folding = threading.RLock()  # held for as long as a fold takes
        self._folder: threading.Thread | None = None
        self._stack = _Stack(parts, _fresh())

    @property
    def layers(self) -> tuple[Layer, ...]:
        """What there is now, oldest first."""
        return self._stack.all

    def live(self) -> int:
        """Gives how many values are not deleted. Looks at each id."""
        stack = self._stack
        return int(self._core.tb_radius_live(stack.pointers, len(stack.all), 0, len(stack.all), None, None))

    def within(self, queries: bytes, radii: bytes, count: int, path: int = 0) -> list[list[Near]]:
        """Gives, for each of `count` packed queries with packed 16-bit radii, what is near, nearest first."""
        stack = self._stack
        room: ctypes.Array[ctypes.c_char] = getattr(self._room, "found", _NO_ROOM)
        capacity = len(room) // _FOUND.size
        found = FOUND_EACH * count
        while True:
            if found > capacity:
                room, capacity = ctypes.create_string_buffer(found * _FOUND.size), found
                if capacity <= FOUND_KEPT:
                    self._room.found = room
            found = self._within(stack.pointers, len(stack.all), queries, radii, count, path, room, capacity)
            if found <= capacity:
                break
        results: list[list[Near]] = [[] for _ in range(count)]
        with memoryview(room) as whole, whole[: found * _FOUND.size] as used:
            numbers, words = used.cast("B").cast("Q")[::2].tolist(), used.cast("B").cast("I")
            for query, one in zip(words[2::4].tolist(), zip(numbers, words[3::4].tolist(), strict=True), strict=True):
                results[query].append(one)
        for near in results:
            if len(near) > 1:
                near.sort(key=_NEAREST)
        return results

    def insert(self, value: bytes, number: int) -> None:
        """Adds a value; the next question finds it."""
        with self._writing:
            while not self._stack.delta.insert(value, number):
                self._begin_another()

    def insert_many(self, values: bytes | bytearray, ids: array[int]) -> None:
        """Adds many values at once."""
        if len(ids) <= DELTA_VALUES // 4:
            for at, number in enumerate(ids):
                self.insert(bytes(values[VALUE_BYTES * at : VALUE_BYTES * (at + 1)]), number)
            return
        parts = build_from(values, ids, self._radius)
        with self._writing:
            if self._stack.untouched:
                self._stack = _Stack((*self._stack.below, *parts), self._stack.delta)
            else:
                self._stack = _Stack((*self._stack.all, *parts), _fresh())
            if _worth_folding(self._stack.below):
                self._fold_soon()

    def delete(self, number: int) -> None:
        """Hides every value with this id from the next question on. The next merge leaves them out."""
        with self._writing:
            while not self._stack.delta.delete(number):
                self._begin_another()

    def fold(self, *, everything: bool = False) -> int:
        """Makes one part of the layers on top, or of all; questions and changes go on meanwhile.

        Gives how many layers, from the oldest, then hold what was there when it began.
        """
        with self._folding:
            with self._writing:
                if _is_folded(self._stack):
                    return len(self._stack.below)
                below = self._stack.all
                self._stack = _Stack(below, _fresh())
                layers = self._stack.all
            begin = 0 if everything else _reach(below)
            values, ids, count = live(layers, begin, len(below))
            made = build(values.address, ids.address, count, self._radius, processors())
            hidden = _hidden(below[begin:]) if begin else None
            kept = (*below[:begin], *((hidden,) if hidden else ()), *made)
            with self._writing:
                self._stack = _Stack((*kept, *self._stack.below[len(below) :]), self._stack.delta)
            return len(kept)

    @contextmanager
    def no_other_fold(self) -> Iterator[None]:
        """Keeps other threads from folding, for a fold and what is made of it."""
        with self._folding:
            yield

    def replace(self, count: int, parts: Sequence[Part]) -> None:
        """Puts parts with the same content in place of the oldest `count` layers. Only within `no_other_fold`."""
        with self._writing:
            self._stack = _Stack((*parts, *self._stack.below[count:]), self._stack.delta)

    def wait(self) -> None:
        """Waits until nothing is being folded."""
        while (folder := self._folder) is not None and folder.is_alive():
            folder.join()

    def _begin_another(self) -> None:
        self._stack = _Stack(self._stack.all, _fresh())
        self._fold_soon()

    def _fold_soon(self) -> None:
        if self._folder is None or not self._folder.is_alive():
            self._folder = threading.Thread(target=self._fold_while_needed, name="takeback-fold", daemon=True)
            self._folder.start()

    def _fold_while_needed(self) -> None:
        while _worth_folding(self._stack.below):
            self.fold()


def _fresh() -> Delta:
    return Delta(DELTA_VALUES, DELTA_VALUES)


def _reach(below: Sequence[Layer]) -> int:
    """Gives from which layer on to fold: deltas, and parts that are not much larger than all that lies above."""
    begin, above = len(below), 0
    while begin and (not above or isinstance(below[begin - 1], Delta) or below[begin - 1].count <= FOLD_RATIO * above):
        begin -= 1
        above += below[begin].count
    return begin


def _worth_folding(below: Sequence[Layer]) -> bool:
    """Says whether a delta has stopped taking changes, or parts could be one."""
    layers = below[_reach(below) :]
    return _could_be_fewer(layers) or any(isinstance(one, Delta) and not one.settled for one in layers)


def _is_folded(stack: _Stack) -> bool:
    """Says whether there is nothing but parts, as few as there can be: to build them again would give the same."""
    return stack.untouched and all(isinstance(one, Part) for one in stack.below) and not _could_be_fewer(stack.below)


def _could_be_fewer(layers: Sequence[Layer]) -> bool:
    """Says whether parts of one parity could be one, or fewer."""
    parts = [layer for layer in layers if isinstance(layer, Part)]
    fewest = -(-sum(part.count for part in parts) // PART_VALUES)
    return max(Counter(part.parity for part in parts).values(), default=0) > fewest


def _hidden(layers: Sequence[Layer]) -> Delta | None:
    """Gives a layer with all the deletions of these, for what stays below them; None where there is none."""
    ids = {number for layer in layers if isinstance(layer, Delta) for number in layer.deletions()}
    if not ids:
        return None
    hidden = Delta(0, len(ids), settled=True)
    for number in ids:
        hidden.delete(number)
    return hidden
