"""Memory of parts: walks look here and there in it, and in small pages most of the time goes into finding those."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from takeback.matching.parts import Memory

_WHERE = Path("/sys/kernel/mm/transparent_hugepage/enabled")
_SIZE = 16 << 20


@pytest.mark.skipif(not _WHERE.exists() or "[never]" in _WHERE.read_text(), reason="this kernel gives no huge pages")
def test_it_lies_in_huge_pages() -> None:
    memory = Memory(_SIZE)
    memory.bytes[:] = bytes([1]) * _SIZE
    maps = re.split(r"^(?=[0-9a-f]+-[0-9a-f]+ )", Path("/proc/self/smaps").read_text(), flags=re.MULTILINE)[1:]
    ranges = [[int(end, 16) for end in one.split()[0].split("-")] for one in maps]
    (ours,) = (one for one, (begin, end) in zip(maps, ranges, strict=True) if begin <= memory.address < end)
    (huge,) = re.findall(r"^AnonHugePages: +(\d+) kB", ours, flags=re.MULTILINE)
    assert int(huge) > 0
