"""Fuzzes for a while: the C core under sanitizers, sniffing and decoding, the parsers of all that arrives.

Fails when one of them crashes, hangs, or ends in an error that its caller does not expect; the input is kept in build/.
"""

from __future__ import annotations

import argparse
import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import av
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "build" / "fuzz"
SANITIZERS = ("-fsanitize=address,undefined", "-fno-sanitize-recover=all")
#: Seconds that one input may take, and bytes that one process may use.
INPUT_SECONDS = 20
MEMORY_MB = 4096
#: Name → container, encoder, pixel format.
FILMS = {
    "mp4": ("mp4", "mpeg4", "yuv420p"),
    "webm": ("webm", "libvpx", "yuv420p"),
    "avi": ("avi", "mjpeg", "yuvj420p"),
}


def main() -> int:
    """Gives 0 when nothing was found."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--seconds", type=int, default=60, help="time for each of the four (default: 60)")
    seconds = arguments.parse_args().seconds
    OUT.mkdir(parents=True, exist_ok=True)
    c_core = core("fuzz_core", seconds) or core("fuzz_index", seconds)
    return c_core or python("fuzz_media", media(), seconds) or python("fuzz_wire", bodies(), seconds)


def core(name: str, seconds: int) -> int:
    """Runs one of native/tests, half of the time in the core's portable form."""
    return core_as(name, "-UTB_PORTABLE", seconds - seconds // 2) or core_as(name, "-DTB_PORTABLE", seconds // 2)


def core_as(name: str, form: str, seconds: int) -> int:
    """Builds one form of the core and runs it."""
    print(f"== the C core: {name}, {form}, {seconds} s ==", flush=True)
    sources = [*(ROOT / "native" / "src").glob("*.c"), ROOT / "native" / "tests" / f"{name}.c"]
    program = OUT / name
    flags = ("-g", "-O1", "-std=gnu11", "-ffp-contract=off", form, *SANITIZERS, f"-I{ROOT / 'native' / 'include'}")
    built = subprocess.run(["cc", *flags, *map(str, sources), "-o", str(program), "-lm"], check=False)
    return built.returncode or subprocess.run([str(program), str(seconds)], check=False).returncode


def python(name: str, seeds: dict[str, bytes], seconds: int) -> int:
    """Runs one of tests/fuzz, from seeds that grow from run to run."""
    print(f"== {name}, {seconds} s ==", flush=True)
    corpus = OUT / name
    corpus.mkdir(exist_ok=True)
    for seed, content in seeds.items():
        (corpus / seed).write_bytes(content)
    command = [sys.executable, str(ROOT / "tests" / "fuzz" / f"{name}.py"), str(corpus)]
    limits = [f"-max_total_time={seconds}", f"-timeout={INPUT_SECONDS}", f"-rss_limit_mb={MEMORY_MB}"]
    return subprocess.run([*command, *limits, f"-artifact_prefix={OUT}/", "-verbosity=0"], check=False).returncode


def media() -> dict[str, bytes]:
    """One small picture of each format, once for each way of decoding; small films; the first byte is the way."""
    made = {}
    drawn = Image.linear_gradient("L").resize((48, 40)).convert("RGB")
    for kind in ("JPEG", "PNG", "GIF", "WEBP", "AVIF", "BMP", "TIFF"):
        out = io.BytesIO()
        drawn.save(out, kind)
        made |= {f"{kind}-{way.hex()}": way + out.getvalue() for way in (b"\x00", b"\x01")}
    moving = io.BytesIO()
    drawn.save(moving, "GIF", save_all=True, append_images=[drawn.rotate(90)], duration=1500)
    made["moving"] = b"\x00" + moving.getvalue()
    return made | {name: b"\x02" + film(*way) for name, way in FILMS.items()}


def film(container: str, codec: str, pixels: str) -> bytes:
    """Three frames, a second each."""
    out = io.BytesIO()
    with av.open(out, "w", format=container) as written:
        stream: Any = written.add_stream(codec, rate=1)
        stream.width, stream.height, stream.pix_fmt = 64, 48, pixels
        for degrees in (0, 90, 180):
            turned = Image.linear_gradient("L").rotate(degrees).resize((64, 48)).convert("RGB")
            written.mux(stream.encode(av.VideoFrame.from_image(turned)))
        written.mux(stream.encode(None))
    return out.getvalue()


def bodies() -> dict[str, bytes]:
    """The examples that the specification holds."""
    pages = ("intake.md", "list-format.md", "stopncii.md", "notice.md")
    blocks = "".join((ROOT / "spec" / name).read_text() for name in pages).split("```json\n")
    examples = [block.split("```")[0] for block in blocks[1:]]
    return {f"example-{at}": text.encode() for at, text in enumerate(examples)}


if __name__ == "__main__":
    sys.exit(main())
