"""Benign films for tests: a walk over scikit-image's photographs, encoded as phones and sites encode."""

from __future__ import annotations

import io
import os
import struct
from fractions import Fraction
from functools import cache
from typing import Any

import av
import numpy as np
from PIL import Image

from support.pictures import photograph

os.environ.setdefault("SVT_LOG", "1")  # the AV1 encoder says less

#: Name → container, encoder, pixel format, encoder's options.
WAYS: dict[str, tuple[str, str, str, dict[str, str]]] = {
    "h264.mp4": ("mp4", "libx264", "yuv420p", {"crf": "24", "g": "60"}),
    "h264-long-gop.mp4": ("mp4", "libx264", "yuv420p", {"crf": "24", "g": "250"}),
    "h264-open-gop.mkv": ("matroska", "libx264", "yuv420p", {"g": "40", "x264-params": "open-gop=1"}),
    "h264-full-range.mov": ("mov", "libx264", "yuvj420p", {"crf": "24"}),
    "h264-10-bit.mkv": ("matroska", "libx264", "yuv420p10le", {"crf": "24"}),
    "hevc.mp4": ("mp4", "libx265", "yuv420p", {"preset": "ultrafast", "x265-params": "log-level=none"}),
    "vp8.webm": ("webm", "libvpx", "yuv420p", {"cpu-used": "8", "deadline": "realtime", "b": "600k"}),
    "vp9.webm": ("webm", "libvpx-vp9", "yuv420p", {"cpu-used": "8", "deadline": "realtime", "b": "600k"}),
    "av1.mp4": ("mp4", "libsvtav1", "yuv420p", {"preset": "12"}),
    "mpeg4.avi": ("avi", "mpeg4", "yuv420p", {"b": "1500k"}),
    "mjpeg.avi": ("avi", "mjpeg", "yuvj420p", {}),
    "h263.3gp": ("3gp", "h263", "yuv420p", {"b": "600k"}),
}
_MATRIX = {
    90: struct.pack(">9i", 0, 1 << 16, 0, -1 << 16, 0, 0, 0, 0, 1 << 30),
    180: struct.pack(">9i", -1 << 16, 0, 0, 0, -1 << 16, 0, 0, 0, 1 << 30),
    270: struct.pack(">9i", 0, -1 << 16, 0, 1 << 16, 0, 0, 0, 0, 1 << 30),
}


def scenes(seconds: float, *, width: int = 480, height: int = 272, fps: int = 24) -> list[np.ndarray[Any, Any]]:
    """Gives the frames: over each photograph for two seconds, height × width × 3 bytes."""
    drawn = []
    for at in range(int(seconds * fps)):
        name = ("coffee.png", "chelsea.png", "astronaut.png")[at // (2 * fps) % 3]
        wide = _wide(name, width, height)
        x, y = at % (2 * fps), (at * 7) % 24
        drawn.append(wide[y : y + height, x : x + width])
    return drawn


@cache
def _wide(name: str, width: int, height: int) -> np.ndarray[Any, Any]:
    with Image.open(io.BytesIO(photograph(name))) as picture:
        return np.asarray(picture.convert("RGB").resize((width + 60, height + 30)))


@cache
def film(way: str = "h264.mp4", seconds: float = 5.5, fps: int = 24) -> bytes:
    """Gives a film's bytes."""
    container_format, codec, pixels, options = WAYS[way]
    frames = scenes(seconds, fps=fps)
    if codec == "h263":  # it knows few sizes
        frames = [np.asarray(Image.fromarray(one).resize((352, 288))) for one in frames]
    return encoded(frames, container_format, codec, pixels, options, fps)


def encoded(
    frames: list[np.ndarray[Any, Any]],
    container_format: str = "mp4",
    codec: str = "libx264",
    pixels: str = "yuv420p",
    options: dict[str, str] | None = None,
    fps: int = 24,
) -> bytes:
    """Gives the film of these frames."""
    out = io.BytesIO()
    with av.open(out, "w", format=container_format) as container:
        stream: Any = container.add_stream(codec, rate=Fraction(fps), options=options or {})
        stream.height, stream.width, stream.pix_fmt = *frames[0].shape[:2], pixels
        stream.codec_context.thread_count = 1
        for picture in frames:
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    _as_others()
    return out.getvalue()


def _as_others() -> None:
    """Takes back what SVT-AV1 does where it runs as root: it makes the thread that calls it a real-time one.

    Whatever the tests start later would inherit that, and keep all else off the machine, their time limit included.
    """
    if hasattr(os, "sched_setscheduler"):
        os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))


def turned(mp4: bytes, degrees: int) -> bytes:
    """Gives an MP4 that says that it is to be shown turned, clockwise."""
    matrix = mp4.index(b"tkhd") + 4 + 40
    return mp4[:matrix] + _MATRIX[degrees] + mp4[matrix + 36 :]


def said_to_last(mp4: bytes, seconds: int) -> bytes:
    """Gives an MP4 whose header claims another length."""
    at = mp4.index(b"mvhd") + 4 + 12
    (scale,) = struct.unpack_from(">I", mp4, at)
    return mp4[: at + 4] + struct.pack(">I", seconds * scale) + mp4[at + 8 :]


def animation(seconds: float, *, format_: str = "GIF", frame_ms: int = 200) -> bytes:
    """Gives an animated picture."""
    frames = [Image.fromarray(one) for one in scenes(seconds, width=240, height=136, fps=1000 // frame_ms)]
    out = io.BytesIO()
    frames[0].save(out, format_, save_all=True, append_images=frames[1:], duration=frame_ms, loop=0, lossless=True)
    return out.getvalue()


def motion_photo(still: bytes, mp4: bytes) -> bytes:
    """Gives a photograph with a film behind it, as phones make them."""
    return still + mp4
