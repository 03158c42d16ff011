"""What `takeback hash` prints of a picture can be pasted, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.commands import run_command
from support.pictures import photograph
from takeback.errors import InvalidInputError
from takeback.fingerprints.edits import Protection
from takeback.fingerprints.types import FingerprintType
from takeback.media import Fingerprinted, Fingerprinter
from takeback.wire.pasted import picture_of

MD5, SHA256 = f"md5 {'0' * 31}1", f"sha256 {'0' * 63}1"


def test_what_is_printed_comes_back_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "drawing.png"
    file.write_bytes(photograph("chelsea.png"))
    name, _, lines = run_command("hash", "--protection", "usual", str(file)).stdout.partition("\n")
    found = picture_of(lines, field="values")
    with Fingerprinter(protection=Protection.USUAL) as fingerprinter:
        made = fingerprinter.fingerprint(file)
    assert isinstance(made, Fingerprinted)
    assert found == made.fingerprints
    assert any(one.edit for one in found)
    with pytest.raises(InvalidInputError, match="not the name"):
        picture_of(f"{name}\n{lines}", field="values")


@pytest.mark.parametrize(
    "text",
    [
        "",
        MD5,
        f"{MD5}\n{SHA256}\nsong 12",
        f"{MD5}\n{SHA256}\n{MD5}",
        f"{MD5}\n{SHA256}\npdq {'0' * 64}",
        f"{MD5}\n{SHA256}\npdq {'0' * 64}  quality 100",
        f"{MD5}\n{SHA256}\npdq {'0f' * 32}  quality 999",
        f"{MD5}\n{SHA256}\nvpdq {'0f' * 32}  quality 100  at 1 s",
        f"{MD5.upper()}\n{SHA256}",
        "\n".join([MD5] * 10_000),
    ],
    ids=["nothing", "one", "no-print", "twice", "no-quality", "too-little", "beyond", "film", "capitals", "many"],
)
def test_what_is_no_picture_is_named_and_never_repeated(text: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        picture_of(text, field="values")
    assert refused.value.field.startswith("values")
    assert "0000" not in str(refused.value)
    assert "0f0f" not in str(refused.value)


def test_exact_ones_alone_will_do() -> None:
    found = picture_of(f"  {MD5}\n\n  {SHA256}  \n", field="values")
    assert [one.type for one in found] == [FingerprintType.MD5, FingerprintType.SHA256]
