"""Objects of a server that speaks S3: listed, read as a stream, swept."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from support import films
from support.exchange_simulator import name
from support.pictures import half_size_jpeg, photograph, truncated
from support.s3 import s3_server
from support.stored import exchange_of_today, list_of, prints_of
from takeback.errors import InvalidInputError, UnavailableError
from takeback.fingerprints.variants import Effort
from takeback.model.entry import Kind
from takeback.model.sweep import Item, Report, Shard
from takeback.sweep.scanning import Task, scan
from takeback.sweep.source import source_of

COFFEE = photograph("coffee.png")
LARGE = 64 * 1024 * 1024
OBJECTS = {
    "in/copy.jpg": half_size_jpeg(COFFEE),
    "in/deep er/broken.png": truncated(COFFEE),
    "in/film.mp4": films.film("h264.mp4", 4),
    "in/large.bin": bytes(LARGE),
    "out/rocket.jpg": photograph("rocket.jpg"),
}


@pytest.fixture(scope="module", autouse=True)
def server() -> Iterator[None]:
    with s3_server(OBJECTS):
        yield


def test_everything_below_a_prefix_is_listed() -> None:
    assert sorted(source_of("s3://media").items(), key=lambda item: item.key) == [
        Item(key, len(content)) for key, content in sorted(OBJECTS.items())
    ]
    below = {item.key for item in source_of("s3://media/in").items()}
    assert below == {key.removeprefix("in/") for key in OBJECTS if key.startswith("in/")}


_READER = """
import resource
from takeback.sweep.source import source_of
most = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
with source_of("s3://media").opened("out/rocket.jpg") as opened:
    opened.read()
before, read = most(), 0
with source_of("s3://media").opened("in/large.bin") as opened:
    while part := opened.read(1 << 20):
        read += len(part)
print(read, (most() - before) * 1024)
"""


def test_an_object_comes_as_a_stream_in_bounded_memory() -> None:
    done = subprocess.run([sys.executable, "-c", _READER], capture_output=True, text=True, check=True, timeout=60)
    read, grew = map(int, done.stdout.split())
    assert read == LARGE
    assert grew < LARGE / 3


def test_objects_are_swept_as_files_are(tmp_path: Path) -> None:
    exchange = exchange_of_today()
    exchange.put(name(1), *prints_of(COFFEE)[0])
    list_ = list_of(tmp_path / "ours.db", exchange)
    task = Task("s3://media", (("ours", str(list_)),), Effort.FIRST, keep=True, reads=3, object_bytes=LARGE - 1)
    keys = ("in/copy.jpg", "in/deep er/broken.png", "in/film.mp4", "in/large.bin", "in/none.jpg")
    made = scan(task, Shard(1, tuple(Item(key, len(OBJECTS.get(key, b""))) for key in keys)))
    assert isinstance(made, Report)
    assert [one.reason for one in made.scanned] == [None, "damaged", None, "too-many-bytes", "gone"]
    assert [len(one.findings) for one in made.scanned] == [1, 0, 0, 0, 0]
    assert made.scanned[2].kind is Kind.VIDEO
    assert made.scanned[2].fingerprints


def test_what_cannot_be_listed_is_said() -> None:
    with pytest.raises(UnavailableError):
        list(source_of("s3://nothing-here").items())
    with s3_server({"a//b.jpg": b"1"}, bucket="odd"), pytest.raises(InvalidInputError, match="empty part"):
        list(source_of("s3://odd").items())
