"""Bodies in the content encoding that a client takes. Signatures are over what comes out of it, never over this."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import Protocol

from takeback.wire.zstd import LEVEL, ZstdCompressor

#: A body of fewer bytes goes as it is.
LEAST_BYTES = 1_024
#: As with the other: more effort takes time and gains nothing.
_GZIP_LEVEL, _GZIP_WINDOW = 1, 31


class Compressor(Protocol):
    """What both libraries give."""

    def compress(self, data: bytes, /) -> bytes:
        """Takes bytes in, and gives what is ready."""
        ...

    def flush(self) -> bytes:
        """Gives the rest."""
        ...


def compressor(accept_encoding: str) -> tuple[str, Compressor] | None:
    """Gives the best encoding that an Accept-Encoding header takes, by name, or None: as it is."""
    wanted = dict(map(_weighed, accept_encoding.lower().split(",")))
    if wanted.get("zstd", 0):
        return "zstd", ZstdCompressor(level=LEVEL)
    if wanted.get("gzip", wanted.get("*", 0)):
        return "gzip", zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, _GZIP_WINDOW)
    return None


def encoded(body: bytes, accept_encoding: str) -> tuple[bytes, Mapping[str, str]]:
    """Gives a body as it goes out, and the headers that say how."""
    found = compressor(accept_encoding) if len(body) >= LEAST_BYTES else None
    if found is None:
        return body, {"vary": "accept-encoding"}
    name, compress = found
    return compress.compress(body) + compress.flush(), {"vary": "accept-encoding", "content-encoding": name}


def _weighed(part: str) -> tuple[str, float]:
    name, _, parameter = part.partition(";")
    try:
        weight = float(parameter.partition("q=")[2]) if "q=" in parameter else 1.0
    except ValueError:
        weight = 0.0
    return name.strip(), weight
