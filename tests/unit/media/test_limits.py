"""No file takes more than it is allowed: time, memory, pixels, frames. Each limit is reached on purpose."""

from __future__ import annotations

import hashlib
import io
import struct
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from support import films
from support.pictures import photograph
from takeback.fingerprints.exact import exact_fingerprints
from takeback.media import Fingerprinted, Fingerprinter, Limits, Unscannable, UnscannableReason

MB = 1024 * 1024
#: Small limits, so that reaching them is quick.
LIMITS = Limits(seconds=6.0, film_seconds=6.0, memory_bytes=700 * MB)
#: Starting a child and ending it, on a machine that has other things to do.
SLACK_SECONDS = 15.0
PICTURE = photograph("rocket.jpg")


@pytest.fixture(scope="module")
def fingerprinter() -> Iterator[Fingerprinter]:
    with Fingerprinter(LIMITS) as made:
        yield made


def png(width: int, height: int, *, behind_header: bytes = b"") -> bytes:
    """A white PNG, packed row by row: a few kilobytes for each hundred million pixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    packer, row = zlib.compressobj(9), b"\0" + b"\xff" * ((width + 7) // 8)
    data = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + behind_header + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def png_with_a_book() -> bytes:
    """A small picture with a compressed text of 300 MB in it."""
    packer = zlib.compressobj(9)
    text = b"".join(packer.compress(b" " * MB) for _ in range(300)) + packer.flush()
    content = b"zTXtComment\0\0" + text
    chunk = struct.pack(">I", len(content) - 4) + content + struct.pack(">I", zlib.crc32(content))
    return png(600, 400, behind_header=chunk)


def gif_of_many_frames() -> bytes:
    """Ten thousand frames of one pixel on a large screen, each shown for ten seconds."""
    out = io.BytesIO()
    Image.new("P", (4000, 3000)).save(out, "GIF")
    still = out.getvalue()
    screen = still[: still.index(b"\x2c")]
    frame = b"\x21\xf9\x04\x00\xe8\x03\x00\x00" + b"\x2c" + struct.pack("<4H", 0, 0, 1, 1) + b"\0\x02\x02\x44\x01\0"
    return screen + frame * 10_000 + b"\x3b"


def gif_that_grows() -> bytes:
    """A picture whose second frame makes it 65,000 × 65,000 pixels."""
    out = io.BytesIO()
    with Image.open(io.BytesIO(photograph("coffee.png"))) as first:
        first.save(out, "GIF")
    frame = b"\x2c" + struct.pack("<4H", 64_000, 64_000, 1000, 1000) + b"\0\x02\x02\x44\x01\0"
    return out.getvalue()[:-1] + frame + b"\x3b"


def tiff_of_strips() -> bytes:
    """A TIFF that claims as many pixels as may be, in strips that are not there."""
    out = io.BytesIO()
    Image.new("L", (64, 64)).save(out, "TIFF", compression="tiff_lzw")
    content = bytearray(out.getvalue())
    for tag in (256, 257):  # width and height
        at = content.index(struct.pack("<HH", tag, 4)) if struct.pack("<HH", tag, 4) in content else -1
        at = at if at >= 0 else content.index(struct.pack("<HH", tag, 3))
        content[at : at + 12] = struct.pack("<HHII", tag, 4, 1, 14_000)
    return bytes(content)


HOSTILE: dict[str, Callable[[], bytes]] = {
    "30,000 × 30,000 pixels": lambda: png(30_000, 30_000),
    "14,000 × 14,000 pixels": lambda: png(14_000, 14_000),
    "a text of 300 MB": png_with_a_book,
    "ten thousand frames": gif_of_many_frames,
    "a frame of 65,000 × 65,000 pixels": gif_that_grows,
    "strips that are not there": tiff_of_strips,
    "a film of 100 hours": lambda: films.said_to_last(films.film(seconds=2.5), 100 * 3600),
    "half a moov": lambda: (mp4 := films.film(seconds=2.5))[: mp4.index(b"moov") + 300],
    "no moov": lambda: (mp4 := films.film(seconds=2.5))[: mp4.index(b"moov") - 4],
}


def status_of(pid: int) -> dict[str, str]:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return dict(line.split(":", 1) for line in lines)


def peak_bytes(fingerprinter: Fingerprinter, kind: str = "VmPeak") -> int:
    """The most that the child has taken since it started: address space, or with VmHWM, real memory."""
    (child,) = fingerprinter._children
    lines = status_of(child.pid) if child.pid else {}
    return int(lines[kind].split()[0]) * 1024 if lines else 0


def judged(fingerprinter: Fingerprinter, content: bytes) -> Fingerprinted | Unscannable:
    """Fingerprints a hostile file; whatever it is, there is an answer in time, and the exact fingerprints are right."""
    begun = time.monotonic()
    made = fingerprinter.fingerprint(content)
    assert time.monotonic() - begun < max(LIMITS.seconds, LIMITS.film_seconds) + LIMITS.seconds + SLACK_SECONDS
    assert peak_bytes(fingerprinter) <= LIMITS.memory_bytes
    assert peak_bytes(fingerprinter, "VmHWM") <= LIMITS.memory_bytes
    exact = made.exact if isinstance(made, Unscannable) else made.fingerprints[:2]
    assert exact == (exact_fingerprints(io.BytesIO(content)) if content else ())
    if isinstance(made, Unscannable):
        assert isinstance(made.reason, UnscannableReason)
    return made


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_takes_no_more_than_it_may(name: str, fingerprinter: Fingerprinter) -> None:
    made = judged(fingerprinter, HOSTILE[name]())
    reasons = {
        "30,000 × 30,000 pixels": {UnscannableReason.TOO_MANY_PIXELS},
        "strips that are not there": {UnscannableReason.DAMAGED, UnscannableReason.TOO_MUCH_MEMORY},
        "no moov": {UnscannableReason.DAMAGED},
    }.get(name)
    if reasons:
        assert isinstance(made, Unscannable)
        assert made.reason in reasons
    if name.startswith("a frame of"):
        assert isinstance(made, Fingerprinted), "what came before the frame counts"
        assert not made.complete
    assert isinstance(fingerprinter.fingerprint(PICTURE), Fingerprinted), "the next one is none the worse"
    assert peak_bytes(fingerprinter) > MB, "the measure works"


def test_a_bomb_that_passes_the_pixel_limit_meets_the_memory_limit() -> None:
    with Fingerprinter(Limits(pixels=10**9, memory_bytes=700 * MB)) as generous:
        made = generous.fingerprint(png(30_000, 30_000))
        assert isinstance(made, Unscannable)
        assert made.reason in (UnscannableReason.TOO_MUCH_MEMORY, UnscannableReason.DECODER_DIED)
        assert peak_bytes(generous) <= 700 * MB
        assert isinstance(generous.fingerprint(PICTURE), Fingerprinted)


def test_a_picture_that_takes_too_long_is_too_slow() -> None:
    """Pixels enough for seconds, and a limit that lets a child start and no more."""
    with Fingerprinter(Limits(seconds=30.0)) as started:
        begun = time.monotonic()
        started.fingerprint(PICTURE)
        start = time.monotonic() - begun
        object.__setattr__(started._limits, "seconds", 0.05)
        made = started.fingerprint(png(14_000, 14_000))
    assert isinstance(made, Unscannable), start
    assert made.reason is UnscannableReason.TOO_SLOW


def test_every_malformed_file_ends_within_its_limits(fingerprinter: Fingerprinter, test_data: Path) -> None:
    files = sorted(path for path in (test_data / "malformed").rglob("*") if path.is_file())
    assert len(files) > 100
    for file in files:
        judged(fingerprinter, file.read_bytes())
    assert isinstance(fingerprinter.fingerprint(PICTURE), Fingerprinted)


def test_the_child_is_held_by_the_system(fingerprinter: Fingerprinter) -> None:
    """Whatever its decoders do, the kernel ends it: past its memory, its CPU time, or when it writes or opens files."""
    fingerprinter.fingerprint(PICTURE)
    (child,) = fingerprinter._children
    lines = Path(f"/proc/{child.pid}/limits").read_text().splitlines()[1:]
    soft = {line[:26].strip(): line[26:].split()[0] for line in lines}
    assert int(soft["Max address space"]) == LIMITS.memory_bytes
    assert int(soft["Max cpu time"]) <= LIMITS.seconds + 10, "what it has used so far, and one file"
    assert (soft["Max file size"], soft["Max core file size"], soft["Max open files"]) == ("0", "0", "16")


HUGE_BYTES = 2_200_000_000
PEAKS = """
import sys
from pathlib import Path
from takeback.media import Fingerprinter
with Fingerprinter() as fingerprinter:
    made = fingerprinter.fingerprint(sys.argv[1])
    print(made.fingerprints[1].hex, made.complete, len(made.fingerprints))
    for whose in ("self", fingerprinter._children[0].pid):
        print(Path(f"/proc/{whose}/status").read_text().split("VmHWM:")[1].split()[0])
"""


def test_a_film_of_gigabytes_is_hashed_at_flat_memory(tmp_path: Path) -> None:
    """Past 2³¹ bytes, most of them a hole in the disk; neither process ever holds more than a small part."""
    path = tmp_path / "huge.mp4"
    with path.open("wb") as file:
        begin = films.film(seconds=2.5)
        file.write(begin + struct.pack(">I4sQ", 1, b"free", HUGE_BYTES - len(begin)))
        file.truncate(HUGE_BYTES)
    command = [sys.executable, "-c", PEAKS, str(path)]
    first, *peaks = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    with path.open("rb") as file:
        assert first == f"{hashlib.file_digest(file, 'sha256').hexdigest()} True 5"
    assert max(int(peak) for peak in peaks) * 1024 < 250 * MB
