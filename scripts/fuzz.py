"""Fuzzes for a while: the C core under sanitizers, the decoding of pictures, the parsers of all that arrives.

Fails when one of them crashes, hangs, or ends in an error that its caller does not expect; the input is kept in build/.
"""

from __future__ import annotations

import argparse
import io
import subprocess
import sys
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "build" / "fuzz"
SANITIZERS = ("-fsanitize=address,undefined", "-fno-sanitize-recover=all")
#: Seconds that one input may take, and bytes that one process may use.
INPUT_SECONDS = 20
MEMORY_MB = 4096


def main() -> int:
    """Gives 0 when nothing was found."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--seconds", type=int, default=60, help="time for each of the four (default: 60)")
    seconds = arguments.parse_args().seconds
    OUT.mkdir(parents=True, exist_ok=True)
    c_core = core("fuzz_core", seconds) or core("fuzz_index", seconds)
    return c_core or python("fuzz_media", pictures(), seconds) or python("fuzz_wire", bodies(), seconds)


def core(name: str, seconds: int) -> int:
    """Runs one of native/tests."""
    print(f"== the C core: {name}, {seconds} s ==", flush=True)
    sources = [*(ROOT / "native" / "src").glob("*.c"), ROOT / "native" / "tests" / f"{name}.c"]
    program = OUT / name
    flags = ("-g", "-O1", "-std=gnu11", "-ffp-contract=off", *SANITIZERS, f"-I{ROOT / 'native' / 'include'}")
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


def pictures() -> dict[str, bytes]:
    """One small picture of each format, once for each way of decoding."""
    made = {}
    drawn = Image.linear_gradient("L").resize((48, 40)).convert("RGB")
    for kind in ("JPEG", "PNG", "GIF", "WEBP", "AVIF", "BMP", "TIFF"):
        out = io.BytesIO()
        drawn.save(out, kind)
        made |= {f"{kind}-{way.hex()}": way + out.getvalue() for way in (b"\x00", b"\xff")}
    return made


def bodies() -> dict[str, bytes]:
    """The examples that the specification holds."""
    blocks = "".join((ROOT / "spec" / name).read_text() for name in ("intake.md", "list-format.md")).split("```json\n")
    examples = [block.split("```")[0] for block in blocks[1:]]
    return {f"example-{at}": text.encode() for at, text in enumerate(examples)}


if __name__ == "__main__":
    sys.exit(main())
