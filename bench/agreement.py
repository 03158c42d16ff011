"""How far the person's browser and the server are apart, file by file, as a table: the one in docs/formats.md.

Over scikit-image's photographs, drawn films in every format, and, where TAKEBACK_TEST_DATA names them, the development
media. Not a race: `make bench BENCH=agreement` prints it.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from support import films
from support.browsers import chromium
from support.pictures import PHOTOGRAPHS, photograph
from support.servers import ClearinghouseServer
from support.worker import BrowserFingerprints
from takeback.fingerprints.distance import hamming
from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.media import Fingerprinted, Fingerprinter
from takeback.media.sniff import SNIFF_BYTES, film_format, image_format

FOLDERS = ("photos", "formats", "pdq_reference", "videos")
#: A clip that no set rests on.
LEFT_OUT = "doorknob"


@dataclass
class Line:
    """One format's files and the distances of what both sides hash, in bits."""

    files: int = 0
    one_side_only: int = 0
    distances: list[int] = field(default_factory=list)
    qualities_differ: int = 0


def main() -> int:
    """Prints the table."""
    table: dict[str, Line] = defaultdict(Line)
    with tempfile.TemporaryDirectory() as folder, chromium() as browser, Fingerprinter() as server:
        portal = ClearinghouseServer(Path(folder) / "server")
        portal.start()
        asked = BrowserFingerprints(browser, portal.url)
        for path in files(Path(folder)):
            compare(path, asked, server, table)
        asked.close()
        portal.stop()
    print("| format | files | hashes compared | 0 bits | most bits | quality differs | read on one side only |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for name, line in sorted(table.items()):
        equal = sum(not bits for bits in line.distances)
        numbers = (line.files, len(line.distances), equal, max(line.distances, default="–"))
        print(f"| {name} | {' | '.join(map(str, numbers))} | {line.qualities_differ} | {line.one_side_only} |")
    return 0


def files(folder: Path) -> list[Path]:
    """Gives everything that is compared."""
    found = []
    for name, content in {
        **{name: photograph(name) for name in PHOTOGRAPHS},
        **{way: films.film(way) for way in films.WAYS},
    }.items():
        (folder / name).write_bytes(content)
        found.append(folder / name)
    named = os.environ.get("TAKEBACK_TEST_DATA")
    if not named:
        print("TAKEBACK_TEST_DATA names no folder of development media: without them")
        return found
    for part in FOLDERS:
        found += [path for path in sorted((Path(named) / part).rglob("*")) if path.is_file()]
    return [path for path in found if LEFT_OUT not in path.name]


def compare(path: Path, browser: BrowserFingerprints, server: Fingerprinter, table: dict[str, Line]) -> None:
    """Adds one file to the table."""
    begin = path.read_bytes()[:SNIFF_BYTES]
    film = film_format(begin)
    kind = image_format(begin) or film
    if kind is None:
        return
    made = server.fingerprint(path)
    prints = made.fingerprints if isinstance(made, Fingerprinted) else ()
    if film:
        theirs: list[dict[str, Any]] = browser.frames_of(path)[0].get("frames", [])
        ours = [one for one in prints if one.type is FingerprintType.VPDQ]
        kind = f"{path.suffix[1:].lower()} film" if path.name not in films.WAYS else f"film, {path.stem}"
    else:
        (seen,) = browser.of(path)
        if seen and seen.get("note") == "needs-heic":
            (seen,) = browser.of_heic(path)
        theirs = [seen["pdq"]] if seen and "pdq" in seen else []
        ours = [one for one in prints if one.type is FingerprintType.PDQ]
    line = table[kind]
    line.files += 1
    if len(ours) != len(theirs):
        line.one_side_only += 1
        return
    for one, other in zip(ours, theirs, strict=True):
        line.distances.append(distance(one, other))
        line.qualities_differ += one.quality != other["quality"]


def distance(one: Fingerprint, other: dict[str, Any]) -> int:
    """Gives the bits between a server's and a browser's value."""
    return hamming(one.value, bytes.fromhex(other["value"]))


if __name__ == "__main__":
    sys.exit(main())
