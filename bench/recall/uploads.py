"""The run: every attack on every photograph, and every unaltered one, asked of each list."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import lru_cache
from multiprocessing.pool import Pool
from pathlib import Path

import numpy as np
from PIL import Image

from attacks import FAMILIES, made
from doors import Listing, Platform, strong
from draw import Draw
from lists import name, opened
from originals import Original, list_path, peer_hash, sources_of
from photographs import Photograph, copy_of
from takeback.fingerprints.types import Fingerprint
from takeback.media.sniff import image_format

#: How far Meta's `threatexchange` calls a PDQ hash a match, in bits.
PEER_THRESHOLD_BITS = 31


@dataclass
class Asked:
    """What one list answered about one upload."""

    found: bool = False
    strong: bool = False
    wrong: list[str] = field(default_factory=list)
    """Photographs that the answer names and that the upload does not show."""
    pairs: int = 0
    """Originals that the upload does not show."""
    nearest: int = 256
    """The smallest distance to one of those, in bits."""


@dataclass
class Upload:
    """One upload: what was done to which photograph, and what the peer and each list make of it."""

    photograph: str
    family: str
    attack: str
    answers: dict[Listing, Asked]
    peer: bool = False
    peer_wrong: int = 0


@dataclass(frozen=True)
class Plan:
    """What every worker knows."""

    folder: Path
    listings: tuple[Listing, ...]
    entries: list[Original]
    photographs: list[Photograph]
    attacks: list[tuple[str, str]]
    keep: Path | None
    parts: bool


class _Worker:
    """One process's lists, opened once."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._stack = ExitStack()
        self.platforms = {
            listing: self._stack.enter_context(
                Platform(self._stack.enter_context(opened(list_path(plan.folder, listing))))
            )
            for listing in plan.listings
        }
        self.shows = np.array([entry.photograph for entry in plan.entries])
        self.values = {}
        for listing in plan.listings:
            rows = [(at, value) for at, entry in enumerate(plan.entries) for value in entry.values(listing)]
            packed = np.frombuffer(b"".join(value for _, value in rows), np.uint64).reshape(-1, 4)
            self.values[listing] = np.array([at for at, _ in rows]), packed
        self.peer_at = [at for at, entry in enumerate(plan.entries) if entry.peer]
        hashes = b"".join(plan.entries[at].peer for at in self.peer_at)
        self.peer = np.frombuffer(hashes, np.uint64).reshape(-1, 4)

    def ask(self, upload: Path | bytes, photograph: str, shown: set[str]) -> dict[Listing, Asked]:
        """Asks every list about an upload that shows these photographs."""
        prints = next(iter(self.platforms.values())).fingerprints(upload)
        return {listing: self._answer(prints, listing, photograph, shown) for listing in self.plan.listings}

    def _answer(self, prints: tuple[Fingerprint, ...], listing: Listing, photograph: str, shown: set[str]) -> Asked:
        asked, entries = Asked(), self.plan.entries
        own = {name(at): entry for at, entry in enumerate(entries) if entry.photograph in shown}
        for match in self.platforms[listing].matches(prints):
            if match.entry not in own:
                asked.wrong.append(entries[int(match.entry, 16)].photograph)
            elif own[match.entry].whole and own[match.entry].photograph == photograph:
                asked.found = True
                asked.strong |= strong(match)
        unrelated = ~np.isin(self.shows, list(shown))
        asked.pairs = int(unrelated.sum())
        at, values = self.values[listing]
        values = values[unrelated[at]]
        for one in prints:
            if one.type.perceptual:
                asked.nearest = min(asked.nearest, int(_distances(values, one.value).min(initial=256)))
        return asked

    def ask_peer(self, upload: Upload, path: Path, shown: set[str]) -> None:
        """Asks with the peer's one hash."""
        near = _distances(self.peer, peer_hash(path)) <= PEER_THRESHOLD_BITS
        names = {self.plan.entries[self.peer_at[at]].photograph for at in np.flatnonzero(near)}
        upload.peer, upload.peer_wrong = upload.photograph in names, len(names - shown)


_worker: _Worker


def begin(plan: Plan) -> None:
    """Makes this process's worker."""
    global _worker  # noqa: PLW0603 - a pool's processes have no other place
    _worker = _Worker(plan)


def altered(pool: Pool, photographs: list[Photograph]) -> Iterator[list[Upload]]:
    """Gives what became of each photograph's uploads."""
    return pool.imap_unordered(_attacked, photographs)


def unaltered(pool: Pool, photographs: list[Photograph]) -> Iterator[list[Upload]]:
    """Gives what each original, as it is, finds besides itself."""
    return pool.imap_unordered(_as_they_are, photographs)


def _attacked(photograph: Photograph) -> list[Upload]:
    picture, plan = copy_of(photograph), _worker.plan
    done = []
    for family, attack in plan.attacks:
        draw = Draw(f"{attack} of {photograph.name}", _others(photograph.name))
        content = made(FAMILIES[family][attack], picture, draw)
        folder = plan.keep or plan.folder
        suffix = (image_format(content[:64]) or "").lower()
        path = folder / f"{photograph.name}.{family.split(',')[0]}.{attack}.{suffix}"
        path.write_bytes(content)
        shown = {photograph.name, *draw.shown}
        upload = Upload(photograph.name, family, attack, _worker.ask(path, photograph.name, shown))
        _worker.ask_peer(upload, path, shown)
        done.append(upload)
        if not plan.keep:
            path.unlink()
    return done


def _as_they_are(photograph: Photograph) -> list[Upload]:
    done = []
    for source in sources_of(photograph, parts=_worker.plan.parts):
        answers = _worker.ask(source, photograph.name, {photograph.name})
        done.append(Upload(photograph.name, "unaltered", "unaltered", answers))
    return done


def _others(own: str):  # noqa: ANN202 - what Draw takes
    choices = [one for one in _worker.plan.photographs if one.name != own]

    def other(seed: str) -> tuple[str, Image.Image]:
        chosen = random.Random(seed).choice(choices)
        return chosen.name, _kept(chosen)

    return other


@lru_cache(maxsize=12)
def _kept(photograph: Photograph) -> Image.Image:
    return copy_of(photograph)


def _distances(values: np.ndarray, value: bytes) -> np.ndarray:
    return np.bitwise_count(values ^ np.frombuffer(value, np.uint64)).sum(axis=1)
