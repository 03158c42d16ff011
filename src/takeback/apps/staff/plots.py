"""Plots as plain numbers for SVG, drawn by the server: no script, and a table of the same numbers beside each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

#: Units of the drawing; it is scaled to the width of its place.
WIDTH, HEIGHT = 360, 120
_ROW = 26
_LABEL = 150
_GAP = 0.25


@dataclass(frozen=True, slots=True)
class Mark:
    """One rectangle; `series` chooses its colour."""

    x: float
    y: float
    width: float
    height: float
    series: int


@dataclass(frozen=True, slots=True)
class Label:
    """Words at a place, beginning there."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Plot:
    """One plot, what it says in a sentence, and its numbers as a table: a head, and rows below it."""

    name: str
    title: str
    said: str
    height: float
    marks: tuple[Mark, ...]
    labels: tuple[Label, ...]
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    width: float = WIDTH


def by_day(name: str, title: str, what: str, series: Mapping[str, Sequence[tuple[date, int]]]) -> Plot:
    """Gives columns, one a day, the series upon each other."""
    days = [day for day, _ in next(iter(series.values()))]
    columns = [[numbers[at][1] for numbers in series.values()] for at in range(len(days))]
    top = max((sum(column) for column in columns), default=0)
    step = WIDTH / max(1, len(days))
    marks: list[Mark] = []
    for at, column in enumerate(columns):
        below = 0.0
        for number, value in enumerate(column):
            tall = HEIGHT * value / top if top else 0.0
            below += tall
            if value:
                marks.append(Mark(at * step, HEIGHT - below, step * (1 - _GAP), tall, number))
    totals = {key: sum(value for _, value in numbers) for key, numbers in series.items()}
    counted = ", ".join(f"{value:,} {key}" for key, value in totals.items())
    said = f"{what} in the last {len(days)} days: {counted}. The most on one day: {top:,}."
    rows = [(day.isoformat(), *(f"{n:,}" for n in column)) for day, column in zip(days, columns, strict=True)]
    # Latest first, and only days that have something: thirty rows of nothing tell nobody more.
    told = tuple(row for row, column in zip(rows[::-1], columns[::-1], strict=True) if any(column))
    return Plot(name, title, said, HEIGHT, tuple(marks), (), ("day", *series), told)


def by_kind(name: str, title: str, what: str, counts: Mapping[str, int]) -> Plot:
    """Gives bars, one a kind, each with its name."""
    top = max(counts.values(), default=0)
    room = WIDTH - _LABEL
    marks = tuple(
        Mark(_LABEL, at * _ROW + _ROW * _GAP / 2, room * number / top, _ROW * (1 - _GAP), 0)
        for at, number in enumerate(counts.values())
        if number
    )
    labels = tuple(Label(0, at * _ROW + _ROW * 0.65, kind.replace("-", " ")) for at, kind in enumerate(counts))
    counted = ", ".join(f"{number:,} {kind.replace('-', ' ')}" for kind, number in counts.items())
    said = f"{what}: {counted or 'none'}."
    rows = tuple((kind.replace("-", " "), f"{number:,}") for kind, number in counts.items())
    return Plot(name, title, said, max(_ROW, _ROW * len(counts)), marks, labels, (what.lower(), "number"), rows)
