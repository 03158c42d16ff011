"""Builds the C core for the browser, byte for byte the same everywhere: core-simd.wasm, and core.wasm for old phones.

Does nothing while the sources are older than what was built.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "web" / "fingerprints" / "generated"
#: File → what the processor must have. Bulk memory came in 2019 to 2021, SIMD in 2021 to 2023.
BUILDS = {"core.wasm": "mvp+bulk_memory", "core-simd.wasm": "mvp+bulk_memory+simd128"}
EXPORTS = ("tb_pdq_state_size", "tb_pdq_begin", "tb_pdq_rows", "tb_pdq_finish", "tb_pdq_dihedral", "__heap_base")
#: The order and rounding of float operations is part of the hash: no contraction, as in CMakeLists.txt.
FLAGS = (
    *("-target", "wasm32-freestanding"),
    *("-std=c11", "-O2", "-ffp-contract=off", "-fno-fast-math", "-Wall", "-Wextra", "-Werror"),
    *("-nostdlib", "-Wl,--no-entry", "-Wl,--strip-all", "-fno-builtin"),
    *(f"-Wl,--export={name}" for name in EXPORTS),
)


def main() -> int:
    """Gives 0 when the files are there and current."""
    native = sorted((ROOT / "native" / "src").glob("*.c"))
    sources = [path for path in native if not path.name.startswith("radius")]  # a page hashes; it searches no list
    inputs = [*sources, *(ROOT / "native").glob("**/*.h"), Path(__file__)]
    newest = max(path.stat().st_mtime for path in inputs)
    if all((OUT / name).exists() and (OUT / name).stat().st_mtime >= newest for name in BUILDS):
        return 0
    OUT.mkdir(parents=True, exist_ok=True)
    print("· building the C core for the browser", file=sys.stderr)
    relative = [str(path.relative_to(ROOT)) for path in sources]
    for name, processor in BUILDS.items():
        command = [sys.executable, "-m", "ziglang", "cc", *FLAGS, f"-mcpu={processor}", "-Inative/include", *relative]
        done = subprocess.run([*command, "-o", str(OUT / name)], cwd=ROOT, check=False)
        if done.returncode:
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
