"""The text that a company accepts by applying: the operator's own, or the one of the package."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from takeback.errors import SettingsError
from takeback.settings import Settings

MAX_VERSION_CHARACTERS = 40


@dataclass(frozen=True, slots=True)
class AgreementText:
    """Its version, as its first line says, and the paragraphs after it."""

    version: str
    text: str


def agreement_text(settings: Settings) -> AgreementText:
    """Gives the text, or raises SettingsError for a file that cannot be read or does not begin with a version."""
    file = Path(settings.agreement_file) if settings.agreement_file else Path(__file__).with_name("agreement.txt")
    try:
        version, _, text = file.read_text(encoding="utf-8").partition("\n")
    except (OSError, UnicodeDecodeError):
        raise SettingsError("agreement_file: it cannot be read as UTF-8 text. Check the setting.") from None
    version = version.strip()
    if not 0 < len(version) <= MAX_VERSION_CHARACTERS or not text.strip():
        raise SettingsError("agreement_file: its first line has to be its version, and its text has to follow.")
    return AgreementText(version, text.strip())
