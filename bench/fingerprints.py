"""From a JPEG file to its fingerprints: ours against Meta's `threatexchange`, which a platform would pick instead.

Ours gives MD5, SHA-256 and PDQ, and decodes in a child process under limits; the peer gives PDQ and decodes in place.
The core alone is compared with `pdqhash`, the reference's own code, on the same pixels.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import numpy as np
import pdqhash
from PIL import Image
from skimage import data
from threatexchange.signal_type.pdq.signal import PdqSignal

from report import Row, faster, report
from takeback.fingerprints.pdq import pdq_of_plane, projected_pdq
from takeback.media import Fingerprinter

SIZES = {"12 MP": (4000, 3000), "3 MP": (2000, 1500), "0.5 MP": (816, 612)}
JPEG_QUALITY = 85
#: How many times faster than the peer each has to be.
MUST_QUICK = {"12 MP": 7.0, "3 MP": 6.0, "0.5 MP": 4.0}
MUST_CANONICAL = {"12 MP": 4.0}
MUST_PIXELS = {"12 MP": 10.0}
MUST_PROJECTED = {"12 MP": 100.0}


def main() -> int:
    """Gives 0 when nothing that must be reached was missed."""
    rows: list[Row] = []
    photograph = Image.fromarray(data.astronaut())
    with tempfile.TemporaryDirectory() as folder, Fingerprinter() as canonical, Fingerprinter(quick=True) as quick:
        for name, size in SIZES.items():
            path = Path(folder) / f"{size[0]}.jpg"
            picture = photograph.resize(size, Image.Resampling.BICUBIC)
            picture.save(path, quality=JPEG_QUALITY)
            pixels, luma = np.asarray(picture), picture.convert("L").tobytes()
            rows += measured(name, path, pixels, luma, canonical, quick)
    return report("fingerprints", rows)


def measured(
    name: str, path: Path, pixels: np.ndarray, luma: bytes, canonical: Fingerprinter, quick: Fingerprinter
) -> list[Row]:
    """Measures one size: from file and from pixels, the canonical way and the quick one."""
    height, width, _ = pixels.shape
    packed = pixels.tobytes()

    def peer_file() -> object:
        return PdqSignal.hash_from_file(path)

    def peer_pixels() -> object:
        return pdqhash.compute(pixels)

    return [
        faster(name, lambda: quick.fingerprint(path), peer_file, must=MUST_QUICK[name]),
        faster(f"{name}, canonical", lambda: canonical.fingerprint(path), peer_file, must=MUST_CANONICAL.get(name)),
        faster(
            f"{name}, PDQ of ready pixels",
            lambda: pdq_of_plane(packed, width=width, height=height),
            peer_pixels,
            must=MUST_PIXELS.get(name),
        ),
        faster(
            f"{name}, projected PDQ of ready luma",
            lambda: projected_pdq(luma, width=width, height=height),
            peer_pixels,
            must=MUST_PROJECTED.get(name),
        ),
    ]


if __name__ == "__main__":
    sys.exit(main())
