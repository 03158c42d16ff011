"""What a company fills in is taken, or refused by the name of the field."""

from __future__ import annotations

import pytest

from support.joining import applying
from takeback.errors import InvalidInputError
from takeback.fingerprints.types import FingerprintType
from takeback.model.application import checked, types_of, types_text


def test_what_is_in_order_is_taken() -> None:
    read = checked(applying("  Example ", domain=" Photos.Example ", regions="de, fr", hits="Look.\r\nDecide."))
    assert (read.name, read.domain, read.regions) == ("Example", "photos.example", "DE,FR")
    assert checked(applying(regions="worldwide")).regions == "worldwide"


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("name", ["", " ", "x" * 121, "a\nb", "a\x00b", "a\u202eb"]),
        (
            "domain",
            [
                *(
                    "",
                    "localhost",
                    "127.0.0.1",
                    "[::1]",
                    "photos.example:8443",
                    "user@photos.example",
                    "photos.example/x",
                ),
                *(
                    "https://photos.example",
                    "photos..example",
                    "-a.example",
                    "a.123",
                    "ä.example",
                    "a" * 64 + ".example",
                ),
                "photos.example.",
            ],
        ),
        ("email", ["", "x", "a@b", "a b@photos.example", "a@photos.example\nBcc: b@c.example", "<a@photos.example>"]),
        ("purpose", ["", "x" * 1001, "a\x00b"]),
        ("hits", [" ", "x\x1b[2J"]),
        ("regions", ["", "Germany", "D", "DE;FR", "DE,,FR"]),
    ],
)
def test_what_is_not_is_named(field: str, values: list[str]) -> None:
    for value in values:
        with pytest.raises(InvalidInputError) as raised:
            checked(applying(**{field: value}))
        assert raised.value.field == field
        assert not value or value not in str(raised.value) or len(value) < 3


@pytest.mark.parametrize("names", [[], ["sha1"], ["md5", "photodna"]])
def test_types_are_those_of_a_list(names: list[str]) -> None:
    with pytest.raises(InvalidInputError):
        types_of(names, field="types")


def test_types_are_written_in_one_way() -> None:
    assert types_text([FingerprintType.PDQ, FingerprintType.MD5]) == "md5,pdq"
