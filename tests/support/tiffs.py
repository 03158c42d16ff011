"""TIFF files of every kind: by Pillow (libtiff), and by tifffile for what Pillow does not write."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import tifffile
from PIL import Image

from support.pictures import photograph

Pixels = np.ndarray[Any, Any]
_ORIENTATION = 274


def by_pillow(image: Image.Image, **options: Any) -> bytes:
    """Gives what Pillow writes; strips of 64 kB."""
    out = io.BytesIO()
    image.save(out, "TIFF", **options)
    return out.getvalue()


def by_tifffile(pixels: Pixels, **options: Any) -> bytes:
    """Gives what tifffile writes."""
    out = io.BytesIO()
    tifffile.imwrite(out, pixels, metadata=None, **options)
    return out.getvalue()


def turned(image: Image.Image, orientation: int) -> bytes:
    """Gives a file that says that it is held turned."""
    return by_pillow(image, compression="tiff_lzw", tiffinfo={_ORIENTATION: orientation})


def _deep(pixels: Pixels) -> Pixels:
    """16 bits, with low bytes that must not count."""
    return pixels.astype(np.uint16) * 256 + (np.arange(pixels.size, dtype=np.uint16) % 256).reshape(pixels.shape)


def _alpha(rgb: Pixels) -> Pixels:
    y, x = np.indices(rgb.shape[:2])
    alpha = np.clip(300 - np.hypot(x - rgb.shape[1] / 2, y - rgb.shape[0] / 2), 0, 255).astype(np.uint8)
    return np.dstack([rgb, alpha])


def readable() -> dict[str, bytes]:
    """What the page reads as the server does: a 301×200 picture in every way."""
    image = Image.open(io.BytesIO(photograph("chelsea.png"))).convert("RGB").crop((80, 40, 381, 240))
    rgb = np.asarray(image)
    grey, rgba, apart = np.asarray(image.convert("L")), _alpha(rgb), rgb.transpose(2, 0, 1).copy()
    grey_and_alpha = np.dstack([grey, rgba[..., 3]])
    premultiplied = rgba.copy()
    premultiplied[..., :3] = (rgba[..., :3].astype(int) * rgba[..., 3:] + 127) // 255
    cmyk = np.asarray(image.convert("CMYK"))
    rough = image.convert("1")
    deflate = {"compression": "zlib", "rowsperstrip": 16}
    made = {
        **{f"RGB, {way}": by_pillow(image, compression=way) for way in ("raw", "tiff_lzw", "packbits")},
        "RGB, deflate": by_pillow(image, compression="tiff_adobe_deflate"),
        "RGB, old number of deflate": by_pillow(image, compression="tiff_deflate"),
        "RGB, LZW, predictor": by_pillow(image, compression="tiff_lzw", tiffinfo={317: 2}),
        "RGB, JPEG": by_pillow(image, compression="jpeg", quality=80),
        "YCbCr, JPEG": by_pillow(image.convert("YCbCr"), compression="jpeg", quality=80),
        "grey, JPEG": by_pillow(image.convert("L"), compression="jpeg"),
        "grey": by_pillow(image.convert("L"), compression="tiff_lzw"),
        "palette": by_pillow(image.quantize(32), compression="tiff_lzw"),
        "palette, big-endian": by_tifffile(
            np.asarray(image.quantize(256)), photometric="palette", byteorder=">", colormap=_colours(image)
        ),
        "CMYK": by_pillow(image.convert("CMYK"), compression="tiff_lzw"),
        "CMYK, 16 bit": by_tifffile(_deep(cmyk), photometric="separated", **deflate),
        "CMYK and something": by_tifffile(
            np.dstack([cmyk, grey]), photometric="separated", planarconfig="contig", extrasamples=[0]
        ),
        "bilevel": by_pillow(rough),
        "bilevel, packbits": by_pillow(rough, compression="packbits"),
        "bilevel, white is 0": by_tifffile(~np.asarray(rough), photometric="miniswhite", bitspersample=1),
        "grey, white is 0": by_tifffile(255 - grey, photometric="miniswhite"),
        "grey, 16 bit": by_tifffile(_deep(grey), **deflate),
        "grey, 16 bit, big-endian": by_tifffile(_deep(grey), byteorder=">"),
        "grey, 16 bit, predictor": by_tifffile(_deep(grey), predictor=2, **deflate),
        "grey and something": by_tifffile(
            grey_and_alpha, photometric="minisblack", planarconfig="contig", extrasamples=[0]
        ),
        "grey and alpha": by_tifffile(
            np.dstack([grey, rgba[..., 3]]),
            photometric="minisblack",
            planarconfig="contig",
            extrasamples=["unassalpha"],
        ),
        "RGB, 16 bit": by_tifffile(_deep(rgb), **deflate),
        "RGB, 16 bit, big-endian": by_tifffile(_deep(rgb), byteorder=">", **deflate),
        "RGB, 16 bit, big-endian, predictor": by_tifffile(_deep(rgb), byteorder=">", predictor=2, **deflate),
        "RGB, BigTIFF": by_tifffile(rgb, bigtiff=True, **deflate),
        "RGB, tiles": by_tifffile(rgb, tile=(64, 48), compression="zlib", predictor=2),
        "RGB, tiles, raw, big-endian": by_tifffile(rgb, tile=(32, 32), byteorder=">"),
        "RGB, planes": by_tifffile(apart, photometric="rgb", planarconfig="separate", rowsperstrip=16),
        "RGB, planes, tiles": by_tifffile(
            rgb.transpose(2, 0, 1).copy(),
            photometric="rgb",
            planarconfig="separate",
            tile=(64, 64),
            compression="zlib",
            predictor=2,
        ),
        "RGB and something": by_tifffile(rgba, photometric="rgb", extrasamples=[0]),
        "alpha": by_pillow(Image.fromarray(rgba), compression="tiff_lzw"),
        "alpha, multiplied": by_tifffile(premultiplied, photometric="rgb", extrasamples=["assocalpha"]),
        "alpha, 16 bit": by_tifffile(_deep(rgba), photometric="rgb", extrasamples=["unassalpha"], **deflate),
        "alpha, 16 bit, multiplied": by_tifffile(
            _deep(premultiplied), photometric="rgb", extrasamples=["assocalpha"], **deflate
        ),
        "many pages": by_pillow(image, save_all=True, append_images=[image.rotate(90)]),
    }
    return made | {f"held as {o}": turned(image, o) for o in range(1, 9)}


def declined() -> dict[str, bytes]:
    """What the page leaves alone, and says so."""
    image = Image.open(io.BytesIO(photograph("chelsea.png"))).convert("RGB")
    grey = np.asarray(image.convert("L"))
    return {
        "fax, group 3": by_pillow(image.convert("1"), compression="group3"),
        "fax, group 4": by_pillow(image.convert("1"), compression="group4"),
        "LAB": by_pillow(image.convert("LAB")),
        "real numbers": by_tifffile(grey.astype(np.float32)),
        "32 bit": by_tifffile(grey.astype(np.uint32)),
        "16 bit, white is 0": by_tifffile(_deep(grey), photometric="miniswhite"),
        "YCbCr without JPEG": by_pillow(image.convert("YCbCr")),
    }


def _colours(image: Image.Image) -> Pixels:
    palette = image.quantize(256).getpalette() or []
    colours = np.zeros((3, 256), np.uint16)
    colours[:, : len(palette) // 3] = np.asarray(palette, np.uint16).reshape(-1, 3).T * 256 + 17
    return colours
