"""Which frames of a film are fingerprinted (spec/film.md): at every whole second the one that is shown.

To ask a list, several a second. Pure, and the same for films and for pictures that move. The page chooses the same
frames (`web/fingerprints/film.ts`).
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Generic, TypeVar

from takeback.fingerprints.types import Fingerprint

T = TypeVar("T")
R = TypeVar("R")

#: A time that a file rounds still counts as its second.
TOLERANCE = Fraction(1, 1_000_000)
#: Moments a second at which a film is looked at to ask a list. What is listed is one a second, of another beginning or
#: at another speed: some of these come near enough to it.
QUICK_PER_SECOND = 4
#: Frames are stored in another order than they are shown in; no codec here looks further ahead than 16.
REORDERED = 32


class Sampler(Generic[T, R]):
    """Takes frames in the order in which they are shown, and keeps what `fingerprint` makes of at most `most` of them.

    There are `per_second` moments a second. A longer film is thinned to every second moment, every fourth, and so on:
    what is kept never depends on the length that a header claims.
    """

    def __init__(self, fingerprint: Callable[[T], R], *, most: int, per_second: int = 1) -> None:
        self.step = 1
        """Every so many moments one is kept."""
        self._fingerprint, self._most, self._per_second = fingerprint, most, per_second
        self._kept: list[tuple[int, R]] = []
        self._moment = 0
        self._first: Fraction | None = None
        self._shown: tuple[Fraction, T] | None = None

    @property
    def found(self) -> list[tuple[int, R]]:
        """Whole seconds after the first frame, and what was made of what is shown then, or within that second."""
        return [(moment // self._per_second, fingerprint) for moment, fingerprint in self._kept]

    def show(self, seconds: Fraction, frame: T) -> None:
        """A frame begins to be shown. One whose time does not come after the last one's never is."""
        if self._first is None:
            self._first = seconds
        since = seconds - self._first
        if self._shown is not None:
            if since <= self._shown[0]:
                return
            self._keep_until(since)
        self._shown = (since, frame)

    def end(self, last: Fraction | None = None) -> None:
        """There are no more frames, and the last one begins at `last`, whether it was given or not."""
        if self._first is not None and self._shown is not None:
            self._keep_until((self._shown[0] if last is None else last - self._first) + 2 * TOLERANCE)

    def _keep_until(self, end: Fraction) -> None:
        if self._shown is None or not self._comes_before(end):
            return
        fingerprint = self._fingerprint(self._shown[1])
        while self._comes_before(end):
            self._kept.append((self._moment, fingerprint))
            if len(self._kept) > self._most:
                self.step *= 2
                self._kept = [one for one in self._kept if one[0] % self.step == 0]
            self._moment = self._kept[-1][0] + self.step

    def _comes_before(self, end: Fraction) -> bool:
        return Fraction(self._moment, self._per_second) + TOLERANCE < end


def each_of(found: Iterable[tuple[int, tuple[Fingerprint, ...]]]) -> tuple[tuple[int, Fingerprint], ...]:
    """Gives every fingerprint with the second of its frame."""
    return tuple((seconds, fingerprint) for seconds, made in found for fingerprint in made)


class AskedFor:
    """Tells before a frame is decoded whether it will be shown at a moment, from the times of those around it."""

    def __init__(self, time_base: Fraction, *, per_second: int = 1) -> None:
        self.step = 1
        """Every so many moments one is asked for."""
        self._moment, self._slack = 1 / time_base / per_second, TOLERANCE / time_base
        self._times: list[int] = []
        self._first: int | None = None
        self.last = 0

    def know(self, ticks: int | None) -> None:
        """There is a frame at this time, in units of the time base. Call it for `REORDERED` frames ahead."""
        if ticks is not None:
            insort(self._times, ticks)
            self.last = max(self.last, ticks)
            if self._first is not None and len(self._times) > 4 * REORDERED:
                del self._times[:REORDERED]

    def for_frame_at(self, ticks: int | None) -> bool:
        """Says whether the frame is asked for; none is asked for whose time is not known."""
        if ticks is None:
            return False
        if self._first is None:
            self._first = self._times[0]
        after = bisect_right(self._times, ticks)
        gone = self._times[after] if after < len(self._times) else ticks + 2 * self._slack
        every = self._moment * self.step
        number = -((self._first - ticks + self._slack) // every)  # of the first moment that is not before it
        return self._first + number * every + self._slack < gone
