"""Clearinghouses on both databases, one with small pages, their readers, and a picture of each channel."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from support.members import Member, of_channel, own_pdq, until_listed
from support.postgres import new_database
from support.servers import ClearinghouseServer
from support.submissions import make
from takeback.model.channel import Channel

#: Makes an empty database and gives its address; an empty one is a file of the server's own.
NewDatabase = Callable[[], str]
#: Of one participant, where few are allowed; as many as no row needs.
REQUESTS_A_MINUTE = 150


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> NewDatabase:
    """Every row that asks a server holds on both."""
    if request.param == "sqlite":
        return lambda: ""
    postgres = request.getfixturevalue("postgres")
    return lambda: new_database(postgres)


@pytest.fixture(scope="session")
def server(database: NewDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClearinghouseServer]:
    """One clearinghouse for all rows: each looks at its own entries only."""
    folder = tmp_path_factory.mktemp("conformance")
    running = ClearinghouseServer(folder, publish_interval_s=0.1, database_url=database())
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def member(server: ClearinghouseServer, tmp_path_factory: pytest.TempPathFactory) -> Member:
    """A participant that asks in the dialects of stock clients."""
    return Member(server, "Member", tmp_path_factory.mktemp("member"))


@pytest.fixture(scope="session")
def paged(database: NewDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClearinghouseServer]:
    """A clearinghouse with pages of two entries, where participants may ask little."""
    folder = tmp_path_factory.mktemp("paged")
    running = ClearinghouseServer(folder, publish_interval_s=0.1, database_url=database())
    with running.settings.open("a") as file:
        file.write("hash_sharing_page_entries = 2\nlookups_a_minute = 3\n")
        file.write(f"participant_requests_a_minute = {REQUESTS_A_MINUTE}\n")
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def reader(paged: ClearinghouseServer, tmp_path_factory: pytest.TempPathFactory) -> Member:
    return Member(paged, "Reader of pages", tmp_path_factory.mktemp("reader"))


@pytest.fixture(scope="session")
def of_channels(server: ClearinghouseServer) -> dict[str, str]:
    """One listed picture's PDQ value for each channel."""
    values = {}
    for at, channel in enumerate(Channel):
        made = make(640 + at, 1)
        of_channel(server, made, channel)
        until_listed(server, made)
        values[channel.value] = own_pdq(made)[0]
    return values
