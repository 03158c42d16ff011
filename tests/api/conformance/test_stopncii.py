"""What stock clients need of a server, row by row: StopNCII's dialect."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from threatexchange.exchanges.clients.stopncii.api import StopNCIICSPFeedbackValue, StopNCIISignalType
from threatexchange.exchanges.collab_config import CollaborationConfigWithDefaults
from threatexchange.exchanges.impl.stop_ncii_api import StopNCIISignalExchangeAPI

from support.members import Member, listed, next_second, own_pdq, send, withdraw
from support.servers import ClearinghouseServer
from support.stock import Hma
from support.submissions import make
from takeback.model.participant import ParticipantState


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


def everything(member: Member, **query: int) -> tuple[list[dict[str, Any]], int]:
    """Page after page, as other tests have filled the list; gives the records, and what to come back with."""
    records, token = list[dict[str, Any]](), {}
    while True:
        page = member.stopncii.get("/FetchHashes", params=query | token).json()
        records += page["hashRecords"]
        if not page["hasMoreRecords"]:
            return records, page["nextSetTimestamp"]
        token = {"nextPageToken": page["nextPageToken"]}


def test_stopncii_start_is_inclusive(server: ClearinghouseServer, member: Member) -> None:
    _, start = everything(member)
    value = own_pdq(listed(server, 590))[0]
    again, _ = everything(member, startTimestamp=start)
    (record,) = [one for one in again if one["hashValue"] == value]
    assert record["lastModtimestamp"] >= start


def test_stopncii_withdrawn_rows_stay_as_withdrawn(server: ClearinghouseServer, member: Member) -> None:
    made = listed(server, 591)
    _, start = everything(member)
    withdraw(server, made.secrets[0])
    for _ in range(2):
        records, _ = everything(member, startTimestamp=start)
        statuses = {one["hashValue"]: one["hashStatus"] for one in records}
        assert statuses[own_pdq(made)[0]] == "Withdrawn"


def test_stopncii_has_what_came_by_every_channel_and_names_none(member: Member, of_channels: dict[str, str]) -> None:
    """This dialect has no place for a channel; NCMEC's has (test_ncmec_07)."""
    records, _ = everything(member)
    found = {one["hashValue"]: one for one in records}
    for name, value in of_channels.items():
        assert found[value]["hashStatus"] == "Active", name
        assert not any(channel in str(found[value]) for channel in of_channels), name


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


def test_stopncii_the_sandbox_has_test_entries(server: ClearinghouseServer, tmp_path: Path) -> None:
    """With the stock exchange: what comes, what changes and what is withdrawn; and nothing of the list."""
    member = Member(server, "In the sandbox by value", tmp_path, ParticipantState.SANDBOX)
    ours = own_pdq(listed(server, 596))
    collab = CollaborationConfigWithDefaults(name="demo", api="stop_ncii")
    hma = Hma(StopNCIISignalExchangeAPI(collab, member.stopncii_library()), collab)
    told = []
    for _ in range(4):
        hma.fetch()
        told.append(len(hma.told))
        next_second()
    assert told == [4, 1, 1, 0]
    film, *_ = [value for type_, value in hma.records if type_ == "video_md5"]
    assert len(hma.values - {film}) == 3
    client = member.stopncii_library()
    client.submit_feedback(StopNCIISignalType.VideoMD5, film, StopNCIICSPFeedbackValue.Blocked)
    answer = member.stopncii.post(
        "/SubmitFeedback", json={"hashFeedbacks": [{"feedbackValue": "NotBlocked", "hashValue": ours[0]}]}
    )
    assert answer.json() == {"count": 0, "undecided": 0, "unknown": 1}


def test_stopncii_the_warning_on_withdrawals_is_written() -> None:
    docs = Path(__file__).parents[3]
    for file in ("docs/dialects.md", "spec/stopncii.md"):
        assert "goes on matching" in (docs / file).read_text(), file
