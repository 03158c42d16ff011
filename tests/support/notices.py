"""Notices, and a platform that gets them, for tests."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.model import notice as said
from takeback.model.hold import Content
from takeback.platform_settings import PlacePattern, PlatformSettings
from takeback.storage.database import Database
from takeback.storage.platform.own_media import OwnMedium

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
PATTERN = PlacePattern("https://photos.example/p/{id}", "post/{id}")

#: A notice by a young person, complete under every law.
CHILD = said.Notice(
    law=said.Law.US,
    language="en",
    made_on=date(2026, 11, 25),
    service="Example Photos",
    depicted=said.AgeThen.UNDER_18,
    content=said.Content.PICTURE,
    signer=said.Signer.DEPICTED,
    places=(said.Place("https://photos.example/p/1"),),
    statements=frozenset({said.Statement.GOOD_FAITH}),
    signature="J.",
    email="hidden@mail.example",
)
#: The same by an adult.
ADULT = replace(CHILD, depicted=said.AgeThen.OVER_18, statements=frozenset(said.Statement))
#: By somebody for an adult: who is not in the picture.
HELPER = replace(ADULT, signer=said.Signer.AUTHORISED, authority=said.Authority.ASKED, email="helper@mail.example")


def at(notice: said.Notice, *ids: str) -> said.Notice:
    """Gives the notice about other content of the platform."""
    return replace(notice, places=tuple(said.Place(f"https://photos.example/p/{one}") for one in ids))


def settings(folder: object, **changed: object) -> PlatformSettings:
    """Gives the settings of a platform whose links are photos.example/p/…"""
    given = {"service_name": "Example Photos", "notice_places": (PATTERN,)} | changed
    return PlatformSettings(data_dir=str(folder), **given)  # type: ignore[arg-type]  # the test says what it changes


def sha256(number: int) -> Fingerprint:
    """Gives an exact fingerprint that stands for no file."""
    return Fingerprint(FingerprintType.SHA256, bytes([number] * 32))


@dataclass
class Media:
    """A platform's own fingerprint store that answers what the test says."""

    same: list[Content] = field(default_factory=list)
    like: list[tuple[Content, int]] = field(default_factory=list)
    asked: list[Sequence[Fingerprint]] = field(default_factory=list)
    kept: list[OwnMedium] = field(default_factory=list)

    async def of(self, database: Database, contents: Collection[str]) -> list[OwnMedium]:
        del database
        return [one for one in self.kept if one.content.id in contents]

    async def exact(self, database: Database, fingerprints: Sequence[Fingerprint]) -> list[Content]:
        del database
        self.asked.append(fingerprints)
        return self.same

    async def near(
        self, database: Database, fingerprints: Sequence[Fingerprint], radius_bits: int
    ) -> list[tuple[Content, int]]:
        del database, fingerprints
        return [one for one in self.like if one[1] <= radius_bits]
