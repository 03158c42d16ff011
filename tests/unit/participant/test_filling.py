"""A first copy from files: whole files or nothing, whatever happens meanwhile, and no entry twice."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from support.exchange_simulator import ExchangeSimulator, md5, name, pdq, sha256
from takeback import HashList
from takeback.errors import NotFoundError, UnavailableError, UntrustedListError
from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.model.change import Upsert
from takeback.model.list_digest import digest_of, entry_text
from takeback.model.tier import Tier
from takeback.participant.lists.index import MD5, PICTURES, SHA256
from takeback.participant.lists.replica_file import INDEXES
from takeback.wire.list_files import BETWEEN, GONE, Directory, ListFile

FILE = 4
SINGLE = b"s" * 32


class FilesSimulator(ExchangeSimulator):
    """The same clearinghouse with files of four places each, which are gone when one of those was left."""

    fetched: list[int]
    between = None

    def directory(self, after: int) -> Directory:
        self._answer()
        end = self.sequence // FILE * FILE
        files, at = [], after
        for until in range(after // FILE * FILE + FILE, end + 1, FILE):
            if self._places(at, until):
                files.append(ListFile(at, until, self._state(at, until), SINGLE, "", SINGLE))
                at = until
        return Directory(self.list_id, self.participant, self.clock.now(), end, tuple(files[:3]))

    def file(self, file: ListFile) -> tuple[bytes, bytes]:
        self._answer()
        if self.between is not None:
            self.between()
        if file.text != self._state(file.after, file.until):
            raise NotFoundError("It is no more.")
        self.fetched = [*getattr(self, "fetched", []), file.until]
        places = self._places(file.after, file.until)
        texts = [entry_text(one.entry) if isinstance(one, Upsert) else f"{GONE}\n{one.sequence}" for _, one in places]
        return bytes.fromhex("".join(name for name, _ in places)), BETWEEN.join(texts).encode()

    def _places(self, after: int, until: int) -> list[tuple[str, object]]:
        found = [(name, one) for name, one in self.latest.items() if after < one.sequence <= until]
        return sorted(found, key=lambda pair: pair[1].sequence)

    def _state(self, after: int, until: int) -> str:
        places = repr([(name, one.sequence) for name, one in self._places(after, until)])
        return f"{after}-{until}-{hashlib.sha256(places.encode()).hexdigest()}"


@pytest.fixture
def exchange() -> FilesSimulator:
    made = FilesSimulator()
    for number in range(1, 31):
        made.put(name(number), pdq(number << 100), sha256(number), md5(number))
    made.withdraw(name(5))
    return made


@pytest.fixture
def hashlist(tmp_path: Path, exchange: FilesSimulator) -> HashList:
    return HashList.open(tmp_path / "list.db", clock=exchange.clock)


def held(hashlist: HashList) -> set[str]:
    return {row[0] for row in hashlist.replica._database.execute("SELECT name FROM entry")}


def proven(hashlist: HashList, exchange: ExchangeSimulator) -> bool:
    """Whether the copy is what is listed now, with every index, and no filling goes on."""
    indexes = {
        row[0]
        for row in hashlist.replica._database.execute("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE%INDEX%'")
    }
    assert hashlist.replica.filling() is None
    assert indexes >= set(INDEXES)
    live = exchange.live()
    for of, type_ in ((MD5, FingerprintType.MD5), (SHA256, FingerprintType.SHA256), (PICTURES, FingerprintType.PDQ)):
        listed = {
            (one.value.ljust(32, b"\0"), name)
            for name, entry in live.items()
            for one in entry.fingerprints
            if one.type is type_
        }
        assert indexed(hashlist, of, {value for value, _ in listed}) == listed
    return hashlist.replica.position().digest == digest_of(live.values()) and held(hashlist) == set(live)


def indexed(hashlist: HashList, of: str, values: set[bytes]) -> set[tuple[bytes, str]]:
    """Which of these values the index has, and the names of their entries."""
    index = hashlist.index.current()
    rows = {(value, row) for value in values for row, _ in index.within(value, 0, of=of)}
    names = {row: listed.name for _, row in rows if (listed := hashlist.replica.listed(row)) is not None}
    return {(value, names[row]) for value, row in rows}


def test_it_begins_with_files_and_goes_on_with_pages(hashlist: HashList, exchange: FilesSimulator) -> None:
    report = hashlist.sync(exchange)
    assert (report.changes, report.began_again) == (30, False)
    assert sorted(exchange.fetched) == [4, 8, 12, 16, 20, 24, 28]
    assert proven(hashlist, exchange)
    exchange.put(name(40), pdq(40 << 100))
    hashlist.sync(exchange)
    assert sorted(exchange.fetched) == [4, 8, 12, 16, 20, 24, 28], "whoever has a copy asks for changes"
    assert proven(hashlist, exchange)


def test_files_give_the_rows_that_pages_give(tmp_path: Path) -> None:
    """Entries with many values, with few and with none, and not all of one tier."""
    exchange = FilesSimulator()
    film = [Fingerprint(FingerprintType.VPDQ, b"f" * 32, 100, at) for at in (None, 3)]
    edits = [Fingerprint(FingerprintType.PDQ, bytes([at]) * 32, 90, edit=f"edit-{at}") for at in (1, 2)]
    kinds = [
        (md5(1), pdq(2)),
        (pdq(2), *edits),
        (md5(1),),
        (sha256(3), *film),
        (),
        tuple(edits),
    ]
    for number in range(1, 25):
        exchange.put(name(number), *kinds[number % len(kinds)], tier=list(Tier)[number % len(Tier)])
    plain = ExchangeSimulator(clock=exchange.clock, latest=exchange.latest, sequence=exchange.sequence)
    with HashList.open(tmp_path / "files.db", clock=exchange.clock) as filled:
        filled.sync(exchange)
        assert exchange.fetched
        with HashList.open(tmp_path / "pages.db", clock=exchange.clock) as paged:
            paged.sync(plain)
            rows = [
                one.replica._database.execute("SELECT * FROM entry ORDER BY name").fetchall() for one in (filled, paged)
            ]
    assert len(rows[0]) == 24
    assert [row[1:] for row in rows[0]] == [row[1:] for row in rows[1]]


def test_what_changes_meanwhile_comes_behind_and_never_twice(hashlist: HashList, exchange: FilesSimulator) -> None:
    changes = iter([2, 2, 9, 14, 27, 1])

    def change() -> None:
        number = next(changes, None)
        if number is not None and number % 2:
            exchange.withdraw(name(number))
        elif number is not None:
            exchange.put(name(number), pdq(number << 90))

    exchange.between = change
    assert not hashlist.sync(exchange).began_again
    assert proven(hashlist, exchange)


@pytest.mark.parametrize("calls", [1, 2, 3, 5, 6, 9, 11])
def test_what_breaks_off_goes_on(hashlist: HashList, exchange: FilesSimulator, tmp_path: Path, calls: int) -> None:
    exchange.calls_left = calls
    with pytest.raises(UnavailableError):
        hashlist.sync(exchange)
    assert hashlist.replica.position().digest.entries == len(held(hashlist))
    before, fetched = hashlist.replica.position().cursor, len(getattr(exchange, "fetched", []))
    hashlist.close()
    for number in (1, 30):
        exchange.put(name(number), pdq(number << 80))  # it moves to a place behind
    exchange.calls_left = None
    with HashList.open(tmp_path / "list.db", clock=exchange.clock) as again:
        report = again.sync(exchange)
        assert not report.began_again
        assert proven(again, exchange)
        assert all(until > before for until in exchange.fetched[fetched:]), "no file is kept twice"


def test_it_goes_on_page_by_page_where_there_are_no_files_any_more(
    hashlist: HashList, exchange: FilesSimulator, tmp_path: Path
) -> None:
    exchange.calls_left = 3
    with pytest.raises(UnavailableError):
        hashlist.sync(exchange)
    hashlist.close()
    plain = ExchangeSimulator(clock=exchange.clock, latest=exchange.latest, sequence=exchange.sequence)
    plain.put(name(2), pdq(2 << 80))
    with HashList.open(tmp_path / "list.db", clock=exchange.clock) as again:
        assert again.replica.filling() is not None
        again.sync(plain)
        assert proven(again, plain)


def test_an_entry_that_comes_twice_is_found_and_all_is_dropped(
    hashlist: HashList, exchange: FilesSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = exchange.file
    monkeypatch.setattr(exchange, "file", lambda file: (bytes.fromhex(name(1)) + honest(file)[0][16:], honest(file)[1]))
    with pytest.raises(UntrustedListError, match="twice"):
        hashlist.sync(exchange)
    assert held(hashlist) == set()
    monkeypatch.setattr(exchange, "file", honest)
    hashlist.sync(exchange)
    assert proven(hashlist, exchange)


@pytest.mark.parametrize(
    "changed",
    [
        lambda names, text: (names[16:], text),
        lambda names, text: (names, b"\n\n".join(text.split(b"\n\n")[::-1])),
        lambda names, text: (names, text.replace(b"pdq", b"sift")),
        lambda names, text: (names, text.replace(b"hold", b"burn")),
        lambda names, text: (names, text.replace(b"takeback entry 1", b"takeback entry 2")),
        lambda names, text: (names, text[:-1]),
        lambda names, text: (names, text + b"\n"),
        lambda names, text: (names, text + f"\nmd5 {'0' * 32} - -".encode()),
    ],
    ids=[
        "a name less",
        "another order",
        "an unknown type",
        "an unknown action",
        "another format",
        "cut off",
        "a line break behind it",
        "two md5",
    ],
)
def test_nothing_of_a_file_that_is_not_as_it_should_be_is_kept(
    changed, hashlist: HashList, exchange: FilesSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = exchange.file
    monkeypatch.setattr(exchange, "file", lambda file: changed(*honest(file)))
    with pytest.raises(UntrustedListError):
        hashlist.sync(exchange)
    assert held(hashlist) == set()


def test_a_value_that_was_changed_on_the_way_does_not_pass_the_digest(
    hashlist: HashList, exchange: FilesSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = exchange.file
    wrong = f"md5 {'e' * 32} - -".encode()
    right = f"md5 {7:032x} - -".encode()

    def lies(file: ListFile) -> tuple[bytes, bytes]:
        names, text = honest(file)
        return names, text.replace(right, wrong)

    monkeypatch.setattr(exchange, "file", lies)
    with pytest.raises(UntrustedListError, match="digest"):
        hashlist.sync(exchange)
