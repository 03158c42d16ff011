"""The same file gives the same fingerprints in the person's browser and on the platform's server, to the last bit."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageCms
from playwright.sync_api import Browser

from support.pictures import PHOTOGRAPHS, photograph, truncated
from support.servers import ClearinghouseServer
from support.worker import BrowserFingerprints
from takeback.fingerprints.edits import Protection
from takeback.media import Fingerprinted, Fingerprinter, Unscannable

ORIENTATION = 0x0112
PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif", ".bmp")


@pytest.fixture(scope="module")
def browser(chromium: Browser, portal: ClearinghouseServer) -> Iterator[BrowserFingerprints]:
    asked = BrowserFingerprints(chromium, portal.url)
    yield asked
    asked.close()


@pytest.fixture(scope="module")
def server() -> Iterator[Fingerprinter]:
    with Fingerprinter(protection=Protection.STRONG) as fingerprinter:
        yield fingerprinter


def on_server(made: Fingerprinted | Unscannable) -> dict[str, Any]:
    """What a platform finds, in the words of the page's worker."""
    prints = made.fingerprints if isinstance(made, Fingerprinted) else made.exact
    values = {p.type.value: p for p in prints if p.edit is None}
    found: dict[str, Any] = {"kind": "image"} | {kind: values[kind].hex for kind in ("md5", "sha256")}
    if pdq := values.get("pdq"):
        found["pdq"] = {"value": pdq.hex, "quality": pdq.quality}
    if isinstance(made, Fingerprinted):
        found["edits"] = [{"edit": p.edit, "value": p.hex, "quality": p.quality} for p in prints if p.edit is not None]
    return found


def edits_apart(made: dict[str, Any], found: dict[str, Any]) -> int:
    """Takes the edits out of both, which must be the same ones, and gives the most bits between two of their values."""
    ours, theirs = ({one["edit"]: int(one["value"], 16) for one in side.pop("edits")} for side in (made, found))
    assert ours.keys() == theirs.keys()
    return max(((ours[name] ^ theirs[name]).bit_count() for name in ours), default=0)


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def opened(name: str) -> Image.Image:
    return Image.open(io.BytesIO(photograph(name))).convert("RGB")


def turned(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    return exif


def with_hole(image: Image.Image) -> Image.Image:
    """A round cut-out with a soft edge; what is hidden keeps its colours, as editors leave them."""
    x, y = np.meshgrid(np.linspace(-1, 1, image.width), np.linspace(-1, 1, image.height))
    alpha = np.clip((1 - np.hypot(x, y)) * 600, 0, 255).astype(np.uint8)
    cut = image.convert("RGBA")
    cut.putalpha(Image.fromarray(alpha))
    return cut


def sixteen_bit_grey(image: Image.Image) -> Image.Image:
    grey = np.asarray(image.convert("L"), dtype=np.uint16)
    return Image.fromarray(grey * 256 + 77)


def odd_profile() -> bytes:
    """A colour profile that changes red and green when it is applied: that of sRGB with its two colours exchanged."""
    usual = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert usual.count(b"rXYZ") == usual.count(b"gXYZ") == 1
    return usual.replace(b"rXYZ", b"....").replace(b"gXYZ", b"rXYZ").replace(b"....", b"gXYZ")


def behind_stray_bytes(jpeg: bytes) -> bytes:
    """The same with bytes before its profile that belong to nothing: decoders look for the next marker."""
    before, profile, after = jpeg.partition(b"\xff\xe2")
    return before + b"stray" + profile + after


def variants() -> dict[str, bytes]:
    """Every way in which the formats that are read here differ inside."""
    cat, cup = opened("chelsea.png"), opened("coffee.png")
    made = {
        "JPEG progressive": saved(cat, "JPEG", progressive=True, quality=80),
        "JPEG 4:4:4": saved(cat, "JPEG", subsampling=0, quality=95),
        "JPEG 4:2:2": saved(cat, "JPEG", subsampling=1, quality=80),
        "JPEG 4:2:0, odd size": saved(cat.crop((0, 0, 301, 257)), "JPEG", subsampling=2, quality=80),
        "JPEG grey": saved(cat.convert("L"), "JPEG"),
        "JPEG CMYK": saved(cat.convert("CMYK"), "JPEG"),
        "JPEG with a profile": saved(cup, "JPEG", icc_profile=odd_profile()),
        "JPEG with a profile behind stray bytes": behind_stray_bytes(saved(cup, "JPEG", icc_profile=odd_profile())),
        "JPEG with a comment and bytes behind": saved(cup, "JPEG", comment=b"hello") + b"more",
        "PNG palette": saved(cat.quantize(32), "PNG"),
        "PNG palette with a transparent colour": saved(cat.quantize(32), "PNG", transparency=3),
        "PNG grey": saved(cat.convert("L"), "PNG"),
        "PNG grey, 16 bit": saved(sixteen_bit_grey(cat), "PNG"),
        "PNG grey and alpha": saved(with_hole(cat).convert("LA"), "PNG"),
        "PNG cut-out": saved(with_hole(cat), "PNG"),
        "PNG with gamma and profile": saved(cup, "PNG", icc_profile=odd_profile()),
        "PNG turned": saved(cup, "PNG", exif=turned(6)),
        "PNG animated": saved(cat, "PNG", save_all=True, append_images=[cup.resize(cat.size)]),
        "WebP lossy": saved(cat, "WEBP", quality=70),
        "WebP lossless": saved(cat, "WEBP", lossless=True),
        "WebP cut-out": saved(with_hole(cat), "WEBP", lossless=True, exact=True),
        "WebP lossy cut-out": saved(with_hole(cat), "WEBP", quality=80),
        "WebP with profile, turned": saved(cup, "WEBP", icc_profile=odd_profile(), exif=turned(8)),
        "WebP animated": saved(cat, "WEBP", save_all=True, append_images=[cup.resize(cat.size)]),
        "GIF": saved(cat, "GIF"),
        "GIF animated": saved(cat, "GIF", save_all=True, append_images=[cup.resize(cat.size)]),
        "AVIF": saved(cat, "AVIF", quality=80),
        "AVIF 4:4:4": saved(cat, "AVIF", quality=80, subsampling="4:4:4"),
        "AVIF with a profile": saved(cup, "AVIF", icc_profile=odd_profile()),
        "AVIF cut-out": saved(with_hole(cat), "AVIF", quality=80),
        "AVIF cut-out, 4:4:4": saved(with_hole(cup), "AVIF", quality=60, subsampling="4:4:4"),
        "AVIF cut-out, turned": saved(with_hole(cup), "AVIF", quality=80, exif=turned(6)),
        "AVIF animated": saved(cat, "AVIF", save_all=True, append_images=[cup.resize(cat.size)]),
        "AVIF animated cut-out": saved(
            with_hole(cat), "AVIF", save_all=True, append_images=[with_hole(cup.resize(cat.size))]
        ),
        "BMP": saved(cat, "BMP"),
        "BMP palette": saved(cat.quantize(32), "BMP"),
        "BMP grey": saved(cat.convert("L"), "BMP"),
        "BMP, 32 bit": saved(with_hole(cat), "BMP"),
        "small": saved(cat.resize((60, 40)), "PNG"),
        "wide and flat": saved(cat.resize((3000, 40)), "JPEG"),
    }
    made |= {f"JPEG, EXIF orientation {o}": saved(cup, "JPEG", exif=turned(o)) for o in range(1, 9)}
    made |= {f"AVIF, turned as {o}": saved(cup, "AVIF", exif=turned(o)) for o in range(1, 9)}
    return made


VARIANTS = variants()
#: Chromium drops what is left behind the point where a colour of these is partly seen through; we round (the spec).
NEARLY_SEEN_THROUGH = {"WebP cut-out", "WebP lossy cut-out"}
#: What the decoders of our own do not read.
DECLINED = {"JPEG CMYK", "WebP animated"}


@pytest.mark.parametrize("name", PHOTOGRAPHS)
def test_photographs_agree_in_every_format(browser: BrowserFingerprints, server: Fingerprinter, name: str) -> None:
    picture = opened(name)
    files = [
        photograph(name),
        saved(picture, "JPEG", quality=75),
        saved(picture, "PNG"),
        saved(picture, "WEBP", quality=75),
        saved(picture, "GIF"),
    ]
    for file, made in zip(files, browser.of(*files), strict=True):
        found = on_server(server.fingerprint(file))
        assert made == found
        assert "pdq" in found


@pytest.mark.parametrize("kind", VARIANTS)
def test_every_kind_of_file_agrees(browser: BrowserFingerprints, server: Fingerprinter, kind: str) -> None:
    (made,) = browser.of(VARIANTS[kind])
    found = on_server(server.fingerprint(VARIANTS[kind]))
    if made and kind in NEARLY_SEEN_THROUGH:
        assert edits_apart(made, found) <= 4
    assert made == found
    assert "pdq" in found


@pytest.mark.parametrize("kind", [kind for kind in VARIANTS if kind.startswith(("JPEG", "PNG", "WebP"))])
def test_decoders_of_our_own_agree_or_decline(browser: BrowserFingerprints, server: Fingerprinter, kind: str) -> None:
    """For browsers that change pixels: a wrong fingerprint is never made."""
    (made,) = browser.of_own(VARIANTS[kind])
    assert made is not None
    found = on_server(server.fingerprint(VARIANTS[kind]))
    if kind in DECLINED:
        assert made.pop("note") == "browser-noise"
        del found["pdq"], found["edits"]
    assert made == found


def test_iphone_pictures_agree(browser: BrowserFingerprints, server: Fingerprinter, test_data: Path) -> None:
    """HEIC: Chromium has no decoder, libheif in the second worker has."""
    files = [file for file in sorted((test_data / "formats").iterdir()) if file.suffix.lower() in (".heic", ".heif")]
    assert len(files) >= 4
    for file in files:
        (first,) = browser.of(file)
        assert first is not None
        assert first["note"] == "needs-heic"
        (made,) = browser.of_heic(file)
        assert made is not None
        found = on_server(server.fingerprint(file))
        assert edits_apart(made, found) <= 4, "the two builds of libheif make colours that differ by one here and there"
        assert made == found
        assert "pdq" in found


def test_a_turned_picture_has_the_fingerprint_of_the_upright_one(browser: BrowserFingerprints) -> None:
    """The eight orientations are eight ways to store one picture: what people see is what is fingerprinted."""
    picture = opened("coffee.png")
    stored_for = {
        1: picture,
        2: picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
        3: picture.transpose(Image.Transpose.ROTATE_180),
        4: picture.transpose(Image.Transpose.FLIP_TOP_BOTTOM),
        5: picture.transpose(Image.Transpose.TRANSPOSE),
        6: picture.transpose(Image.Transpose.ROTATE_90),
        7: picture.transpose(Image.Transpose.TRANSVERSE),
        8: picture.transpose(Image.Transpose.ROTATE_270),
    }
    files = [saved(stored, "PNG", exif=turned(o)) for o, stored in stored_for.items()]
    assert len({made["pdq"]["value"] for made in browser.of(*files) if made}) == 1


def test_what_cannot_be_hashed_says_why_and_keeps_its_exact_fingerprints(
    browser: BrowserFingerprints, server: Fingerprinter
) -> None:
    cases = [
        ("low-detail", saved(Image.new("RGB", (300, 200), "navy"), "PNG")),
        ("low-detail", saved(opened("chelsea.png").resize((7, 5)), "PNG")),
        ("damaged", truncated(photograph("rocket.jpg"), 0.02)),
        ("cannot-read", b"%PDF-1.7 not a picture"),
    ]
    for (note, file), made in zip(cases, browser.of(*(file for _, file in cases)), strict=True):
        assert made is not None
        assert made.pop("note") == note
        assert made == on_server(server.fingerprint(file))


@pytest.mark.parametrize("folder", ["photos", "formats", "pdq_reference"])
def test_development_media_agree(
    browser: BrowserFingerprints, server: Fingerprinter, test_data: Path, folder: str
) -> None:
    files = [file for file in sorted((test_data / folder).rglob("*")) if file.suffix.lower() in PICTURES]
    assert files
    apart = []
    for file in files:  # one at a time: a browser takes only so many bytes at once
        (made,) = browser.of(file)
        assert made is not None
        made.pop("note", None)
        found = on_server(server.fingerprint(file))
        edits = edits_apart(made, found) if "edits" in made else 0  # colours may differ by one here and there
        if made != found or edits > 4:
            apart.append(file.name)
    assert apart == []
