"""Which frames of a film are fingerprinted (spec/film.md): at every whole second the one that is shown.

Pure, and the same for films and for pictures that move. The page chooses the same frames (`web/fingerprints/film.ts`).
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Callable
from fractions import Fraction
from typing import Generic, TypeVar

from takeback.fingerprints.types import Fingerprint

T = TypeVar("T")

#: A time that a file rounds still counts as its second.
TOLERANCE = Fraction(1, 1_000_000)
#: Frames are stored in another order than they are shown in; no codec here looks further ahead than 16.
REORDERED = 32


class Sampler(Generic[T]):
    """Takes frames in the order in which they are shown, and keeps the fingerprints of at most `most` of them.

    A longer film is thinned to every second second, every fourth, and so on: what is kept never depends on the length
    that a header claims.
    """

    def __init__(self, fingerprint: Callable[[T], Fingerprint], *, most: int) -> None:
        self.found: list[tuple[int, Fingerprint]] = []
        """Whole seconds after the first frame, and the fingerprint of what is shown then."""
        self._fingerprint, self._most = fingerprint, most
        self._step, self._moment = 1, 0
        self._first: Fraction | None = None
        self._shown: tuple[Fraction, T] | None = None

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
        if self._shown is None or self._moment + TOLERANCE >= end:
            return
        fingerprint = self._fingerprint(self._shown[1])
        while self._moment + TOLERANCE < end:
            self.found.append((self._moment, fingerprint))
            if len(self.found) > self._most:
                self._step *= 2
                self.found = [one for one in self.found if one[0] % self._step == 0]
            self._moment = self.found[-1][0] + self._step


class AskedFor:
    """Tells before a frame is decoded whether it will be shown at a whole second, from the times of those around it."""

    def __init__(self, time_base: Fraction) -> None:
        self._second = 1 / time_base
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
        slack = self._second * TOLERANCE
        gone = self._times[after] if after < len(self._times) else ticks + 2 * slack
        moment = -((self._first - ticks + slack) // self._second)  # the first whole second that is not before it
        return self._first + moment * self._second + slack < gone
