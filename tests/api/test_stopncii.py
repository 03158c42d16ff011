"""StopNCII's dialect by the library of Meta's client, unmodified. Its command line: test_the_command_line.py."""

from __future__ import annotations

import json

import httpx2
import pytest
from threatexchange.exchanges.clients.stopncii.api import StopNCIICSPFeedbackValue as Value
from threatexchange.exchanges.clients.stopncii.api import StopNCIISignalType as Type
from threatexchange.exchanges.collab_config import CollaborationConfigWithDefaults
from threatexchange.exchanges.impl.stop_ncii_api import StopNCIISignalExchangeAPI

from support.commands import run_command
from support.members import Member, invited, listed, next_second, own_pdq, withdraw
from support.servers import ClearinghouseServer
from support.stock import Hma


@pytest.fixture
def hma(member: Member) -> Hma:
    collab = CollaborationConfigWithDefaults(name="demo", api="stop_ncii")
    return Hma(StopNCIISignalExchangeAPI(collab, member.stopncii_library()), collab)


def test_hma_is_told(server: ClearinghouseServer, hma: Hma) -> None:
    made = listed(server, 410)
    values = own_pdq(made)
    hma.fetch()
    assert hma.values >= set(values)
    withdraw(server, made.secrets[0])
    next_second()
    (page,) = hma.exchange.api.fetch_hashes_iter(hma.checkpoint.update_time)
    (told,) = [one for one in page.hashRecords if one.hashValue == values[0]]
    assert told.hashStatus.value == "Withdrawn"
    assert set(told.caseNumbers) != {made.secrets[0]}
    hma.fetch()
    assert hma.values >= {*values[1:]}


def test_a_client_that_comes_later_gets_nothing_of_what_is_gone(server: ClearinghouseServer, hma: Hma) -> None:
    made = listed(server, 420)
    withdraw(server, made.secrets[0])
    hma.fetch()
    assert own_pdq(made)[0] not in hma.values
    assert hma.values >= set(own_pdq(made)[1:])


def test_the_library_says_what_was_found(server: ClearinghouseServer, member: Member) -> None:
    client, values = member.stopncii_library(), own_pdq(listed(server, 430))
    client.submit_feedback(Type.ImagePDQ, values[0], Value.Blocked, {"reviewed"})
    client.submit_feedback(Type.ImagePDQ, values[0], Value.PendingReview)
    client.submit_hash(Type.ImagePDQ, values[0])
    (record,) = [one for page in client.fetch_hashes_iter() for one in page.hashRecords if one.hashValue == values[0]]
    assert record.CSPFeedbacks == [], "and nobody is told who said it"


def test_participants_add_nothing(server: ClearinghouseServer, member: Member) -> None:
    value = own_pdq(listed(server, 440))[0]
    on, off = ({"signalType": "ImagePDQ", "hashValue": one, "lastModtimestamp": 1} for one in (value, "ab" * 32))
    answer = member.stopncii.post("/SubmitHashes", json={"count": 2, "hashRecords": [on, off]})
    assert (answer.status_code, answer.json()["field"]) == (400, "hashRecords[1].hashValue")
    assert "ab" * 32 not in answer.text
    taken = member.stopncii.post("/SubmitHashes", json={"count": 1, "hashRecords": [on]})
    assert taken.json() == {"count": 0, "undecided": 1, "unknown": 0}


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/SubmitFeedback", {}, "hashFeedbacks"),
        ("/SubmitFeedback", {"hashFeedbacks": [{"feedbackValue": "Perhaps", "hashValue": "ab" * 32}]}, None),
        ("/SubmitFeedback", {"hashFeedbacks": [{"feedbackValue": "Blocked"}]}, "hashFeedbacks[0].hashValue"),
        ("/SubmitFeedback", {"hashFeedbacks": [{"feedbackValue": "Blocked", "hashValue": "AB" * 32}]}, None),
        ("/SubmitHashes", {"hashRecords": [{"signalType": "ImagePDQ", "hashValue": "ab" * 16}]}, None),
        ("/SubmitHashes", {"hashRecords": [{"signalType": "Text", "hashValue": "ab" * 32}]}, None),
        ("/SubmitHashes", {"hashRecords": [{"hashValue": "ab" * 32}]}, None),
        ("/SubmitHashes", {"hashRecords": {}}, "hashRecords"),
    ],
)
def test_what_cannot_be_read_is_refused(path: str, body: object, field: str | None, member: Member) -> None:
    answer = member.stopncii.post(path, json=body)
    assert answer.status_code == 400, answer.text
    assert field in (None, answer.json()["field"])
    assert "ab" * 16 not in answer.text.lower()


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("startTimestamp=-1", "startTimestamp"),
        ("startTimestamp=soon", "startTimestamp"),
        ("startTimestamp=99999999999", "startTimestamp"),
        ("pageSize=0", "pageSize"),
        ("nextPageToken=x", "nextPageToken"),
        ("nextPageToken=1.2.3.4.5", "nextPageToken"),
        (f"nextPageToken=0.9.{2**40}", "nextPageToken"),
    ],
)
def test_a_range_that_is_none_is_refused(query: str, field: str, member: Member) -> None:
    answer = member.stopncii.get(f"/FetchHashes?{query}")
    assert (answer.status_code, answer.json()["field"]) == (400, field)


def test_a_token_that_was_never_given_out_does_no_harm(server: ClearinghouseServer, member: Member) -> None:
    listed(server, 450)
    answer = member.stopncii.get("/FetchHashes", params={"nextPageToken": f"0.{2**62}.1767323045.{2**62}"})
    assert answer.status_code == 200
    assert answer.json()["hashRecords"]


def test_new_keys_leave_those_before_valid_for_as_long_as_the_operator_says(server: ClearinghouseServer) -> None:
    id_ = invited(server, "Changes its keys").participant

    def given(*words: str) -> dict[str, str]:
        done = run_command("participant", "header-keys", id_, *words, "--settings", str(server.settings))
        assert done.exit_code == 0, done.output
        keys = json.loads(done.stdout)
        return {
            "x-functions-key": keys["fetch_function_key"],
            "Ocp-Apim-Subscription-Key": keys["subscription_key"],
        }

    def statuses(*pairs: dict[str, str]) -> list[int]:
        address = f"{server.url}/stopncii/v1/FetchHashes"
        return [httpx2.get(address, headers=one, timeout=30).status_code for one in pairs]

    first = given()
    second = given("--overlap-days", "1")
    assert statuses(first, second) == [200, 200]
    third = given()
    assert statuses(first, second, third) == [401, 401, 200]
    left = run_command("participant", "leave", id_, "--yes", "--settings", str(server.settings))
    assert left.exit_code == 0, left.output
    assert statuses(third) == [401]
