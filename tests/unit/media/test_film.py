"""Films: every format, the right frames, bit for bit what decoding everything gives, and no harm from hostile ones."""

from __future__ import annotations

import io
import random
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from support import films
from support.pictures import photograph
from takeback.fingerprints.distance import hamming
from takeback.fingerprints.evidence import MAX_FILM_FRAMES
from takeback.fingerprints.exact import exact_fingerprints
from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.media import Fingerprinted, Fingerprinter, Limits, Unscannable, UnscannableReason, film
from takeback.media.moments import QUICK_PER_SECOND, Sampler, each_of
from takeback.media.sniff import film_format
from takeback.media.way import Way
from takeback.model.entry import Kind

FILM = films.film()


@pytest.fixture(scope="module")
def fingerprinter() -> Iterator[Fingerprinter]:
    with Fingerprinter() as made:
        yield made


def frames_of(made: Fingerprinted | Unscannable) -> dict[int, bytes]:
    assert isinstance(made, Fingerprinted), made
    frames = [one for one in made.fingerprints if one.type is FingerprintType.VPDQ]
    first = {one.at: one.value for one in reversed(frames) if one.at is not None}  # of each second
    return dict(sorted(first.items()))


def from_every_frame(content: bytes) -> list[tuple[int, bytes, int | None]]:
    """What decoding all of it gives: nothing skipped, nothing dropped."""
    with av.open(io.BytesIO(content)) as container:
        stream = container.streams.video[0]
        sampler: Sampler[av.VideoFrame, tuple[Fingerprint, ...]] = Sampler(
            lambda frame: film.hashes_of_frame(frame, Way()), most=600
        )
        for frame in container.decode(stream):
            assert frame.pts is not None
            assert stream.time_base is not None
            sampler.show(frame.pts * stream.time_base, frame)
        sampler.end()
    return [(at, one.value, one.quality) for at, one in each_of(sampler.found)]


@pytest.mark.parametrize("way", films.WAYS)
def test_skipping_what_nobody_asks_for_changes_nothing(way: str) -> None:
    content = films.film(way)
    limits = {"max_pixels": 10**7, "most": 600, "until": time.monotonic() + 60}
    found = film.fingerprint_film(io.BytesIO(content), str(film_format(content)), **limits, way=Way())
    assert [(at, one.value, one.quality) for at, one in found.frames] == from_every_frame(content)
    assert found.complete
    assert [at for at, _ in found.frames] == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize("way", films.WAYS)
def test_every_format_has_the_frames_of_what_was_filmed(way: str, fingerprinter: Fingerprinter) -> None:
    made = fingerprinter.fingerprint(films.film(way))
    assert isinstance(made, Fingerprinted)
    assert made.kind is Kind.VIDEO
    assert {FingerprintType.MD5, FingerprintType.SHA256} <= {one.type for one in made.fingerprints}
    frames, filmed = frames_of(made), frames_of(fingerprinter.fingerprint(FILM))
    assert {at: hamming(value, filmed[at]) <= 20 for at, value in frames.items()} == dict.fromkeys(range(6), True)


@pytest.mark.parametrize("way", ["h264.mp4", "vp9.webm", "hevc.mp4"])
def test_the_quick_frames_are_near(way: str, fingerprinter: Fingerprinter) -> None:
    with Fingerprinter(quick=True) as quick:
        found, canonical = (frames_of(one.fingerprint(films.film(way))) for one in (quick, fingerprinter))
    assert found.keys() == canonical.keys()
    assert max(hamming(value, canonical[at]) for at, value in found.items()) <= 8


def test_several_frames_a_second_are_asked_for() -> None:
    with Fingerprinter(quick=True) as quick:
        made = quick.fingerprint(FILM)
    assert isinstance(made, Fingerprinted)
    seconds = [one.at for one in made.fingerprints if one.type is FingerprintType.VPDQ]
    assert seconds == [at // QUICK_PER_SECOND for at in range(len(seconds))]
    assert len(seconds) == 5 * QUICK_PER_SECOND + 2  # it lasts five and a half seconds


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_film_is_turned_upright(degrees: int, fingerprinter: Fingerprinter) -> None:
    frames = [np.rot90(one, -degrees // 90) for one in films.scenes(2.5)]
    upright = frames_of(fingerprinter.fingerprint(films.encoded(frames)))
    turned = frames_of(fingerprinter.fingerprint(films.turned(films.film(seconds=2.5), degrees)))
    assert turned.keys() == upright.keys()
    assert max(hamming(value, upright[at]) for at, value in turned.items()) <= 16


def test_path_bytes_and_file_are_the_same(fingerprinter: Fingerprinter, tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(FILM)
    with path.open("rb") as file:
        made = [fingerprinter.fingerprint(source) for source in (path, str(path), FILM, file, io.BytesIO(FILM))]
    assert all(one == made[0] for one in made)
    assert isinstance(made[0], Fingerprinted)
    assert made[0].fingerprints[:2] == exact_fingerprints(io.BytesIO(FILM))


@pytest.mark.parametrize("format_", ["GIF", "PNG", "WEBP"])
def test_a_picture_that_moves_is_a_picture_with_frames(format_: str, fingerprinter: Fingerprinter) -> None:
    made = fingerprinter.fingerprint(films.animation(3.4, format_=format_))
    assert isinstance(made, Fingerprinted)
    assert made.kind is Kind.IMAGE
    pdq = next(one for one in made.fingerprints if one.type is FingerprintType.PDQ)
    assert frames_of(made).keys() == {0, 1, 2, 3}
    assert frames_of(made)[0] == pdq.value
    filmed = frames_of(fingerprinter.fingerprint(films.encoded(films.scenes(3.4, width=240, height=136, fps=5), fps=5)))
    assert max(hamming(value, filmed[at]) for at, value in frames_of(made).items()) <= 20


def test_a_photograph_with_a_film_inside_has_both(fingerprinter: Fingerprinter) -> None:
    still = photograph("rocket.jpg")
    made = fingerprinter.fingerprint(films.motion_photo(still, films.film(seconds=2.5)))
    alone = fingerprinter.fingerprint(still)
    assert isinstance(made, Fingerprinted)
    assert isinstance(alone, Fingerprinted)
    assert made.kind is Kind.IMAGE
    assert made.fingerprints[2] == alone.fingerprints[2]
    assert frames_of(made) == frames_of(fingerprinter.fingerprint(films.film(seconds=2.5)))


def test_a_photograph_with_half_a_film_inside_is_a_photograph(fingerprinter: Fingerprinter) -> None:
    made = fingerprinter.fingerprint(photograph("rocket.jpg") + films.film(seconds=2.5)[:900])
    assert isinstance(made, Fingerprinted)
    assert [one.type.value for one in made.fingerprints] == ["md5", "sha256", "pdq"]


def test_a_still_film_has_one_frame(fingerprinter: Fingerprinter) -> None:
    made = fingerprinter.fingerprint(films.encoded([films.scenes(1)[0]] * 100, options={"crf": "0"}))
    assert list(frames_of(made)) == [0]


def test_a_black_film_has_exact_fingerprints_alone(fingerprinter: Fingerprinter) -> None:
    made = fingerprinter.fingerprint(films.encoded([np.zeros((64, 64, 3), "u1")] * 50))
    assert isinstance(made, Fingerprinted)
    assert [one.type.value for one in made.fingerprints] == ["md5", "sha256"]


def test_a_long_film_is_thinned(fingerprinter: Fingerprinter) -> None:
    made = fingerprinter.fingerprint(films.encoded(films.scenes(700, width=64, height=48, fps=1), fps=1))
    found = frames_of(made)
    assert 1 < len(found) <= MAX_FILM_FRAMES
    assert all(at % 2 == 0 for at in found)


def test_what_a_header_claims_of_the_length_counts_for_nothing(fingerprinter: Fingerprinter) -> None:
    claimed = films.said_to_last(FILM, 100 * 3600)
    assert frames_of(fingerprinter.fingerprint(claimed)) == frames_of(fingerprinter.fingerprint(FILM))


def hostile() -> dict[str, bytes]:
    mp4 = FILM
    sized = bytearray(mp4)
    for box, field in ((b"avc1", 24),):
        at = mp4.index(box) + 4 + field
        sized[at : at + 4] = b"\xff\xff\xff\xff"
    return {
        "half a film": mp4[: len(mp4) // 2],
        "no moov": mp4[: mp4.index(b"moov") - 4],
        "half a moov": mp4[: mp4.index(b"moov") + 300],
        "moov claims 4 GB": mp4.replace(mp4[mp4.index(b"moov") - 4 : mp4.index(b"moov")], b"\xff\xff\xff\xf0", 1),
        "sample count claims 4 billion": _with_count(mp4, b"stsz", 8),
        "times claim 4 billion": _with_count(mp4, b"stts", 4),
        "nothing but a beginning": mp4[:40],
        "a webm of noise": films.film("vp9.webm")[:200] + random.Random(1).randbytes(5000),
        "an avi of noise": films.film("mpeg4.avi")[:64] + random.Random(2).randbytes(5000),
        "a film of 65,535 × 65,535": bytes(sized),
    }


def _with_count(mp4: bytes, box: bytes, field: int) -> bytes:
    at = mp4.index(box) + 4 + field
    return mp4[:at] + b"\xff\xff\xff\xff" + mp4[at + 4 :]


@pytest.mark.parametrize("name", hostile())
def test_a_hostile_film_is_a_value(name: str, fingerprinter: Fingerprinter) -> None:
    begun = time.monotonic()
    made = fingerprinter.fingerprint(hostile()[name])
    assert time.monotonic() - begun < 10
    exact = made.exact if isinstance(made, Unscannable) else made.fingerprints[:2]
    assert exact == exact_fingerprints(io.BytesIO(hostile()[name]))
    assert isinstance(fingerprinter.fingerprint(FILM), Fingerprinted)  # the next one is none the worse


@pytest.mark.parametrize("way", ["h264.mp4", "vp9.webm", "mpeg4.avi"])
def test_films_with_flipped_bytes_are_values(way: str, fingerprinter: Fingerprinter) -> None:
    drawn, content = random.Random(3), films.film(way)
    for _ in range(20):
        flipped = bytearray(content)
        for _ in range(drawn.choice((1, 10, 1000))):
            flipped[drawn.randrange(len(flipped))] = drawn.randrange(256)
        made = fingerprinter.fingerprint(bytes(flipped))
        assert made.exact if isinstance(made, Unscannable) else made.fingerprints[:2]


def test_limits() -> None:
    with Fingerprinter(Limits(film_bytes=1000)) as small:
        refused = small.fingerprint(FILM)
    assert isinstance(refused, Unscannable)
    assert refused.reason is UnscannableReason.TOO_MANY_BYTES
    assert refused.exact == exact_fingerprints(io.BytesIO(FILM))
    with Fingerprinter(Limits(pixels=1000)) as few:
        refused = few.fingerprint(FILM)
    assert isinstance(refused, Unscannable)
    assert refused.reason is UnscannableReason.TOO_MANY_PIXELS
    with Fingerprinter(Limits(film_seconds=0)) as hasty:
        made = hasty.fingerprint(FILM)
    assert isinstance(made, Fingerprinted)
    assert not made.complete
    assert frames_of(made)[0] == next(iter(frames_of(_made_whole()).values()))
    with Fingerprinter(replace(Limits(), film_frames=2), quick=True) as sparse:
        assert list(frames_of(sparse.fingerprint(FILM))) == [0, 4]


def _made_whole() -> Fingerprinted | Unscannable:
    with Fingerprinter() as whole:
        return whole.fingerprint(FILM)


def test_a_sleeve_picture_is_not_the_film(fingerprinter: Fingerprinter) -> None:
    """A song with a cover has no film in it."""
    out, cover = io.BytesIO(), io.BytesIO()
    Image.fromarray(films.scenes(1)[0]).save(cover, "PNG")
    with av.open(out, "w", format="mp4") as container:
        stream = container.add_stream("png", rate=1)
        stream.width, stream.height, stream.pix_fmt = 480, 272, "rgb24"
        stream.disposition = av.stream.Disposition.attached_pic
        for packet in stream.encode(av.VideoFrame.from_ndarray(films.scenes(1)[0], format="rgb24")):
            container.mux(packet)
        container.mux(stream.encode(None))
    made = fingerprinter.fingerprint(out.getvalue())
    assert isinstance(made, Unscannable)
    assert made.reason is UnscannableReason.UNSUPPORTED_FORMAT


@pytest.mark.parametrize("name", ["pattern-sd-grey-bar", "pattern-sd-with-large-logo-bar"])
def test_published_vpdq_hashes(name: str, fingerprinter: Fingerprinter, test_data: Path) -> None:
    """Meta's own, made from RGB: a few bits away from those of the film's own luma (spec/film.md)."""
    found = frames_of(fingerprinter.fingerprint(test_data / "videos" / f"ThreatExchange__{name}.mp4"))
    lines = (test_data / "videos" / "vpdq_hashes" / f"{name}.txt").read_text().split()
    published = [(float(seconds), bytes.fromhex(value)) for _, _, value, seconds in (one.split(",") for one in lines)]
    for at, value in found.items():
        _, theirs = min(published, key=lambda frame: abs(frame[0] - at))
        assert hamming(value, theirs) <= 8


@pytest.mark.parametrize("format_", ["GIF", "PNG", "WEBP"])
def test_an_animation_that_breaks_off_is_its_first_frame(format_: str, fingerprinter: Fingerprinter) -> None:
    whole = films.animation(3.4, format_=format_)
    for keep in (0.3, 0.5, 0.9, 0.99):
        made = fingerprinter.fingerprint(whole[: int(len(whole) * keep)])
        if isinstance(made, Unscannable):  # WebP says its length first, and is refused whole
            assert made.reason is UnscannableReason.DAMAGED
            assert format_ == "WEBP"
        else:
            assert not made.complete
            assert made.fingerprints[2] == next(
                one for one in _of(fingerprinter.fingerprint(whole)) if one.type is FingerprintType.PDQ
            )


def _of(made: Fingerprinted | Unscannable) -> tuple[Fingerprint, ...]:
    return made.exact if isinstance(made, Unscannable) else made.fingerprints
