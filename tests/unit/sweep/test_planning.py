"""What there is to sweep, and how it is cut."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from takeback.errors import InvalidInputError
from takeback.model.sweep import Item
from takeback.sweep.planning import content_id, shards
from takeback.sweep.source import Folder, source_of


def test_shards_hold_so_many_objects_and_bytes_and_a_large_one_stands_alone() -> None:
    sizes = [10, 10, 10, 10, 99, 500, 1]
    made = list(shards([Item(str(n), size) for n, size in enumerate(sizes)], files=3, bytes_=100))
    assert [[item.size for item in one.items] for one in made] == [[10, 10, 10], [10], [99], [500], [1]]
    assert [one.number for one in made] == [1, 2, 3, 4, 5]
    assert list(shards([], files=3, bytes_=100)) == []


def test_a_folder_gives_every_file_once_and_follows_no_link(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "2.jpg").write_bytes(b"12")
    (tmp_path / "a\n.jpg").write_bytes(b"1")
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.jpg")).write_bytes(b"123")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to(tmp_path)
    (tmp_path / "other.jpg").symlink_to(tmp_path / "b" / "2.jpg")
    found = list(Folder(tmp_path).items())
    assert found == [Item("a\n.jpg", 1), Item("b/2.jpg", 2), Item("\udcff.jpg", 3)]
    for item in found:
        with Folder(tmp_path).opened(item.key) as path:
            assert Path(str(path)).stat().st_size == item.size


def test_content_is_known_by_its_key_and_by_a_digest_where_that_is_no_id() -> None:
    assert content_id("uploads/ü.jpg") == "uploads/ü.jpg"
    ids = [content_id(key) for key in ("x" * 201, "\udcff.jpg", "a\0b")]
    assert len(set(ids)) == 3
    assert all(one.startswith("sha256/") and len(one) == 71 for one in ids)


@pytest.mark.parametrize(
    ("address", "word"),
    [
        ("https://example.org/media", "neither"),
        ("s3://key:secret@bucket/x", "credentials"),
        ("az://account/container?sig=secret", "credentials"),
    ],
    ids=["web", "user", "query"],
)
def test_a_source_is_a_folder_or_object_storage_and_carries_no_credentials(address: str, word: str) -> None:
    with pytest.raises(InvalidInputError, match=word) as raised:
        source_of(address)
    assert "secret" not in str(raised.value)


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="no folder"):
        list(source_of(str(tmp_path / "none")).items())
