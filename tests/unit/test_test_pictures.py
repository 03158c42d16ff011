"""The sandbox's pictures are what its entries say, and match in a platform's own screen."""

from __future__ import annotations

from pathlib import Path

import pytest

import takeback.apps
from takeback.clearinghouse.test_entries import PICTURES, changed_after, fingerprints_of
from takeback.fingerprints.edits import Protection
from takeback.media import Fingerprinted, Fingerprinter

FOLDER = Path(takeback.apps.__file__).parent / "test_pictures"


def test_every_picture_has_its_fingerprints() -> None:
    entries = changed_after(0, 4)
    with Fingerprinter(protection=Protection.USUAL) as fingerprinter:
        for name, entry in zip(PICTURES, entries, strict=False):
            made = fingerprinter.fingerprint(FOLDER / name)
            assert isinstance(made, Fingerprinted)
            wanted = {one for one in made.fingerprints if one.edit in (None, "centre-10")}
            assert set(fingerprints_of(entry.id)) == wanted


def test_nothing_else_is_a_test_entry() -> None:
    assert fingerprints_of(bytes(16)) == ()
    with pytest.raises(StopIteration):
        next(iter(set(FOLDER.iterdir()) - {FOLDER / name for name in PICTURES}))
