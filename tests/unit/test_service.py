"""The operator's file: what it may say, and one sentence that names the field when something is wrong."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from takeback.errors import SettingsError
from takeback.service import LOGO_LIMIT_BYTES, Service, load_logo, load_service

DOCUMENTED = Path(__file__).parents[2] / "docs" / "portal-file.md"


def written(folder: Path, text: str) -> str:
    file = folder / "portal.toml"
    file.write_text(text, encoding="utf-8")
    return str(file)


def test_without_a_file_there_are_defaults() -> None:
    service = load_service("")
    assert service == Service()
    assert service.exit_address.startswith("https://")
    assert service.stronger_protection


def test_the_documented_file_is_right(tmp_path: Path) -> None:
    (example,) = re.findall("```toml\n(.*?)```", DOCUMENTED.read_text(encoding="utf-8"), re.DOTALL)
    service = load_service(written(tmp_path, example))
    assert service.help_lines[0].phone == "+44 20 7946 0000"
    assert service.legal["en"].imprint.startswith("The Picture Help Foundation")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("nmae = 'x'", "nmae"),
        ("name = 3", "$.name"),
        ("exit_address = 'http://plain.example'", "$.exit_address"),
        ("exit_address = 'javascript:alert(1)'", "$.exit_address"),
        ("language = 'english please'", "$.language"),
        ("[[help_lines]]\nname = 'A'", "help_lines[0]"),
        ("[[help_lines]]\nname = 'A'\nphone = 'call us'", "$.help_lines[0].phone"),
        ("[[help_lines]]\nname = 'A'\nphone = '112'\ncountry = 'gb'", "$.help_lines[0].country"),
        ("[[help_lines]]\nname = 'A'\nchat = 'javascript:x'", "$.help_lines[0].chat"),
        ("[[country_pages]]\ncountry = 'GB'\nname = 'A'", "address"),
        ("name = ", "not TOML"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(SettingsError) as error:
        load_service(written(tmp_path, text))
    assert "portal_file" in str(error.value)
    assert named in str(error.value)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="portal_file: it cannot be read"):
        load_service(str(tmp_path / "none.toml"))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [("logo.gif", b"GIF89a", "not an image"), ("gone.svg", None, "cannot be read"), ("large.png", b"x", "over")],
)
def test_a_logo_that_cannot_be_shown_is_said(tmp_path: Path, name: str, content: bytes | None, said: str) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content * (LOGO_LIMIT_BYTES + 1 if said == "over" else 1))
    with pytest.raises(SettingsError, match=f"logo: .*{said}"):
        load_logo(str(tmp_path / "portal.toml"), Service(logo=name))


def test_a_logo_is_read_beside_the_file(tmp_path: Path) -> None:
    (tmp_path / "logo.svg").write_text("<svg/>", encoding="utf-8")
    logo = load_logo(str(tmp_path / "portal.toml"), Service(logo="logo.svg"))
    assert logo
    assert (logo.content, logo.media_type) == (b"<svg/>", "image/svg+xml")
