"""From a JPEG file to its fingerprints: ours against Meta's `threatexchange`, which a platform would pick instead.

Ours gives MD5, SHA-256 and PDQ, and decodes in a child process under limits; the peer gives PDQ and decodes in place.
The core alone is compared with `pdqhash`, the reference's own code, on the same pixels. All of it runs on one core.

The photographs are scikit-image's, brought to size, and those of that size in the folder that TAKEBACK_TEST_DATA names.
"""

from __future__ import annotations

import io
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pdqhash
from PIL import Image
from threatexchange.signal_type.pdq.signal import PdqSignal

from report import Row, faster, report

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from support.pictures import photograph
from takeback.fingerprints.distance import hamming
from takeback.fingerprints.pdq import pdq_of_plane, projected_pdq
from takeback.media import Fingerprinted, Fingerprinter, Limits
from takeback.media.canonical import fingerprint_pixels
from takeback.media.way import Way

SIZES = {"12 MP": (4000, 3000), "3 MP": (2000, 1500), "0.5 MP": (816, 612)}
#: Photographs of scikit-image that fill a picture of 4 × 3, and of the folder at most so many of each size.
DRAWN, MOST = ("coffee.png", "chelsea.png", "rocket.jpg"), 5
#: How far from the case's size a photograph of the folder may be.
NEAR = 0.25
JPEG_QUALITY = 85
ROUNDS = {"12 MP": 5, "3 MP": 9, "0.5 MP": 41}
#: How many times faster than the peer each has to be.
MUST_QUICK = {"12 MP": 7.0, "3 MP": 6.0, "0.5 MP": 4.0}
MUST_CANONICAL = {"12 MP": 4.0}
MUST_PIXELS = {"12 MP": 10.0}
MUST_PROJECTED = {"512 × 512": 25.0, "12 MP": 100.0}


def main() -> int:
    """Gives 0 when nothing that must be reached was missed."""
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder, Fingerprinter() as canonical, Fingerprinter(quick=True) as quick:
        for name, size in SIZES.items():
            for source, paths in photographs(Path(folder), size).items():
                rows += of_files(f"{name}, {source}", name, paths, canonical, quick)
        for name, size in {"512 × 512": (512, 512), **SIZES}.items():
            rows += of_pixels(name, size)
    return report("fingerprints", rows)


def photographs(folder: Path, size: tuple[int, int]) -> dict[str, list[Path]]:
    """Where the photographs are from → their files, of about that many pixels."""
    drawn = []
    for name in DRAWN:
        drawn.append(folder / f"{name}-{size[0]}.jpg")
        with Image.open(io.BytesIO(photograph(name))) as image:
            image.convert("RGB").resize(size, Image.Resampling.BICUBIC).save(drawn[-1], quality=JPEG_QUALITY)
    found = {"scikit-image's": drawn}
    if data := os.environ.get("TAKEBACK_TEST_DATA"):
        found["as taken"] = [path for path in sorted((Path(data) / "photos").glob("*.jpg")) if _is_near(path, size)]
    return {source: paths[:MOST] for source, paths in found.items() if paths}


def _is_near(path: Path, size: tuple[int, int]) -> bool:
    with Image.open(path) as image:
        return abs(image.width * image.height / (size[0] * size[1]) - 1) <= NEAR


def of_files(case: str, name: str, paths: list[Path], canonical: Fingerprinter, quick: Fingerprinter) -> list[Row]:
    """Measures files of one size: the quick way and the canonical one against the peer, and what isolation costs."""
    content = [path.read_bytes() for path in paths]

    def each(way: Callable[[Path], object]) -> Callable[[], None]:
        return lambda: [way(path) for path in paths] and None

    def decoded() -> None:
        for one in content:
            fingerprint_pixels(
                one, max_pixels=Limits().pixels, most=1, until=time.monotonic() + 60, way=Way(quick=True)
            )

    def entropy_decoded() -> None:
        for one in content:
            with Image.open(io.BytesIO(one)) as image:
                image.draft("L", (image.width // 8, image.height // 8))
                image.load()

    peer = each(PdqSignal.hash_from_file)
    print(f"{case}: bits from the peer, quick {distances(paths, quick)}, canonical {distances(paths, canonical)}")
    return [
        faster(case, each(quick.fingerprint), peer, rounds=ROUNDS[name], must=MUST_QUICK[name]),
        faster(
            f"{case}, canonical", each(canonical.fingerprint), peer, rounds=ROUNDS[name], must=MUST_CANONICAL.get(name)
        ),
        faster(f"{case}, in place: PDQ alone", each(quick.fingerprint), decoded, rounds=ROUNDS[name]),
        faster(f"{case}, the floor: decoding to 1/8", each(quick.fingerprint), entropy_decoded, rounds=ROUNDS[name]),
    ]


def distances(paths: list[Path], fingerprinter: Fingerprinter) -> list[int]:
    """Bits between our values and the peer's."""
    found = []
    for path in paths:
        made = fingerprinter.fingerprint(path)
        theirs = bytes.fromhex(PdqSignal.hash_from_file(path))
        if isinstance(made, Fingerprinted):
            found += [hamming(one.value, theirs) for one in made.fingerprints if one.type == "pdq"]
    return found


def of_pixels(name: str, size: tuple[int, int]) -> list[Row]:
    """Measures the core alone, on a photograph's ready pixels."""
    width, height = size
    with Image.open(io.BytesIO(photograph("coffee.png"))) as image:
        picture = image.convert("RGB").resize(size, Image.Resampling.BICUBIC)
    pixels, packed, luma = np.asarray(picture), picture.tobytes(), picture.convert("L").tobytes()

    def peer() -> object:
        return pdqhash.compute(pixels)

    return [
        faster(
            f"{name}, PDQ of ready pixels",
            lambda: pdq_of_plane(packed, width=width, height=height),
            peer,
            must=MUST_PIXELS.get(name),
        ),
        faster(
            f"{name}, projected PDQ of ready luma",
            lambda: projected_pdq(luma, width=width, height=height),
            peer,
            must=MUST_PROJECTED.get(name),
        ),
    ]


if __name__ == "__main__":
    sys.exit(main())
