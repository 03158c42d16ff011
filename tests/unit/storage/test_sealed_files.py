"""Sealed files: what was put in comes out, and whatever was done to a file on the disk is found."""

from __future__ import annotations

import hashlib
import io
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from takeback.errors import ConflictError, InvalidInputError, NotFoundError, SealedFileError, SettingsError
from takeback.storage.sealed_files import CHUNK_BYTES, SealedFiles
from takeback.storage.sealing import Keyring

KEYS = {1: bytes(32), 2: bytes([7] * 32)}
HEADER, TAG = 59, 16
BORDERS = [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES, 2 * CHUNK_BYTES + 5]


def files_in(folder: Path, keys: dict[int, bytes] = KEYS) -> SealedFiles:
    return SealedFiles(folder, Keyring(lambda: keys))


def drawn(size: int, seed: int = 0) -> bytes:
    return hashlib.shake_128(str(seed).encode()).digest(size)


def whole(files: SealedFiles, id_: str) -> bytes:
    return b"".join(files.read(id_))


def on_disk(folder: Path, id_: str) -> Path:
    return folder / f"{id_}.sealed"


@pytest.mark.parametrize("size", BORDERS)
def test_what_was_sealed_comes_back(tmp_path: Path, size: int) -> None:
    files, content = files_in(tmp_path), drawn(size)
    kept = files.put("e-1", io.BytesIO(content))
    assert (kept.size, kept.sha256) == (size, hashlib.sha256(content).digest())
    assert whole(files, "e-1") == content
    assert kept.sealed_sha256 == hashlib.sha256(on_disk(tmp_path, "e-1").read_bytes()).digest()
    assert kept.sealed_sha256 == files.sealed_sha256("e-1")


def test_a_source_that_gives_little_at_a_time_is_read_to_its_end(tmp_path: Path) -> None:
    class Slow(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(min(size or 0, 777))

    content = drawn(CHUNK_BYTES + 900)
    files_in(tmp_path).put("e-1", Slow(content))
    assert whole(files_in(tmp_path), "e-1") == content


def test_nothing_of_the_content_lies_on_the_disk_and_no_two_files_look_alike(tmp_path: Path) -> None:
    files, content = files_in(tmp_path), b"a sentence that anybody would find " * 10
    files.put("e-1", io.BytesIO(content))
    files.put("e-2", io.BytesIO(content))
    first, second = (on_disk(tmp_path, id_).read_bytes()[HEADER:] for id_ in ("e-1", "e-2"))
    assert content[:16] not in first
    assert first[:64] != second[:64]
    assert on_disk(tmp_path, "e-1").stat().st_mode & 0o077 == 0


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> dict[int, bytes]:
    """Files of the id e-1 as they lie on the disk, by the size of what they hold."""
    folder, made = tmp_path_factory.mktemp("sealed"), {}
    for size in BORDERS:
        files_in(folder / str(size)).put("e-1", io.BytesIO(drawn(size)))
        made[size] = on_disk(folder / str(size), "e-1").read_bytes()
    return made


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(size=st.sampled_from(BORDERS), data=st.data())
def test_a_flipped_bit_is_found(tmp_path: Path, sealed: dict[int, bytes], size: int, data: st.DataObject) -> None:
    files, file = files_in(tmp_path), on_disk(tmp_path, "e-1")
    raw = bytearray(sealed[size])
    place = data.draw(st.integers(0, len(raw) * 8 - 1))
    raw[place // 8] ^= 1 << place % 8
    file.write_bytes(raw)
    with pytest.raises((SealedFileError, SettingsError)):  # a flipped version is that of a key that is missing
        whole(files, "e-1")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(size=st.sampled_from(BORDERS), data=st.data())
def test_one_that_ends_too_early_is_found(
    tmp_path: Path, sealed: dict[int, bytes], size: int, data: st.DataObject
) -> None:
    files, file = files_in(tmp_path), on_disk(tmp_path, "e-1")
    raw, chunk = sealed[size], CHUNK_BYTES + TAG
    cuts = st.one_of(st.integers(0, len(raw) - 1), st.sampled_from([HEADER, *range(HEADER + chunk, len(raw), chunk)]))
    file.write_bytes(raw[: data.draw(cuts.filter(lambda cut: cut < len(raw)))])
    with pytest.raises(SealedFileError):
        whole(files, "e-1")


def test_more_at_the_end_is_found(tmp_path: Path, sealed: dict[int, bytes]) -> None:
    for size, more in ((CHUNK_BYTES, b"x"), (1, bytes(CHUNK_BYTES)), (CHUNK_BYTES, bytes(TAG))):
        on_disk(tmp_path, "e-1").write_bytes(sealed[size] + more)
        with pytest.raises(SealedFileError):
            whole(files_in(tmp_path), "e-1")


def test_chunks_that_changed_places_or_are_left_out_are_found(tmp_path: Path, sealed: dict[int, bytes]) -> None:
    files, file = files_in(tmp_path), on_disk(tmp_path, "e-1")
    raw, step = sealed[2 * CHUNK_BYTES + 5], CHUNK_BYTES + TAG
    header, chunks = raw[:HEADER], [raw[HEADER + i * step :][:step] for i in range(3)]
    for order in ((1, 0, 2), (0, 2), (0, 1), (0, 1, 1, 2), (2,)):
        file.write_bytes(header + b"".join(chunks[one] for one in order))
        with pytest.raises(SealedFileError):
            whole(files, "e-1")


def test_a_file_put_in_the_place_of_another_is_found(tmp_path: Path) -> None:
    files = files_in(tmp_path)
    files.put("e-1", io.BytesIO(drawn(10)))
    files.put("e-2", io.BytesIO(drawn(10)))
    on_disk(tmp_path, "e-1").replace(on_disk(tmp_path, "e-2"))
    with pytest.raises(SealedFileError):
        whole(files, "e-2")


def test_other_keys_open_nothing_and_older_ones_go_on_to_open(tmp_path: Path) -> None:
    files_in(tmp_path, {1: KEYS[1]}).put("e-1", io.BytesIO(drawn(10)))
    assert whole(files_in(tmp_path), "e-1") == drawn(10)
    files_in(tmp_path).put("e-2", io.BytesIO(drawn(10)))
    assert (files_in(tmp_path).version("e-1"), files_in(tmp_path).version("e-2")) == (1, 2)
    with pytest.raises(SealedFileError):
        whole(files_in(tmp_path, {1: bytes([9] * 32)}), "e-1")
    with pytest.raises(SettingsError, match="Version 2"):
        whole(files_in(tmp_path, {1: KEYS[1]}), "e-2")


def test_nothing_is_overwritten_and_what_was_erased_is_gone(tmp_path: Path) -> None:
    files = files_in(tmp_path / "new")
    files.put("e-1", io.BytesIO(b"first"))
    with pytest.raises(ConflictError):
        files.put("e-1", io.BytesIO(b"second"))
    assert (whole(files, "e-1"), list(files.ids())) == (b"first", ["e-1"])
    assert files.erase("e-1")
    assert not files.erase("e-1")
    assert not files.has("e-1")
    assert list((tmp_path / "new").iterdir()) == []
    with pytest.raises(NotFoundError):
        files.read("e-1")


@pytest.mark.parametrize("id_", ["", "..", "a/b", "../e-1", "a.sealed", "x" * 65, "ä"])
def test_an_id_is_no_path(tmp_path: Path, id_: str) -> None:
    for ask in (lambda: files_in(tmp_path).put(id_, io.BytesIO(b"")), lambda: files_in(tmp_path).has(id_)):
        with pytest.raises(InvalidInputError, match="id"):
            ask()


WRITER = """
import io, sys
from pathlib import Path
from takeback.storage.sealed_files import SealedFiles
from takeback.storage.sealing import Keyring

class Endless(io.RawIOBase):
    def read(self, size=-1):
        print("writing", flush=True)
        return bytes(size)

SealedFiles(Path(sys.argv[1]), Keyring(lambda: {1: bytes(32)})).put("e-1", Endless())
"""


def test_a_writer_that_is_killed_leaves_no_file_that_counts(tmp_path: Path) -> None:
    writer = subprocess.Popen([sys.executable, "-c", WRITER, tmp_path], stdout=subprocess.PIPE)
    assert writer.stdout is not None
    for _ in range(8):
        assert writer.stdout.readline() == b"writing\n"
    writer.send_signal(signal.SIGKILL)
    writer.wait()
    writer.stdout.close()
    files = files_in(tmp_path)
    assert (files.has("e-1"), list(files.ids())) == (False, [])
    now = datetime.now(UTC)
    assert files.clear_halves(now - timedelta(hours=1)) == 0  # somebody may be writing it now
    assert files.clear_halves(now + timedelta(hours=1)) == 1
    assert list(tmp_path.iterdir()) == []
    files.put("e-1", io.BytesIO(b"now"))
    assert whole(files, "e-1") == b"now"
