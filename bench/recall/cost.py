"""CPU of asking about one upload beyond decoding and hashing it once: variants, look-ups and the decision."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

from doors import Platform
from draw import filled, jpeg
from lists import opened
from photographs import Photograph, copy_of
from takeback.media import Fingerprinter

#: A picture of one megapixel.
SIZE = (1152, 864)
ROUNDS = 3


def cpu_beyond_decoding(folder: Path, list_path: Path, photographs: list[Photograph]) -> float:
    """Gives milliseconds an upload, as the mean over these photographs."""
    uploads = []
    for at, photograph in enumerate(photographs):
        uploads.append(folder / f"cost{at}.jpg")
        uploads[-1].write_bytes(jpeg(filled(copy_of(photograph), *SIZE), 85))
    with opened(list_path) as hashlist, Platform(hashlist) as platform, Fingerprinter(quick=True) as once:
        asked = _cpu(lambda: [platform.check(upload) for upload in uploads])
        decoded = _cpu(lambda: [once.fingerprint(upload) for upload in uploads])
    return (asked - decoded) * 1000 / len(uploads)


def _cpu(work: Callable[[], object]) -> float:
    """Gives the CPU seconds of one round, those of decoding children included, after one round to warm up."""
    work()
    begin = time.process_time() + _children()
    for _ in range(ROUNDS):
        work()
    return (time.process_time() + _children() - begin) / ROUNDS


def _children() -> float:
    """Gives the CPU seconds of this process's children that live."""
    ticks = 0
    for task in Path("/proc/self/task").iterdir():
        for child in (task / "children").read_text().split():
            fields = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")
