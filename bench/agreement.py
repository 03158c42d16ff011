"""How far the person's browsers and the server are apart, file by file: the tables in docs/formats.md.

Debian's Chromium, and its Firefox where it is installed (`apt-get install firefox-esr`). Over scikit-image's
photographs, drawn films and TIFFs of every kind, and, where TAKEBACK_TEST_DATA names them, the development media. Not a
race: `make bench BENCH=agreement` prints them.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from support import films, tiffs
from support.browsers import chromium
from support.firefox import FirefoxPage, firefox
from support.pictures import PHOTOGRAPHS, photograph
from support.servers import ClearinghouseServer
from support.worker import BrowserFingerprints
from takeback.fingerprints.distance import hamming
from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.media import Fingerprinted, Fingerprinter, Unscannable
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
    """Prints a table for each browser."""
    with tempfile.TemporaryDirectory() as folder, Fingerprinter() as server:
        portal = ClearinghouseServer(Path(folder) / "server")
        portal.start()
        compared = files(Path(folder))
        found = {path: server.fingerprint(path) for path in compared}
        with chromium() as browser:
            show("Chromium", browser, portal.url, found)
        if shutil.which("firefox-esr"):
            with firefox() as browser:
                show("Firefox ESR", browser, portal.url, found)
        else:
            print("firefox-esr is not installed: without it")
        portal.stop()
    return 0


def show(
    name: str, browser: Browser | FirefoxPage, portal: str, found: dict[Path, Fingerprinted | Unscannable]
) -> None:
    """Asks one browser, and prints its table."""
    table: dict[str, Line] = defaultdict(Line)
    asked = BrowserFingerprints(browser, portal)
    for path, made in found.items():
        compare(path, asked, made, table)
    asked.close()
    print(f"| {name} | files | hashes compared | 0 bits | most bits | quality differs | read on one side only |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for kind, line in sorted(table.items()):
        equal = sum(not bits for bits in line.distances)
        numbers = (line.files, len(line.distances), equal, max(line.distances, default="–"))
        print(f"| {kind} | {' | '.join(map(str, numbers))} | {line.qualities_differ} | {line.one_side_only} |")
    print(flush=True)


def files(folder: Path) -> list[Path]:
    """Gives everything that is compared."""
    found = []
    for name, content in {
        **{name: photograph(name) for name in PHOTOGRAPHS},
        **{way: films.film(way) for way in films.WAYS},
        **{f"{kind}.tif": content for kind, content in {**tiffs.readable(), **tiffs.declined()}.items()},
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


def compare(
    path: Path, browser: BrowserFingerprints, made: Fingerprinted | Unscannable, table: dict[str, Line]
) -> None:
    """Adds one file to the table."""
    begin = path.read_bytes()[:SNIFF_BYTES]
    film = film_format(begin)
    kind = image_format(begin) or film
    if kind is None:
        return
    prints = made.fingerprints if isinstance(made, Fingerprinted) else ()
    if film:
        theirs: list[dict[str, Any]] = browser.frames_of(path)[0].get("frames", [])
        ours = [one for one in prints if one.type is FingerprintType.VPDQ]
        kind = f"{path.suffix[1:].lower()} film" if path.name not in films.WAYS else f"film, {path.stem}"
    else:
        seen = browser.as_the_page(path)
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
