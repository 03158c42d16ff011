"""Lists of others: what they say is kept page by page with the place to go on from, and what they take off goes."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import httpx2
import pytest

from support.ncmec import page_bytes
from takeback.clock import ManualClock
from takeback.errors import (
    InvalidInputError,
    NotAuthorisedError,
    SettingsError,
    StaleListError,
    UnavailableError,
    UntrustedListError,
)
from takeback.exchanges.ncmec import NcmecExchange
from takeback.exchanges.stopncii import StopNciiExchange
from takeback.exchanges.value_file import FileExchange
from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.model.entry import EntryState, Kind
from takeback.model.feedback import ActionTaken, Verdict
from takeback.model.tier import StrongestAction, Tier
from takeback.participant.hash_list import HashList
from takeback.participant.lists import foreign_sync
from takeback.participant.look_up import Clear, LookUp, Matched
from takeback.wire import ncmec, stopncii

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
Answer = Callable[[httpx2.Request], httpx2.Response]


def pdq(number: int) -> Fingerprint:
    return Fingerprint(FingerprintType.PDQ, random.Random(number).randbytes(32), 100)


def md5(number: int) -> Fingerprint:
    return Fingerprint(FingerprintType.MD5, number.to_bytes(16, "big"))


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOON)


@pytest.fixture
def hashlist(tmp_path: Path, clock: ManualClock) -> Iterator[HashList]:
    with HashList.open(tmp_path / "list.db", clock=clock) as opened:
        yield opened


def names(hashlist: HashList) -> set[str]:
    return {row[0] for row in hashlist.replica._database.execute("SELECT name FROM entry")}


class Hotline:
    """A server of NCMEC's dialect in memory, with pages of so many rows."""

    def __init__(self, page_rows: int = 100) -> None:
        self.rows: dict[str, ncmec.Row] = {}
        self.page_rows, self.asked, self.broken = page_rows, list[httpx2.Request](), set[int]()
        self.voted: list[tuple[str, bytes]] = []

    def exchange(self, **settings: object) -> NcmecExchange:
        transport = httpx2.MockTransport(self.answer)
        return NcmecExchange("https://hotline.example/hs", "demo", "word", transport=transport, **settings)  # type: ignore[arg-type]

    def put(self, name: str, *prints: Fingerprint, kind: Kind = Kind.IMAGE) -> None:
        self.rows[name] = ncmec.Row(name, kind, prints)

    def take_off(self, name: str) -> None:
        self.rows[name] = ncmec.Row(name, self.rows[name].kind, None)

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(request)
        if len(self.asked) in self.broken:
            return httpx2.Response(503)
        path = request.url.path.removeprefix("/hs")
        if request.method == "PUT":
            self.voted.append((path, request.content))
            return httpx2.Response(200, content=ncmec.taken_bytes())
        if path.endswith("/reasons"):
            return httpx2.Response(200, content=ncmec.reasons_bytes("Pdq"))
        start = int(request.url.params.get("start", "0"))
        rows = list(self.rows.values())
        end = start + self.page_rows
        next_ = f"/v2/entries?cursor=x&start={end}" if end < len(rows) else None
        return httpx2.Response(200, content=page_bytes(rows[start:end], at=1_790_000_000, next_=next_))


def test_entries_and_removals_of_the_hotline_arrive(hashlist: HashList) -> None:
    hotline = Hotline()
    hotline.put("a", pdq(1), md5(1))
    hotline.put("b", md5(2), kind=Kind.VIDEO)
    report = hashlist.sync(hotline.exchange(tier=Tier.CONFIRMED))
    assert (report.changes, report.entries, report.skipped) == (2, 2, 0)
    found = LookUp(hashlist).one((pdq(1),))
    assert isinstance(found, Matched)
    (match,) = found.matches
    assert (match.entry, match.tier, match.action) == ("900-a", Tier.CONFIRMED, StrongestAction.HOLD)
    assert match.listed_on == date(2026, 9, 21)
    hotline.take_off("a")
    hashlist.sync(hotline.exchange(tier=Tier.CONFIRMED))
    assert isinstance(LookUp(hashlist).one((pdq(1),)), Clear)
    assert isinstance(LookUp(hashlist).one((md5(2),)), Matched)


def test_two_families_may_remove_where_the_settings_say_so(hashlist: HashList) -> None:
    hotline = Hotline()
    hotline.put("a", pdq(1), md5(1))
    hashlist.sync(hotline.exchange(action=StrongestAction.REMOVE))
    both, one = LookUp(hashlist).many([(pdq(1), md5(1)), (pdq(1),)])
    assert isinstance(both, Matched)
    assert isinstance(one, Matched)
    assert (both.matches[0].action, one.matches[0].action) == (StrongestAction.REMOVE, StrongestAction.HOLD)
    hashlist.sync(hotline.exchange(action=StrongestAction.HOLD))  # the platform has thought again
    again = LookUp(hashlist).one((pdq(1), md5(1)))
    assert isinstance(again, Matched)
    assert again.matches[0].action is StrongestAction.HOLD


@pytest.mark.parametrize("break_at", [2, 3, 4])
def test_a_sync_that_breaks_goes_on_from_the_last_page_that_was_kept(
    hashlist: HashList, monkeypatch: pytest.MonkeyPatch, break_at: int
) -> None:
    monkeypatch.setattr("takeback.exchanges.asking.TRIES", 1)
    hotline = Hotline(page_rows=2)
    for number in range(8):
        hotline.put(str(number), pdq(number))
    hotline.broken = {break_at}
    with pytest.raises(UnavailableError):
        hashlist.sync(hotline.exchange())
    assert len(names(hashlist)) == 2 * (break_at - 1)
    with pytest.raises(StaleListError):
        hashlist.require_fresh()  # half a list is none
    asked = len(hotline.asked)
    hashlist.sync(hotline.exchange())
    assert len(names(hashlist)) == 8
    assert len(hotline.asked) - asked == 4 - (break_at - 1)  # nothing was fetched twice
    hashlist.require_fresh()


def test_a_link_to_a_page_that_has_grown_too_old_begins_its_range_again(hashlist: HashList) -> None:
    hotline = Hotline(page_rows=2)
    for number in range(4):
        hotline.put(str(number), pdq(number))
    hashlist.replica.belong_to("ncmec https://hotline.example/hs", "demo")
    gone = '{"since":"1970-01-01T00:00:00Z","to":"2026-11-26T00:00:00Z","next":"/v2/gone"}'
    hashlist.replica.keep_foreign_place(gone)

    def answer(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(404) if request.url.path.endswith("/gone") else hotline.answer(request)

    exchange = NcmecExchange("https://hotline.example/hs", "demo", "word", transport=httpx2.MockTransport(answer))
    hashlist.sync(exchange)
    assert len(names(hashlist)) == 4
    assert "to=2026-11-26T00%3A00%3A00Z" in str(hotline.asked[0].url)


def test_ranges_overlap_and_nothing_is_kept_twice(hashlist: HashList, clock: ManualClock) -> None:
    hotline = Hotline()
    hotline.put("a", pdq(1))
    assert hashlist.sync(hotline.exchange()).changes == 1
    clock.advance(timedelta(minutes=10))
    assert hashlist.sync(hotline.exchange()).changes == 0
    first, second = (request.url.params for request in hotline.asked)
    assert (first["from"], first["to"]) == ("1970-01-01T00:00:00Z", "2026-11-26T11:59:55Z")
    assert (second["from"], second["to"]) == ("2026-11-26T11:54:55Z", "2026-11-26T12:09:55Z")


def test_a_record_that_cannot_be_read_stops_nothing(hashlist: HashList) -> None:
    broken = (
        b"<queryResult><images maxTimestamp='x'><image><member id='7'/><id>a</id><fingerprints><pdq>zz</pdq><md5>"
        + b"0" * 32
        + b"</md5></fingerprints></image><image><id>b</id></image><image><member id='x'/><id>c</id></image></images>"
        b"<audios><audio/></audios></queryResult>"
    )
    transport = httpx2.MockTransport(lambda _: httpx2.Response(200, content=broken))
    report = hashlist.sync(NcmecExchange("https://hotline.example", "demo", "word", transport=transport))
    assert (names(hashlist), report.skipped) == ({"7-a"}, 3)


@pytest.mark.parametrize(
    "content",
    [
        b"not xml",
        b"<!DOCTYPE a [<!ENTITY b 'c'>]><queryResult>&b;</queryResult>",
        b"<queryResult><paging><next>https://elsewhere.example/v2/entries</next></paging></queryResult>",
    ],
    ids=["no XML", "entities", "another host"],
)
def test_what_is_no_page_of_the_list_is_refused(hashlist: HashList, content: bytes) -> None:
    transport = httpx2.MockTransport(lambda _: httpx2.Response(200, content=content))
    with pytest.raises(UntrustedListError):
        hashlist.sync(NcmecExchange("https://hotline.example", "demo", "word", transport=transport))


def test_wrong_keys_are_said_to_be_wrong(hashlist: HashList) -> None:
    transport = httpx2.MockTransport(lambda _: httpx2.Response(401))
    with pytest.raises(NotAuthorisedError, match="keys in the settings"):
        hashlist.sync(NcmecExchange("https://hotline.example", "demo", "word", transport=transport))


def test_verdicts_become_votes(hashlist: HashList) -> None:
    hotline = Hotline()
    hotline.put("a", pdq(1), md5(1))
    hotline.put("b", md5(2), kind=Kind.VIDEO)
    hashlist.sync(hotline.exchange())
    hashlist.give_feedback("900-a", Verdict.CONFIRMED, ActionTaken.REMOVED)
    hashlist.give_feedback("900-b", Verdict.WRONG, ActionTaken.KEPT)
    hashlist.give_feedback("900-gone", Verdict.WRONG, ActionTaken.KEPT)
    assert hashlist.sync(hotline.exchange()).delivered == 3
    (path, body), (other, against) = hotline.voted
    assert (path, other) == ("/v2/entries/900/a/PDQ/feedback", "/v2/entries/900/b/MD5/feedback")
    assert ncmec.vote(body) is Verdict.CONFIRMED
    assert ncmec.vote(against) is Verdict.WRONG
    assert ncmec.REASON[0].encode() in against
    assert hashlist.replica.outbox() == []


class Charity:
    """A server of StopNCII's dialect in memory: records by time, pages of so many."""

    def __init__(self, page_rows: int = 100) -> None:
        self.rows: dict[bytes, stopncii.Row] = {}
        self.page_rows, self.time, self.asked = page_rows, 1_790_000_000, list[httpx2.Request]()
        self.broken: set[int] = set()

    def exchange(self, **settings: str) -> StopNciiExchange:
        transport = httpx2.MockTransport(self.answer)
        return StopNciiExchange("https://charity.example/v1", "k1", "k2", transport=transport, **settings)

    def put(self, value: Fingerprint, state: EntryState = EntryState.LISTED) -> None:
        self.time += 1
        self.rows.pop(value.value, None)
        self.rows[value.value] = stopncii.Row("case", value, state, self.time)

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(request)
        if len(self.asked) in self.broken:
            return httpx2.Response(503)
        if request.method == "POST":
            return httpx2.Response(200, json={})
        since, skip = int(request.url.params["startTimestamp"]), int(request.url.params.get("nextPageToken", "0"))
        rows = [row for row in self.rows.values() if row.at >= since][skip:]
        page, rest = rows[: self.page_rows], rows[self.page_rows :]
        back = page[-1].at if page else max(since, self.time)
        token = str(skip + self.page_rows) if rest else None
        return httpx2.Response(200, content=stopncii.page_bytes(page, come_back_at=back, next_=token))


def test_what_is_withdrawn_at_stopncii_stops_matching(hashlist: HashList) -> None:
    charity = Charity()
    for number in range(3):
        charity.put(pdq(number))
    assert hashlist.sync(charity.exchange()).entries == 3
    charity.put(pdq(0), EntryState.WITHDRAWN)
    charity.put(pdq(1), EntryState.SUSPENDED)
    hashlist.sync(charity.exchange())
    gone, off, still = LookUp(hashlist).many([(pdq(number),) for number in range(3)])
    assert (type(gone), type(off), type(still)) == (Clear, Clear, Matched)
    assert isinstance(still, Matched)
    assert pdq(2).hex not in still.matches[0].entry  # a name goes where a value may not


def test_a_broken_sync_with_stopncii_goes_on(hashlist: HashList, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("takeback.exchanges.asking.TRIES", 1)
    charity = Charity(page_rows=2)
    for number in range(6):
        charity.put(pdq(number))
    charity.broken = {3}
    with pytest.raises(UnavailableError):
        hashlist.sync(charity.exchange())
    assert len(names(hashlist)) == 4
    hashlist.sync(charity.exchange())
    assert len(names(hashlist)) == 6
    assert "nextPageToken" not in charity.asked[3].url.params
    assert int(charity.asked[3].url.params["startTimestamp"]) > 10


def test_after_a_month_everything_is_fetched_anew(hashlist: HashList, clock: ManualClock) -> None:
    charity = Charity()
    charity.put(pdq(1))
    hashlist.sync(charity.exchange())
    charity.rows.clear()  # forgotten there, without a trace
    clock.advance(timedelta(days=31))
    hashlist.sync(charity.exchange())
    assert names(hashlist) == set()


def test_verdicts_wait_where_there_is_no_key_to_send_them_with(hashlist: HashList) -> None:
    charity = Charity()
    charity.put(pdq(1))
    hashlist.sync(charity.exchange())
    (name,) = names(hashlist)
    hashlist.give_feedback(name, Verdict.WRONG, ActionTaken.KEPT)
    assert hashlist.sync(charity.exchange()).delivered == 0
    assert hashlist.sync(charity.exchange(feedback_key="k3")).delivered == 1
    told = next(request for request in charity.asked if request.method == "POST")
    assert stopncii.feedbacks(told.content) == ((Fingerprint(FingerprintType.PDQ, pdq(1).value), Verdict.WRONG),)


def test_a_file_is_the_whole_list(hashlist: HashList, tmp_path: Path) -> None:
    file = tmp_path / "values.txt"
    file.write_text(f"# ours\npdq {pdq(1).hex}\nvideo_md5 {md5(2).hex}\nnonsense here\n")
    report = hashlist.sync(FileExchange(file))
    assert (report.entries, report.skipped) == (2, 1)
    file.write_text(f"pdq {pdq(1).hex}\n")
    assert hashlist.sync(FileExchange(file)).entries == 1
    assert isinstance(LookUp(hashlist).one((md5(2),)), Clear)
    assert isinstance(LookUp(hashlist).one((pdq(1),)), Matched)


def test_a_file_with_columns_and_one_of_a_case_are_read(hashlist: HashList, tmp_path: Path) -> None:
    file = tmp_path / "values.csv"
    file.write_text(f"note,Value,TYPE\nx,{pdq(1).hex.upper()},pdq\n")
    assert hashlist.sync(FileExchange(file)).entries == 1
    other = {"HashName": "PDQ", "HashValue": pdq(3).hex}
    media = [{"MediaID": 1, "MD5": md5(2).hex.upper(), "AlternativeHashes": [other]}, {"MediaID": 2}]
    file.write_text("\ufeff" + json.dumps({"@odata.context": "…", "value": media}), encoding="utf-8")
    report = hashlist.sync(FileExchange(file))
    assert (report.entries, report.skipped) == (1, 1)
    assert isinstance(LookUp(hashlist).one((pdq(3),)), Matched)


@pytest.mark.parametrize("content", ["", "no values\nat all\n", "{", '{"value": [{"MediaID": 1}]}'])
def test_a_file_in_which_nothing_can_be_read_takes_nothing_off(
    hashlist: HashList, tmp_path: Path, content: str
) -> None:
    file = tmp_path / "values.txt"
    file.write_text(f"pdq {pdq(1).hex}\n")
    hashlist.sync(FileExchange(file))
    file.write_text(content)
    with pytest.raises(InvalidInputError, match="path: holds no values"):
        hashlist.sync(FileExchange(file))
    assert isinstance(LookUp(hashlist).one((pdq(1),)), Matched)
    file.write_text("# nothing any more\n")
    assert hashlist.sync(FileExchange(file)).entries == 0


def test_a_large_batch_is_kept_in_pages(hashlist: HashList, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(foreign_sync, "PAGE_CHANGES", 10)
    file = tmp_path / "values.txt"
    file.write_text("".join(f"md5 {md5(number).hex}\n" for number in range(95)))
    hashlist.sync(FileExchange(file))
    assert (len(names(hashlist)), hashlist.replica.position().cursor) == (95, 95)
    file.write_text(f"md5 {md5(200).hex}\n")
    assert hashlist.sync(FileExchange(file)).entries == 1


def test_a_copy_of_one_list_is_not_filled_with_another(hashlist: HashList, tmp_path: Path) -> None:
    hotline = Hotline()
    hashlist.sync(hotline.exchange())
    (tmp_path / "values.txt").write_text("# none\n")
    with pytest.raises(SettingsError, match="holds another list"):
        hashlist.sync(FileExchange(tmp_path / "values.txt"))


def test_a_list_may_be_too_old_sooner_or_later(tmp_path: Path, clock: ManualClock) -> None:
    (tmp_path / "values.txt").write_text("# none\n")
    hour = timedelta(hours=1)
    with closing(HashList.open(tmp_path / "list.db", clock=clock, max_age=hour)) as hashlist:
        hashlist.sync(FileExchange(tmp_path / "values.txt"))
        clock.advance(hour + timedelta(seconds=1))
        with pytest.raises(StaleListError, match="1 hours"):
            hashlist.require_fresh()
