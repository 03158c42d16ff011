"""A film's bytes to the fingerprints of its frames, by the rules of spec/film.md. Runs in the child process only."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from fractions import Fraction
from typing import BinaryIO, TypeAlias

import av
from av.container import InputContainer
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from PIL import Image

from takeback.fingerprints.pdq import UPRIGHT, Layout, pdq_of_plane, projected_pdq
from takeback.fingerprints.plane import Box, Plane
from takeback.fingerprints.types import Fingerprint
from takeback.media.cards import CARD_SIDE, as_card, is_card, is_card_at, is_card_plane, without_cards
from takeback.media.failures import DamagedError, TooManyPixelsError, UnsupportedFormatError
from takeback.media.found import Found
from takeback.media.moments import QUICK_PER_SECOND, REORDERED, AskedFor, Sampler, each_of
from takeback.media.way import Way

#: What phones, cameras and sites make, and no others: every decoder is a way in.
_CODECS = frozenset({"h264", "hevc", "vp8", "vp9", "av1", "libdav1d", "mpeg4", "mpeg2video", "h263", "mjpeg"})
FilmPacket: TypeAlias = "Packet[VideoStream]"
_BUFFER_BYTES = 1 << 20
#: Packets that are kept in memory in the hope of a key frame.
_MAX_HELD = 300
#: From this size on, smoothing takes long and moves few bits.
_LARGE_PIXELS = 1280 * 720
#: Formats whose first plane is luma, one byte a pixel; those with a J use all of 0 to 255.
_LUMA8 = ("yuv4", "yuvj4", "yuva4", "nv12", "nv16", "nv21")
_LUMA10 = ("yuv420p10le", "yuv422p10le", "yuv444p10le")
_FULL_RANGE = 2
#: The longest side in pixels of what is looked at quickly to tell cards, also those in a part of a frame.
_QUICK_CARD_SIDE = 256
_ORIENTATION_OF_TURN = {0: UPRIGHT, 90: 8, 180: 3, 270: 6}  # degrees against the clock → EXIF


def fingerprint_film(file: BinaryIO, format_: str, *, max_pixels: int, most: int, until: float, way: Way) -> Found:
    """Gives the fingerprints of at most `most` frames, or of those decoded `until` that moment of the monotonic clock.

    Where the way is quick, to ask a list, there are more frames a second; large ones are decoded without their last
    smoothing, and hashes are projected.
    """
    with _opened(file, format_) as container:
        stream = _stream(container, quick=way.quick)
        context = stream.codec_context
        if context.width * context.height > max_pixels:
            raise TooManyPixelsError
        time_base = stream.time_base or Fraction(1)
        each = {"per_second": QUICK_PER_SECOND if way.quick else 1}
        asked = AskedFor(time_base, **each)
        look = _quick_look if way.quick else hashes_of_frame
        sampler: Sampler[VideoFrame, tuple[Fingerprint, ...]] = Sampler(
            lambda frame: look(frame, way), most=most, **each
        )
        complete = True
        try:
            for frame in _frames(container, stream, asked):
                if frame.width * frame.height > max_pixels:
                    raise TooManyPixelsError
                if frame.pts is not None:
                    sampler.show(frame.pts * time_base, frame)
                    asked.step = sampler.step
                if time.monotonic() > until:
                    complete = False
                    break
        except (av.error.FFmpegError, OSError):  # what came before the damage counts
            complete = False
        sampler.end(asked.last * time_base if complete else None)
        if not sampler.found:
            raise DamagedError
        return Found(None, each_of(without_cards(sampler.found)), context.width, context.height, complete)


def few_frames(
    file: BinaryIO, format_: str, *, max_pixels: int, most: int, side: int, until: float
) -> list[Image.Image]:
    """Gives at most `most` frames from all over a film, for a person, each at most `side` pixels wide and high."""
    with _opened(file, format_) as container:
        stream = _stream(container, quick=True)
        if stream.codec_context.width * stream.codec_context.height > max_pixels:
            raise TooManyPixelsError
        length, begin = stream.duration or 0, stream.start_time or 0
        found: list[Image.Image] = []
        try:
            for number in range(most if length else 1):
                if number:
                    container.seek(begin + length * number // most, stream=stream)
                frame = next(container.decode(stream), None)
                if frame is None or frame.width * frame.height > max_pixels or time.monotonic() > until:
                    break
                image: Image.Image = frame.to_image()  # type: ignore[no-untyped-call]
                image.thumbnail((side, side))
                found.append(image)
        except (av.error.FFmpegError, OSError):  # what came before the damage is shown
            pass
        if not found:
            raise DamagedError
        return found


def _opened(file: BinaryIO, format_: str) -> InputContainer:
    try:
        return av.open(file, "r", format=format_, buffer_size=_BUFFER_BYTES, metadata_errors="replace")
    except (av.error.FFmpegError, ValueError, OSError) as error:
        raise DamagedError from error


def _stream(container: InputContainer, *, quick: bool) -> VideoStream:
    """The film itself: not a sleeve's picture."""
    for stream in container.streams.video:
        if stream.disposition & av.stream.Disposition.attached_pic:
            continue
        context = stream.codec_context
        if context.name not in _CODECS:
            raise UnsupportedFormatError
        context.thread_count = 1
        if quick and context.width * context.height >= _LARGE_PIXELS:
            context.options = {"skip_loop_filter": "all"}
        return stream
    raise UnsupportedFormatError


def _frames(container: InputContainer, stream: VideoStream, asked: AskedFor) -> Iterator[VideoFrame]:
    """Gives, among others, the frames that are asked for, in the order in which they are shown.

    Nothing is decoded that they do not refer to: not the frames to which none refers, and not those between the last
    one that is asked for and the next key frame.
    """
    context = stream.codec_context
    held: list[FilmPacket] = []  # since the last frame that was decoded
    for packet, wanted, begins in _told(container.demux(stream), asked):
        if begins and held:
            held = []
            yield from context.decode(None)
            context.flush_buffers()
        held.append(packet)
        if wanted or len(held) > _MAX_HELD:
            for one in held:
                context.skip_frame = "DEFAULT" if one is packet else "NONREF"
                with suppress(av.error.InvalidDataError):  # a damaged part; the next key frame begins anew
                    yield from context.decode(one)
            held = []
    yield from context.decode(None)


def _told(packets: Iterable[FilmPacket], asked: AskedFor) -> Iterator[tuple[FilmPacket, bool, bool]]:
    """Tells of each packet whether its frame is asked for, and whether decoding may begin anew with it."""
    ahead: deque[FilmPacket] = deque()

    def told() -> tuple[FilmPacket, bool, bool]:
        packet = ahead.popleft()
        time = _ticks(packet)
        # Frames that are shown before their key frame and stored behind it refer to what came before it.
        early = (_ticks(one) for one in ahead)
        begins = packet.is_keyframe and not any(t is None or ((time or 0) > t and asked.for_frame_at(t)) for t in early)
        return packet, asked.for_frame_at(time), begins

    for packet in packets:
        if packet.size == 0:  # the end
            continue
        ahead.append(packet)
        asked.know(_ticks(packet))
        if len(ahead) > REORDERED:
            yield told()
    while ahead:
        yield told()


def _ticks(packet: FilmPacket) -> int | None:
    return None if packet.is_discard else packet.pts


def _quick_look(frame: VideoFrame, way: Way) -> tuple[Fingerprint, ...]:
    """The same, and nothing beside a card's own value."""
    longest = max(frame.width, frame.height)
    width, height = (max(1, round(side * _QUICK_CARD_SIDE / longest)) for side in (frame.width, frame.height))
    plane = frame.reformat(width=width, height=height, format="gray", interpolation="AREA").planes[0]
    grey = Image.frombuffer("L", (width, height), bytes(plane), "raw", "L", plane.line_size, 1)
    if is_card(grey):
        return (as_card(hashes_of_frame(frame, Way(quick=True))[0]),)
    upright = grey.rotate(frame.rotation, expand=True)
    return hashes_of_frame(frame, way, left_out=lambda box: is_card_at(upright, box))


def hashes_of_frame(
    frame: VideoFrame, way: Way, *, left_out: Callable[[Box], bool] = lambda _: False
) -> tuple[Fingerprint, ...]:
    """Gives the PDQ of what a frame shows, upright, from its own luma, and what the way makes beside it."""
    name, full = frame.format.name, frame.color_range == _FULL_RANGE
    layout = Layout.RGB8
    if name.startswith(_LUMA8) and not name.endswith(("le", "be")):
        layout = Layout.GREY8 if full or name.startswith("yuvj") else Layout.VIDEO8
    elif name in _LUMA10 and not full:
        layout = Layout.VIDEO10
    elif name != "rgb24":
        frame = frame.reformat(format="rgb24")
    turned = _ORIENTATION_OF_TURN.get(frame.rotation % 360, UPRIGHT)
    pixels, stride = memoryview(frame.planes[0]), frame.planes[0].line_size
    size = {"width": frame.width, "height": frame.height, "orientation": turned}
    hash_of = projected_pdq if way.quick and layout in (Layout.GREY8, Layout.VIDEO8) else pdq_of_plane
    own, plane = hash_of(pixels, **size, stride=stride, layout=layout), way.plane(**size, frame=True)
    card = None if way.quick else Plane(**size, side=CARD_SIDE)
    for one in (plane, card):
        if one is not None:
            one.rows(pixels, layout=layout, rows=frame.height, stride=stride)
    if card is not None and is_card_plane(card):
        return (as_card(own),)
    return (own, *way.beside(own, plane, (frame.width, frame.height), frame=True, left_out=left_out))
