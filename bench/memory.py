"""How much memory programs that were started from here take more while something runs: their proportional set size.

PSS counts each resident page once: what several processes share (libraries, memory between page and compositor) is
divided among them. The kernel walks all pages for it, 5 to 35 ms a browser process, so a process is asked again only
when its resident pages, which are had for nothing, have changed. The same program running elsewhere on the machine
shares its libraries, and shifts the figures when it comes or goes.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

BETWEEN_S = 0.01


class Watched:
    """The memory of all processes of one name below this one."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._known: dict[int, tuple[str, int]] = {}
        self._before = self._now()
        self.most = 0
        """Bytes that they have had more than at first, at most."""

    def look(self) -> None:
        """Looks how much it is now."""
        self.most = max(self.most, self._now() - self._before)

    def _now(self) -> int:
        known, self._known = self._known, {}
        for process in _below(os.getpid()):
            with suppress(OSError):  # it has ended
                path = Path("/proc", str(process))
                pages = (path / "statm").read_text()
                if process in known and known[process][0] == pages:
                    self._known[process] = known[process]
                elif self._name in (path / "comm").read_text():
                    self._known[process] = (pages, _pss(path))
        return sum(pss for _, pss in self._known.values())


@contextmanager
def watched(name: str) -> Iterator[Watched]:
    """Watches the processes of this name while the block runs."""
    watch, done = Watched(name), threading.Event()

    def look_again_and_again() -> None:
        while not done.wait(BETWEEN_S):
            watch.look()

    thread = threading.Thread(target=look_again_and_again)
    thread.start()
    try:
        yield watch
    finally:
        done.set()
        thread.join()


def _pss(process: Path) -> int:
    (line,) = (one for one in (process / "smaps_rollup").read_text().splitlines() if one.startswith("Pss:"))
    return int(line.split()[1]) * 1024


def _below(process: int) -> list[int]:
    """Gives the processes that a process has started, and those that they have."""
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parent = path.read_text().rpartition(")")[2].split()[1]
            children.setdefault(int(parent), []).append(int(path.parent.name))
    found = [process]
    for one in found:
        found += children.get(one, [])
    return found[1:]
