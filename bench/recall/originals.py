"""What is on the lists: every photograph, and, for counting false matches, parts of photographs as originals too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from multiprocessing.pool import Pool
from pathlib import Path

from threatexchange.signal_type.pdq.signal import PdqSignal

from doors import Listing, Owner
from draw import encoded
from lists import fill, opened
from photographs import Photograph, parts_of
from takeback.fingerprints.types import Fingerprint, FingerprintType


@dataclass(frozen=True)
class Original:
    """One entry: the name of the photograph that it shows, whether it shows all of it, and what each listing holds.

    `peer` is what Meta's `threatexchange` would list; of parts nothing.
    """

    photograph: str
    whole: bool
    prints: dict[Listing, tuple[Fingerprint, ...]]
    peer: bytes

    def values(self, listing: Listing) -> list[bytes]:
        """Gives the PDQ values that are listed of it."""
        return [one.value for one in self.prints[listing] if one.type is FingerprintType.PDQ]


@dataclass(frozen=True)
class _Wanted:
    photograph: Photograph
    listings: tuple[Listing, ...]
    parts: bool


def originals(
    pool: Pool, photographs: list[Photograph], listings: tuple[Listing, ...], *, parts: bool
) -> Iterator[list[Original]]:
    """Gives the entries of one photograph after the other."""
    return pool.imap(_made, [_Wanted(photograph, listings, parts) for photograph in photographs])


def fill_lists(folder: Path, entries: list[Original], listings: tuple[Listing, ...]) -> None:
    """Writes one list for each listing; an entry's name is its place."""
    for listing in listings:
        with opened(list_path(folder, listing)) as hashlist:
            fill(hashlist, [entry.prints[listing] for entry in entries])


def list_path(folder: Path, listing: Listing) -> Path:
    """Gives where the list is."""
    return folder / f"{listing.name.lower()}.db"


def sources_of(photograph: Photograph, *, parts: bool) -> list[Path | bytes]:
    """Gives the whole photograph's file, then its parts."""
    cut = [encoded(part, "PNG", compress_level=1) for part in parts_of(photograph)] if parts and photograph.cut else []
    return [photograph.path, *(cut if len(cut) > 1 else [])]


def peer_hash(path: Path) -> bytes:
    """Gives the PDQ hash as `threatexchange` makes it."""
    return bytes.fromhex(PdqSignal.hash_from_file(path))


def _made(wanted: _Wanted) -> list[Original]:
    return [
        Original(
            wanted.photograph.name,
            at == 0,
            {listing: _owner().lists(source, listing) for listing in wanted.listings},
            peer_hash(source) if isinstance(source, Path) else b"",
        )
        for at, source in enumerate(sources_of(wanted.photograph, parts=wanted.parts))
    ]


@cache
def _owner() -> Owner:
    """One for each process."""
    return Owner()
