"""Merkle trees as in RFC 6962 section 2.1: hashes, roots, and proofs that a leaf is in a tree or that a tree has grown.

A tree of n leaves is never held whole. What is made here is made from a `Read`: something that gives the hash over a
complete subtree, level and index counted from 0, so that `read(0, 5)` is the hash of leaf 5 and `read(8, 0)` is that
over the first 256. Proofs are checked by RFC 9162 sections 2.1.3.2 and 2.1.4.2 without any of it. Hashes are 32 bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

Read = Callable[[int, int], bytes]

#: The root of a tree without leaves.
EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """Gives the hash of a leaf."""
    return hashlib.sha256(b"\0" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Gives the hash over two subtrees."""
    return hashlib.sha256(b"\1" + left + right).digest()


def over(hashes: Sequence[bytes]) -> bytes:
    """Gives the root of a tree whose leaves have these hashes."""
    if len(hashes) <= 1:
        return hashes[0] if hashes else EMPTY_ROOT
    half = _split(len(hashes))
    return node_hash(over(hashes[:half]), over(hashes[half:]))


def root(size: int, read: Read) -> bytes:
    """Gives the root of the tree of the first `size` leaves."""
    return _hash(0, size, read) if size else EMPTY_ROOT


def inclusion_proof(leaf: int, size: int, read: Read) -> list[bytes]:
    """Gives the proof that the tree of `size` leaves has leaf number `leaf`."""
    start, proof = 0, list[bytes]()
    end = size
    while end - start > 1:
        middle = start + _split(end - start)
        if leaf < middle:
            proof.append(_hash(middle, end, read))
            end = middle
        else:
            proof.append(_hash(start, middle, read))
            start = middle
    return proof[::-1]


def consistency_proof(old: int, size: int, read: Read) -> list[bytes]:
    """Gives the proof that the tree of `size` leaves begins with that of `old` leaves, 0 < old ≤ size."""
    start, end, proof, whole = 0, size, list[bytes](), True
    while end != old:
        middle = start + _split(end - start)
        if old <= middle:
            proof.append(_hash(middle, end, read))
            end = middle
        else:
            proof.append(_hash(start, middle, read))
            start, whole = middle, False
    return ([] if whole else [_hash(start, end, read)]) + proof[::-1]


def proves_inclusion(leaf: bytes, index: int, size: int, root_: bytes, proof: Sequence[bytes]) -> bool:
    """Says whether a proof shows that the tree of this root has, at `index`, the leaf with this hash."""
    if not 0 <= index < size:
        return False
    first, second, hash_ = index, size - 1, leaf
    for other in proof:
        if second == 0:
            return False
        if first & 1 or first == second:
            hash_ = node_hash(other, hash_)
            while not first & 1 and first:
                first, second = first >> 1, second >> 1
        else:
            hash_ = node_hash(hash_, other)
        first, second = first >> 1, second >> 1
    return second == 0 and hash_ == root_


def proves_consistency(old: int, old_root: bytes, size: int, root_: bytes, proof: Sequence[bytes]) -> bool:
    """Says whether a proof shows that the tree of `root_` begins with all of that of `old_root`, 0 < old ≤ size."""
    if not 0 < old <= size:
        return False
    if old == size:
        return not proof and old_root == root_
    hashes = iter(proof if old & (old - 1) else [old_root, *proof])
    first, second = old - 1, size - 1
    while first & 1:
        first, second = first >> 1, second >> 1
    old_hash = new_hash = next(hashes, b"")
    for other in hashes:
        if second == 0:
            return False
        if first & 1 or first == second:
            old_hash, new_hash = node_hash(other, old_hash), node_hash(other, new_hash)
            while not first & 1 and first:
                first, second = first >> 1, second >> 1
        else:
            new_hash = node_hash(new_hash, other)
        first, second = first >> 1, second >> 1
    return second == 0 and old_hash == old_root and new_hash == root_


def _hash(start: int, end: int, read: Read) -> bytes:
    """Gives the hash over leaves start..end, which is a subtree of some tree that begins at 0."""
    size = end - start
    if size & (size - 1) == 0:
        return read(size.bit_length() - 1, start >> (size.bit_length() - 1))
    middle = start + _split(size)
    return node_hash(_hash(start, middle, read), _hash(middle, end, read))


def _split(size: int) -> int:
    """Gives the largest power of two below `size`."""
    return 1 << ((size - 1).bit_length() - 1)
