"""Which photographs the bench uses: those of TAKEBACK_TEST_DATA where it is given, otherwise scikit-image's."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import BinaryIO

from PIL import Image, ImageOps

from support.pictures import PHOTOGRAPHS

#: Longest side of the copy that attacks begin with: what sites serve.
COPY_PIXELS = 1600
#: Shortest side of a part, and how many parts a side is cut into at most.
PART_PIXELS, MOST_PARTS = 160, 6


@dataclass(frozen=True)
class Photograph:
    """One file; the name is what draws its attacks. `cut` says whether its parts are originals too."""

    name: str
    path: Path
    cut: bool = True

    @property
    def held_out(self) -> bool:
        """Whether development leaves it alone: a third, chosen by the name's digest."""
        return hashlib.sha256(self.name.encode()).digest()[0] % 3 == 0


def source() -> str:
    """Says where the photographs come from."""
    return "development photographs (TAKEBACK_TEST_DATA)" if _folder("photos") else "scikit-image's photographs"


def photographs() -> list[Photograph]:
    """Gives all of them, by name."""
    folder = _folder("photos")
    if folder is None:
        return [Photograph(name, scikit_image(name)) for name in PHOTOGRAPHS]
    return [Photograph(path.name, path) for path in sorted(folder.iterdir()) if path.is_file()]


def same_scene() -> list[list[Photograph]]:
    """Gives groups of different photographs of one scene, which are no copies of each other; parts of them may be."""
    folder = _folder("same_scene")
    groups = sorted(path for path in folder.iterdir() if path.is_dir()) if folder else []
    return [
        [Photograph(f"{group.name}/{path.name}", path, cut=False) for path in sorted(group.iterdir())]
        for group in groups
    ]


def scikit_image(name: str) -> Path:
    """Gives the file of one of scikit-image's photographs."""
    return Path(str(files("skimage") / "data" / name))


def clip_files() -> list[Path]:
    """Gives the development clips; none without TAKEBACK_TEST_DATA."""
    folder = _folder("videos")
    return [path for path in sorted(folder.iterdir()) if path.is_file()] if folder else []


def copy_of(photograph: Photograph) -> Image.Image:
    """Gives the upright RGB picture, at most `COPY_PIXELS` long."""
    picture = upright(photograph.path, longest=COPY_PIXELS)
    picture.thumbnail((COPY_PIXELS, COPY_PIXELS), Image.Resampling.LANCZOS)
    return picture


def upright(file: Path | str | BinaryIO, longest: int | None = None) -> Image.Image:
    """Gives the RGB picture as it is shown; a JPEG may come smaller, though not below `longest` pixels."""
    with Image.open(file) as opened:
        if longest:
            opened.draft("RGB", (longest, longest))
        return ImageOps.exif_transpose(opened).convert("RGB")


def parts_of(photograph: Photograph) -> list[Image.Image]:
    """Cuts it into parts that do not overlap: more photographs that have nothing to do with the others."""
    picture = copy_of(photograph)
    across, down = (max(1, min(MOST_PARTS, side // PART_PIXELS)) for side in picture.size)
    width, height = picture.width // across, picture.height // down
    boxes = [(x * width, y * height, (x + 1) * width, (y + 1) * height) for y in range(down) for x in range(across)]
    return [picture.crop(box) for box in boxes]


def _folder(name: str) -> Path | None:
    named = os.environ.get("TAKEBACK_TEST_DATA")
    folder = Path(named) / name if named else None
    return folder if folder and folder.is_dir() else None
