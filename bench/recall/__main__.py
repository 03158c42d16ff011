"""How many altered copies are found, how many pictures are taken for others, and what it costs.

`make bench-recall` prints the tables of docs/recall.md. While something is being changed, a small run:
`python bench/recall --photos 8 --attacks crop,frame --clips 0`.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests"))

import films.measure as films
import uploads as run
from attacks import FAMILIES
from cost import cpu_beyond_decoding
from doors import Listing
from films.table import print_table as print_films
from films.table import rows as film_rows
from originals import Original, fill_lists, list_path, originals
from photographs import Photograph, photographs, same_scene, source
from report import report
from table import Results, print_table, rows

T = TypeVar("T")
#: Photographs whose uploads are timed.
TIMED = 12


def main(arguments: list[str]) -> int:
    """Gives 0 when nothing that must be reached was missed."""
    wanted = _parsed(arguments)
    listings = tuple(Listing[name.upper()] for name in wanted.lists.split(","))
    attacks = [
        (family, attack)
        for family, known in FAMILIES.items()
        for attack in known
        if _named(f"{family}: {attack}", wanted.attacks)
    ]
    chosen = [one for one in photographs() if wanted.all or one.held_out is wanted.held_out]
    if wanted.photos:  # every n-th, so that all sources are among them
        chosen = chosen[:: max(1, len(chosen) // wanted.photos)][: wanted.photos]
    which = "all" if wanted.all else "held out" if wanted.held_out else "for development"
    print(f"{len(attacks)} attacks; {source()}, {which}: {len(chosen)}", flush=True)
    measured = []
    if attacks:
        results = _photographs(chosen, attacks, listings, wanted)
        print()
        print_table(results, each=wanted.each)
        measured += rows(results)
    on_films = [name for name in films.attack_names() if _named(name, wanted.clip_attacks)]
    if on_films and wanted.clips != 0:
        uploads = films.measured(chosen, on_films, wanted.clips, os.cpu_count() or 1, _seen)
        print()
        print_films(uploads, each=wanted.each)
        measured += film_rows(uploads)
    print()
    return report("recall", measured)


def _named(name: str, words: str) -> bool:
    return words != "none" and any(word in name for word in words.split(","))


def _photographs(
    chosen: list[Photograph], attacks: list[tuple[str, str]], listings: tuple[Listing, ...], wanted: argparse.Namespace
) -> Results:
    results = Results(listings)
    listed = [*chosen, *(one for group in same_scene() for one in group)]
    with tempfile.TemporaryDirectory() as name:
        folder, entries = Path(name), list[Original]()
        processes = os.cpu_count() or 1
        with multiprocessing.Pool(processes) as pool:
            made = originals(pool, listed, listings, parts=wanted.parts)
            _seen("listed", made, len(listed), entries.extend)
        entries = [entry for entry in entries if all(entry.values(listing) for listing in listings)]
        listable = {entry.photograph for entry in entries if entry.whole}
        attacked = [one for one in chosen if one.name in listable]
        print(f"{len(chosen) - len(attacked)} of them have too little detail for a PDQ hash and are left out")
        attacked = attacked[: wanted.altered]
        fill_lists(folder, entries, listings)
        for listing in listings:
            first = listings[0]
            results.growth[listing] = _values(entries, listing) / _values(
                entries, Listing.ONE if Listing.ONE in listings else first
            )
        if wanted.keep:
            wanted.keep.mkdir(parents=True, exist_ok=True)
        plan = run.Plan(folder, listings, entries, chosen, attacks, wanted.keep, wanted.parts)
        with multiprocessing.Pool(processes, run.begin, (plan,)) as pool:
            _seen("attacked", run.altered(pool, attacked), len(attacked), results.uploads.extend)
            if wanted.parts:
                _seen("unaltered", run.unaltered(pool, listed), len(listed), results.untouched.extend)
        for listing in listings:
            results.cpu_ms[listing] = cpu_beyond_decoding(folder, list_path(folder, listing), chosen[:TIMED])
    return results


def _values(entries: list[Original], listing: Listing) -> int:
    return sum(len(entry.values(listing)) for entry in entries)


def _seen(what: str, steps: Iterable[T], count: int, take: Callable[[T], None]) -> None:
    """Takes each step's outcome and says how far it is."""
    begin = time.monotonic()
    for at, step in enumerate(steps, 1):
        take(step)
        print(f"\r{what}: {at} of {count}, {time.monotonic() - begin:.0f} s", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)


def _parsed(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench/recall", description=__doc__.split("\n\n")[0])
    parser.add_argument("--photos", type=int, help="use so many photographs (all, if not said)")
    parser.add_argument("--altered", type=int, help="list all of those, and alter only the first so many")
    parser.add_argument("--clips", type=int, help="use so many clips (all, if not said)")
    parser.add_argument(
        "--attacks", default="", help="only attacks whose family or name holds one of these words, or none"
    )
    parser.add_argument("--clip-attacks", default="", help="the same for clips")
    parser.add_argument("--lists", default="one,five,nineteen", help="which of one,five,nineteen hashes are listed")
    parser.add_argument("--held-out", action="store_true", help="the third that development does not look at")
    parser.add_argument("--all", action="store_true", help="both")
    parser.add_argument(
        "--parts", action="store_true", help="list parts of photographs too, and compare unaltered ones"
    )
    parser.add_argument("--each", action="store_true", help="print every attack")
    parser.add_argument("--keep", type=Path, help="leave the uploads in this folder")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
