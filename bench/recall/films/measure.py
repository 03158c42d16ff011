"""The order of things on films: clips are listed beside photographs, then everything is asked."""

from __future__ import annotations

import multiprocessing
import tempfile
from collections.abc import Callable
from pathlib import Path

import films.uploads as run
from doors import Listing
from films.attacks import ATTACKS
from films.clips import clips, title_traps
from lists import fill, opened
from originals import originals
from photographs import Photograph

#: Photographs that are listed beside the clips, and those of them that are shown in films.
STILLS, SHOWN_STILLS = 60, 12


def attack_names() -> list[str]:
    """Gives everything that happens to clips, their stills, and photographs."""
    stills = [f"{run.STILL}{family}: {attack}" for family, attack in run.STILL_ATTACKS]
    return [*ATTACKS, *stills, *(f"{run.PHOTOGRAPH}{way}" for way in run.SHOWS)]


def measured(
    photographs: list[Photograph], attacks: list[str], most: int | None, processes: int, seen: Callable[..., None]
) -> list[run.FilmUpload]:
    """Gives what became of every upload; of at most so many clips."""
    chosen = clips()
    chosen = (chosen[:: max(1, len(chosen) // most)][:most] if most else chosen) + title_traps()
    with tempfile.TemporaryDirectory() as name:
        entries: list[run.ListedClip] = []
        stills: list[tuple[Photograph, tuple]] = []
        with multiprocessing.Pool(processes) as pool:
            seen("clips listed", run.listed(pool, chosen), len(chosen), entries.append)
            made = originals(pool, photographs[:STILLS], (Listing.ONE,), parts=False)
            for photograph, (original, *_) in zip(photographs, made, strict=False):
                if original.values(Listing.ONE):
                    stills.append((photograph, original.prints[Listing.ONE]))
        plan = run.FilmPlan(Path(name), entries, chosen, [photograph for photograph, _ in stills], attacks)
        with opened(plan.list_path) as hashlist:
            fill(hashlist, [*(entry.prints for entry in entries), *(prints for _, prints in stills)])
        uploads: list[run.FilmUpload] = []
        with multiprocessing.Pool(processes, run.begin, (plan,)) as pool:
            seen("clips attacked", run.altered(pool, chosen), len(chosen), uploads.extend)
            shown = plan.photographs[:SHOWN_STILLS]
            seen("photographs in films", run.showing(pool, shown), len(shown), uploads.extend)
    return uploads
