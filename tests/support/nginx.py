"""A real nginx, run with files of this repository."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2

from support.waiting import eventually

NGINX = Path(shutil.which("nginx") or "/usr/sbin/nginx")


def own_folders(folder: Path) -> str:
    """Gives the lines of a `http` block that keep nginx's own files in a folder of the test's."""
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    return " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)


@contextmanager
def running(settings: str, folder: Path, asking: httpx2.Client) -> Iterator[None]:
    """Runs it until the block ends. It has begun when it answers what asks for `/`, whatever it says.

    `settings` are those of the file, but for what every test says alike.
    """
    file = folder / "nginx.conf"
    file.write_text(f"daemon off;\nuser root;\npid {folder}/pid;\n{settings}")
    process = subprocess.Popen([NGINX, "-c", file, "-p", folder], stderr=(folder / "said").open("wb"))

    def answers() -> bool:
        assert process.poll() is None, (folder / "said").read_text()
        try:
            return asking.get("/").status_code > 0
        except httpx2.TransportError:
            return False

    try:
        eventually(answers)
        yield
    finally:
        process.terminate()
        process.wait(20)
