"""`takeback hash`: the fingerprints of files on this machine, as every participant computes them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import rich_click as click
from rich.console import Console
from rich.progress import track

from takeback.cli.options import json_option
from takeback.errors import InvalidInputError
from takeback.fingerprints.distance import hamming
from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.matching.policy import PDQ_THRESHOLD_BITS
from takeback.media import Fingerprinted, Fingerprinter, Limits, Unscannable


@click.command("hash")
@click.argument("files", nargs=-1, required=True, metavar="FILE…", type=click.Path(path_type=Path))
@click.option("--compare", is_flag=True, help="Exactly two files: say how far apart they are.")
@click.option("--jobs", type=click.IntRange(1, 64), default=os.cpu_count() or 1, help="Files decoded side by side.")
@json_option
def hash_(files: tuple[Path, ...], compare: bool, jobs: int, as_json: bool) -> None:
    """Print MD5, SHA-256 and PDQ of files, and of every file in folders. Nothing is sent anywhere.

    \b
    takeback hash upload.jpg
    takeback hash --json pictures/ > fingerprints.jsonl
    takeback hash --compare original.jpg copy.jpg
    """
    found = list(_files(files))
    if compare and len(found) != 2:  # noqa: PLR2004 - a pair
        raise InvalidInputError(
            field="--compare", problem=f"was given {len(found)} files.", remedy="Name exactly two files."
        )
    with Fingerprinter(Limits(children=jobs)) as fingerprinter, ThreadPoolExecutor(jobs) as threads:
        results = zip(found, threads.map(fingerprinter.fingerprint, found), strict=True)
        if compare:
            _print_comparison(*(made for _, made in results), as_json=as_json)
            return
        errors = Console(stderr=True)
        for file, made in track(
            results, "hashing", len(found), console=errors, transient=True, disable=not errors.is_terminal
        ):
            click.echo(json.dumps(_as_json(file, made)) if as_json else _as_text(file, made))


def _files(given: tuple[Path, ...]) -> Iterator[Path]:
    for number, path in enumerate(given, start=1):
        if path.is_dir():
            yield from sorted(inner for inner in path.rglob("*") if inner.is_file())
        elif path.is_file():
            yield path
        else:
            raise InvalidInputError(
                field="FILE", problem=f"number {number} is not there.", remedy="Name files or folders."
            )


def _prints(made: Fingerprinted | Unscannable) -> tuple[Fingerprint, ...]:
    return made.fingerprints if isinstance(made, Fingerprinted) else made.exact


def _as_json(file: Path, made: Fingerprinted | Unscannable) -> dict[str, Any]:
    prints = [
        {"type": one.type.value, "value": one.hex, **({} if one.quality is None else {"quality": one.quality})}
        for one in _prints(made)
    ]
    facts = (
        {"unscannable": made.reason.value}
        if isinstance(made, Unscannable)
        else {"width": made.width, "height": made.height}
    )
    return {"file": str(file), "fingerprints": prints, **facts}


def _as_text(file: Path, made: Fingerprinted | Unscannable) -> str:
    lines = [f"{file}"]
    for one in _prints(made):
        quality = "" if one.quality is None else f"  quality {one.quality}"
        lines.append(f"  {one.type.value:<7} {one.hex}{quality}")
    if isinstance(made, Unscannable):
        lines.append(f"  no pdq: {made.reason.value}")
    elif not any(one.type is FingerprintType.PDQ for one in made.fingerprints):
        lines.append("  no pdq: too little detail")
    return "\n".join(lines)


def _print_comparison(a: Fingerprinted | Unscannable, b: Fingerprinted | Unscannable, *, as_json: bool) -> None:
    one, other = ({print_.type: print_ for print_ in _prints(made)} for made in (a, b))
    equal = {kind.value: one[kind] == other[kind] for kind in one if not kind.perceptual and kind in other}
    bits = None
    if FingerprintType.PDQ in one and FingerprintType.PDQ in other:
        bits = hamming(one[FingerprintType.PDQ].value, other[FingerprintType.PDQ].value)
    if as_json:
        click.echo(json.dumps({**equal, "pdq_distance": bits, "pdq_threshold": PDQ_THRESHOLD_BITS}))
        return
    for kind, same in equal.items():
        click.echo(f"{kind:<7} {'equal' if same else 'different'}")
    if bits is None:
        click.echo("pdq     not to be compared: one of the files has none")
    else:
        verdict = "a match" if bits <= PDQ_THRESHOLD_BITS else "no match"
        click.echo(f"pdq     {bits} of 256 bits apart: {verdict} (up to {PDQ_THRESHOLD_BITS})")
