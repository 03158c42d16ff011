"""Draws what countless files share and writes its PDQ values: src/takeback/matching/patterns.json.

Blank and striped frames, gradients, boards, bars, borders, discs, a page of lines. They stand on the negative list from
the start: a picture this near to one would match pictures that have nothing to do with it. Where a drawing is exactly
symmetric, some of its bits are rounding noise and change with its size, so each is drawn in the sizes that people meet.

With --check it writes nothing, and fails when the file is not what the core makes of the drawings.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from takeback.fingerprints.distance import hamming
from takeback.fingerprints.pdq import Layout, pdq_of_plane

FILE = Path(__file__).resolve().parent.parent / "src" / "takeback" / "matching" / "patterns.json"
#: Width and height in pixels.
SIZES = ((512, 512), (640, 480), (1280, 720), (720, 1280))
#: A value this near to one that stands there already would find hardly anything more.
SAME_BITS = 8
Plane = np.ndarray  # lightness from 0 to 1, at every pixel


def main() -> int:
    """Gives 0 when the file is current."""
    text = json.dumps({name: [value.hex() for value in values] for name, values in patterns().items()}, indent=0) + "\n"
    if "--check" not in sys.argv:
        FILE.write_text(text, encoding="utf-8")
        return 0
    if FILE.read_text(encoding="utf-8") == text:
        return 0
    print("patterns.json is not current: run .venv/bin/python scripts/write_patterns.py")
    return 1


def patterns() -> dict[str, list[bytes]]:
    """Gives the values of every drawing by its name; those of a drawing that looks like another are left out."""
    found: dict[str, list[bytes]] = {}
    every: list[bytes] = []
    for width, height in SIZES:
        y, x = np.meshgrid((np.arange(height) + 0.5) / height, (np.arange(width) + 0.5) / width, indexing="ij")
        for name, drawn in drawings(x, y):
            value = hashed(drawn)
            if all(hamming(value, other) > SAME_BITS for other in every):
                every.append(value)
                found.setdefault(name, []).append(value)
    return found


def hashed(drawn: Plane) -> bytes:
    """Gives the PDQ value of a drawing."""
    grey = np.round(255 * np.clip(drawn, 0, 1)).astype(np.uint8)
    return pdq_of_plane(grey.tobytes(), width=grey.shape[1], height=grey.shape[0], layout=Layout.GREY8).value


def drawings(x: Plane, y: Plane) -> Iterator[tuple[str, Plane]]:
    """Gives every drawing, and its negative. `x` and `y` run from 0 to 1."""
    yield "blank", np.full_like(x, 0.5)
    for of in (gradients, repeated, shapes):
        for name, drawn in of(x, y):
            plane = np.asarray(drawn, float)
            yield name, plane
            yield f"{name}, inverted", 1 - plane


def gradients(x: Plane, y: Plane) -> Iterator[tuple[str, Plane]]:
    """Soft ones."""
    middle = np.hypot(x - 0.5, y - 0.5)
    yield "gradient down", y
    yield "gradient across", x
    yield "gradient to a corner", (x + y) / 2
    yield "gradient to the other corner", (1 - x + y) / 2
    yield "vignette", 1 - middle
    yield "spotlight", np.exp(-8 * middle**2)
    yield "horizon", np.where(y < 0.5, 0.8 - 0.4 * y, 0.3 * y)


def repeated(x: Plane, y: Plane) -> Iterator[tuple[str, Plane]]:
    """The same again and again."""
    for many in (2, 3, 4, 8, 16):
        yield f"board of {many}", (np.floor(x * many) + np.floor(y * many)) % 2
        yield f"{many} bars across", np.floor(x * many) % 2
        yield f"{many} bars down", np.floor(y * many) % 2
        yield f"{many} slanted bars", np.floor((x + y) * many) % 2
    for steps in (5, 8, 16):
        yield f"{steps} grey steps", np.floor(x * steps) / (steps - 1)
    television = np.array([0.75, 0.66, 0.54, 0.44, 0.33, 0.22, 0.08])
    yield "colour bars", television[(x * 7).astype(int)]
    yield "lines of a page", 1 - ((x > 0.1) & (x < 0.9) & (y * 20 % 1 < 0.45))


def shapes(x: Plane, y: Plane) -> Iterator[tuple[str, Plane]]:
    """One shape on a ground."""
    for percent in (5, 10, 20):
        width = percent / 100
        across, down = np.minimum(x, 1 - x) < width, np.minimum(y, 1 - y) < width
        yield f"border of {percent} %", across | down
        yield f"bars of {percent} % above and below", down
        yield f"bars of {percent} % at the sides", across
        yield f"disc of {percent} %", np.hypot(x - 0.5, y - 0.5) < width
    yield "halves beside each other", x < 0.5
    yield "halves above each other", y < 0.5
    yield "cross", np.minimum(abs(x - 0.5), abs(y - 0.5)) < 0.1
    yield "diagonal cross", np.minimum(abs(x - y), abs(x + y - 1)) < 0.1


if __name__ == "__main__":
    sys.exit(main())
