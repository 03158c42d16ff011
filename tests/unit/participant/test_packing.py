"""The text of entries as rows: the core reads of a text what its fingerprints are, and takes nothing else."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from takeback.errors import UntrustedListError
from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.model.entry import Age, Kind, ListedEntry
from takeback.model.list_digest import MODULUS, ListDigest, entry_text
from takeback.model.tier import STRONGEST_ACTION, Tier
from takeback.participant.lists.packing import Packed, Prints, all_alike, packed, unpacked, with_hashes

VALUES = st.binary(min_size=32, max_size=32)
QUALITIES = st.none() | st.integers(0, 100)
PICTURES = st.builds(
    Fingerprint,
    st.just(FingerprintType.PDQ),
    VALUES,
    QUALITIES,
    edit=st.none() | st.from_regex("[a-z0-9-]{1,24}", fullmatch=True),
)
FRAMES = st.builds(
    Fingerprint, st.just(FingerprintType.VPDQ), VALUES, QUALITIES, st.none() | st.integers(0, 999_999_999)
)
EXACT = [
    st.builds(Fingerprint, st.just(type_), st.binary(min_size=type_.byte_length, max_size=type_.byte_length))
    for type_ in (FingerprintType.MD5, FingerprintType.SHA1, FingerprintType.SHA256)
]


@st.composite
def entries(draw: st.DrawFn) -> ListedEntry:
    """An entry whose fingerprints stand in the order of their lines."""
    exact = [draw(one) for one in EXACT if draw(st.booleans())]
    prints = [*exact, *draw(st.lists(PICTURES, max_size=4)), *draw(st.lists(FRAMES, max_size=4))]
    tier, claim = draw(st.sampled_from(Tier)), (draw(st.sampled_from(Kind)), draw(st.sampled_from(Age)))
    sequence = draw(st.integers(1, 2**63 - 1))
    ordered = sorted(prints, key=_line)
    return ListedEntry("", sequence, *claim, tier, STRONGEST_ACTION[tier], date(2026, 1, 2), tuple(ordered))


def _line(one: Fingerprint) -> str:
    alone = ListedEntry(
        "", 1, Kind.IMAGE, Age.UNSURE, Tier.SUBMITTED, STRONGEST_ACTION[Tier.SUBMITTED], date.min, (one,)
    )
    return entry_text(alone).rsplit("\n", 1)[1]


def rows_of(text: bytes, places: int) -> list[Packed | None]:
    """Gives the rows of a text in its order, and None for what is gone."""
    rows: list[Packed | None] = [None] * places
    for some in all_alike(text, places)[1]:
        length = len(some.values) // len(some.places)
        for at, place in enumerate(some.places):
            hash_ = some.hashes[32 * at : 32 * (at + 1)]
            values = some.values[length * at : length * (at + 1)]
            columns = [values[begin : begin + bytes_] or None for begin, bytes_ in some.columns]
            prints = Prints(*columns)
            prints = prints._replace(edit_names=prints.edit_names and prints.edit_names.decode())
            rows[place] = Packed(some.tier, some.action, some.listed_on, hash_, prints)
    return rows


@given(st.lists(entries() | st.integers(1, 9), max_size=5))
def test_a_text_gives_the_rows_that_its_entries_give(listed: list[ListedEntry | int]) -> None:
    texts = [f"takeback gone 1\n{one}" if isinstance(one, int) else entry_text(one) for one in listed]
    text = "\n\n".join(texts).encode()
    rows = rows_of(text, len(listed))
    assert rows == [None if isinstance(one, int) else packed(one) for one in listed]
    assert all_alike(text, len(listed))[0] == [one.sequence for one in listed if isinstance(one, ListedEntry)]
    for one, row in zip(listed, rows, strict=True):
        if row is not None and isinstance(one, ListedEntry):
            assert [(f.type, f.value, f.at, f.edit) for f in unpacked(row.prints)] == [
                (f.type, f.value, f.at, f.edit) for f in sorted(one.fingerprints, key=_column)
            ]


@given(st.integers(0, 9), st.lists(st.integers(0, MODULUS - 1), max_size=4))
def test_hashes_are_added_to_a_digest(total: int, hashes: list[int]) -> None:
    expected = begun = ListDigest(7, MODULUS - 1 - total)
    for one in hashes:
        expected = expected.with_entry(one)
    assert with_hashes(begun, b"".join(one.to_bytes(32, "big") for one in hashes)) == expected


def _column(one: Fingerprint) -> tuple[int, bool]:
    order = (
        FingerprintType.MD5,
        FingerprintType.SHA1,
        FingerprintType.SHA256,
        FingerprintType.PDQ,
        FingerprintType.VPDQ,
    )
    return order.index(one.type), one.edit is not None


WHOLE = (
    "takeback entry 1\n7\nimage\nunder-18\nsubmitted\nhold\n2026-01-02\n"
    f"md5 {'0a' * 16} - -\npdq {'1b' * 32} 90 - centre-10\npdq {'2c' * 32} 100 -\nsha256 {'3d' * 32} - -"
)


@given(st.data())
def test_a_text_that_was_changed_is_refused_or_is_another_entry(data: st.DataObject) -> None:
    whole = WHOLE.encode()
    at = data.draw(st.integers(0, len(whole) - 1))
    wrong = whole[:at] + data.draw(st.binary(max_size=3)) + whole[at + data.draw(st.integers(0, 3)) :]
    for places in (1, 2, 3):
        try:
            read = all_alike(wrong, places)
        except UntrustedListError:
            continue
        assert wrong == whole or read != all_alike(whole, 1)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("md5 0a", "md5 0A"),
        ("90 -", "90 7"),
        ("90 -", "9000 -"),
        ("centre-10", "centre_10"),
        ("centre-10", "c" * 25),
        (" - -\npdq", " -\npdq"),
        (f"sha256 {'3d' * 32} - -", f"sha256 {'3d' * 31} - -"),
        (f"sha256 {'3d' * 32} - -", f"sha256 {'3d' * 32} - -\nsha256 {'3d' * 32} - -"),
        (f"md5 {'0a' * 16} - -\n", ""),
        ("hold", "burn"),
        ("image", "sound"),
        ("2026-01-02", "2026-02-30"),
        ("\n7\n", "\n-7\n"),
        ("\n7\n", "\n" + "7" * 20 + "\n"),
        ("entry 1", "entry 2"),
    ],
)
def test_what_is_not_as_it_should_be_is_refused(right: str, wrong: str) -> None:
    assert right in WHOLE
    text = WHOLE.replace(right, wrong).encode()
    if wrong:
        with pytest.raises(UntrustedListError):
            all_alike(text, 1)
    else:  # an entry may lack a type
        (row,) = rows_of(text, 1)
        assert row is not None
        assert row.prints.md5 is None


@pytest.mark.parametrize(
    "text", ["\n", f"{WHOLE}\n", f"{WHOLE}\n\n", f"\n\n{WHOLE}", f"{WHOLE}\n\n\n{WHOLE}", "takeback gone 1\n"]
)
def test_nothing_stands_around_entries(text: str) -> None:
    for places in (0, 1, 2, 3):
        with pytest.raises(UntrustedListError):
            all_alike(text.encode(), places)


def test_there_are_as_many_as_there_are_names() -> None:
    assert len(rows_of(f"{WHOLE}\n\n{WHOLE}".encode(), 2)) == 2
    for places in (1, 3):
        with pytest.raises(UntrustedListError):
            all_alike(f"{WHOLE}\n\n{WHOLE}".encode(), places)
    assert all_alike(b"", 0) == ([], [])
