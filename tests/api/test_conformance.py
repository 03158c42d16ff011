"""The checklist of what stock clients need of a server, row by row.

What clients themselves do: test_the_command_line.py and, by their libraries, test_hash_sharing.py, test_stopncii.py and
test_arachnid.py. That no change is lost: tests/contract/test_by_time.py and test_by_value.py.
"""

from __future__ import annotations

import base64
import re
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree.ElementTree import Element

import httpx2
import pytest
from defusedxml.ElementTree import fromstring
from threatexchange.exchanges.clients.ncmec.hash_api import FeedbackType, FingerprintType
from threatexchange.exchanges.impl.ncmec_api import NCMECCollabConfig, NCMECSignalExchangeAPI

from support.members import Member, listed, next_second, of_channel, on_database, own_pdq, send, withdraw
from support.servers import ClearinghouseServer
from support.stock import Hma, fetched_until_gone, without_delay
from support.submissions import make
from takeback.clearinghouse import participants
from takeback.clearinghouse.keys import password_key
from takeback.clock import SystemClock
from takeback.model.channel import Channel

NAMESPACE = "{https://hashsharing.ncmec.org/hashsharing/v2}"
LOOKUP = "/arachnid/v1/pdq/"
YES = "<feedbackSubmission><affirmative/></feedbackSubmission>"


def stamp(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def entries(member: Member, **query: str) -> Element:
    answer = member.http.get("/v2/entries", params={key.rstrip("_"): value for key, value in query.items()})
    assert answer.status_code == 200, answer.text
    return fromstring(answer.content)


def rows(page: Element) -> list[Element]:
    return [row for group in page if group.tag != f"{NAMESPACE}paging" for row in group]


def child(row: Element, name: str) -> str:
    (found,) = row.findall(f"{NAMESPACE}{name}")
    return found.text or ""


def value_of(row: Element, type_: str = "pdq") -> str | None:
    return row.findtext(f"{NAMESPACE}fingerprints/{NAMESPACE}{type_}")


@pytest.fixture(scope="module")
def paged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClearinghouseServer]:
    """A clearinghouse with pages of two entries, and few look-ups."""
    running = ClearinghouseServer(tmp_path_factory.mktemp("paged"), publish_interval_s=0.1)
    with running.settings.open("a") as file:
        file.write("hash_sharing_page_entries = 2\nlookups_a_minute = 3\n")
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def reader(paged: ClearinghouseServer, tmp_path_factory: pytest.TempPathFactory) -> Member:
    return Member(paged, "Reader of pages", tmp_path_factory.mktemp("reader"))


# -- NCMEC's dialect


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
    question = {"hashes": [base64.b64encode(bytes(32)).decode()]}
    auth = (member.user, member.password)
    answers = [httpx2.post(f"{paged.url}{LOOKUP}", auth=auth, json=question) for _ in range(5)]
    assert 429 in {one.status_code for one in answers}
    assert int(answers[-1].headers["retry-after"]) > 0
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
    member, stop, sent = Member(server, "Beside writers", tmp_path), threading.Event(), list[str]()

    def write(begin: int) -> None:
        for number in range(begin, begin + 6):
            made = make(number, 2)
            httpx2.post(f"{server.url}/v1/submissions", json=made.body, timeout=30).raise_for_status()
            sent.extend(own_pdq(made))

    found, asked_to = set[str | None](), 0

    def read_once() -> None:
        nonlocal asked_to
        now = int(time.time()) + 1
        found.update(value_of(row) for row in rows(entries(member, from_=stamp(asked_to), to=stamp(now))))
        asked_to = now

    def read() -> None:
        while not stop.is_set():
            read_once()

    with ThreadPoolExecutor(4) as pool:
        reading = pool.submit(read)
        for writing in [pool.submit(write, begin) for begin in (600, 700, 800)]:
            writing.result()
        stop.set()
        reading.result()
    last = listed(server, 900)
    next_second()
    read_once()
    assert found >= {*sent, *own_pdq(last)}


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
    film = make(540, 1)
    film.body["entries"][0] |= {"kind": "video", "fingerprints": film.body["entries"][0]["fingerprints"][:2]}
    send(server, film)
    page = rows(entries(member, to=stamp(next_second())))
    kinds = {row.tag.removeprefix(NAMESPACE) for row in page}
    assert {"image", "video"} <= kinds
    for row in page:
        if row.tag == f"{NAMESPACE}image":
            assert re.fullmatch("[0-9a-f]{64}", value_of(row) or ""), "the tests' pictures all have one"
            assert len(row.findall(f"{NAMESPACE}fingerprints/{NAMESPACE}pdq")) == 1
        elif row.tag == f"{NAMESPACE}video":
            assert re.fullmatch("[0-9a-f]{32}", value_of(row, "md5") or "")


def test_ncmec_09_a_client_in_tokyo_is_told(member: Member) -> None:
    """It takes local time for UTC and would miss everything from its second sync on: the first one says so."""
    tokyo = datetime.now(UTC) + timedelta(hours=9)
    answer = member.http.get("/v2/entries", params={"to": stamp(tokyo.timestamp())})
    assert (answer.status_code, answer.json()["field"]) == (400, "to")
    assert "UTC" in answer.json()["detail"]


def test_ncmec_10_a_first_sync_is_one_request(
    server: ClearinghouseServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Up to 50,000 entries are on one page, and the client begins no search. A million: bench/."""
    without_delay(monkeypatch)
    member = Member(server, "First sync", tmp_path)
    for number in range(1000, 1005):
        httpx2.post(f"{server.url}/v1/submissions", json=make(number, 100).body, timeout=30).raise_for_status()
    last = own_pdq(listed(server, 1010))
    client = at_our_address(member)
    asked: list[str] = []
    get = client.exchange.get_client

    def counted(environment: Any) -> Any:
        api = get(environment)
        once = api._get
        monkeypatch.setattr(api, "_get", lambda *words, **more: asked.append("") or once(*words, **more))
        return api

    monkeypatch.setattr(client.exchange, "get_client", counted)
    client.fetch()
    assert client.values >= set(last)
    assert len(client.values) > 500
    assert len(asked) == 1


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
    """By the calls that HMA makes; where a value came from is memberId-entryId."""
    without_delay(monkeypatch)
    hma = at_our_address(Member(server, "HMA", tmp_path))
    made = listed(server, 560)
    hma.fetch()
    key = next(key for key, one in hma.records.items() if one.fingerprints.get("pdq") == own_pdq(made)[0])
    assert re.fullmatch("900-[0-9a-f]{32}", key)
    withdraw(server, made.secrets[0])
    more = own_pdq(listed(server, 561))
    fetched_until_gone(hma, own_pdq(made)[0])
    assert hma.values >= {*own_pdq(made)[1:], *more}


# -- StopNCII's dialect


def test_stopncii_envelope_types_are_exact_and_nothing_is_null(server: ClearinghouseServer, member: Member) -> None:
    listed(server, 570)
    for query in ("", "?startTimestamp=10&pageSize=2", f"?startTimestamp={next_second()}"):
        raw = member.stopncii.get(f"/FetchHashes{query}")
        assert "null" not in raw.text
        page = raw.json()
        assert {name: type(value) for name, value in page.items()} == {
            "count": int,
            "nextPageToken": str,
            "nextSetTimestamp": int,
            "hasMoreRecords": bool,
            "hashRecords": list,
        }
        assert page["count"] == len(page["hashRecords"])
        for record in page["hashRecords"]:
            assert list(record) == [
                *("lastModtimestamp", "signalType", "hashValue", "hashStatus", "caseNumbers", "CSPFeedbacks")
            ]
            assert type(record["lastModtimestamp"]) is int
            assert record["signalType"] in ("ImagePDQ", "VideoMD5")
            assert record["caseNumbers"]
            assert set(record["caseNumbers"].values()) == {record["hashStatus"]}
            assert record["CSPFeedbacks"] == [], "nobody's feedback is shown to others"


def test_stopncii_next_set_timestamp_never_goes_back(paged: ClearinghouseServer, reader: Member) -> None:
    listed(paged, 580, 5)
    last, start, statuses = 0, 10, dict[str, str]()
    for number in range(2):
        token, more = "", True
        while more:
            query = {"startTimestamp": start, "pageSize": 800} | ({"nextPageToken": token} if token else {})
            page = reader.stopncii.get("/FetchHashes", params=query).json()
            assert page["nextSetTimestamp"] >= max(last, start)
            last, token, more = page["nextSetTimestamp"], page["nextPageToken"], page["hasMoreRecords"]
            statuses |= {one["hashValue"]: one["hashStatus"] for one in page["hashRecords"]}
            assert bool(token) is more
        start = last
        if number == 0:
            send(paged, make(581, 3))
    assert {*own_pdq(make(580, 5)), *own_pdq(make(581, 3))} <= {one for one in statuses if statuses[one] == "Active"}


def test_stopncii_start_is_inclusive(server: ClearinghouseServer, member: Member) -> None:
    first = member.stopncii.get("/FetchHashes").json()
    value = own_pdq(listed(server, 590))[0]
    start = first["nextSetTimestamp"]
    again = member.stopncii.get("/FetchHashes", params={"startTimestamp": start}).json()
    (record,) = [one for one in again["hashRecords"] if one["hashValue"] == value]
    assert record["lastModtimestamp"] >= start


def test_stopncii_withdrawn_rows_stay_as_withdrawn(server: ClearinghouseServer, member: Member) -> None:
    made = listed(server, 591)
    start = member.stopncii.get("/FetchHashes").json()["nextSetTimestamp"]
    withdraw(server, made.secrets[0])
    for _ in range(2):
        page = member.stopncii.get("/FetchHashes", params={"startTimestamp": start}).json()
        statuses = {one["hashValue"]: one["hashStatus"] for one in page["hashRecords"]}
        assert statuses[own_pdq(made)[0]] == "Withdrawn"


@pytest.mark.parametrize("prefix", ["", "StopNCIISignalType."])
def test_stopncii_submit_takes_both_spellings_and_answers_json(
    prefix: str, server: ClearinghouseServer, member: Member
) -> None:
    value = own_pdq(listed(server, 592 + len(prefix)))[0]
    said = {"tags": [], "feedbackValue": "Blocked"}
    record = {"lastModtimestamp": 1, "signalType": f"{prefix}ImagePDQ", "hashValue": value, "CSPFeedbacks": [said]}
    for path, body in (
        ("/SubmitHashes", {"count": 1, "hashRecords": [record]}),
        ("/SubmitFeedback", {"count": 1, "hashFeedbacks": [{**said, "hashValue": value}]}),
    ):
        answer = member.stopncii.post(path, json=body)
        assert (answer.status_code, answer.json()) == (200, {"count": 1, "undecided": 0, "unknown": 0})
    unknown = member.stopncii.post("/SubmitFeedback", json={"hashFeedbacks": [{**said, "hashValue": "ab" * 32}]})
    assert unknown.json() == {"count": 0, "undecided": 0, "unknown": 1}


def test_stopncii_the_warning_on_withdrawals_is_written() -> None:
    docs = Path(__file__).parents[2]
    for file in ("docs/dialects.md", "spec/stopncii.md"):
        assert "goes on matching" in (docs / file).read_text(), file


# -- the look-up


def lookup(member: Member, *hashes: str) -> httpx2.Response:
    auth = (member.user, member.password)
    return httpx2.post(f"{member.server.url}{LOOKUP}", auth=auth, json={"hashes": list(hashes)}, timeout=30)


def coded(value: str, flipped: int = 0) -> str:
    number = int(value, 16) ^ ((1 << flipped) - 1)
    return base64.b64encode(number.to_bytes(32, "big")).decode()


def test_lookup_echoes_keys_and_unknown_is_no_known_match(server: ClearinghouseServer, member: Member) -> None:
    made = listed(server, 610)
    value = own_pdq(made)[0]
    keys = {coded(value): 0, coded(value, 31): 31, coded("0f" * 32): None}
    answer = lookup(member, *keys)
    assert (answer.status_code, list(answer.json()["scanned_hashes"])) == (200, list(keys))
    for key, distance in keys.items():
        found = answer.json()["scanned_hashes"][key]
        if distance is None:
            unknown = {"classification": "no-known-match", "match_type": None, "near_match_details": None}
            assert found == unknown
        else:
            assert (found["classification"], found["match_type"]) == ("harmful-abusive-material", "near")
            details = found["near_match_details"]
            assert (details["distance"], details["action"], details["test"]) == (distance, "hold", False)
            assert set(details["sha256_hex"]) == {"0"}
            assert set(details["sha1_base32"]) == {"A"}
    edits = [one["value"] for one in made.body["entries"][0]["fingerprints"] if "edit" in one]
    assert lookup(member, coded(edits[0])).json()["scanned_hashes"][coded(edits[0])]["match_type"] is None


def test_lookup_knows_at_once_what_is_withdrawn(server: ClearinghouseServer, member: Member) -> None:
    made = listed(server, 620)
    keys = [coded(value) for value in own_pdq(made)]
    before = lookup(member, *keys).json()["scanned_hashes"]
    assert [before[key]["match_type"] for key in keys] == ["near"] * 3
    withdraw(server, made.secrets[0])
    after = lookup(member, *keys).json()["scanned_hashes"]
    assert [after[key]["match_type"] for key in keys] == [None, "near", "near"]


def test_lookup_has_a_limit_on_batches(member: Member) -> None:
    assert lookup(member, *(coded(f"{n:064x}") for n in range(100))).status_code == 200
    answer = lookup(member, *(coded(f"{n:064x}") for n in range(101)))
    assert (answer.status_code, answer.json()["field"]) == (413, "hashes")
    for bad in ([], ["%"], [base64.b64encode(bytes(31)).decode()], ["A" * 43], [None], "x"):
        answer = httpx2.post(
            f"{member.server.url}{LOOKUP}", auth=(member.user, member.password), json={"hashes": bad}, timeout=30
        )
        assert answer.status_code == 400, bad
        assert answer.json()["field"].startswith("hashes")


@pytest.mark.parametrize("path", ["media", "url"])
def test_lookup_takes_no_bytes(path: str, member: Member) -> None:
    address = f"{member.server.url}/arachnid/v1/{path}/"
    answer = httpx2.post(address, auth=(member.user, member.password), content=b"\xff\xd8\xff" * 100)
    assert (answer.status_code, answer.json()["field"]) == (400, "body")
    assert "PDQ" in answer.json()["detail"]


def test_lookup_tells_test_data_apart(member: Member, of_channels: dict[str, str]) -> None:
    keys = {name: coded(value) for name, value in of_channels.items()}
    found = lookup(member, *keys.values()).json()["scanned_hashes"]
    assert {name for name, key in keys.items() if found[key]["near_match_details"]["test"]} == {"test"}


# -- privacy, and hostile requests


def test_privacy_no_value_lands_in_a_log(server: ClearinghouseServer, member: Member) -> None:
    value = own_pdq(listed(server, 630))[0]
    member.stopncii.post("/SubmitFeedback", json={"hashFeedbacks": [{"feedbackValue": "?", "hashValue": value}]})
    member.stopncii.get(f"/FetchHashes?nextPageToken={value}")
    lookup(member, value)
    member.http.get(f"/v2/entries/{value}")
    member.http.put(f"/v2/entries/900/{value[:32]}/PDQ/feedback", content=YES)
    log = server.log_text()
    for trace in (value, value[:32], coded(value), member.password, *member.keys.values()):
        assert trace not in log


BOMB = (
    b'<!DOCTYPE x [<!ENTITY a "'
    + b"b" * 1000
    + b'">'
    + b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10 if n else b"&a;") for n in range(9))
    + b"]><feedbackSubmission><affirmative>&a8;</affirmative></feedbackSubmission>"
)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<feedbackSubmission/>",
        b"<other><affirmative/></other>",
        b"<feedbackSubmission><affirmative/><negative/></feedbackSubmission>",
        b'<!DOCTYPE x [<!ENTITY a "b">]><feedbackSubmission><affirmative/></feedbackSubmission>',
        b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><feedbackSubmission><affirmative/></feedbackSubmission>',
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><feedbackSubmission>&a;</feedbackSubmission>',
        BOMB,
        b"<feedbackSubmission><affirmative>" * 3000,
        b"<a>" * 60_000,
        "<feedbackSubmission><affirmative/></feedbackSubmission>".encode("utf-16")[:-1],
        b"\x00" * 1000,
    ],
    ids=range(12),
)
def test_xml_attacks_are_no_vote(body: bytes, member: Member) -> None:
    answer = member.http.put(f"/v2/entries/900/{'ab' * 16}/PDQ/feedback", content=body)
    assert (answer.status_code, answer.json()["field"]) == (400, "body")
    assert "root:" not in answer.text


@pytest.mark.parametrize("announced", [True, False])
def test_oversize_bodies_are_refused(announced: bool, member: Member) -> None:
    body = b" " * 300_000
    content: Any = body if announced else iter([body[:100_000]] * 3)
    vote = member.http.put(f"/v2/entries/900/{'ab' * 16}/PDQ/feedback", content=content)
    content = body if announced else iter([body[:100_000]] * 3)
    said = member.stopncii.post("/SubmitFeedback", content=content)
    content = body if announced else iter([body[:100_000]] * 3)
    asked = httpx2.post(f"{member.server.url}{LOOKUP}", auth=(member.user, member.password), content=content)
    assert {answer.status_code for answer in (vote, said, asked)} == {413}


@pytest.mark.parametrize(
    "lengths",
    [
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "Content-Length: 5\r\nContent-Length: 6\r\n",
        "Content-Length: -1\r\n",
        "Content-Length: 5x\r\n",
        "Transfer-Encoding: chunked, identity\r\n",
    ],
)
def test_a_body_with_two_sizes_smuggles_no_second_request(lengths: str, member: Member) -> None:
    """Whatever is answered, the request that hides behind the body is not."""
    host, port = member.server.url.removeprefix("http://").split(":")
    basic = base64.b64encode(f"{member.user}:{member.password}".encode()).decode()
    hidden = f"GET /hashsharing/v2/members HTTP/1.1\r\nHost: x\r\nAuthorization: Basic {basic}\r\n\r\n"
    request = f"POST {LOOKUP} HTTP/1.1\r\nHost: x\r\nAuthorization: Basic {basic}\r\n{lengths}\r\n0\r\n\r\n{hidden}"
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        connection.sendall(request.encode())
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        while part := connection.recv(65_536):
            answer += part
    assert b"Help lines" not in answer


# -- help


def at_our_address(member: Member, only_esp_ids: frozenset[int] = frozenset()) -> Hma:
    """Gives the stock exchange, with our address in the place of one that it knows."""
    collab = NCMECCollabConfig(name="demo", environment=None, only_esp_ids=set(only_esp_ids))  # type: ignore[arg-type]
    collab.environment = SimpleNamespace(value=member.base)  # type: ignore[assignment]
    return Hma(NCMECSignalExchangeAPI(collab, member.user, member.password), collab)


@pytest.fixture(scope="session")
def of_channels(server: ClearinghouseServer) -> dict[str, str]:
    """One listed picture's PDQ value for each channel. Over HTTP only the page has an intake."""
    values = {}
    for at, channel in enumerate(Channel):
        made = make(640 + at, 1)
        of_channel(server, made, channel)
        send(server, made)  # known already
        values[channel.value] = own_pdq(made)[0]
    return values
