"""PDQ in plain Python, to be read and not to be fast: what the C core must compute.

Meta, "TMK+PDQF and PDQ" (2019), and the reference implementation behind it. The core keeps the reference's 32-bit
rounding; here every step is a double, so a coefficient that lies on the median up to rounding may differ. None does in
spec/vectors/pdq.json, which both pass.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

Plane = list[list[float]]

GRID, KEPT = 64, 16


def pdq(luma: Plane) -> tuple[bytes, int]:
    """Gives the 32-byte hash, bit 255 first, and the quality (0 to 100) of rows of luma between 0 and 255."""
    height, width = len(luma), len(luma[0])
    smooth = luma
    if (width, height) != (GRID, GRID):
        for _ in range(2):  # two box filters make a tent
            smooth = [_means(row, _window(width)) for row in smooth]
            smooth = _turned([_means(column, _window(height)) for column in _turned(smooth)])
    rows, columns = _picks(height), _picks(width)
    grid = [[smooth[y][x] for x in columns] for y in rows]
    return _bits(_dct(grid)), _quality(grid)


def luma_of(red: int, green: int, blue: int) -> float:
    """The reference's weights, as ITU-R BT.601 has them."""
    return 0.299 * red + 0.587 * green + 0.114 * blue


def _window(side: int) -> int:
    """Pixels of one filter: half of a 64th of the side, rounded up."""
    return (side + 2 * GRID - 1) // (2 * GRID)


def _means(line: Sequence[float], window: int) -> list[float]:
    """The mean of the window around each element; at the ends, of what is left of it."""
    ahead = (window + 2) // 2
    sums = [0.0]
    for value in line:
        sums.append(sums[-1] + value)
    spans = ((max(0, at + ahead - window), min(len(line), at + ahead)) for at in range(len(line)))
    return [(sums[end] - sums[start]) / (end - start) for start, end in spans]


def _turned(plane: Plane) -> Plane:
    return [list(column) for column in zip(*plane, strict=True)]


def _picks(side: int) -> list[int]:
    """The pixel in the middle of each of 64 blocks."""
    return [(2 * at + 1) * side // (2 * GRID) for at in range(GRID)]


def _quality(grid: Plane) -> int:
    """How much neighbours differ, each difference in whole percents of 255."""
    down = (int((a - b) * 100 / 255) for above, below in pairwise(grid) for a, b in zip(above, below, strict=True))
    right = (int((a - b) * 100 / 255) for row in grid for a, b in pairwise(row))
    return min(100, (sum(map(abs, down)) + sum(map(abs, right))) // 90)


def _dct(grid: Plane) -> Plane:
    """Frequencies 1 to 16 of the two-dimensional DCT-II: D G Dᵗ."""
    matrix = [
        [math.sqrt(2 / GRID) * math.cos(math.pi / (2 * GRID) * frequency * (2 * at + 1)) for at in range(GRID)]
        for frequency in range(1, KEPT + 1)
    ]
    half = [[sum(d * row[x] for d, row in zip(line, grid, strict=True)) for x in range(GRID)] for line in matrix]
    return [[sum(d * h for d, h in zip(line, row, strict=True)) for line in matrix] for row in half]


def _bits(dct: Plane) -> bytes:
    """A bit is 1 above the lower median of the 256; the first coefficient is bit 0, the last byte's lowest."""
    values = [value for row in dct for value in row]
    median = sorted(values)[len(values) // 2 - 1]
    return sum(1 << at for at, value in enumerate(values) if value > median).to_bytes(KEPT * KEPT // 8, "big")
