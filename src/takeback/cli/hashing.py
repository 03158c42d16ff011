"""Many files hashed side by side and given out in order, so that `takeback hash` can be cut off at any moment."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from takeback.errors import InvalidInputError
from takeback.fingerprints.edits import Protection
from takeback.media import Fingerprinted, Fingerprinter, Limits, Unscannable

#: What became of one file; an OSError where it cannot be read.
Hashed = Fingerprinted | Unscannable | OSError

#: Files begun ahead of the one that is printed, for each that is decoded at a time: one slow file holds up few others.
_AHEAD = 8


def files_in(given: tuple[Path, ...]) -> Iterator[Path | OSError]:
    """Gives the files named, and every file in the folders named, folder by folder in order.

    Links to folders are not followed. A folder that cannot be read is given as its OSError.
    """
    for number, path in enumerate(given, start=1):
        if path.is_dir():
            yield from _files_below(path)
        elif path.is_file():
            yield path
        else:
            problem = "is neither a file nor a folder." if path.exists() else "is not there."
            raise InvalidInputError(field="FILE", problem=f"number {number} {problem}", remedy="Name files or folders.")


def _files_below(folder: Path) -> Iterator[Path | OSError]:
    unread: list[OSError] = []
    for place, inner, names in os.walk(folder, onerror=unread.append):
        yield from unread
        unread.clear()
        inner.sort()
        yield from (path for path in (Path(place, name) for name in sorted(names)) if path.is_file())
    yield from unread


def hashed(
    files: list[Path | OSError], jobs: int, protection: Protection
) -> Generator[tuple[Path, Hashed], None, None]:
    """Gives each file with what it holds, in the order given. Closing it drops what was begun and ends the decoders."""
    ahead: deque[tuple[Path, Future[Hashed]]] = deque()
    with Fingerprinter(Limits(children=jobs), protection=protection) as fingerprinter:
        threads = ThreadPoolExecutor(jobs)
        try:
            for file in files:
                ahead.append(_begun(threads, fingerprinter, file))
                if len(ahead) > _AHEAD * jobs:
                    yield _ended(ahead)
            while ahead:
                yield _ended(ahead)
        finally:
            threads.shutdown(wait=False, cancel_futures=True)


def _begun(
    threads: ThreadPoolExecutor, fingerprinter: Fingerprinter, file: Path | OSError
) -> tuple[Path, Future[Hashed]]:
    if isinstance(file, OSError):
        return Path(file.filename), threads.submit(lambda: file)
    return file, threads.submit(_one, fingerprinter, file)


def _one(fingerprinter: Fingerprinter, file: Path) -> Hashed:
    try:
        return fingerprinter.fingerprint(file)
    except OSError as error:
        return error


def _ended(ahead: deque[tuple[Path, Future[Hashed]]]) -> tuple[Path, Hashed]:
    file, future = ahead.popleft()
    return file, future.result()
