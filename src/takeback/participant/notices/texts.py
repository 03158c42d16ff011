"""The sentences that people read about notices: one JSON file a language, all of the same shape as English."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import msgspec

FOLDER = Path(__file__).parent / "texts"
Texts = dict[str, Any]


def languages() -> tuple[str, ...]:
    """Gives the languages that there are, English first."""
    others = sorted(file.stem for file in FOLDER.glob("*.json") if file.stem != "en")
    return ("en", *others)


@cache
def texts_of(tag: str) -> Texts:
    """Gives the sentences of a language that there is."""
    return msgspec.json.decode((FOLDER / f"{tag}.json").read_bytes(), type=Texts)


def texts_in(wanted: str) -> Texts:
    """Gives the sentences of the language that is nearest to a BCP 47 tag; English where there is none."""
    tag = wanted.partition("-")[0].lower()
    return texts_of(tag if tag in languages() else "en")
