"""Builds the C core for the browser, byte for byte the same everywhere: core-simd.wasm, and core.wasm for old phones.

What every pixel goes through is built to be fast, the rest to be small: the module is part of the page's script.

Does nothing while the sources are older than what was built.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "web" / "fingerprints" / "generated"
#: File → what the processor must have. Bulk memory came in 2019 to 2021, SIMD in 2021 to 2023.
BUILDS = {"core.wasm": "mvp+bulk_memory", "core-simd.wasm": "mvp+bulk_memory+simd128"}
#: Source → how it is optimised. The rest of the core is for servers.
SOURCES = {
    "pdq.c": "-Os",
    "pdq_box.c": "-Os",
    "pdq_dct.c": "-Os",
    "pdq_filter.c": "-O2",
    "pdq_luma.c": "-O2",
    "plane.c": "-Os",
}
EXPORTS = (
    *("tb_pdq_state_size", "tb_pdq_begin", "tb_pdq_rows", "tb_pdq_finish", "tb_pdq_keep"),
    *("tb_plane_size", "tb_plane_begin", "tb_plane_pdq", "tb_plane_smooth", "__heap_base"),
)
COMPILER = (sys.executable, "-m", "ziglang", "cc", "-target", "wasm32-freestanding")
#: The order and rounding of float operations is part of the hash: no contraction, as in CMakeLists.txt.
FLAGS = (
    *("-std=c11", "-ffp-contract=off", "-fno-fast-math", "-fno-builtin", "-Inative/include"),
    *("-Wall", "-Wextra", "-Werror"),
)
LINK = ("-nostdlib", "-Wl,--no-entry", "-Wl,--strip-all", *(f"-Wl,--export={name}" for name in EXPORTS))


def main() -> int:
    """Gives 0 when the files are there and current."""
    native = ROOT / "native"
    inputs = [*(native / "src" / name for name in SOURCES), *native.glob("**/*.h"), Path(__file__)]
    newest = max(path.stat().st_mtime for path in inputs)
    if all((OUT / name).exists() and (OUT / name).stat().st_mtime >= newest for name in BUILDS):
        return 0
    OUT.mkdir(parents=True, exist_ok=True)
    print("· building the C core for the browser", file=sys.stderr)
    with tempfile.TemporaryDirectory() as folder:
        return next((failed for name, cpu in BUILDS.items() if (failed := _build(OUT / name, cpu, Path(folder)))), 0)


def _build(out: Path, processor: str, folder: Path) -> int:
    objects = []
    for source, optimised in SOURCES.items():
        objects.append(str(folder / f"{source}.o"))
        command = (*COMPILER, f"-mcpu={processor}", optimised, *FLAGS, "-c", f"native/src/{source}", "-o", objects[-1])
        failed = subprocess.run(command, cwd=ROOT, check=False).returncode
        if failed:
            return failed
    command = (*COMPILER, f"-mcpu={processor}", *LINK, *objects, "-o", str(out))
    return subprocess.run(command, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
