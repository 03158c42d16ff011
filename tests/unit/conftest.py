"""A running clearinghouse, for the few unit tests whose unit is the whole small install."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from support import built
from support.person import Person
from support.pictures import photograph
from support.servers import ClearinghouseServer
from support.waiting import eventually


@pytest.fixture(scope="session")
def portable_core(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The C core without instructions that only some machines have: what the wasm and other processors run."""
    return built.portable_core(tmp_path_factory.mktemp("core"))


@pytest.fixture(scope="session")
def clearinghouse_with_a_picture(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClearinghouseServer]:
    server = ClearinghouseServer(Path(tmp_path_factory.mktemp("door")))
    server.start()
    person = Person(server.url)
    person.send(photograph("coffee.png"))
    eventually(lambda: person.status()["state"] == "listed")
    yield server
    server.stop()
