"""Whether a value says enough: parts of a picture need more detail than a picture."""

from __future__ import annotations

import pytest

from support.pictures import photograph
from takeback.fingerprints.evidence import MIN_PART_QUALITY, MIN_PDQ_QUALITY, says_enough
from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.fingerprints.variants import VARIANTS, is_part
from takeback.media import Fingerprinted, Fingerprinter


def value() -> bytes:
    with Fingerprinter() as fingerprinter:
        made = fingerprinter.fingerprint(photograph("coffee.png"))
    assert isinstance(made, Fingerprinted)
    return made.fingerprints[2].value


@pytest.mark.parametrize(("part", "least"), [(False, MIN_PDQ_QUALITY), (True, MIN_PART_QUALITY)])
def test_a_part_needs_more_detail(part: bool, least: int) -> None:
    enough, too_little = (Fingerprint(FingerprintType.PDQ, value(), quality) for quality in (least, least - 1))
    assert says_enough(enough, part=part)
    assert not says_enough(too_little, part=part)
    assert MIN_PART_QUALITY > MIN_PDQ_QUALITY


@pytest.mark.parametrize("variant", [None, *sorted(VARIANTS)])
def test_what_is_a_part(variant: str | None) -> None:
    whole = {None, "upload", "card", "resized", "negative", "mirrored", "upside-down", "transposed", "transversed"}
    looked = Fingerprint(FingerprintType.PDQ, bytes(32), 100, variant=variant)
    assert is_part(looked) is (variant not in whole and not str(variant).startswith("turned-"))
    assert is_part(Fingerprint(FingerprintType.PDQ, bytes(32), 100, edit="centre-10"))
