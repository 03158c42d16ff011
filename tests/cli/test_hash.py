"""`takeback hash`: what it prints for files, folders and pairs."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from support.pictures import half_size_jpeg, photograph, truncated
from support.servers import TAKEBACK
from takeback.media import Fingerprinted, Fingerprinter

PICTURE = photograph("coffee.png")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inner = tmp_path / "pictures" / "inner"
    inner.mkdir(parents=True)
    (tmp_path / "pictures" / "a.png").write_bytes(PICTURE)
    (inner / "b.jpg").write_bytes(half_size_jpeg(PICTURE))
    (inner / "c.txt").write_bytes(b"a note")
    (inner / "d.png").write_bytes(truncated(PICTURE))
    return tmp_path


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [TAKEBACK, "hash", *words], cwd=folder, capture_output=True, text=True, check=False, timeout=60
    )


def test_a_file(folder: Path) -> None:
    with Fingerprinter() as fingerprinter:
        made = fingerprinter.fingerprint(PICTURE)
    assert isinstance(made, Fingerprinted)
    printed = run(folder, "pictures/a.png").stdout
    for one in made.fingerprints:
        assert f"{one.type.value:<7} {one.hex}" in printed
    assert "quality 100" in printed


def test_folders_are_walked_in_order_as_json_lines(folder: Path) -> None:
    done = run(folder, "pictures", "--json")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [Path(line["file"]).name for line in lines] == ["a.png", "b.jpg", "c.txt", "d.png"]
    assert [line.get("unscannable") for line in lines] == [None, None, "unsupported-format", "damaged"]
    assert (lines[0]["width"], lines[0]["height"]) == (600, 400)
    (sha256,) = (one["value"] for one in lines[2]["fingerprints"] if one["type"] == "sha256")
    assert sha256 == hashlib.sha256(b"a note").hexdigest()
    assert done.stderr == "", "no progress bar where nobody looks"


def test_a_pair_is_compared(folder: Path) -> None:
    found = json.loads(run(folder, "--compare", "--json", "pictures/a.png", "pictures/inner/b.jpg").stdout)
    assert (found["md5"], found["sha256"], found["pdq_threshold"]) == (False, False, 31)
    assert 0 < found["pdq_distance"] <= 31
    assert "a match" in run(folder, "--compare", "pictures/a.png", "pictures/inner/b.jpg").stdout
    assert "sha256  equal" in run(folder, "--compare", "pictures/a.png", "pictures/a.png").stdout
    assert "not to be compared" in run(folder, "--compare", "pictures/a.png", "pictures/inner/c.txt").stdout


@pytest.mark.parametrize("words", [("nothing.jpg",), ("--compare", "pictures"), ("--compare", "pictures/a.png")])
def test_a_mistake_is_one_line(folder: Path, words: tuple[str, ...]) -> None:
    done = run(folder, *words)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)


@pytest.mark.parametrize(("missing", "runs"), [("sqlalchemy", "list"), ("uvicorn", "serve")])
def test_what_is_not_installed_is_named_when_it_is_wanted(missing: str, runs: str) -> None:
    words = {"list": ["list", "stats"], "serve": ["serve", "clearinghouse"]}[runs]
    program = f"import sys; sys.modules[{missing!r}] = None; from takeback.cli.main import cli; cli({words!r})"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 9
    assert "takeback[server]" in done.stderr
    assert "Traceback" not in done.stderr
