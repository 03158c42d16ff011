"""The table that stands in docs/recall.md, and the rows of the bench."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from statistics import mean

from attacks import FAMILIES
from doors import Listing
from report import Row
from uploads import Upload

#: Recall that has to be reached, in %: with the five hashes that are usual.
MUST = {
    "codec, size": 99.5,
    "screenshot": 88.0,
    "frame": 94.0,
    "crop": 75.0,
    "mirror, turn": 100.0,
    "overlay": 87.0,
    "tone": 99.5,
    "chain": 82.0,
}
MUST_MEAN = {Listing.ONE: 70.0, Listing.FIVE: 88.0, Listing.NINETEEN: 92.0}
MUST_CROP_NINETEEN = 92.0
MEAN = "mean of attacks"

Hit = Callable[[Upload], bool]


@dataclass
class Results:
    """Everything that was measured on photographs."""

    listings: tuple[Listing, ...]
    uploads: list[Upload] = field(default_factory=list)
    untouched: list[Upload] = field(default_factory=list)
    growth: dict[Listing, float] = field(default_factory=dict)
    cpu_ms: dict[Listing, float] = field(default_factory=dict)


def recall_by_family(results: Results, hit: Hit) -> dict[str, float]:
    """Gives the recall of each family, the mean of its attacks, and the mean of all attacks, in %."""
    attacks = recall_by_attack(results, hit)
    families = {name: [share for (family, _), share in attacks.items() if family == name] for name in FAMILIES}
    means = {name: mean(shares) for name, shares in families.items() if shares}
    return {**means, MEAN: mean(attacks.values())}


def recall_by_attack(results: Results, hit: Hit) -> dict[tuple[str, str], float]:
    """Gives the recall of each attack in %."""
    hits: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for upload in results.uploads:
        hits[upload.family, upload.attack].append(hit(upload))
    return {attack: 100 * mean(found) for attack, found in hits.items()}


def print_table(results: Results, *, each: bool) -> None:
    """Prints recall by family, or by attack, as Markdown."""
    columns = _columns(results)
    count = len({upload.photograph for upload in results.uploads})
    print(f"| recall in % of {count} copies each | {' | '.join(name for name, _ in columns)} |")
    print(f"| --- | {' | '.join('---' for _ in columns)} |")
    if each:
        shares = [recall_by_attack(results, hit) for _, hit in columns]
        for attack in shares[0]:
            print(f"| {': '.join(attack)} | {' | '.join(f'{column[attack]:.0f}' for column in shares)} |")
    families = [recall_by_family(results, hit) for _, hit in columns]
    attacks = defaultdict(int)
    for family, _ in recall_by_attack(results, lambda _: True):
        attacks[family] += 1
    for family in families[0]:
        name = f"**{family}**" if family == MEAN else f"{family} ({attacks[family]})"
        print(f"| {name} | {' | '.join(f'{column[family]:.1f}' for column in families)} |")
    print()
    print("| | " + " | ".join(listing.value for listing in results.listings) + " |")
    print("| --- |" + " --- |" * len(results.listings))
    for label, uploads in (("altered uploads", results.uploads), ("unaltered photographs", results.untouched)):
        if uploads:
            _print_wrong(label, uploads, results.listings)
    _name_wrong(results)
    for label, numbers, form in (
        ("hashes on the list, of one plain PDQ", results.growth, "×{:.1f}"),
        ("CPU an upload of 1 MP beyond decoding and one hash", results.cpu_ms, "{:.1f} ms"),
    ):
        if numbers:
            print(f"| {label} | {' | '.join(form.format(numbers[listing]) for listing in results.listings)} |")


def rows(results: Results) -> list[Row]:
    """Gives the bench's rows: recall of five hashes beside the peer's, means, and false matches."""
    peer = recall_by_family(results, lambda upload: upload.peer)
    made = []
    for listing in results.listings:
        recall = recall_by_family(results, _found(listing))
        if listing is Listing.FIVE:
            made += [
                _row(family, recall[family], peer[family], MUST.get(family)) for family in recall if family != MEAN
            ]
        if listing is Listing.NINETEEN and "crop" in recall:
            made.append(_row(f"crop, {listing.value}", recall["crop"], peer["crop"], MUST_CROP_NINETEEN))
        made.append(_row(f"{MEAN}, {listing.value}", recall[MEAN], peer[MEAN], MUST_MEAN[listing]))
    wrong = sum(len(answer.wrong) for upload in _all(results) for answer in upload.answers.values())
    made.append(
        Row("false matches", wrong, sum(one.peer_wrong for one in results.uploads), None, "", 0, "ours at most")
    )
    return made


def _row(case: str, ours: float, peer: float, must: float | None) -> Row:
    ratio = round(ours / peer, 2) if peer else None
    return Row(case, round(ours, 1), round(peer, 1), ratio, "%", must, "ours at least")


def _columns(results: Results) -> list[tuple[str, Hit]]:
    return [
        ("`threatexchange` ≤ 31", lambda upload: upload.peer),
        *((listing.value, _found(listing)) for listing in results.listings),
        *((f"{listing.value}, strong alone", _strong(listing)) for listing in results.listings),
    ]


def _found(listing: Listing) -> Hit:
    return lambda upload: upload.answers[listing].found


def _strong(listing: Listing) -> Hit:
    return lambda upload: upload.answers[listing].strong


def _all(results: Results) -> Iterable[Upload]:
    return (*results.uploads, *results.untouched)


def _name_wrong(results: Results) -> None:
    for upload in _all(results):
        wrong = {name for answer in upload.answers.values() for name in answer.wrong}
        if wrong:
            print(f"wrong: {upload.attack} of {upload.photograph}: {', '.join(sorted(wrong))}", file=sys.stderr)


def _print_wrong(label: str, uploads: list[Upload], listings: tuple[Listing, ...]) -> None:
    cells = []
    for listing in listings:
        answers = [upload.answers[listing] for upload in uploads]
        wrong, pairs = sum(len(answer.wrong) for answer in answers), sum(answer.pairs for answer in answers)
        cells.append((f"{wrong} of {pairs / 1e6:.2f} M", f"{min(answer.nearest for answer in answers)} bits"))
    print(f"| false matches, pairs of {label} and other originals | {' | '.join(cell[0] for cell in cells)} |")
    print(f"| the nearest of those | {' | '.join(cell[1] for cell in cells)} |")
