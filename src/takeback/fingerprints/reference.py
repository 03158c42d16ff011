"""PDQ and the simulated edits in plain Python, to be read and not to be fast: what the C core computes, to the bit.

Meta, "TMK+PDQF and PDQ" (2019), and the reference implementation behind it; spec/edits.md. Every value is a 32-bit
float: each operation is made in double and rounded, which is what 32-bit hardware gives (a double holds more than twice
the digits). So their order counts, and is the core's.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Sequence
from itertools import pairwise

Line = Sequence[float]
Plane = Sequence[Line]

GRID, KEPT = 64, 16


def singles(values: Iterable[float]) -> Line:
    """Rounds each to the nearest 32-bit float."""
    return array("f", values)


def single(value: float) -> float:
    """Rounds to the nearest 32-bit float."""
    return singles([value])[0]


def weighted(weights: Line, lines: Plane) -> Line:
    """The sum of lines, each times its weight, added one after the other."""
    total: Line = [0.0] * len(lines[0])
    for weight, line in zip(weights, lines, strict=True):
        times = singles(weight * value for value in line)
        total = singles(a + b for a, b in zip(total, times, strict=True))
    return total


def turned(plane: Plane) -> Plane:
    """Rows for columns."""
    return list(zip(*plane, strict=True))


def pdq(luma: Plane) -> tuple[bytes, int]:
    """Gives the 32-byte hash, bit 255 first, and the quality (0 to 100) of rows of luma between 0 and 255."""
    height, width = len(luma), len(luma[0])
    smooth = luma
    if (width, height) != (GRID, GRID):
        for _ in range(2):  # two box filters make a tent
            smooth = [_means(row, _window(width)) for row in smooth]
            smooth = turned([_means(column, _window(height)) for column in turned(smooth)])
    rows, columns = _picks(height), _picks(width)
    return of_samples([[smooth[y][x] for x in columns] for y in rows])


def luma_of(red: int, green: int, blue: int) -> float:
    """The reference's weights, as ITU-R BT.601 has them, rounded once."""
    return single((299 * red + 587 * green + 114 * blue) / 1000)


def of_samples(grid: Plane) -> tuple[bytes, int]:
    """Gives hash and quality of 64 x 64 samples: all that comes after the smoothing."""
    return _bits(_dct(grid)), _quality(grid)


def _window(side: int) -> int:
    """Pixels of one filter: half of a 64th of the side, rounded up."""
    return (side + 2 * GRID - 1) // (2 * GRID)


def _means(line: Line, window: int) -> list[float]:
    """The mean of the window around each element, by a running sum; at the ends, of what is left of it."""
    ahead, total, means = (window + 2) // 2 - 1, 0.0, []
    for last in range(len(line) + ahead):
        if last < len(line):
            total = single(total + line[last])
        if last >= window:
            total = single(total - line[last - window])
        if last >= ahead:
            means.append(single(total / (min(last + 1, len(line)) - max(0, last + 1 - window))))
    return means


def _picks(side: int) -> list[int]:
    """The pixel in the middle of each of 64 blocks."""
    return [(2 * at + 1) * side // (2 * GRID) for at in range(GRID)]


def _quality(grid: Plane) -> int:
    """How much neighbours differ, each difference in whole percents of 255."""
    pairs = [pair for line in (*grid, *turned(grid)) for pair in pairwise(line)]
    return min(100, sum(abs(int(single(single(single(a - b) * 100) / 255))) for a, b in pairs) // 90)


def _dct(grid: Plane) -> Plane:
    """Frequencies 1 to 16 of the two-dimensional DCT-II: D G Dᵗ."""
    scale = single(math.sqrt(2 / GRID))  # the reference keeps it as a float, and the cosine as a double
    matrix = [
        [single(scale * math.cos(math.pi / (2 * GRID) * frequency * (2 * at + 1))) for at in range(GRID)]
        for frequency in range(1, KEPT + 1)
    ]
    half = [weighted(line, grid) for line in matrix]
    return [weighted(line, turned(matrix)) for line in half]


def _bits(dct: Plane) -> bytes:
    """A bit is 1 above the lower median of the 256; the first coefficient is bit 0, the last byte's lowest."""
    values = [value for row in dct for value in row]
    median = sorted(values)[len(values) // 2 - 1]
    return sum(1 << at for at, value in enumerate(values) if value > median).to_bytes(KEPT * KEPT // 8, "big")
