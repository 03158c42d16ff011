"""The clips' table and rows."""

from __future__ import annotations

from collections import defaultdict
from statistics import mean

from films.attacks import ATTACKS
from films.uploads import PHOTOGRAPH, STILL, FilmUpload
from report import Row

MUST_CLIPS = 93.0


def print_table(uploads: list[FilmUpload], *, each: bool) -> None:
    """Prints recall by attack and its mean, as Markdown."""
    print("| clips: recall in % | copies | vPDQ, 80 % of the frames | found | of these strong |")
    print("| --- | --- | --- | --- | --- |")
    by_attack = _by_attack(uploads)
    groups = {
        "**mean of attacks on clips**": [attack for attack in by_attack if attack in ATTACKS],
        "**stills of listed films**": [attack for attack in by_attack if attack.startswith(STILL)],
        "**films that show a listed photograph**": [attack for attack in by_attack if attack.startswith(PHOTOGRAPH)],
    }
    lines = {attack: [attack] for attack in by_attack} if each else {}
    for label, attacks in {**lines, **{label: attacks for label, attacks in groups.items() if attacks}}.items():
        shares = [[_share(by_attack[attack], field) for attack in attacks] for field in ("peer", "found", "strong")]
        peer = f"{mean(shares[0]):.1f}" if attacks[0] in ATTACKS else "–"
        copies = sum(len(by_attack[attack]) for attack in attacks)
        print(f"| {label} | {copies} | {peer} | {mean(shares[1]):.1f} | {mean(shares[2]):.1f} |")
    wrong, pairs = sum(len(one.wrong) for one in uploads), sum(one.pairs for one in uploads)
    print(f"\nFalse matches between uploads and other listed clips or photographs: {wrong} of {pairs:,} pairs.")
    for one in uploads:
        if one.wrong:
            print(f"  wrong: {one.attack} of {one.source}: {', '.join(one.wrong)}")


def rows(uploads: list[FilmUpload]) -> list[Row]:
    """Gives the bench's rows."""
    by_attack = {attack: made for attack, made in _by_attack(uploads).items() if attack in ATTACKS}
    rows = []
    if by_attack:
        ours = mean(_share(made, "found") for made in by_attack.values())
        peer = mean(_share(made, "peer") for made in by_attack.values())
        ratio = round(ours / peer, 2) if peer else None
        rows.append(Row("clips", round(ours, 1), round(peer, 1), ratio, "%", MUST_CLIPS, "ours at least"))
    wrong, theirs = sum(len(one.wrong) for one in uploads), sum(one.peer_wrong for one in uploads)
    return [*rows, Row("false clip matches", wrong, theirs, None, "", 0, "ours at most")]


def _by_attack(uploads: list[FilmUpload]) -> dict[str, list[FilmUpload]]:
    made: dict[str, list[FilmUpload]] = defaultdict(list)
    for one in uploads:
        made[one.attack].append(one)
    order = [*ATTACKS, *sorted(made)]
    return {attack: made[attack] for attack in order if attack in made}


def _share(uploads: list[FilmUpload], field: str) -> float:
    return 100 * mean(getattr(one, field) for one in uploads)
