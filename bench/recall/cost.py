"""CPU of asking about one upload beyond decoding and hashing it once: variants, look-ups and the decision."""

from __future__ import annotations

from pathlib import Path

from doors import Platform
from draw import filled, jpeg
from lists import opened
from photographs import Photograph, copy_of
from takeback.media import Fingerprinter
from timing import cpu_with_children

#: A picture of one megapixel.
SIZE = (1152, 864)


def cpu_beyond_decoding(folder: Path, list_path: Path, photographs: list[Photograph]) -> float:
    """Gives milliseconds an upload, as the mean over these photographs."""
    uploads = []
    for at, photograph in enumerate(photographs):
        uploads.append(folder / f"cost{at}.jpg")
        uploads[-1].write_bytes(jpeg(filled(copy_of(photograph), *SIZE), 85))
    with opened(list_path) as hashlist, Platform(hashlist) as platform, Fingerprinter(quick=True) as once:
        asked = cpu_with_children(lambda: [platform.check(upload) for upload in uploads])
        decoded = cpu_with_children(lambda: [once.fingerprint(upload) for upload in uploads])
    return (asked - decoded) * 1000 / len(uploads)
