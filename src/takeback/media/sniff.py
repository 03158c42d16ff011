"""What a file is by its first bytes; its name and what a client says of it count for nothing."""

from __future__ import annotations

#: Bytes needed to tell.
SNIFF_BYTES = 64

_BEGINNINGS = {
    b"\xff\xd8\xff": "JPEG",
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"GIF87a": "GIF",
    b"GIF89a": "GIF",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"II+\0": "TIFF",  # BigTIFF
    b"MM\0+": "TIFF",
}
#: Sizes of the header that follows "BM" and twelve bytes: anything else only begins like a bitmap.
_BMP_HEADERS = frozenset({12, 40, 52, 56, 64, 108, 124})
#: Brands of ISO/IEC 14496-12 files that hold a still picture (ISO/IEC 23008-12; AV1 Image File Format).
_AVIF_BRANDS = frozenset({b"avif", b"avis"})
_HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
#: Boxes that a QuickTime film without `ftyp` begins with.
_QUICKTIME_BOXES = frozenset({b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"})
_EBML = b"\x1aE\xdf\xa3"


def image_format(begin: bytes) -> str | None:
    """Gives Pillow's name of a picture's format, or None for what is not read."""
    for magic, name in _BEGINNINGS.items():
        if begin.startswith(magic):
            return name
    if begin[:4] == b"RIFF" and begin[8:12] == b"WEBP":
        return "WEBP"
    if begin[:2] == b"BM" and int.from_bytes(begin[14:18], "little") in _BMP_HEADERS:
        return "BMP"
    if begin[4:8] == b"ftyp":
        return _by_brands(begin)
    return None


def film_format(begin: bytes) -> str | None:
    """Gives FFmpeg's name of a film's container (MP4, MOV, 3GP; WebM, MKV; AVI), or None for what is not read."""
    if begin[4:8] == b"ftyp":
        return None if _by_brands(begin) else "mov"
    if begin[4:8] in _QUICKTIME_BOXES:
        return "mov"
    if begin.startswith(_EBML):
        return "matroska"
    return "avi" if begin[:4] == b"RIFF" and begin[8:11] == b"AVI" else None


def _by_brands(begin: bytes) -> str | None:
    """The major brand comes first, then a version, then brands that the file is compatible with."""
    end = min(int.from_bytes(begin[:4], "big"), len(begin))
    brands = {begin[8:12], *(begin[at : at + 4] for at in range(16, end - 3, 4))}
    if brands & _AVIF_BRANDS:
        return "AVIF"
    return "HEIF" if brands & _HEIF_BRANDS else None
