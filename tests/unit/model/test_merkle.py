"""The tree of RFC 6962: published vectors, proofs of all small trees, and nothing else that passes for one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from takeback.model.merkle import (
    EMPTY_ROOT,
    Read,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    over,
    proves_consistency,
    proves_inclusion,
    root,
)

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).resolve().parents[3] / "spec" / "vectors" / "log.json").read_text(encoding="utf-8")
)["tree"]
LEAVES = [bytes.fromhex(leaf) for leaf in VECTORS["leaves"]]
ROOTS = [bytes.fromhex(one) for one in VECTORS["roots"]]


def reading(leaves: list[bytes]) -> Read:
    hashes = [leaf_hash(leaf) for leaf in leaves]
    return lambda level, index: over(hashes[index << level : (index + 1) << level])


def hexed(proof: list[bytes]) -> list[str]:
    return [one.hex() for one in proof]


@pytest.mark.parametrize("size", range(9))
def test_roots(size: int) -> None:
    assert root(size, reading(LEAVES)) == ROOTS[size]
    assert over([leaf_hash(leaf) for leaf in LEAVES[:size]]) == ROOTS[size]
    assert ROOTS[0] == EMPTY_ROOT


@pytest.mark.parametrize("case", VECTORS["inclusion"])
def test_inclusion(case: dict[str, Any]) -> None:
    proof = inclusion_proof(case["leaf"], case["size"], reading(LEAVES))
    assert hexed(proof) == case["proof"]
    assert proves_inclusion(leaf_hash(LEAVES[case["leaf"]]), case["leaf"], case["size"], ROOTS[case["size"]], proof)


@pytest.mark.parametrize("case", VECTORS["consistency"])
def test_consistency(case: dict[str, Any]) -> None:
    proof = consistency_proof(case["old"], case["size"], reading(LEAVES))
    assert hexed(proof) == case["proof"]
    assert proves_consistency(case["old"], ROOTS[case["old"]], case["size"], ROOTS[case["size"]], proof)


def test_every_proof_of_small_trees_holds_and_for_nothing_else() -> None:
    leaves = [bytes([n]) for n in range(20)]
    read = reading(leaves)
    roots = [root(size, read) for size in range(21)]
    for size in range(1, 21):
        for index in range(size):
            proof = inclusion_proof(index, size, read)
            for other in range(20):
                held = proves_inclusion(leaf_hash(leaves[other]), index, size, roots[size], proof)
                assert held is (other == index)
            assert not proves_inclusion(leaf_hash(leaves[index]), index, size, roots[size - 1], proof)
        for old in range(1, size + 1):
            proof = consistency_proof(old, size, read)
            for other in range(1, 21):
                assert proves_consistency(old, roots[other], size, roots[size], proof) is (other == old)
            assert old == size or not proves_consistency(old, roots[old], size, roots[size - 1], proof)


@given(st.lists(st.binary(max_size=3), min_size=1, max_size=600), st.data())
def test_proofs_hold_until_one_bit_is_another(leaves: list[bytes], data: st.DataObject) -> None:
    read, size = reading(leaves), len(leaves)
    top = root(size, read)
    index = data.draw(st.integers(0, size - 1))
    old = data.draw(st.integers(1, size))
    included, consistent = inclusion_proof(index, size, read), consistency_proof(old, size, read)
    leaf, old_root = leaf_hash(leaves[index]), root(old, read)
    assert proves_inclusion(leaf, index, size, top, included)
    assert proves_consistency(old, old_root, size, top, consistent)
    for proof in (included, consistent):
        if proof:
            at = data.draw(st.integers(0, len(proof) - 1))
            proof[at] = (int.from_bytes(proof[at], "big") ^ (1 << data.draw(st.integers(0, 255)))).to_bytes(32, "big")
            if proof is included:
                assert not proves_inclusion(leaf, index, size, top, proof)
            else:
                assert not proves_consistency(old, old_root, size, top, proof)


@given(st.integers(-3, 9), st.integers(-3, 9), st.lists(st.sampled_from(ROOTS), max_size=5))
def test_no_numbers_break_a_check(one: int, other: int, proof: list[bytes]) -> None:
    assert proves_inclusion(ROOTS[1], one, other, ROOTS[8], proof) in (True, False)
    assert proves_consistency(one, ROOTS[1], other, ROOTS[8], proof) in (True, False)
