"""`import takeback`: what the pages say runs, and nobody carries what they do not use."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import takeback
from support.pictures import half_size_jpeg, photograph
from support.servers import ROOT

#: What a platform that only checks uploads must not have to load.
SERVER_ONLY = ("litestar", "sqlalchemy", "alembic", "uvicorn", "prometheus_client", "structlog", "click")
#: What the authority must not be able to do: it never sees a picture.
DECODERS = ("PIL", "takeback.media", "takeback.fingerprints.pdq", "takeback._core")


def loaded_after(program: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"{program}\nimport sys; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.splitlines()[-1].split())


def test_every_public_name_opens() -> None:
    for name in takeback.__all__:
        assert getattr(takeback, name).__doc__
    assert set(takeback.__all__) < set(dir(takeback))
    with pytest.raises(AttributeError):
        takeback.NoSuchName  # noqa: B018 - asking is the test


def test_the_sdk_loads_no_server() -> None:
    program = "import takeback\nfor name in takeback.__all__: getattr(takeback, name)"
    assert not loaded_after(program) & set(SERVER_ONLY)


def test_the_server_loads_no_decoder() -> None:
    commands = "takeback.cli.main, takeback.cli.list_, takeback.cli.participant, takeback.cli.serve"
    loaded = loaded_after(f"import {commands}, takeback.apps.clearinghouse")
    assert "litestar" in loaded
    assert not loaded & set(DECODERS)


@pytest.mark.parametrize("place", ["the docstring", "README.md", "docs/tutorial.md"])
def test_the_ten_lines_run_as_they_stand(place: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    clearinghouse = request.getfixturevalue("clearinghouse_with_a_picture")
    (tmp_path / "credentials.json").write_bytes(clearinghouse.invite(place.replace("/", " ")).read_bytes())
    (tmp_path / "upload.jpg").write_bytes(half_size_jpeg(photograph("coffee.png")))
    done = subprocess.run(
        [sys.executable, "-c", ten_lines(place)], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("hold it")


def ten_lines(place: str) -> str:
    if place.endswith(".md"):
        blocks = (ROOT / place).read_text().split("```python\n")[1:]
        return "".join(block.split("```")[0] for block in blocks)
    lines = (takeback.__doc__ or "").splitlines()
    first = next(at for at, line in enumerate(lines) if line.strip() == "import takeback")
    block = [line for line in lines[first:] if line.startswith("    ") or not line.strip()]
    return textwrap.dedent("\n".join(block))
