"""A clearinghouse with small pages, its reader, and a picture of each channel."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from support.members import Member, of_channel, own_pdq, until_listed
from support.servers import ClearinghouseServer
from support.submissions import make
from takeback.model.channel import Channel


@pytest.fixture(scope="session")
def paged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClearinghouseServer]:
    """A clearinghouse with pages of two entries, and few look-ups."""
    running = ClearinghouseServer(tmp_path_factory.mktemp("paged"), publish_interval_s=0.1)
    with running.settings.open("a") as file:
        file.write("hash_sharing_page_entries = 2\nlookups_a_minute = 3\n")
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
