"""Where tests lay what they make: in memory, where that is a folder. A database waits for its disk at every commit."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

_MEMORY = Path("/dev/shm")  # noqa: S108 - every folder in it has a random name
#: What has to be free there, in bytes: a whole run has a tenth of it at once.
_ENOUGH = 2**31


def place() -> Path:
    """Gives the folder in which tests make theirs."""
    roomy = _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ENOUGH
    return _MEMORY if roomy else Path(tempfile.gettempdir())
