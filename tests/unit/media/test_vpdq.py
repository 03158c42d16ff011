"""Our frames against PyPI's `vpdq`, a build of Meta's own code: the same frame has the same value, but for a few bits.

They differ because FFmpeg makes colours of a frame's luma and `vpdq` makes luma of those again, rounded twice
(spec/film.md). Of those same colours our value is that of `vpdq`, to the bit: nothing else is in the tolerance.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import av
import pytest
import vpdq

from support import films
from takeback.fingerprints.distance import hamming
from takeback.fingerprints.pdq import pdq_of_plane
from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.media import Fingerprinted, Fingerprinter

#: What spec/film.md states, and why: bits, and steps of quality. One pair of bits, and one step, over the most seen.
MOST_BITS, MOST_QUALITY = 8, 2
#: A time that a file rounds still counts as its second.
ROUNDED = 1e-6


@pytest.fixture(scope="module")
def fingerprinter() -> Iterator[Fingerprinter]:
    with Fingerprinter() as made:
        yield made


def frames_of(path: Path, fingerprinter: Fingerprinter) -> list[Fingerprint]:
    made = fingerprinter.fingerprint(path)
    assert isinstance(made, Fingerprinted)
    assert made.complete
    return [one for one in made.fingerprints if one.type is FingerprintType.VPDQ]


def shown_at(path: Path) -> tuple[list[float], int]:
    """When each frame is shown, in seconds after the first, and by how many degrees the film is turned."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        frames = [(frame.time or 0.0, frame.rotation) for frame in container.decode(stream)]
    return [time - frames[0][0] for time, _ in frames], frames[0][1]


def assert_near(path: Path, ours: list[Fingerprint]) -> None:
    theirs = vpdq.computeHash(path, seconds_per_hash=0, thread_count=1)
    times, turned = shown_at(path)
    assert ours
    if turned:
        return  # `vpdq` does not turn a film upright
    for one in ours:
        shown = max(number for number, time in enumerate(times) if time <= (one.at or 0) + ROUNDED)
        frame = theirs[shown]
        assert hamming(one.value, bytes.fromhex(frame.hex)) <= MOST_BITS, (path.name, one.at)
        assert abs((one.quality or 0) - frame.quality) <= MOST_QUALITY, (path.name, one.at)


#: Codecs of which every decoder makes the same luma, by their standards. MPEG-4's leaves rounding to the decoder.
EXACT = ["h264.mp4", "hevc.mp4", "vp9.webm", "av1.mp4"]


@pytest.mark.parametrize("way", EXACT)
def test_of_the_same_colours_the_value_is_the_same(way: str, tmp_path: Path) -> None:
    path = tmp_path / way
    path.write_bytes(films.film(way))
    theirs = vpdq.computeHash(path, seconds_per_hash=0, thread_count=1)
    with av.open(str(path)) as container:
        for number, frame in enumerate(container.decode(video=0)):
            colours = frame.to_ndarray(format="rgb24")
            made = pdq_of_plane(colours.tobytes(), width=frame.width, height=frame.height)
            assert (made.hex, made.quality) == (theirs[number].hex, theirs[number].quality), number
    assert number == len(theirs) - 1 > 0


@pytest.mark.parametrize("way", [*EXACT, "mpeg4.avi"])
def test_drawn_films(way: str, fingerprinter: Fingerprinter, tmp_path: Path) -> None:
    path = tmp_path / way
    path.write_bytes(films.film(way))
    ours = frames_of(path, fingerprinter)
    assert [one.at for one in ours] == [0, 1, 2, 3, 4, 5], "every second is covered"
    assert_near(path, ours)


def test_sample_films(fingerprinter: Fingerprinter, test_data: Path) -> None:
    paths = [path for path in sorted((test_data / "videos").iterdir()) if path.is_file()]
    assert len(paths) > 10
    for path in paths:
        assert_near(path, frames_of(path, fingerprinter))
