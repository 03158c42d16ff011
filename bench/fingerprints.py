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
from takeback.fingerprints.pdq import pdq_of_plane
from takeback.media import Fingerprinter

SIZES = {"12 MP": (4000, 3000), "3 MP": (2000, 1500), "0.5 MP": (816, 612)}
JPEG_QUALITY = 85


def main() -> int:
    """Gives 0 when nothing that must be reached was missed."""
    rows: list[Row] = []
    photograph = Image.fromarray(data.astronaut())
    with tempfile.TemporaryDirectory() as folder, Fingerprinter() as fingerprinter:
        for name, size in SIZES.items():
            path = Path(folder) / f"{size[0]}.jpg"
            picture = photograph.resize(size, Image.Resampling.BICUBIC)
            picture.save(path, quality=JPEG_QUALITY)
            rows.append(
                faster(
                    f"JPEG file to fingerprints, {name}",
                    lambda path=path: fingerprinter.fingerprint(path),
                    lambda path=path: PdqSignal.hash_from_file(path),
                    must=1,
                )
            )
            pixels = np.asarray(picture)
            packed = pixels.tobytes()
            rows.append(
                faster(
                    f"pixels to PDQ, {name}",
                    lambda packed=packed, size=size: pdq_of_plane(packed, width=size[0], height=size[1]),
                    lambda pixels=pixels: pdqhash.compute(pixels),
                    must=1,
                )
            )
    return report("fingerprints", rows)


if __name__ == "__main__":
    sys.exit(main())
