"""Which frames of a film count: compared with the rule of spec/film.md, written out."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.media.moments import REORDERED, AskedFor, Sampler

TIMES = st.lists(st.integers(0, 90_000), min_size=1, max_size=60, unique=True).map(sorted)
MILLISECOND = Fraction(1, 1000)


def fingerprint(number: int) -> Fingerprint:
    return Fingerprint(FingerprintType.PDQ, number.to_bytes(32, "big"), 100)


def by_the_rule(times: list[int], most: int, per_second: int) -> list[tuple[int, int]]:
    """(second, number of the frame): times in milliseconds."""
    first, step = times[0], 1
    moments = range((times[-1] - first) * per_second // 1000 + 1)
    while len(range(0, moments.stop, step)) > most:
        step *= 2
    shown = [
        (moment // per_second, max(t for t in times if (t - first) * per_second <= 1000 * moment))
        for moment in moments[::step]
    ]
    return [(second, times.index(time)) for second, time in shown]


@given(TIMES, st.integers(1, 30), st.sampled_from([1, 4]))
def test_the_frame_shown_at_each_moment_thinned_by_halves(times: list[int], most: int, per_second: int) -> None:
    sampler: Sampler[int, Fingerprint] = Sampler(fingerprint, most=most, per_second=per_second)
    for number, time in enumerate(times):
        sampler.show(time * MILLISECOND, number)
    sampler.end()
    by_rule = by_the_rule(times, most, per_second)
    assert sampler.found == [(second, fingerprint(number)) for second, number in by_rule]


@given(TIMES, st.integers(1, 30), st.sampled_from([1, 4]))
def test_the_frames_that_are_asked_for_are_enough(times: list[int], most: int, per_second: int) -> None:
    asked = AskedFor(MILLISECOND, per_second=per_second)
    sampler: Sampler[int, Fingerprint] = Sampler(fingerprint, most=most, per_second=per_second)
    decoded = 0
    for at in range(len(times) + REORDERED):
        if at < len(times):
            asked.know(times[at])
        if at >= REORDERED and asked.for_frame_at(times[at - REORDERED]):
            sampler.show(times[at - REORDERED] * MILLISECOND, at - REORDERED)
            asked.step = sampler.step  # what is thinned out is not asked for any more
            decoded += 1
    sampler.end(asked.last * MILLISECOND)
    by_rule = by_the_rule(times, most, per_second)
    assert sampler.found == [(second, fingerprint(number)) for second, number in by_rule]
    assert decoded <= len(by_the_rule(times, 10**9, per_second))


def test_a_time_that_lies_for_ever_costs_nothing() -> None:
    sampler: Sampler[int, Fingerprint] = Sampler(fingerprint, most=600)
    sampler.show(Fraction(0), 0)
    sampler.show(Fraction(2**60), 1)
    sampler.end()
    assert len(sampler.found) <= 600


def test_frames_out_of_order_are_not_shown() -> None:
    sampler: Sampler[int, Fingerprint] = Sampler(fingerprint, most=600)
    for number, seconds in enumerate((0, 2, 1, 2, 3)):
        sampler.show(Fraction(seconds), number)
    sampler.end()
    assert [(at, one.value[-1]) for at, one in sampler.found] == [(0, 0), (1, 0), (2, 1), (3, 4)]
