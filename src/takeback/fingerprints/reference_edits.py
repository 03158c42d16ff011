"""The simulated edits of spec/edits.md in plain Python, to be read: what the C core computes, to the bit.

The picture becomes a small upright plane, and 64 × 64 tents over a part of that become the samples of its hash. Every
value is a 32-bit float, and their order counts (`reference.py`).
"""

from __future__ import annotations

from takeback.fingerprints.reference import GRID, Line, Plane, of_samples, single, singles, turned, weighted

#: left, top, right, bottom, in fractions of the upright sides.
Box = tuple[float, float, float, float]

#: EXIF orientations whose rows are turned round, whose rows come from the bottom, whose sides are swapped.
_MIRRORED, _UPWARD, _SWAPPED = {2, 3, 7, 8}, {3, 4, 6, 7}, {5, 6, 7, 8}


def plane(luma: Plane, side: int, orientation: int = 1) -> Plane:
    """Gives a stored picture upright and reduced, no side longer than `side`: means of the areas that pixels cover."""
    height, width = len(luma), len(luma[0])
    down, across = (_reduced(length, max(width, height), side) for length in (height, width))
    stored = [row[::-1] for row in luma] if orientation in _MIRRORED else luma
    small = [_narrowed(row, across) for row in _rows(stored, down)]
    upright = small[::-1] if orientation in _UPWARD else small
    return turned(upright) if orientation in _SWAPPED else upright


def pdq_of_part(pixels: Plane, box: Box) -> tuple[bytes, int]:
    """Gives the 32-byte hash and the quality of a part of an upright plane."""
    height, width = len(pixels), len(pixels[0])
    left, top, right, bottom = (single(single(at) * side) for at, side in zip(box, (width, height) * 2, strict=True))
    rows = _samples(pixels, top, bottom)
    return of_samples(turned(_samples(turned(rows), left, right)))


def _reduced(length: int, longest: int, side: int) -> int:
    return length if longest <= side else max(1, (length * side + longest // 2) // longest)


def _rows(stored: Plane, down: int) -> Plane:
    """Sums the rows of each small row, in the order in which they are stored; each covers `down` of its units."""
    height = len(stored)
    rows: list[Line] = []
    sums: Line = [0.0] * len(stored[0])
    for at, row in enumerate(stored):
        end, edge = (at + 1) * down, (len(rows) + 1) * height
        part = single((min(end, edge) - at * down) / height)
        times = singles(part * value for value in row)
        sums = singles(total + value for total, value in zip(sums, times, strict=True))
        if end >= edge:
            rows.append(sums)
            rest = single((end - edge) / height)
            sums = singles(rest * value for value in row)
    return rows


def _narrowed(sums: Line, across: int) -> Line:
    """Does the same along a row: a stored pixel covers `across` units, a small one as many as there are stored ones."""
    width, total, narrow = len(sums), 0.0, list[float]()
    share = single(1 / width)
    for x, value in enumerate(sums):
        after = (x + 1) * across - (len(narrow) + 1) * width  # units of it that lie in the next small pixel
        if after < 0:
            total = single(total + single(across * value))
        else:
            narrow.append(single(single(total + single((across - after) * value)) * share))
            total = single(after * value)
    return narrow


def _samples(lines: Plane, begin: float, end: float) -> Plane:
    """Gives 64 lines out of as many as there are between begin and end: under each tent the mean."""
    tents = (_tent(sample, begin, end, len(lines)) for sample in range(GRID))
    return [weighted(weights, lines[first : first + len(weights)]) for first, weights in tents]


def _tent(sample: int, begin: float, end: float, side: int) -> tuple[int, list[float]]:
    """The first pixel under a sample's tent and what each pixel weighs; beyond the edge, the edge goes on."""
    half = single(single(end - begin) / (2 * GRID))
    middle = single(begin + single((2 * sample + 1) * half))
    first, last = (min(max(0, int(at)), side - 1) for at in (single(middle - half), single(middle + half)))
    ends = [_left_of(single(single(x - middle) / half)) for x in range(first + 1, last + 1)]
    return first, [single(upto - before) for before, upto in zip([0.0, *ends], [*ends, 1.0], strict=True)]


def _left_of(t: float) -> float:
    """How much of a tent over -1 to 1 lies left of t."""
    if not -1 < t < 1:
        return 0.0 if t <= -1 else 1.0
    rest = single(1 + t) if t < 0 else single(1 - t)
    part = single(rest / 2 * rest)
    return part if t < 0 else single(1 - part)
