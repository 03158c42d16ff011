"""As many PDQ hashes as wanted that lie as real ones do: photographs', copies of them more or less changed, and others.

PDQ is the 16 x 16 lowest frequencies of a picture, each set where it is above their median. A bank of such spectra is
made of photographs in eight orientations and of drawn planes (clouds, edges, discs, bars). Most hashes are those of
three of them blended, and noise; one in five is a copy of such a one, more or less changed, and one in fifty that of a
photograph.
"""

from __future__ import annotations

import os
from importlib.resources import files
from pathlib import Path

import numpy as np
from PIL import Image

SIDE, KEPT = 64, 16
DRAWN = 4_000
_CACHE = Path(__file__).resolve().parent.parent / "build" / "bench"
_AT_ONCE = 50_000
#: PDQ's cosine transform: KEPT frequencies of SIDE samples, without the mean.
_DCT = np.cos(np.pi / 2 / SIDE * np.outer(np.arange(1, KEPT + 1), 2 * np.arange(SIDE) + 1)).astype(np.float32)


def hashes(count: int, seed: int = 1) -> np.ndarray:
    """Gives (count, 32) bytes, always the same for one seed; kept in build/bench, because ten million take minutes."""
    kept = _CACHE / f"hashes-{seed}-{count}.npy"
    if not kept.exists():
        _CACHE.mkdir(parents=True, exist_ok=True)
        rng, bank = np.random.default_rng(seed), _bank()
        made = np.empty((count, 32), np.uint8)
        for begin in range(0, count, _AT_ONCE):
            made[begin : begin + _AT_ONCE] = _some(rng, bank, min(_AT_ONCE, count - begin))
        np.save(kept, made)
    return np.load(kept, mmap_mode="r")


def altered(values: np.ndarray, seed: int = 2) -> np.ndarray:
    """Gives copies as re-encoding and light editing make them: 0 to 30 bits turned, as many on as off."""
    rng = np.random.default_rng(seed)
    bits = np.unpackbits(values, axis=1)
    for row in bits:
        turned = rng.integers(0, 16)
        row[rng.choice(np.flatnonzero(row), turned, replace=False)] ^= 1
        row[rng.choice(np.flatnonzero(row == 0), turned, replace=False)] ^= 1
    return np.packbits(bits, axis=1)


def _some(rng: np.random.Generator, bank: np.ndarray, count: int) -> np.ndarray:
    one, another, third = bank[rng.integers(0, len(bank), (3, count))]
    weights = rng.random((3, count, 1), np.float32)
    spectra = one + another * weights[0] + third * weights[1] * weights[2]
    noise = rng.random((count, 1), np.float32) * 0.3
    copies = slice(0, count // 5)
    spectra[copies] = spectra[rng.integers(count // 5, count, count // 5)]
    photographs = slice(0, count // 50)
    spectra[photographs] = bank[rng.integers(0, len(bank) - DRAWN, count // 50)]
    spectra += noise * rng.standard_normal(spectra.shape, np.float32)
    return np.packbits(spectra > np.median(spectra, axis=1, keepdims=True), axis=1)


def _bank() -> np.ndarray:
    rng = np.random.default_rng(0)
    planes = [plane for picture in _photographs() for plane in _turned(picture)] + [_drawn(rng) for _ in range(DRAWN)]
    spectra = (_DCT @ np.stack(planes) @ _DCT.T).reshape(len(planes), -1)
    return (spectra / spectra.std(axis=1, keepdims=True)).astype(np.float32)


def _photographs() -> list[np.ndarray]:
    folders = [Path(str(files("skimage") / "data"))]
    if named := os.environ.get("TAKEBACK_TEST_DATA"):
        folders.append(Path(named) / "photos")
    paths = sorted(path for folder in folders for path in folder.iterdir() if path.suffix in {".jpg", ".png"})
    planes = []
    for path in paths:
        with Image.open(path) as opened:
            opened.draft("L", (256, 256))
            planes.append(np.asarray(opened.convert("L").resize((SIDE, SIDE), Image.Resampling.BOX), np.float32))
    return planes


def _turned(plane: np.ndarray) -> list[np.ndarray]:
    return [np.rot90(side, turns) for side in (plane, plane.T) for turns in range(4)]


def _drawn(rng: np.random.Generator) -> np.ndarray:
    """Clouds as nature has them (amplitude 1/f), and on them a slope and a few discs and bars with hard edges."""
    frequency = np.hypot(*np.meshgrid(np.fft.fftfreq(SIDE), np.fft.fftfreq(SIDE)))
    frequency[0, 0] = 1
    plane = np.fft.ifft2(np.fft.fft2(rng.standard_normal((SIDE, SIDE))) / frequency).real
    plane /= plane.std()
    y, x = np.mgrid[:SIDE, :SIDE] / SIDE
    plane += rng.normal() * x + rng.normal() * y
    for _ in range(rng.integers(0, 6)):
        (left, top), (wide, high) = rng.random(2), rng.random(2) / 2
        disc = ((x - left) / (wide + 0.02)) ** 2 + ((y - top) / (high + 0.02)) ** 2 < 1
        bar = (abs(x - left) < wide) & (abs(y - top) < high)
        plane[disc if rng.random() < 0.5 else bar] += 2 * rng.normal()
    return plane.astype(np.float32)
