"""Lays out the demo's pictures: free-to-use photographs from scikit-image, and changed copies of them.

- pictures/: what "the person" picks in the page
- copies/: the same pictures at half size, saved again as JPEG: what somebody uploads to the photo site
- gallery/: what the photo site shows from the start, an old copy of one picture among it
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from PIL import Image

#: scikit-image's bundled photographs (its data/README.txt states their sources and licences).
PICKED = {"cat": "chelsea.png", "coffee": "coffee.png", "rocket": "rocket.jpg"}
SHOWN = {"astronaut": "astronaut.png", "galaxies": "hubble_deep_field.jpg", "motorcycle": "motorcycle_left.png"}
OLD_COPY = "coffee"
COPY_QUALITY = 75


def lay_out(folder: Path) -> None:
    """Writes the three folders once; a second call changes nothing."""
    if (folder / "gallery").is_dir():
        return
    source = files("skimage") / "data"
    for name in ("pictures", "copies", "gallery.new"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for name, original in PICKED.items():
        content = (source / original).read_bytes()
        (folder / "pictures" / f"{name}{Path(original).suffix}").write_bytes(content)
        half_size_copy(folder / "pictures" / f"{name}{Path(original).suffix}", folder / "copies" / f"{name}.jpg")
    for name, original in SHOWN.items():
        (folder / "gallery.new" / f"{name}{Path(original).suffix}").write_bytes((source / original).read_bytes())
    old_copy = (folder / "copies" / f"{OLD_COPY}.jpg").read_bytes()
    (folder / "gallery.new" / f"{OLD_COPY}.jpg").write_bytes(old_copy)
    (folder / "gallery.new").rename(folder / "gallery")


def half_size_copy(original: Path, copy: Path) -> None:
    """Writes what a messenger would make of a picture: half the size, encoded again."""
    with Image.open(original) as picture:
        small = picture.convert("RGB").resize((picture.width // 2, picture.height // 2), Image.Resampling.LANCZOS)
        small.save(copy, "JPEG", quality=COPY_QUALITY)
