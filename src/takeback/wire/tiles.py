"""The public log as files: where its tiles and bundles of leaves lie and what is in them (C2SP tlog-tiles).

A tile holds up to 256 hashes of one height of the tree, 8 levels apart; a bundle holds up to 256 leaves. Whole ones
never change. A partial one has its width in its name, so that it never changes either.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from takeback.errors import UntrustedListError
from takeback.model.merkle import (
    Read,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    over,
    proves_consistency,
    proves_inclusion,
)
from takeback.wire.checkpoint import Checkpoint

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


def proven_leaves(fetch: Fetch, log: Checkpoint, start: int = 0) -> Iterator[tuple[int, bytes]]:
    """Gives index and data of every leaf from `start` on, or raises UntrustedListError for one that is not in the log.

    One proof serves a bundle: on the way from its first leaf to the root stand the hashes of all the others.
    """
    read = reader(fetch, log.size)
    for index in range(start // WIDTH, -(-log.size // WIDTH)):
        first, width = index * WIDTH, width_of(0, index, log.size)
        leaves = leaves_of(_part(fetch, None, index, log.size))[:width]
        hashes = [leaf_hash(leaf) for leaf in leaves]
        proof = inclusion_proof(first, log.size, _with_bundle(read, first, hashes)) if len(leaves) == width else []
        if not (hashes and proves_inclusion(hashes[0], first, log.size, log.root, proof)):
            raise UntrustedListError("A leaf of the log is not the one that was signed. Nothing of it was believed.")
        yield from ((at, leaf) for at, leaf in enumerate(leaves, first) if at >= start)


def check_growth(fetch: Fetch, old: Checkpoint, new: Checkpoint) -> None:
    """Raises UntrustedListError unless the log of `new` begins with all of the log of `old`."""
    if old.size == 0 or old == new:
        return
    proof = consistency_proof(old.size, new.size, reader(fetch, new.size)) if old.size < new.size else []
    if not proves_consistency(old.size, old.root, new.size, new.root, proof):
        raise UntrustedListError(
            f"This log of {new.size} leaves does not go on where that of {old.size} was: one of them was forged, or "
            "somebody is shown another log. Keep both checkpoints and publish them."
        )


def _with_bundle(read: Read, first: int, hashes: Sequence[bytes]) -> Read:
    """Gives what reads hashes inside a bundle from its own leaves, and others as before."""

    def inside(level: int, index: int) -> bytes:
        at = (index << level) - first
        return over(hashes[at : at + (1 << level)]) if level < HEIGHT and 0 <= at < WIDTH else read(level, index)

    return inside


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
