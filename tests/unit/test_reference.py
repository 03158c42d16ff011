"""The reference in spec/ and docs/ is what the code would write now."""

from __future__ import annotations

import subprocess
import sys

from support.servers import ROOT


def test_the_written_reference_is_current() -> None:
    done = subprocess.run(
        [sys.executable, "scripts/write_reference.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
