"""Runs the benches named on the command line, or all of them, one after the other in processes of their own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
NOT_BENCHES = {"hashes", "lists", "memory", "report", "run", "served", "soak", "timing"}


def main(names: list[str]) -> int:
    """Gives 0 when every wanted bench ran, else 2 (no such bench) or the exit code of the one that failed."""
    benches = {path.stem: path for path in HERE.glob("*.py") if path.stem not in NOT_BENCHES}
    benches |= {path.parent.name: path.parent for path in HERE.glob("*/__main__.py")}
    known = sorted(benches)
    unknown = [name for name in names if name not in known]
    if unknown:
        print(f"There is no bench named {', '.join(unknown)}. There are: {', '.join(known)}.", file=sys.stderr)
        return 2
    for name in names or known:
        print(f"\n== {name} ==", flush=True)
        done = subprocess.run([sys.executable, benches[name]], check=False)
        if done.returncode:
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
