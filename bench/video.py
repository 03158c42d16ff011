"""From a film to the fingerprints of its frames, one a second: ours against PyPI's `vpdq`, which a platform would pick.

Ours gives MD5 and SHA-256 too, and decodes in a child process under limits; the peer gives frames alone, in place, on
one thread. The clips walk over photographs, as `tests/support/films.py` draws them.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import vpdq

from report import Row, faster, report

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from support import films
from takeback.fingerprints.distance import hamming
from takeback.fingerprints.types import FingerprintType
from takeback.media import Fingerprinted, Fingerprinter

SECONDS = 10
#: Name → encoder, options, how many times faster than the peer it has to be.
CLIPS: dict[str, tuple[str, dict[str, str], float | None]] = {
    "1080p H.264": ("libx264", {"crf": "23", "preset": "fast"}, 2.0),
    "1080p H.264, key frame every 2 s": ("libx264", {"crf": "23", "preset": "fast", "g": "60"}, 2.0),
    # Nothing can be left out here: each frame refers to the one before it, and both decode all of them.
    "1080p H.264, no frame that can be left out": ("libx264", {"crf": "23", "preset": "ultrafast", "g": "250"}, None),
    "1080p HEVC": ("libx265", {"preset": "ultrafast", "x265-params": "log-level=none"}, 2.0),
}


def main() -> int:
    """Gives 0 when nothing that must be reached was missed."""
    rows: list[Row] = []
    frames = films.scenes(SECONDS, width=1920, height=1080, fps=30)
    with tempfile.TemporaryDirectory() as folder, Fingerprinter() as canonical, Fingerprinter(quick=True) as quick:
        for name, (codec, options, must) in CLIPS.items():
            path = Path(folder) / f"{len(rows)}.mp4"
            path.write_bytes(films.encoded(frames, "mp4", codec, options=options, fps=30))
            rows += measured(name, path, canonical, quick, must)
            print(f"{name}: {agreement(path, canonical)}")
    return report("video", rows)


def measured(name: str, path: Path, canonical: Fingerprinter, quick: Fingerprinter, must: float | None) -> list[Row]:
    """Measures one clip: the quick way and the canonical one."""

    def peer() -> object:
        return vpdq.computeHash(path, seconds_per_hash=1.0, thread_count=1)

    return [
        faster(name, lambda: quick.fingerprint(path), peer, rounds=5, must=must),
        faster(f"{name}, canonical", lambda: canonical.fingerprint(path), peer, rounds=5),
    ]


def agreement(path: Path, canonical: Fingerprinter) -> str:
    """Says how far the canonical values are from the peer's of the same frames."""
    made = canonical.fingerprint(path)
    if not isinstance(made, Fingerprinted):
        return made.reason.value
    theirs = {frame.frame_number: frame for frame in vpdq.computeHash(path, seconds_per_hash=0, thread_count=1)}
    distances = [
        hamming(one.value, bytes.fromhex(theirs[one.at * 30].hex))
        for one in made.fingerprints
        if one.type is FingerprintType.VPDQ and one.at is not None
    ]
    return f"{len(distances)} frames, at most {max(distances)} bits from vpdq"


if __name__ == "__main__":
    sys.exit(main())
