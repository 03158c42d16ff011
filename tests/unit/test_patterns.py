"""The generated part of the negative list: the same when it is made anew, near to what was drawn and to no picture."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Callable

import numpy as np
import pytest

from support.servers import ROOT
from support.values import of_photographs
from takeback.fingerprints.evidence import MIN_PDQ_QUALITY, says_too_little
from takeback.fingerprints.pdq import Layout, pdq_of_plane
from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.matching.negative import NegativeList, patterns
from takeback.matching.radius import RadiusIndex


def test_made_anew_it_is_the_same() -> None:
    done = subprocess.run(
        [sys.executable, "scripts/write_patterns.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def hashed(grey: np.ndarray) -> Fingerprint:
    height, width = grey.shape
    return pdq_of_plane(grey.astype(np.uint8).tobytes(), width=width, height=height, layout=Layout.GREY8)


#: Drawings by their places, from 0 to 1.
DRAWN: dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    "black": lambda x, _: 0 * x,
    "gradient": lambda _, y: 250 * y,
    "slope": lambda x, y: 120 * (x + y),
    "stripes": lambda x, _: 255 * (np.floor(x * 8) % 2),
}


@pytest.mark.parametrize(
    ("kind", "width", "height"),
    [(kind, *size) for kind in ("black", "gradient", "slope") for size in ((400, 300), (1000, 1500), (1920, 1080))]
    + [("stripes", 1280, 720), ("stripes", 512, 512)],
)
def test_what_says_nothing_is_refused(kind: str, width: int, height: int) -> None:
    """By its quality, by its bits, or by the list (product.md, T4). Stripes only in sizes that were drawn."""
    y, x = np.meshgrid((np.arange(height) + 0.5) / height, (np.arange(width) + 0.5) / width, indexing="ij")
    made = hashed(np.round(DRAWN[kind](x, y)))
    refused = made.quality is not None and made.quality < MIN_PDQ_QUALITY
    near = NegativeList(patterns()).first_in([made]) is not None
    assert refused or says_too_little(made.value) is not None or near


def test_no_photograph_is_near_to_a_pattern() -> None:
    listed = NegativeList(patterns())
    for value in of_photographs():
        assert listed.first_in([Fingerprint(FingerprintType.PDQ, value.tobytes(), 100)]) is None


def test_made_up_values_find_nothing_and_so_nobody_confirms_them() -> None:
    """Values without a picture (product.md, T6): what no upload matches, no person ever sees."""
    drawn = random.Random(6)
    values = [sum(1 << bit for bit in drawn.sample(range(256), 128)).to_bytes(32, "big") for _ in range(20_000)]
    with RadiusIndex.build(b"".join(values)) as index:
        found = index.within_many([value.tobytes() for value in of_photographs()])
    assert sum(map(len, found)) == 0
