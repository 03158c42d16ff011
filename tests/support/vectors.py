"""spec/vectors, made by implementations that are not the core. `python tests/support/vectors.py` writes the files."""

from __future__ import annotations

import hashlib
import json
import random
import sys
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pdqhash
from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from takeback.fingerprints import reference, reference_edits
from takeback.fingerprints.edits import Protection, edits_of
from takeback.fingerprints.plane import EDIT_SIDE

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from support import log_vectors
from support.person import digits_of

FOLDER = Path(__file__).resolve().parents[2] / "spec" / "vectors"

#: Width, height and cell of the drawn pictures: tiny, even, odd, exactly 64, a window's edge, wide, tall.
_SIZES = [
    *((5, 5, 1), (64, 64, 4), (63, 65, 5), (96, 66, 3), (128, 96, 8)),
    *((129, 127, 9), (200, 150, 12), (300, 40, 7), (40, 300, 7)),
]
_UPRIGHT = {
    1: lambda a: a,
    2: lambda a: a[:, ::-1],
    3: lambda a: a[::-1, ::-1],
    4: lambda a: a[::-1],
    5: lambda a: a.transpose(1, 0, 2),
    6: lambda a: a.transpose(1, 0, 2)[:, ::-1],
    7: lambda a: a[::-1, ::-1].transpose(1, 0, 2),
    8: lambda a: a.transpose(1, 0, 2)[::-1],
}


def picture(width: int, height: int, cell: int) -> np.ndarray[Any, Any]:
    """Gives the drawn picture of spec/vectors/README.md: height × width × 3 bytes."""
    x, y = np.meshgrid(np.arange(width, dtype=np.uint32), np.arange(height, dtype=np.uint32))
    channels = []
    for channel in range(3):
        mixed = (x // cell * np.uint32(73856093)) ^ (y // cell * np.uint32(19349663)) ^ np.uint32(channel * 83492791)
        mixed = mixed * np.uint32(2654435761)
        mixed = (mixed ^ (mixed >> np.uint32(15))) * np.uint32(2246822519)
        channels.append((mixed >> np.uint32(25)) + ((x + 2 * y + 40 * channel) & 127))
    return np.stack(channels, axis=2).astype(np.uint8)


def _pdq() -> list[dict[str, Any]]:
    cases = []
    for width, height, cell in _SIZES:
        for orientation in range(1, 9):
            upright = np.ascontiguousarray(_UPRIGHT[orientation](picture(width, height, cell)))
            bits, quality = pdqhash.compute(upright)
            value = f"{int(''.join(map(str, bits)), 2):064x}"
            cases.append(
                {"width": width, "height": height, "cell": cell, "orientation": orientation}
                | {"pdq": value, "quality": int(quality)}
            )
    return cases


#: Width, height, cell and orientation: as large as the grid, turned, reduced along rows, along columns, and along both.
_EDITED = [
    *((63, 65, 5, 1), (64, 64, 4, 1), (128, 96, 8, 1), (128, 96, 8, 6), (129, 127, 9, 3)),
    *((600, 40, 7, 1), (600, 40, 7, 8), (40, 700, 7, 4), (560, 420, 15, 1)),
]


def _edits() -> list[dict[str, Any]]:
    """Nobody else makes these: they are what the readable reference makes."""
    cases = []
    for width, height, cell, orientation in _EDITED:
        luma = [[reference.luma_of(*pixel) for pixel in row] for row in picture(width, height, cell).tolist()]
        plane = reference_edits.plane(luma, EDIT_SIDE, orientation)
        upright = _UPRIGHT[orientation](np.empty((height, width, 1))).shape
        made = []
        for edit in edits_of(Protection.STRONG, upright[1], upright[0]):
            value, quality = reference_edits.pdq_of_part(plane, (edit.left, edit.top, edit.right, edit.bottom))
            made.append({"edit": edit.name, "pdq": value.hex(), "quality": quality})
        size = {"width": width, "height": height, "cell": cell, "orientation": orientation}
        cases.append({**size, "edits": made})
    return cases


def levels(width: int, height: int, cell: int) -> np.ndarray[Any, Any]:
    """Gives the drawn picture's first channel in four steps: black, dark, light, white (0 to 3)."""
    return picture(width, height, cell)[:, :, 0] >> 6


def _luma() -> list[dict[str, Any]]:
    """What a film keeps as 16, 89, 162 and 235 is 0, 85, 170 and 255 on the screen: both have one hash."""
    cases = []
    for width, height, cell in _SIZES:
        grey = levels(width, height, cell) * np.uint8(85)
        bits, quality = pdqhash.compute(np.ascontiguousarray(np.dstack([grey] * 3)))
        value = f"{int(''.join(map(str, bits)), 2):064x}"
        cases.append({"width": width, "height": height, "cell": cell, "pdq": value, "quality": int(quality)})
    return cases


def _receipt() -> list[dict[str, Any]]:
    cases = []
    for words in ("abacus abdomen abide ablaze able abrasive", "yo-yo zoom zipping zesty t-shirt drop-down"):
        root = hash_secret_raw(words.encode(), b"takeback-receipt-v1", 2, 19_456, 1, 32, Type.ID)
        entries = []
        for at in (0, 1, 99, 127):
            secret = HKDF(SHA256(), 32, salt=None, info=f"takeback/receipt/v1/entry/{at}".encode()).derive(root)
            entries.append({"at": at, "secret": secret.hex(), "digest": hashlib.sha256(secret).hexdigest()})
        cases.append({"words": words, "digits": digits_of(words), "root": root.hex(), "entries": entries})
    return cases


def _scan() -> dict[str, Any]:
    drawn = random.Random(256)
    values = [drawn.getrandbits(256) for _ in range(40)]
    for at, flips in ((3, 0), (11, 1), (17, 30), (23, 31), (29, 32), (31, 256)):
        values[at] = values[0] ^ sum(1 << bit for bit in drawn.sample(range(256), flips))
    queries = []
    for radius in (0, 30, 31, 32, 256):
        near = [(at, (value ^ values[0]).bit_count()) for at, value in enumerate(values)]
        queries.append({"query": f"{values[0]:064x}", "radius": radius, "found": [n for n in near if n[1] <= radius]})
    return {"values": [f"{value:064x}" for value in values], "queries": queries}


@cache
def made() -> dict[str, str]:
    """Gives file name → text of every vector file."""
    files = {
        "pdq.json": _pdq(),
        "luma.json": _luma(),
        "edits.json": _edits(),
        "receipt.json": _receipt(),
        "log.json": log_vectors.made(_receipt()),
        "scan.json": _scan(),
    }
    return {name: json.dumps(content, indent=1) + "\n" for name, content in files.items()}


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, text in made().items():
        (FOLDER / name).write_text(text, encoding="ascii")
