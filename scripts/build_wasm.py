"""Builds the C core for the browser: web/fingerprints/generated/core.wasm, byte for byte the same everywhere.

Does nothing while the sources are older than what was built.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "web" / "fingerprints" / "generated" / "core.wasm"
EXPORTS = ("tb_pdq_state_size", "tb_pdq_begin", "tb_pdq_rows", "tb_pdq_finish", "tb_pdq_dihedral", "__heap_base")
#: No SIMD: it wins a sixth of a short time, and phones of 2021 do not have it.
#: The order and rounding of float operations is part of the hash: no contraction, as in CMakeLists.txt.
FLAGS = (
    *("-target", "wasm32-freestanding", "-mcpu=mvp+bulk_memory"),
    *("-std=c11", "-O2", "-ffp-contract=off", "-fno-fast-math", "-Wall", "-Wextra", "-Werror"),
    *("-nostdlib", "-Wl,--no-entry", "-Wl,--strip-all", "-fno-builtin"),
    *(f"-Wl,--export={name}" for name in EXPORTS),
)


def main() -> int:
    """Gives 0 when the file is there and current."""
    sources = sorted((ROOT / "native" / "src").glob("*.c"))
    inputs = [*sources, *(ROOT / "native").glob("**/*.h"), Path(__file__)]
    if OUT.exists() and OUT.stat().st_mtime >= max(path.stat().st_mtime for path in inputs):
        return 0
    OUT.parent.mkdir(parents=True, exist_ok=True)
    print("· building the C core for the browser", file=sys.stderr)
    relative = [str(path.relative_to(ROOT)) for path in sources]
    command = [sys.executable, "-m", "ziglang", "cc", *FLAGS, "-Inative/include", *relative, "-o", str(OUT)]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
