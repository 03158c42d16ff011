"""`takeback hash`: what it prints for files, folders and pairs."""

from __future__ import annotations

import hashlib
import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from support.pictures import half_size_jpeg, photograph, truncated
from support.servers import TAKEBACK
from takeback.fingerprints.edits import EDIT_NAMES, Protection, edits_of
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


def test_simulated_edits_are_named(folder: Path) -> None:
    (line,) = run(folder, "--json", "--protection", "usual", "pictures/a.png").stdout.splitlines()
    edits = [one["edit"] for one in json.loads(line)["fingerprints"] if "edit" in one]
    assert edits == [edit.name for edit in edits_of(Protection.USUAL, 600, 400)]
    printed = run(folder, "--protection", "usual", "pictures/a.png").stdout
    assert all(f"  edit {name}\n" in printed for name in edits)
    assert "edit" not in run(folder, "pictures/a.png").stdout


def test_a_cut_copy_is_compared_with_edits(folder: Path) -> None:
    with Image.open(io.BytesIO(PICTURE)) as whole:
        whole.crop((60, 40, 540, 360)).save(folder / "cut.png")
    files = "pictures/a.png", "cut.png"
    assert "no match" in run(folder, "--compare", *files).stdout
    assert "a match (up to 31), with the edit " in run(folder, "--compare", "--protection", "usual", *files).stdout
    found = json.loads(run(folder, "--compare", "--json", "--protection", "usual", *files).stdout)
    assert found["pdq_distance"] <= 31
    assert found["edit"] in EDIT_NAMES


@pytest.mark.parametrize("words", [("nothing.jpg",), ("--compare", "pictures"), ("--compare", "pictures/a.png")])
def test_a_mistake_is_one_line(folder: Path, words: tuple[str, ...]) -> None:
    done = run(folder, *words)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)


def test_a_name_stands_on_one_line_and_cannot_move_the_cursor(folder: Path) -> None:
    odd = folder / "odd"
    odd.mkdir()
    for name in (b"new\nline.png", b"\x1b[31mred.png", b"not text \xff.png", "näme 名.png".encode(), b"--json"):
        (odd / os.fsdecode(name)).write_bytes(PICTURE)
    printed = [line for line in run(folder, "odd").stdout.splitlines() if not line.startswith("  ")]
    expected = {
        "odd/new\\nline.png",
        "odd/\\x1b[31mred.png",
        "odd/not text \\udcff.png",
        "odd/näme 名.png",
        "odd/--json",
    }
    assert set(printed) == expected
    named = {json.loads(line)["file"] for line in run(folder, "odd", "--json").stdout.splitlines()}
    assert named == {f"odd/{path.name}" for path in odd.iterdir()}


def test_a_file_that_cannot_be_read_stops_no_other(folder: Path) -> None:
    """Linux lets nobody read the beginning of a process's memory, not even root."""
    unreadable = "/proc/self/mem"
    done = run(folder, "pictures/a.png", unreadable, "pictures/inner/b.jpg")
    assert done.returncode == 2
    assert "cannot be read: Input/output error" in done.stdout
    assert done.stdout.count("  pdq ") == 2
    assert done.stderr == (
        "takeback: FILE: 1 of 3 cannot be read; the others are done. Name files that this account may read.\n"
    )
    lines = [json.loads(line) for line in run(folder, "--json", "pictures/a.png", unreadable).stdout.splitlines()]
    assert [line.get("unreadable") for line in lines] == [None, "Input/output error"]
    assert run(folder, "--compare", "pictures/a.png", unreadable).returncode == 2


def test_an_empty_file_has_no_fingerprints(folder: Path) -> None:
    (folder / "empty.jpg").touch()
    assert run(folder, "empty.jpg").stdout == "empty.jpg\n  no fingerprints: empty\n"


@pytest.fixture
def endless(folder: Path) -> Path:
    """So many files that nobody waits for all of them."""
    (folder / "endless").mkdir()
    for at in range(20_000):
        (folder / "endless" / f"{at:05}.png").symlink_to(folder / "pictures" / "a.png")
    return folder


def test_it_ends_when_nobody_reads_on(endless: Path) -> None:
    """As with `| head -1`."""
    with subprocess.Popen([TAKEBACK, "hash", "endless"], cwd=endless, stdout=subprocess.PIPE) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == b"endless/00000.png\n"
        running.stdout.close()
        assert running.wait(timeout=30) != 0


def test_it_ends_when_it_is_interrupted(endless: Path) -> None:
    """A terminal sends the signal to every process of the command."""
    command = [TAKEBACK, "hash", "endless"]
    with subprocess.Popen(
        command, cwd=endless, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    ) as running:
        assert running.stdout is not None
        running.stdout.readline()
        os.killpg(running.pid, signal.SIGINT)
        _, told = running.communicate(timeout=30)  # who does not read on holds up the last words of a program
        assert (running.returncode, told.strip()) == (1, b"Aborted.")


@pytest.mark.parametrize(("missing", "runs"), [("sqlalchemy", "list"), ("uvicorn", "serve")])
def test_what_is_not_installed_is_named_when_it_is_wanted(missing: str, runs: str) -> None:
    words = {"list": ["list", "stats"], "serve": ["serve", "clearinghouse"]}[runs]
    program = f"import sys; sys.modules[{missing!r}] = None; from takeback.cli.main import cli; cli({words!r})"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 9
    assert "takeback[server]" in done.stderr
    assert "Traceback" not in done.stderr
