"""What stock clients need of a server, row by row: NCMEC's dialect.

What clients themselves do: test_the_command_line.py and test_hash_sharing.py beside this folder. That no change is
lost, and that a cursor is good for twelve hours (row 4): tests/contract/test_by_time.py. What our exchange does with a
page that is none (row 8): tests/unit/exchanges/test_threatexchange.py.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import pytest
from defusedxml.ElementTree import fromstring
from threatexchange.exchanges.clients.ncmec.hash_api import FeedbackType, FingerprintType

from api.conformance.conftest import REQUESTS_A_MINUTE, NewDatabase
from support import loops
from support.arachnid import coded, flipped, lookup
from support.filling import fill
from support.hash_sharing import (
    NAMESPACE,
    YES,
    at_our_address,
    child,
    confirm,
    entries,
    rows,
    stamp,
    value_of,
)
from support.members import Member, listed, next_second, on_database, own_pdq, send, withdraw
from support.servers import ClearinghouseServer
from support.stock import fetched_until_gone, timed, without_delay
from support.stock_process import in_time_zone
from support.submissions import make
from support.waiting import eventually
from takeback.clearinghouse import participants
from takeback.clearinghouse.freshness import Standing, standings
from takeback.clearinghouse.keys import password_key
from takeback.clock import SystemClock
from takeback.settings import load
from takeback.storage.database import Database


def test_ncmec_01_basic_auth_401_403_429(paged: ClearinghouseServer, tmp_path: Path) -> None:
    member = Member(paged, "Rotated", tmp_path)
    assert member.http.get("/v2/status").status_code == 200
    for auth in [(member.user, "wrong"), ("p-" + "0" * 24, member.password), (member.user, "")]:
        answer = httpx2.get(f"{member.base}/v2/entries", auth=auth)
        assert (answer.status_code, answer.json()["code"]) == (401, "not-authorised")
    for header in ["", "Bearer x", "Basic %%%", "Basic bm9jb2xvbg=="]:
        assert httpx2.get(f"{member.base}/v2/entries", headers={"authorization": header}).status_code == 401
    wrong = {"x-functions-key": "x", "Ocp-Apim-Subscription-Key": member.keys["subscription_key"]}
    for headers in (wrong, {}):
        base = member.keys["base_url_override"]
        assert httpx2.get(f"{base}/FetchHashes", headers=headers).status_code == 401
    assert member.stopncii.get("/FetchHashes").status_code == 200
    answers = [member.http.get("/v2/status") for _ in range(REQUESTS_A_MINUTE + 20)]
    busy = [one for one in answers if one.status_code != 200]
    assert {one.status_code for one in busy} == {429}
    assert int(busy[-1].headers["retry-after"]) > 0
    assert member.ncmec().status().esp_name == "Rotated", "the stock client waits as it is told, and is answered"
    key, clock = password_key(paged.data), SystemClock()
    new = on_database(paged, lambda database: participants.give_password(database, clock, member.id, key))
    assert member.http.get("/v2/status").status_code == 401, "the old one ended"
    on_database(paged, lambda database: participants.suspend(database, clock, member.id))
    answer = httpx2.get(f"{member.base}/v2/status", auth=(member.user, new))
    assert (answer.status_code, answer.json()["code"]) == (403, "suspended")
    assert member.stopncii.get("/FetchHashes").status_code == 403


def test_ncmec_02_from_is_inclusive_and_an_empty_range_has_no_groups(
    server: ClearinghouseServer, tmp_path: Path
) -> None:
    member = Member(server, "Ranges", tmp_path)
    value = own_pdq(listed(server, 500))[0]
    now = next_second()
    first = entries(member, from_="1970-01-01T00:00:00.000Z", to=stamp(now))
    assert value in {value_of(row) for row in rows(first)}
    raw = member.http.get(f"/v2/entries?to={stamp(now)}&from=1970-01-01T00%3A00%3A00Z")
    assert {value_of(row) for row in rows(fromstring(raw.content))} == {value_of(row) for row in rows(first)}
    empty = entries(member, from_=stamp(now), to=stamp(now))
    assert (empty.tag, len(empty)) == (f"{NAMESPACE}queryResult", 0)
    more = own_pdq(listed(server, 501))[0]
    second = entries(member, from_=stamp(now), to=stamp(next_second()))
    assert more in {value_of(row) for row in rows(second)}
    assert all(child(row, "timestamp") >= stamp(now) for row in rows(second)), "from itself is in it"


def test_ncmec_03_rows_are_in_order_with_a_local_maximum(paged: ClearinghouseServer, reader: Member) -> None:
    listed(paged, 510, 5)
    page = entries(reader, to=stamp(next_second()))
    times = [child(row, "timestamp") for row in rows(page)]
    assert times == sorted(times)
    for group in page:
        if group.tag != f"{NAMESPACE}paging":
            stamps = [child(row, "timestamp") for row in group]
            assert group.get("maxTimestamp") == max(stamps)
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", str(group.get("maxTimestamp")))


def test_ncmec_04_pages_stay_as_they_are_while_rows_change(paged: ClearinghouseServer, reader: Member) -> None:
    made = listed(paged, 520, 5)
    raw = reader.http.get("/v2/entries", params={"to": stamp(next_second())})
    found, pages = [], 0
    while match := re.search(rb"<next>([^<]*)</next>", raw.content):
        pages += 1
        found += [value_of(row) for row in rows(fromstring(raw.content))]
        assert re.fullmatch(rb"/v2/\S+", match[1])
        if pages == 1:
            send(paged, make(521, 4))
            withdraw(paged, made.secrets[4])
        address = match[1].decode().replace("&amp;", "&")
        raw = reader.http.get(address)
        assert raw.content == reader.http.get(address).content, "a page says the same twice"
    found += [value_of(row) for row in rows(fromstring(raw.content))]
    assert pages >= 2
    assert b"<next" not in raw.content
    assert set(own_pdq(made)[:4]) <= set(found)
    assert not set(own_pdq(make(521, 4))) & set(found), "what came meanwhile is in the next range"
    kept = [one for one in found if one in own_pdq(made)]
    assert len(kept) == len(set(kept))


def test_ncmec_05_nothing_is_late_with_writers_beside(server: ClearinghouseServer, tmp_path: Path) -> None:
    """A client stays five seconds behind its clock: what is committed has to be there before, at its time or later."""
    member, stop = Member(server, "Beside writers", tmp_path), threading.Event()
    taken, seen = dict[str, float](), dict[str, float]()

    def write(begin: int) -> None:
        for number in range(begin, begin + 6):
            made = make(number, 2)
            httpx2.post(f"{server.url}/v1/submissions", json=made.body, timeout=30).raise_for_status()
            taken.update(dict.fromkeys(own_pdq(made), time.monotonic()))

    asked_to = 0

    def read_once() -> None:
        nonlocal asked_to
        now = int(time.time()) + 1
        for row in rows(entries(member, from_=stamp(asked_to), to=stamp(now))):
            assert stamp(asked_to) <= child(row, "timestamp") < stamp(now), "no time is behind an answered `to`"
            seen.setdefault(value_of(row) or "", time.monotonic())
        asked_to = now

    def read() -> None:
        while not stop.is_set():
            read_once()

    with ThreadPoolExecutor(4) as pool:
        reading = pool.submit(read)
        for writing in [pool.submit(write, begin) for begin in (600, 700, 800)]:
            writing.result()
        eventually(lambda: reading.done() or taken.keys() <= seen.keys())
        stop.set()
        reading.result()
    late = max(seen[value] - at for value, at in taken.items())
    assert late < 5, "seconds from the answer at intake, which is before the commit to the list"


def test_ncmec_06_an_update_keeps_the_id_and_a_withdrawal_stays(server: ClearinghouseServer, tmp_path: Path) -> None:
    member, other = Member(server, "Updates", tmp_path), Member(server, "Voter", tmp_path)
    made = listed(server, 530)
    value, begin = own_pdq(made)[0], next_second()
    (row,) = [one for one in rows(entries(member, to=stamp(begin))) if value_of(one) == value]
    (theirs,) = [one for one in rows(entries(other, to=stamp(begin))) if value_of(one) == value]
    assert child(theirs, "id") != child(row, "id"), "ids belong to one participant"
    assert other.http.put(f"/v2/entries/900/{child(theirs, 'id')}/PDQ/feedback", content=YES).status_code == 200
    later = next_second()
    (updated,) = [one for one in rows(entries(member, from_=stamp(begin), to=stamp(later))) if value_of(one) == value]
    assert child(updated, "id") == child(row, "id")
    assert child(updated, "timestamp") > child(row, "timestamp")
    withdraw(server, made.secrets[0])
    last = next_second()
    for from_ in (later, 0):
        page = rows(entries(member, from_=stamp(from_), to=stamp(last)))
        (gone,) = [one for one in page if child(one, "id") == child(row, "id")]
        assert gone.tag == f"{NAMESPACE}deletedImage"
        assert gone.find(f"{NAMESPACE}fingerprints") is None
        assert child(gone, "timestamp") > child(updated, "timestamp")


def test_ncmec_07_channels_have_members_that_clients_choose(
    server: ClearinghouseServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, of_channels: dict[str, str]
) -> None:
    without_delay(monkeypatch)
    member = Member(server, "Chooses", tmp_path)
    by_value = {value_of(row): row for row in rows(entries(member, to=stamp(next_second())))}
    members = {name: by_value[value].find(f"{NAMESPACE}member") for name, value in of_channels.items()}
    assert {name: one.get("id") for name, one in members.items() if one is not None} == {
        "browser": "900",
        "helpline": "901",
        "operator": "902",
        "test": "999",
    }
    chosen = at_our_address(member, only_esp_ids=frozenset({901}))
    chosen.fetch()
    assert chosen.values >= {of_channels["helpline"]}
    assert not chosen.values & {of_channels[name] for name in ("browser", "operator", "test")}


def test_ncmec_08_every_image_has_pdq_and_every_video_md5(server: ClearinghouseServer, tmp_path: Path) -> None:
    member = Member(server, "Types", tmp_path)
    film, picture = make(540, 1), make(541, 1)
    film.body["entries"][0] |= {"kind": "video", "fingerprints": film.body["entries"][0]["fingerprints"][:2]}
    ours = {made.body["entries"][0]["fingerprints"][0]["value"] for made in (film, picture)}  # their MD5
    send(server, film)
    send(server, picture)
    # Others may have sent a picture without detail, of which there is no pdq.
    page = [row for row in rows(entries(member, to=stamp(next_second()))) if value_of(row, "md5") in ours]
    assert {row.tag.removeprefix(NAMESPACE) for row in page} == {"image", "video"}
    for row in page:
        if row.tag == f"{NAMESPACE}image":
            assert re.fullmatch("[0-9a-f]{64}", value_of(row) or "")
            assert len(row.findall(f"{NAMESPACE}fingerprints/{NAMESPACE}pdq")) == 1
        elif row.tag == f"{NAMESPACE}video":
            assert re.fullmatch("[0-9a-f]{32}", value_of(row, "md5") or "")


def test_ncmec_09_a_client_in_tokyo_is_told_and_loses_nothing(server: ClearinghouseServer, tmp_path: Path) -> None:
    """It takes local time for UTC and would miss everything from its second sync on: its fetch fails, and says so."""
    member = Member(server, "In Tokyo", tmp_path)
    tokyo = datetime.now(UTC) + timedelta(hours=9)
    answer = member.http.get("/v2/entries", params={"to": stamp(tokyo.timestamp())})
    assert (answer.status_code, answer.json()["field"]) == (400, "to")
    assert "UTC" in answer.json()["detail"]

    made = listed(server, 545)
    since = next_second()
    (had,) = [one for one in rows(entries(member, to=stamp(since))) if value_of(one) == own_pdq(made)[0]]
    more = listed(server, 546)
    withdraw(server, made.secrets[0])
    next_second()
    failed = in_time_zone("Asia/Tokyo", member.base, member.user, member.password, since)
    assert failed.returncode != 0
    assert "400" in failed.stderr
    (seen,) = [one for one in on_database(server, standings_of(server)) if one.participant.id == member.id]
    assert seen.participant.last_error == "invalid-input", "as the console and `takeback participant list` show it"
    assert seen.participant.last_error_at is not None

    done = in_time_zone("UTC", member.base, member.user, member.password, since)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)["told"]
    assert told.items() >= {f"900-{child(had, 'id')}": None}.items()
    assert set(told.values()) >= set(own_pdq(more))


def standings_of(server: ClearinghouseServer) -> Callable[[Database], Awaitable[list[Standing]]]:
    return lambda database: standings(database, SystemClock(), load(server.settings))


def test_ncmec_10_a_first_sync_is_one_request(
    server: ClearinghouseServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Up to 50,000 entries are on one page, and the client begins no search."""
    without_delay(monkeypatch)
    member = Member(server, "First sync", tmp_path)
    last = own_pdq(listed(server, 1010))
    client = at_our_address(member)
    seconds = timed(client, monkeypatch)
    client.fetch()
    assert client.values >= set(last)
    assert len(seconds) == 1


def test_ncmec_10_a_long_list_comes_in_few_requests(
    database: NewDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A twentieth of a hundred thousand, on pages of a twentieth. How long it takes: bench/clearinghouse.py.

    The client drops the first page and searches for a range that fits, before it takes two pages: as often for a
    long list as for a short one. Only those two are as long as the list.
    """
    without_delay(monkeypatch)
    size = 5_000
    full = ClearinghouseServer(tmp_path / "full", database_url=database())
    with full.settings.open("a") as file:
        file.write(f"hash_sharing_page_entries = {size // 2}\n")
    loops.run(fill(load(full.settings), size))
    full.start()
    try:
        client = at_our_address(Member(full, "First sync of many", tmp_path))
        seconds = timed(client, monkeypatch)
        client.fetch()
    finally:
        full.stop()
    assert len(client.values) == size
    assert len(seconds) < 42


def test_ncmec_11_feedback_is_idempotent_and_reasons_have_both_forms(
    server: ClearinghouseServer, member: Member
) -> None:
    client, value = member.ncmec(), own_pdq(listed(server, 550))[0]
    (row,) = [one for one in rows(entries(member, to=stamp(next_second()))) if value_of(one) == value]
    path = f"/v2/entries/900/{child(row, 'id')}/PDQ/feedback"
    for _ in range(2):
        assert member.http.put(path, content=YES).status_code == 200
    assert list(client.feedback_reasons(FingerprintType.pdq)), "as the client reads them"
    documented = fromstring(member.http.get("/v2/feedback/PDQ/reasons").content)
    assert documented.findall(f"{NAMESPACE}reason"), "as they are documented"
    client.submit_feedback(900, child(row, "id"), FingerprintType.pdq, FeedbackType.downvote)


def test_ncmec_12_hma_sees_insert_update_and_delete(
    server: ClearinghouseServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the calls that HMA makes, up to what `/m/lookup` answers; where a value came from is memberId-entryId."""
    without_delay(monkeypatch)
    hma = at_our_address(Member(server, "HMA", tmp_path / "hma"))
    voters = [Member(server, f"Voter for HMA {number}", tmp_path) for number in range(2)]
    made = listed(server, 560)
    value, near = own_pdq(made)[0], flipped(own_pdq(made)[0], 31)
    hma.fetch()
    (key,) = hma.lookup(value)
    assert re.fullmatch("900-[0-9a-f]{32}", key)
    assert hma.lookup(near) == {key}
    assert hma.lookup(flipped(value, 32)) == set()

    inserted = hma.told[key]
    for voter in voters:
        confirm(voter, value)
    details = lookup(voters[0], coded(value)).json()["scanned_hashes"][coded(value)]["near_match_details"]
    assert details["action"] == "remove", "the votes have moved its tier"
    next_second()
    hma.fetch()
    assert set(hma.told) == {key}, "told again, and nothing else"
    assert hma.told[key] == inserted, "of a tier there is nothing in this dialect"
    assert hma.lookup(near) == {key}

    withdraw(server, made.secrets[0])
    more = own_pdq(listed(server, 561))
    fetched_until_gone(hma, value)
    assert hma.lookup(near) == hma.lookup(value) == set()
    assert all(hma.lookup(one) for one in (*own_pdq(made)[1:], *more))
