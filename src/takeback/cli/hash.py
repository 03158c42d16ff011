"""`takeback hash`: the fingerprints of files on this machine, as every participant computes them."""

from __future__ import annotations

import json
import os
from collections import defaultdict
from contextlib import closing
from pathlib import Path
from typing import Any

import rich_click as click
from rich.console import Console
from rich.progress import track

from takeback.cli.hashing import Hashed, files_in, hashed
from takeback.cli.options import json_option
from takeback.cli.terminal import on_one_line
from takeback.errors import InvalidInputError
from takeback.fingerprints.distance import STRONG_BITS, hamming
from takeback.fingerprints.edits import Protection
from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.media import Fingerprinted, Unscannable


@click.command("hash")
@click.argument("files", nargs=-1, required=True, metavar="FILE…", type=click.Path(path_type=Path))
@click.option("--compare", is_flag=True, help="Exactly two files: say how far apart they are.")
@click.option(
    "--protection",
    type=click.Choice([one.value for one in Protection]),
    default=Protection.PLAIN.value,
    show_default=True,
    help="Simulated edits of each picture, with a PDQ of their own: none, the usual few, or the most.",
)
@click.option("--jobs", type=click.IntRange(1, 64), default=os.cpu_count() or 1, help="Files decoded side by side.")
@json_option
def hash_(files: tuple[Path, ...], compare: bool, protection: str, jobs: int, as_json: bool) -> None:
    """Print MD5, SHA-256, PDQ and a film's frames (vPDQ) of files, and of every file in folders. Nothing is sent.

    \b
    takeback hash upload.jpg
    takeback hash --json pictures/ > fingerprints.jsonl
    takeback hash --protection usual picture.jpg
    takeback hash --compare original.jpg copy.jpg
    takeback hash --compare original.mp4 copy.webm
    """
    found = list(files_in(files))
    if compare and len(found) != 2:  # noqa: PLR2004 - a pair
        raise InvalidInputError(
            field="--compare", problem=f"was given {len(found)} files.", remedy="Name exactly two files."
        )
    with closing(hashed(found, jobs, Protection(protection))) as results:
        if compare:
            _print_comparison(
                *(_readable(made, number) for number, (_, made) in enumerate(results, 1)), as_json=as_json
            )
            return
        unread = 0
        errors = Console(stderr=True)
        for file, made in track(
            results, "hashing", len(found), console=errors, transient=True, disable=not errors.is_terminal
        ):
            click.echo(json.dumps(_as_json(file, made)) if as_json else _as_text(file, made))
            unread += isinstance(made, OSError)
    if unread:
        problem = f"{unread} of {len(found)} cannot be read; the others are done."
        raise InvalidInputError(field="FILE", problem=problem, remedy="Name files that this account may read.")


def _readable(made: Hashed, number: int) -> Fingerprinted | Unscannable:
    if isinstance(made, OSError):
        raise InvalidInputError(
            field="FILE", problem=f"number {number} cannot be read.", remedy="Name files that this account may read."
        )
    return made


def _prints(made: Hashed) -> tuple[Fingerprint, ...]:
    if isinstance(made, OSError):
        return ()
    return made.fingerprints if isinstance(made, Fingerprinted) else made.exact


def _as_json(file: Path, made: Hashed) -> dict[str, Any]:
    facts: dict[str, Any]
    if isinstance(made, OSError):
        facts = {"unreadable": made.strerror or "unknown"}
    elif isinstance(made, Unscannable):
        facts = {"unscannable": made.reason.value}
    else:
        facts = {"kind": made.kind.value, "width": made.width, "height": made.height, "complete": made.complete}
    return {"file": str(file), "fingerprints": [_print_as_json(one) for one in _prints(made)], **facts}


def _print_as_json(one: Fingerprint) -> dict[str, Any]:
    stated: dict[str, Any] = {"quality": one.quality, "at": one.at, "edit": one.edit}
    return {"type": one.type.value, "value": one.hex} | {name: is_ for name, is_ in stated.items() if is_ is not None}


def _as_text(file: Path, made: Hashed) -> str:
    lines = [on_one_line(str(file))]
    for one in _prints(made):
        quality = "" if one.quality is None else f"  quality {one.quality}"
        at = "" if one.at is None else f"  at {one.at} s"
        edit = "" if one.edit is None else f"  edit {one.edit}"
        lines.append(f"  {one.type.value:<7} {one.hex}{quality}{at}{edit}")
    if isinstance(made, OSError):
        lines.append(f"  cannot be read: {made.strerror}")
    elif isinstance(made, Unscannable):
        lines.append(f"  {'exact fingerprints only' if made.exact else 'no fingerprints'}: {made.reason.value}")
    elif not any(one.type.perceptual for one in made.fingerprints):
        lines.append("  exact fingerprints only: too little detail")
    elif not made.complete:
        lines.append("  not all of its frames: time ran out, or the rest is damaged")
    return "\n".join(lines)


def _print_comparison(a: Fingerprinted | Unscannable, b: Fingerprinted | Unscannable, *, as_json: bool) -> None:
    one, other = _by_type(a), _by_type(b)
    equal = {kind.value: one[kind] == other[kind] for kind in one if not kind.perceptual and kind in other}
    near = _nearest_picture(_prints(a), _prints(b))
    shared = _shared_frames(one, other)
    if as_json:
        frames = {} if shared is None else {"frames_found": shared[0], "frames": shared[1]}
        pdq = {"pdq_distance": near and near[0], "pdq_threshold": STRONG_BITS}
        named = {"edit": near[1]} if near and near[1] else {}
        click.echo(json.dumps({**equal, **pdq, **named, **frames}))
        return
    for kind, same in equal.items():
        click.echo(f"{kind:<7} {'equal' if same else 'different'}")
    if near:
        bits, name = near
        verdict = "a match" if bits <= STRONG_BITS else "no match"
        edit = f", with the edit {name}" if name else ""
        click.echo(f"pdq     {bits} of 256 bits apart: {verdict} (up to {STRONG_BITS}){edit}")
    if shared is not None:
        click.echo(f"vpdq    {shared[0]} of {shared[1]} frames of the first are in the second")
    if not near and shared is None:
        click.echo("pdq     not to be compared: one of the files has none")


def _by_type(made: Fingerprinted | Unscannable) -> dict[FingerprintType, list[bytes]]:
    found: dict[FingerprintType, list[bytes]] = defaultdict(list)
    for one in _prints(made):
        found[one.type].append(one.value)
    return found


def _nearest_picture(one: tuple[Fingerprint, ...], other: tuple[Fingerprint, ...]) -> tuple[int, str | None] | None:
    """How near the pictures are, or an edit of one to the other itself, and which; None where either has no pdq."""
    mine, theirs = ([made for made in prints if made.type is FingerprintType.PDQ] for prints in (one, other))
    pairs = [(hamming(a.value, b.value), a.edit or b.edit) for a in mine for b in theirs if not (a.edit and b.edit)]
    return min(pairs, key=lambda pair: pair[0], default=None)


def _shared_frames(
    one: dict[FingerprintType, list[bytes]], other: dict[FingerprintType, list[bytes]]
) -> tuple[int, int] | None:
    """How many frames of one are shown in the other, and how many it has; None where either has none."""
    mine, theirs = one.get(FingerprintType.VPDQ, []), other.get(FingerprintType.VPDQ, [])
    if not mine or not theirs:
        return None
    nearest = [min(hamming(frame, value) for value in theirs) for frame in mine]
    return sum(bits <= STRONG_BITS for bits in nearest), len(nearest)
