"""What the operator says of the service: its name, help lines, doors by country, legal texts. One TOML file.

Everything has a default, so the service works without the file. docs/portal-file.md shows one.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated

import msgspec

from takeback.errors import SettingsError

LOGO_TYPES = {".svg": "image/svg+xml", ".png": "image/png", ".webp": "image/webp"}
LOGO_LIMIT_BYTES = 20_000

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
Country = Annotated[str, msgspec.Meta(pattern="^([A-Z]{2})?$")]
Https = Annotated[str, msgspec.Meta(pattern=r"^https://[^\s\"<>]+$")]
Phone = Annotated[str, msgspec.Meta(pattern=r"^([+0-9*#][0-9 ()/*#-]{1,30})?$")]
LanguageTag = Annotated[str, msgspec.Meta(pattern="^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]


class HelpLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody to talk to. At least one of `phone` and `chat`."""

    name: Name
    country: Country = ""
    """Two letters (ISO 3166-1), or empty for everywhere."""
    phone: Phone = ""
    chat: Https | None = None
    hours: str = ""
    """When somebody answers, as a short sentence."""


class CountryPage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A page that people of a country should know: an authority, a hotline, the police."""

    country: Annotated[str, msgspec.Meta(pattern="^[A-Z]{2}$")]
    name: Name
    address: Https


class Legal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Legal texts in one language: plain text, an empty line between paragraphs."""

    privacy: str = ""
    imprint: str = ""


class Service(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the operator says of the service."""

    name: Annotated[str, msgspec.Meta(max_length=120)] = ""
    language: LanguageTag = "en"
    """The language of the first page; people can change it there."""
    exit_address: Https = "https://www.wikipedia.org/"
    """Where the exit button leads: a dull page that says nothing of this one."""
    stronger_protection: bool = True
    """Whether people may send fingerprints of simulated edits."""
    logo: str = ""
    """An image file (.svg, .png, .webp) beside this file, shown on pages about the service."""
    help_lines: tuple[HelpLine, ...] = ()
    country_pages: tuple[CountryPage, ...] = ()
    legal: dict[LanguageTag, Legal] = {}


class Logo(msgspec.Struct, frozen=True):
    """An image and its media type."""

    content: bytes
    media_type: str


def load_service(file: str) -> Service:
    """Gives what the file says, or raises SettingsError that names the field. Without a file: the defaults."""
    if not file:
        return Service()
    try:
        service = msgspec.convert(tomllib.loads(Path(file).read_text(encoding="utf-8")), Service)
    except OSError as error:
        raise SettingsError(f"portal_file: it cannot be read: {error.strerror}. Check the setting.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"portal_file: it is not TOML: {error}.") from None
    except msgspec.ValidationError as error:
        raise SettingsError(f"portal_file: {error}. See docs/portal-file.md.") from None
    for at, line in enumerate(service.help_lines):
        if not line.phone and not line.chat:
            raise SettingsError(f"portal_file: help_lines[{at}]: nobody can reach it. Give `phone` or `chat`.")
    return service


def load_logo(file: str, service: Service) -> Logo | None:
    """Gives the image that the file names, or None."""
    if not service.logo:
        return None
    path = Path(file).parent / service.logo
    media_type = LOGO_TYPES.get(path.suffix.lower())
    if media_type is None:
        raise SettingsError(f"portal_file: logo: not an image that browsers show. Use {', '.join(LOGO_TYPES)}.")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SettingsError(f"portal_file: logo: it cannot be read: {error.strerror}.") from None
    if len(content) > LOGO_LIMIT_BYTES:
        raise SettingsError(f"portal_file: logo: over {LOGO_LIMIT_BYTES:,} bytes. Make it smaller.")
    return Logo(content, media_type)
