"""The index's file: what was written comes back, what was deleted is gone, and a flipped bit is noticed."""

from __future__ import annotations

import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from support import values as made
from takeback.errors import IndexFileError, UnavailableError
from takeback.matching import index_file
from takeback.matching.radius import RadiusIndex

SOME = made.balanced(np.random.default_rng(1), 8)
MANY = made.random(np.random.default_rng(2), 20_000)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    with RadiusIndex.build(SOME.tobytes(), range(10, 18)) as index:
        index.merge(tmp_path / "list.index", stamp="as of today")
    return tmp_path / "list.index"


def test_what_was_written_comes_back(tmp_path: Path) -> None:
    file = tmp_path / "list.index"
    with RadiusIndex({"near": 8, "empty": 3, "far": 40}) as index:
        index.insert_many(MANY.tobytes(), range(len(MANY)), of="far")
        index.insert(bytes(32), 2**62, of="near")
        index.merge(file, stamp="17")
        kept = [index.within(value.tobytes(), of="far") for value in MANY[:50]]
    with RadiusIndex.open(file) as index:
        index.verify()
        assert (index.stamp, index.radii, len(index)) == ("17", {"near": 8, "empty": 3, "far": 40}, len(MANY) + 1)
        assert [index.within(value.tobytes(), of="far") for value in MANY[:50]] == kept
        assert index.within(bytes(32), of="near") == [(2**62, 0)]
        index.insert(bytes(32), 5, of="near")
        index.delete(2**62, of="near")
        assert index.within(bytes(32), of="near") == [(5, 0)]
    with RadiusIndex.open(file) as index:  # changes are in the file when they are merged
        assert index.within(bytes(32), of="near") == [(2**62, 0)]


def test_what_was_deleted_leaves_no_byte(tmp_path: Path) -> None:
    """Neither the value nor, of several, any of its parts or its id."""
    file, secret = tmp_path / "list.index", bytes(range(200, 232))
    with RadiusIndex.build(MANY.tobytes()) as index:
        index.merge(file)
        without = file.read_bytes()
        index.insert(secret, 0x123456789ABCDE)
        index.merge(file)
        assert secret in file.read_bytes()
        index.delete(0x123456789ABCDE)
        assert index.within(secret) == []
        index.merge(file)
    assert file.read_bytes() == without, "as if it had never been there"
    assert list(tmp_path.iterdir()) == [file]


def test_every_flipped_bit_is_noticed(file: Path) -> None:
    content = file.read_bytes()
    padding = range(content.index(b"}\0"), content.index(struct.pack("<I", 0x50524254)))
    for at in set(range(len(content))) - set(padding[2:-2]) | set(padding[::50]):
        damaged = bytearray(content)
        damaged[at] ^= 1 << at % 8
        file.write_bytes(damaged)
        with pytest.raises(IndexFileError, match="Delete it"), RadiusIndex.open(file) as index:
            index.verify()


def test_damage_is_found_without_being_asked_for(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[content.index(SOME[3].tobytes())] ^= 1
    file.write_bytes(content)
    with RadiusIndex.open(file) as index:
        index._prover.join()
        with pytest.raises(IndexFileError):
            index.within(bytes(32))


@pytest.mark.parametrize("length", [0, 10, 4095, 4096, 4400, -1, +1])
def test_a_file_of_another_length_is_refused(file: Path, length: int) -> None:
    content = file.read_bytes()
    file.write_bytes(content[:length] if length != 1 else content + b"\0")
    with pytest.raises(IndexFileError, match="Delete it"):
        RadiusIndex.open(file)


def test_another_version_is_said(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_file, "VERSION", 2)
    with pytest.raises(IndexFileError, match="of version 1, and this takeback reads 2"):
        RadiusIndex.open(file)


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(IndexFileError, match="cannot be opened"):
        RadiusIndex.open(tmp_path / "none")


def test_one_process_writes(file: Path) -> None:
    with RadiusIndex.open(file) as index, index_file._new_file(file), pytest.raises(UnavailableError):
        index.merge(file)


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with RadiusIndex.build(SOME.tobytes()) as index, pytest.raises(UnavailableError):
        index.merge(tmp_path / "no" / "folder")


def test_who_has_it_open_keeps_what_it_had(file: Path) -> None:
    with RadiusIndex.open(file) as reader:
        with RadiusIndex.build(bytes(32)) as writer:
            writer.merge(file)
        assert reader.within(SOME[0].tobytes(), 0) == [(10, 0)]
    with RadiusIndex.open(file) as reader:
        assert reader.within(SOME[0].tobytes(), 0) == []


_MEMORY = """
import os, resource, sys
from pathlib import Path
from takeback.matching.radius import RadiusIndex
COUNT, file = 500_000, Path(sys.argv[1])
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
begin = peak()
values = os.urandom(32 * COUNT)
index = RadiusIndex.build(values)
built = peak()
index.merge(file)
merged = peak()
for at in range(0, 32 * 20_000, 32):
    index.within(values[at:at + 32])
index.within_many(values[:32 * 5_000], threads=2)
asked = peak()
print((built - begin) / COUNT, (merged - begin) / COUNT, (asked - merged) / COUNT, index.size / COUNT)
"""


def test_memory_is_bounded(tmp_path: Path) -> None:
    """Bytes a value: building needs the index, its source and scratch; merging needs two of them; asking nothing."""
    done = subprocess.run(
        [sys.executable, "-c", _MEMORY, tmp_path / "list.index"], capture_output=True, text=True, check=True
    )
    built, merged, asked, size = map(float, done.stdout.split())
    assert size < 140  # 121 and the two tables of buckets
    assert built < 32 + 8 + size + 2 * 8 + 30
    assert merged < 32 + 3 * size + 48 + 2 * 8 + 30
    assert asked < 10
