"""NCMEC's dialect by the libraries of Meta's client, unmodified. Its command line: test_the_command_line.py."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from threatexchange.exchanges.clients.ncmec.hash_api import FeedbackType, FingerprintType

from support.hash_sharing import at_our_address, confirm
from support.members import Member, listed, next_second, own_pdq, withdraw
from support.servers import ClearinghouseServer
from support.stock import Hma, fetched_until_gone, without_delay
from takeback.exchanges.threatexchange import TakebackConfig, TakebackCredentials, TakebackExchange


def test_our_exchange_does_as_hma_asks(
    server: ClearinghouseServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_delay(monkeypatch)
    member = Member(server, "HMA with our exchange", tmp_path)
    collab = TakebackConfig(name="demo", base_url=member.base)
    hma = Hma(TakebackExchange.for_collab(collab, TakebackCredentials(member.user, member.password)), collab)
    made = listed(server, 110)
    values = own_pdq(made)
    hma.fetch()
    assert hma.values >= set(values)
    more = own_pdq(listed(server, 111))
    withdraw(server, made.secrets[0])
    fetched_until_gone(hma, values[0])
    assert hma.values >= {*values[1:], *more}


def test_an_update_comes_as_the_same_entry(
    server: ClearinghouseServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Feedback moves its tier, of which this dialect carries nothing: the client is told again, and thinks the same."""
    without_delay(monkeypatch)
    reader, voters = Member(server, "Told again", tmp_path), [Member(server, f"Says {n}", tmp_path) for n in range(2)]
    collab = TakebackConfig(name="demo", base_url=reader.base)
    ours = Hma(TakebackExchange.for_collab(collab, TakebackCredentials(reader.user, reader.password)), collab)
    value = own_pdq(listed(server, 115))[0]
    for hma in (at_our_address(reader), ours):
        hma.fetch()
        (key,) = hma.lookup(value)
        entry, opinions = hma.told[key], hma.signals[value].get_as_opinions()
        assert [(one.category.name, one.tags, one.esp_id) for one in opinions] == [("POSITIVE_CLASS", set(), 900)]
        confirm(voters.pop(), value)
        next_second()
        hma.fetch()
        assert (hma.told[key], hma.lookup(value)) == (entry, {key})
        assert hma.signals[value].get_as_opinions() == opinions


def test_the_library_asks_and_votes(server: ClearinghouseServer, tmp_path: Path) -> None:
    member = Member(server, "Library", tmp_path)
    client = member.ncmec()
    assert client.status().esp_name == "Library"
    assert [one.esp_id for one in client.members()] == [900, 901, 902, 999]
    (reason,) = client.feedback_reasons(FingerprintType.pdq).items()
    value = own_pdq(listed(server, 300))[0]
    until = int(time.time())
    page = client.get_entries(start_timestamp=0, end_timestamp=until)
    assert not client.get_entries(start_timestamp=until, end_timestamp=until + 1).updates, "it is not given again"
    entry = next(one for one in page.updates if one.fingerprints.get("pdq") == value)
    client.submit_upvote(900, entry.id, FingerprintType.pdq)
    client.submit_upvote(900, entry.id, FingerprintType.pdq)
    client.submit_feedback(900, entry.id, FingerprintType.md5, FeedbackType.downvote, reason[0])
    path = f"/v2/entries/{{}}/{entry.id}/{{}}/feedback"
    yes = "<feedbackSubmission><affirmative/></feedbackSubmission>"
    for member_id, type_ in [(901, "PDQ"), (900, "SHA1"), (7, "PDQ")]:
        assert member.http.put(path.format(member_id, type_), content=yes).status_code == 404


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("from=yesterday", "from"),
        ("to=2026-01-02T03:04:05", "to"),
        ("from=2026-13-02T03:04:05Z", "from"),
        ("from=2026-01-03T00:00:00Z&to=2026-01-02T00:00:00Z", "from"),
        ("cursor=1.2", "cursor"),
        ("cursor=a.b.c", "cursor"),
        (f"cursor=1.2.{2**64}", "cursor"),
        (f"cursor=1.2.{2**40}", "cursor"),
    ],
)
def test_a_range_that_is_none_is_refused(query: str, field: str, member: Member) -> None:
    answer = member.http.get(f"/v2/entries?{query}")
    assert (answer.status_code, answer.json()["field"]) == (400, field)
