"""Files become fingerprints, hostile files become reasons, and the process that asks is never harmed."""

from __future__ import annotations

import hashlib
import io
import os
import signal
import struct
import threading
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image

from support.pictures import photograph, truncated
from takeback.fingerprints.edits import Protection, edits_of
from takeback.fingerprints.variants import VARIANTS, Effort
from takeback.media import Fingerprinted, Fingerprinter, Limits, Unscannable, UnscannableReason

PICTURE = photograph("rocket.jpg")


@pytest.fixture(scope="module")
def fingerprinter() -> Iterator[Fingerprinter]:
    with Fingerprinter() as made:
        yield made


def values(made: Fingerprinted | Unscannable) -> dict[str, str]:
    prints = made.fingerprints if isinstance(made, Fingerprinted) else made.exact
    return {one.type.value: one.hex for one in prints}


def png_of_size(width: int, height: int) -> bytes:
    """A PNG whose header announces a size, and whose data is a few bytes."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


def test_path_bytes_and_file_are_the_same(fingerprinter: Fingerprinter, tmp_path: Path) -> None:
    path = tmp_path / "p.jpg"
    path.write_bytes(PICTURE)
    with path.open("rb") as file:
        made = [fingerprinter.fingerprint(source) for source in (path, str(path), PICTURE, file)]
    assert made[0] == made[1] == made[2] == made[3]
    assert values(made[0])["md5"] == hashlib.md5(PICTURE).hexdigest()  # noqa: S324 - a fingerprint, not a seal
    assert values(made[0])["sha256"] == hashlib.sha256(PICTURE).hexdigest()
    assert isinstance(made[0], Fingerprinted)
    with Image.open(path) as picture:
        assert (made[0].width, made[0].height) == picture.size


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", UnscannableReason.EMPTY),
        (b"%PDF-1.7", UnscannableReason.UNSUPPORTED_FORMAT),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", UnscannableReason.UNSUPPORTED_FORMAT),
        (b"\xff\xd8\xff", UnscannableReason.DAMAGED),
        (truncated(PICTURE, 0.9), UnscannableReason.DAMAGED),
        (truncated(photograph("chelsea.png"), 0.5), UnscannableReason.DAMAGED),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, UnscannableReason.DAMAGED),
        (png_of_size(100_000, 100_000), UnscannableReason.TOO_MANY_PIXELS),
    ],
)
def test_what_cannot_be_hashed_says_why(
    fingerprinter: Fingerprinter, content: bytes, reason: UnscannableReason
) -> None:
    made = fingerprinter.fingerprint(content)
    assert isinstance(made, Unscannable)
    assert made.reason is reason
    expected = {"sha256": hashlib.sha256(content).hexdigest()} if content else {}
    assert {kind: value for kind, value in values(made).items() if kind == "sha256"} == expected


def test_a_file_past_the_limit_is_hashed_to_its_end() -> None:
    with Fingerprinter(Limits(file_bytes=1000)) as small:
        made = small.fingerprint(PICTURE)
    assert isinstance(made, Unscannable)
    assert made.reason is UnscannableReason.TOO_MANY_BYTES
    assert values(made)["sha256"] == hashlib.sha256(PICTURE).hexdigest()


def test_a_slow_file_is_given_up_and_the_next_one_works() -> None:
    with Fingerprinter(Limits(seconds=0.01)) as hasty:
        made = hasty.fingerprint(PICTURE)  # an interpreter alone takes longer to start
    assert isinstance(made, Unscannable)
    assert made.reason in (UnscannableReason.TOO_SLOW, UnscannableReason.DECODER_DIED)


def test_a_file_that_needs_too_much_memory_is_given_up() -> None:
    out = io.BytesIO()
    Image.new("RGB", (9000, 9000), "white").save(out, "PNG")
    with Fingerprinter(Limits(memory_bytes=256 * 1024 * 1024)) as small:
        made = small.fingerprint(out.getvalue())
        assert isinstance(made, Unscannable)
        assert made.reason in (UnscannableReason.TOO_MUCH_MEMORY, UnscannableReason.DECODER_DIED)
        assert isinstance(small.fingerprint(PICTURE), Fingerprinted)


def test_a_decoder_that_dies_takes_one_file_with_it() -> None:
    with Fingerprinter() as made:
        before = made.fingerprint(PICTURE)
        (child,) = made._children
        assert child.pid is not None
        os.kill(child.pid, signal.SIGSTOP)  # it will not answer any more
        killer = threading.Timer(0.2, os.kill, (child.pid, signal.SIGKILL))
        killer.start()
        died = made.fingerprint(PICTURE)
        killer.join()
        assert isinstance(died, Unscannable)
        assert died.reason is UnscannableReason.DECODER_DIED
        assert made.fingerprint(PICTURE) == before


def test_children_are_replaced_and_shared_between_threads() -> None:
    with Fingerprinter(Limits(children=2, files_per_child=3)) as made, ThreadPoolExecutor(8) as threads:
        results = list(threads.map(made.fingerprint, [PICTURE] * 20))
    assert {type(result) for result in results} == {Fingerprinted}
    assert len({values(result)["pdq"] for result in results}) == 1


def test_the_child_cannot_be_reached_or_reach() -> None:
    """It inherits no environment: no address, no password, no path of the one that started it."""
    os.environ["TAKEBACK_SECRET_OF_A_TEST"] = "x"
    try:
        with Fingerprinter() as made:
            made.fingerprint(PICTURE)
            pid = made._children[0].pid
            assert b"TAKEBACK_SECRET" not in Path(f"/proc/{pid}/environ").read_bytes()
    finally:
        del os.environ["TAKEBACK_SECRET_OF_A_TEST"]


def test_protection_makes_edits_beside_the_picture_and_moves_nothing_else() -> None:
    picture = photograph("astronaut.png")
    with Fingerprinter() as plain, Fingerprinter(protection=Protection.STRONG) as strong:
        one, more = plain.fingerprint(picture), strong.fingerprint(picture)
    assert isinstance(one, Fingerprinted)
    assert isinstance(more, Fingerprinted)
    assert more.fingerprints[:3] == one.fingerprints
    names = [edit.name for edit in edits_of(Protection.STRONG, more.width, more.height)]
    assert [print_.edit for print_ in more.fingerprints[3:]] == names
    assert len({print_.value for print_ in more.fingerprints[2:]}) == len(names) + 1


@pytest.mark.parametrize("effort", Effort)
def test_effort_makes_variants_beside_the_upload(effort: Effort) -> None:
    out = io.BytesIO()
    Image.open(io.BytesIO(photograph("coffee.png"))).save(out, "JPEG")
    with Fingerprinter(quick=True) as plain, Fingerprinter(quick=True, effort=effort) as asking:
        one, more = plain.fingerprint(out.getvalue()), asking.fingerprint(out.getvalue())
    assert isinstance(one, Fingerprinted)
    assert isinstance(more, Fingerprinted)
    assert more.fingerprints[:3] == one.fingerprints
    variants = [print_.variant for print_ in more.fingerprints[3:]]
    assert bool(variants) is (effort is not Effort.PLAIN)
    assert set(variants) <= set(VARIANTS)
