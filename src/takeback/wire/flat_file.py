"""One value a line, as the `local_file` exchange of `tx` reads it."""

from __future__ import annotations

from collections.abc import Iterable

from takeback.fingerprints.types import Fingerprint
from takeback.model.entry import KNOWN_BY, Kind

#: What `tx` calls the type by which it knows an image or a video.
SIGNAL_TYPES = {Kind.IMAGE: "pdq", Kind.VIDEO: "video_md5"}


def lines(kind: Kind, fingerprints: Iterable[Fingerprint]) -> str:
    """Gives the lines of one entry: none where it has no value that `tx` can use."""
    own = [one for one in fingerprints if one.type is KNOWN_BY[kind] and one.edit is None]
    return "".join(f"{SIGNAL_TYPES[kind]} {one.hex}\n" for one in own)
