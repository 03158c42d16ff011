"""The sentences that people read about notices: one JSON file a language, all of the same shape as English.

What is put into them is written here as the language writes it: how many of something, a moment, and a name that keeps
its own direction.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

import msgspec

FOLDER = Path(__file__).parent / "texts"
Texts = dict[str, Any]


@cache
def languages() -> tuple[str, ...]:
    """Gives the languages that there are, English first."""
    others = sorted(file.stem for file in FOLDER.glob("*.json") if file.stem != "en")
    return ("en", *others)


@cache
def texts_of(tag: str) -> Texts:
    """Gives the sentences of a language that there is."""
    return msgspec.json.decode((FOLDER / f"{tag}.json").read_bytes(), type=Texts)


def nearest(wanted: str) -> str:
    """Gives the language that is nearest to a BCP 47 tag; English where there is none."""
    tag = wanted.partition("-")[0].lower()
    return tag if tag in languages() else "en"


def counted(tag: str, what: Literal["hours", "days"], n: int) -> str:
    """Gives so many hours or days, in the form that the language's sentences have a place for."""
    forms: dict[str, str] = texts_of(tag)["counted"][what]
    return forms[plural(tag, n)].format(n=n)


def moment(tag: str, at: datetime) -> str:
    """Gives a moment in UTC with its month as a word: nobody takes the day for the month."""
    texts = texts_of(tag)
    month = texts["months"][at.month - 1]
    return str(texts["moment"].format(day=at.day, month=month, year=at.year, time=f"{at:%H:%M}"))


def isolated(tag: str, name: str) -> str:
    """Gives a name or number so that it keeps its order among words that are read from right to left."""
    return f"\u2068{name}\u2069" if texts_of(tag)["direction"] == "rtl" else name


def plural(tag: str, n: int) -> str:
    """Gives the form that a language has for so many, as Unicode's CLDR calls it (locale/languages.json)."""
    tens, ones = n % 100, n % 10
    if tag == "ar":
        named = {0: "zero", 1: "one", 2: "two"}.get(n)
        return named or ("few" if 3 <= tens <= 10 else "many" if tens >= 11 else "other")  # noqa: PLR2004 - the rule
    if tag == "uk":
        if tens // 10 == 1:  # eleven to nineteen
            return "many"
        return "one" if ones == 1 else "few" if ones in {2, 3, 4} else "many"
    return "one" if n == 1 or (n == 0 and tag in {"fr", "hi", "pt"}) else "other"
