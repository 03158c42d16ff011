"""Files of the feed, on both databases: what pages say, once for all participants, and nothing that is over."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from contract.conftest import Run
from contract.test_clearinghouse import LIST, clock, invited, page, secret, submission
from contract.test_shown import many_types
from support.joining import admitted, decided, now_, two_operators
from takeback.clearinghouse import list_files, participants
from takeback.clearinghouse.intake import take_in
from takeback.clearinghouse.list_files import NAMES, TEXT, ListFiles
from takeback.clearinghouse.publishing import publish_waiting
from takeback.clearinghouse.withdrawal import withdraw
from takeback.errors import NotFoundError
from takeback.fingerprints.types import FingerprintType
from takeback.model.change import Tombstone
from takeback.model.entry import ENTRY_ID_BYTES
from takeback.model.list_digest import entry_text
from takeback.model.participant import Participant
from takeback.model.proposal import ProposalKind
from takeback.storage.database import Database
from takeback.wire import list_files as wire
from takeback.wire.list_files import GONE, ListFile

KEY = bytes(range(32))
FILE = 4


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(list_files, "SEQUENCES", FILE)
    monkeypatch.setattr(list_files, "MOST_STRETCHES", 2)


@pytest.fixture
def files() -> ListFiles:
    return ListFiles(KEY, LIST, 10**6)


async def opened(database: Database, files: ListFiles, reader: Participant, file: ListFile) -> list[tuple[str, str]]:
    """Names and texts of a file."""
    reader = await now_(database, reader)
    text = await files.text(database, file.text.removeprefix(TEXT))
    names = await files.names(database, file.names.removeprefix(NAMES))
    ours = wire.names(names, file).hex(" ", ENTRY_ID_BYTES).split()
    return list(zip(ours, wire.text(text, LIST, file).decode().split(wire.BETWEEN), strict=True))


async def everything(database: Database, files: ListFiles, reader: Participant) -> list[tuple[str, str]]:
    """Names and texts of all files."""
    found, after = [], 0
    while True:
        directory = await files.directory(database, clock(), await now_(database, reader), after)
        for file in directory.files:
            found += await opened(database, files, reader, file)
            assert file.after == after
            after = file.until
        if after == directory.end:
            return found


async def on_pages(database: Database, reader: Participant) -> list[tuple[str, str]]:
    """The same as pages have it."""
    changes = (await page(database, reader)).changes
    return [
        (change.entry, f"{GONE}\n{change.sequence}")
        if isinstance(change, Tombstone)
        else (change.entry.entry, entry_text(change.entry))
        for change in changes
    ]


def test_files_say_what_pages_say_as_far_as_they_go(run: Run, files: ListFiles) -> None:
    async def story(database: Database) -> None:
        reader = await invited(database)
        assert await everything(database, files, reader) == []
        for number in range(1, 20):
            await take_in(database, many_types(number))
        await publish_waiting(database, clock())
        await withdraw(database, (secret(3), secret(7), secret(19)))
        expected = [one for one in await on_pages(database, reader) if int(one[1].split("\n")[1]) <= 22 // FILE * FILE]
        assert len(expected) > 2 * FILE
        assert await everything(database, files, reader) == expected

    run(story)


def test_one_text_serves_all_and_no_name_is_shared(run: Run, files: ListFiles) -> None:
    async def story(database: Database) -> None:
        one, other = await invited(database, "One"), await invited(database, "Other")
        await take_in(database, submission(*range(1, FILE + 1)))
        await publish_waiting(database, clock())
        (mine,) = (await files.directory(database, clock(), one, 0)).files
        (theirs,) = (await files.directory(database, clock(), other, 0)).files
        assert (mine.text, mine.text_key) == (theirs.text, theirs.text_key)
        names = [{name for name, _ in await opened(database, files, *who)} for who in ((one, mine), (other, theirs))]
        assert [len(some) for some in names] == [FILE, FILE]
        assert not names[0] & names[1]
        # Made anew, by another process, it is the same to the byte.
        again = ListFiles(KEY, LIST, 0)
        address = mine.text.removeprefix(TEXT)
        assert await again.text(database, address) == await files.text(database, address)

    run(story)


@dataclass
class Work:
    """What the database was made to do: rows that it gave, and how many of them hold an entry's fingerprints."""

    statements: int = 0
    rows: int = 0
    sealed: int = 0


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Work:
    """Counts from now on."""
    counted, execute = Work(), AsyncConnection.execute

    async def counting(self: AsyncConnection, statement: Any, *words: Any, **more: Any) -> Any:
        result: Any = await execute(self, statement, *words, **more)
        counted.statements += 1
        if not result.returns_rows:
            return result
        kept = result.freeze()
        rows = len(kept().all())
        counted.rows += rows
        counted.sealed += rows if "entry.sealed" in str(statement) else 0
        return kept()

    monkeypatch.setattr(AsyncConnection, "execute", counting)
    return counted


@pytest.mark.parametrize(("kept_bytes", "readings"), [(10**6, 1), (0, 3)], ids=["kept", "not kept"])
def test_a_first_sync_makes_the_database_read_no_row_twice(
    kept_bytes: int, readings: int, run: Run, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Texts are read for whoever comes first, and ids alone for all others. Where nothing is kept, that is seen."""
    count, parts = 160, 4
    monkeypatch.setattr(list_files, "SEQUENCES", count // parts)

    async def story(database: Database) -> None:
        files = ListFiles(KEY, LIST, kept_bytes)
        await take_in(database, submission(*range(1, count + 1)))
        await publish_waiting(database, clock())
        of_each = []
        for name in ("One", "Another", "A third"):
            reader, before = await invited(database, name), replace(work)
            assert len(await everything(database, files, reader)) == count
            done = (work.statements - before.statements, work.rows - before.rows, work.sealed - before.sealed)
            of_each.append(Work(*done))
        assert sum(one.sealed for one in of_each) == readings * count
        for one in of_each:
            # An id for each entry; and a few rows for each file: whether it is whole, and whose the names are.
            assert count <= one.rows - one.sealed <= count + 5 * parts
            assert one.statements - 2 * bool(one.sealed) * parts <= 6 * parts

    run(story)


def test_what_was_withdrawn_is_in_no_file_that_can_be_had(run: Run, files: ListFiles) -> None:
    async def story(database: Database) -> None:
        reader = await invited(database)
        await take_in(database, submission(*range(1, FILE + 1)))
        await publish_waiting(database, clock())
        (before,) = (await files.directory(database, clock(), reader, 0)).files
        assert len(await opened(database, files, reader, before)) == FILE
        await withdraw(database, (secret(2),))
        for gone in (
            files.text(database, before.text.removeprefix(TEXT)),
            files.names(database, before.names.removeprefix(NAMES)),
        ):
            with pytest.raises(NotFoundError):
                await gone
        (after,) = (await files.directory(database, clock(), reader, 0)).files
        assert after.text != before.text
        assert after.text_key != before.text_key
        assert len(await opened(database, files, reader, after)) == FILE - 1

    run(story)


def test_an_agreement_and_the_state_of_a_participant_hold_for_files_too(
    run: Run, files: ListFiles, tmp_path: Path
) -> None:
    _ = tmp_path

    async def story(database: Database) -> None:
        both = await two_operators(database, clock())
        member = await admitted(database, clock(), both, "Only MD5", frozenset({FingerprintType.MD5}))
        with pytest.raises(NotFoundError, match="test entries"):
            await files.directory(database, clock(), await now_(database, member), 0)
        await decided(database, clock(), both, ProposalKind.MAKE_LIVE, member.id)
        for number in range(1, FILE + 1):
            await take_in(database, many_types(number))
        await publish_waiting(database, clock())
        (file,) = (await files.directory(database, clock(), await now_(database, member), 0)).files
        texts = [text for _, text in await opened(database, files, member, file)]
        assert {line.split()[0] for text in texts for line in text.split("\n")[7:]} == {"md5"}
        assert texts == [text for _, text in await on_pages(database, member)]
        await participants.suspend(database, clock(), member.id)
        with pytest.raises(NotFoundError):
            await files.names(database, file.names.removeprefix(NAMES))

    run(story)


def test_an_address_that_no_directory_told_is_answered_by_nothing(run: Run, files: ListFiles) -> None:
    async def story(database: Database) -> None:
        await take_in(database, submission(*range(1, FILE + 1)))
        await publish_waiting(database, clock())
        (told,) = (await files.directory(database, clock(), await invited(database), 0)).files
        text = told.text.removeprefix(TEXT)
        made_up = ["", "x", "-".join(["0"] * 5), text[:-1], text.replace("-0-", "-00-"), text.replace("-4-4-", "-4-3-")]
        for address in [*made_up, told.names.removeprefix(NAMES)]:
            with pytest.raises(NotFoundError):
                await files.text(database, address)
        for address in [*made_up, text]:
            with pytest.raises(NotFoundError):
                await files.names(database, address)

    run(story)
