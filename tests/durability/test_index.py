"""The radius index when its writer is killed, and under readers while a writer changes it."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from support.servers import ROOT
from takeback.matching.index_file import remove_leftover
from takeback.matching.radius import RadiusIndex

_MERGER = """
import sys
from pathlib import Path
from takeback.matching.radius import RadiusIndex
file, generation, count = Path(sys.argv[1]), int(sys.argv[2]), 20_000
def values(generation):
    return b"".join((generation << 128 | at).to_bytes(32, "little") for at in range(count))
with RadiusIndex.open(file) if file.exists() else RadiusIndex() as index:
    while True:
        for at in range(count if len(index) else 0):
            index.delete(at)
        generation += 1
        index.insert_many(values(generation), range(count))
        print(generation, flush=True)
        index.merge(file, stamp=str(generation))
"""


def test_a_merge_that_is_killed_leaves_a_whole_file(tmp_path: Path) -> None:
    """Killed at any moment, in mid-merge and in mid-replace: the file is that of one generation, all of it."""
    file, left, generation = tmp_path / "list.index", 0, 0
    new, drawn = tmp_path / "list.index.new", random.Random(4)
    for round_ in range(12):
        process = subprocess.Popen(
            [sys.executable, "-c", _MERGER, file, str(generation)], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        for _ in range(2):
            generation = int(process.stdout.readline())
        if round_ % 2:  # while it writes
            while not new.exists():
                assert process.poll() is None
        else:
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(drawn.random() * 0.1)
        process.send_signal(signal.SIGKILL)
        process.wait()
        rest = process.stdout.read().split()
        generation = int(rest[-1]) if rest else generation
        process.stdout.close()
        left += new.exists()
        remove_leftover(file)
        assert list(tmp_path.iterdir()) == [file]
        with RadiusIndex.open(file) as index:
            index.verify()
            kept = int(index.stamp)
            assert kept in (generation - 1, generation)
            assert len(index) == 20_000
            for at in (0, 7, 19_999):
                assert (at, 0) in index.within((kept << 128 | at).to_bytes(32, "little"), 0)
    assert left, "at least one was killed while it wrote; otherwise this shows nothing"


def test_no_race_between_readers_and_a_writer(tmp_path: Path) -> None:
    """The C core under the thread sanitizer."""
    program = tmp_path / "tsan_index"
    sources = [*(ROOT / "native/src").glob("radius*.c"), ROOT / "native/tests/tsan_index.c"]
    flags = ("-fsanitize=thread", "-g", "-O1", "-std=gnu11", f"-I{ROOT / 'native/include'}", "-pthread")
    subprocess.run(["cc", *flags, *sources, "-o", program, "-lm"], check=True)
    done = subprocess.run([program], capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, done.stdout) == (0, "no race\n"), done.stderr[-4000:]
