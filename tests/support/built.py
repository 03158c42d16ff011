"""The C core built anew, without the instructions that only some machines have."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from support.servers import ROOT
from takeback.fingerprints import _native

#: As CMakeLists.txt builds the core, and with nothing to choose at run time.
FLAGS = ("-shared", "-fPIC", "-O3", "-std=c11", "-Wall", "-Wextra", "-Werror", "-ffp-contract=off", "-DTB_PORTABLE")


def portable_core(folder: Path) -> Path:
    """Builds the portable form into a folder, and gives its path."""
    library = folder / "portable.so"
    sources = map(str, sorted((ROOT / "native" / "src").glob("*.c")))
    command = ["cc", *FLAGS, f"-I{ROOT / 'native' / 'include'}", *sources, "-o", str(library), "-lm"]
    subprocess.run(command, check=True)
    return library


@contextmanager
def in_use(library: Path) -> Iterator[None]:
    """Within it, the core is that library."""
    usual = _native.LIBRARY
    try:
        _native.LIBRARY = library
        _native.core.cache_clear()
        yield
    finally:
        _native.LIBRARY = usual
        _native.core.cache_clear()
