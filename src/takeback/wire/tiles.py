"""The public log as files: where its tiles and bundles of leaves lie and what is in them (C2SP tlog-tiles).

A tile holds up to 256 hashes of one height of the tree, 8 levels apart; a bundle holds up to 256 leaves. Whole ones
never change. A partial one has its width in its name, so that it never changes either.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from takeback.errors import UntrustedListError
from takeback.model.merkle import Read, over

#: Hashes in a tile, leaves in a bundle, and how many levels of the tree a tile spans.
WIDTH = 256
HEIGHT = 8
HASH_BYTES = 32
#: A leaf's length is written in two bytes.
MAX_LEAF_BYTES = 65_535
#: Every path that a log may have but `checkpoint`.
PATH = re.compile(r"tile/(?:[0-9]|[1-5][0-9]|6[0-3]|entries)/(?:x[0-9]{3}/)*[0-9]{3}(?:\.p/[1-9][0-9]{0,2})?")

Fetch = Callable[[str], bytes | None]
"""Gives the bytes at a path of the log, or None where there is nothing."""


def path(level: int | None, index: int, width: int) -> str:
    """Gives the path of a tile of a level, or of a bundle where the level is None; `width` is 1 to 256."""
    groups = [f"{index % 1000:03}"]
    while index := index // 1000:
        groups.insert(0, f"x{index % 1000:03}")
    partial = "" if width == WIDTH else f".p/{width}"
    return f"tile/{'entries' if level is None else level}/{'/'.join(groups)}{partial}"


def width_of(level: int, index: int, size: int) -> int:
    """Gives how many hashes tile `index` of a level has in a log of `size` leaves: 0 to 256."""
    return max(0, min(WIDTH, (size >> (HEIGHT * level)) - index * WIDTH))


def bundle(leaves: Iterable[bytes]) -> bytes:
    """Gives the bytes of a bundle."""
    return b"".join(len(leaf).to_bytes(2, "big") + leaf for leaf in leaves)


def leaves_of(bytes_: bytes) -> list[bytes]:
    """Gives the leaves of a bundle, or raises UntrustedListError."""
    leaves, at = [], 0
    while at < len(bytes_):
        end = at + 2 + int.from_bytes(bytes_[at : at + 2], "big")
        leaves.append(bytes_[at + 2 : end])
        at = end
    if at != len(bytes_):
        raise UntrustedListError("A bundle of the log is cut off. Nothing of it was believed; fetch it again.")
    return leaves


def reader(fetch: Fetch, size: int) -> Read:
    """Gives what reads hashes from the tiles of a log of `size` leaves. What they say has to be proven still."""
    kept: dict[tuple[int, int], bytes] = {}

    def read(level: int, index: int) -> bytes:
        tall, rest = divmod(level, HEIGHT)
        tile, place = divmod(index << rest, WIDTH)
        if (tall, tile) not in kept:
            kept[tall, tile] = _part(fetch, tall, tile, size, HASH_BYTES)
        hashes = kept[tall, tile]
        return over([hashes[at : at + HASH_BYTES] for at in _starts(place, 1 << rest)])

    return read


def read_leaves(fetch: Fetch, size: int, start: int) -> Iterator[tuple[int, bytes]]:
    """Gives index and data of every leaf from `start` on of a log of `size` leaves, unproven."""
    for index in range(start // WIDTH, -(-size // WIDTH)):
        leaves = leaves_of(_part(fetch, None, index, size))
        if len(leaves) < width_of(0, index, size):
            raise UntrustedListError("A bundle of the log has too few leaves. Nothing of it was believed.")
        for at, leaf in enumerate(leaves[: width_of(0, index, size)], index * WIDTH):
            if at >= start:
                yield at, leaf


def _starts(place: int, count: int) -> range:
    return range(place * HASH_BYTES, (place + count) * HASH_BYTES, HASH_BYTES)


def _part(fetch: Fetch, level: int | None, index: int, size: int, unit: int = 0) -> bytes:
    """Gives a tile or bundle as it was at `size`: a partial one may have gone, once the whole one was there."""
    width = width_of(level or 0, index, size)
    for one in (width, WIDTH):
        found = fetch(path(level, index, one)) if one else None
        if found is not None and len(found) >= unit * width:
            return found
    raise UntrustedListError("A part of the log is missing. Its operator must publish all of it; tell them.")
