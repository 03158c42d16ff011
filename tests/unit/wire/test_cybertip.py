"""The CyberTipline's documents: what is written keeps the schema's rules, and what breaks one is found."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from xml.etree.ElementTree import tostring

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given, settings
from hypothesis import strategies as st

from takeback.errors import UnavailableError
from takeback.model.completeness import completeness
from takeback.model.report import (
    Account,
    FileHash,
    FileNote,
    Happening,
    Incident,
    IpEvent,
    Report,
    ReportedFile,
    Reporter,
    ReportNote,
)
from takeback.wire.cybertip import answer, file_bytes, report_bytes
from takeback.wire.cybertip_rules import faults
from takeback.wire.facts import kept_report, report_text

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
EVENT = IpEvent("192.0.2.55", Happening.UPLOAD, AT, 443, proxy=False)
SMALLEST = Report(Incident.MATERIAL, AT, "Time of upload", Reporter())
FILE = ReportedFile("e-1", viewed=True, metadata_viewed=False)
ACCOUNT = Account(
    "user-4711",
    "Forum",
    "Max",
    "Example",
    ("max@example.org",),
    ("+49 30 1",),
    44,
    "handle",
    ("Max",),
    ("https://forum.example/u/1",),
    "a bio",
    (EVENT,),
    "more",
)
WHOLE = Report(
    Incident.ENTICEMENT,
    AT,
    "Time of upload",
    Reporter("Safety", "Team", "safety@forum.example", "https://forum.example/legal", "Serve us at the door."),
    platform="Example Forum",
    urgent="a meeting is planned",
    notes=(ReportNote.SEXTORTION,),
    urls=("https://forum.example/p/77",),
    chat="<b>what & was said</b>",
    chat_service="Forum chat",
    reported=ACCOUNT,
    recipients=(ACCOUNT, Account(id="r-2")),
    victims=(ACCOUNT, Account()),
    files=(FILE,),
    info="all of it",
)
WHOLE_FILE = replace(
    FILE,
    hashes=(FileHash("MD5", "0" * 32), FileHash("PDQ", "f" * 64)),
    matched=(("matched-list", "takeback.example/list"), ("matched-by", "pdq")),
    notes=(FileNote.SELF_PRODUCED, FileNote.GENERATED),
    original_name="upload & more.jpg",
    uploaded_at=AT,
    location="https://forum.example/m/1",
    public=True,
    upload_event=EVENT,
    info=("one", "two"),
)


def of_file(file: ReportedFile) -> bytes:
    return file_bytes(file, report="4001", theirs="0" * 32)


@pytest.mark.parametrize("report", [SMALLEST, WHOLE], ids=["smallest", "whole"])
def test_a_report_keeps_every_rule_of_the_schema(report: Report) -> None:
    assert faults(report_bytes(report)) == []
    assert kept_report(report_text(report)) == report


@pytest.mark.parametrize("file", [FILE, WHOLE_FILE], ids=["smallest", "whole"])
def test_the_details_of_a_file_keep_every_rule(file: ReportedFile) -> None:
    assert faults(of_file(file)) == []


def test_texts_arrive_as_they_were_and_notes_are_elements() -> None:
    root = fromstring(report_bytes(WHOLE))
    assert root.findtext("internetDetails/chatImIncident/content") == "<b>what & was said</b>"
    assert [note.tag for note in root.find("incidentSummary/reportAnnotations") or ()] == ["sextortion"]
    assert root.findtext("personOrUserReported/ipCaptureEvent/dateTime") == "2026-01-02T03:04:05Z"
    file = fromstring(of_file(WHOLE_FILE))
    assert [one.get("hashType") for one in file.findall("originalFileHash")] == ["MD5", "PDQ"]
    assert (file.find("details") or file).get("type") == "HASH"
    assert "false" not in [one.text for one in file.find("fileAnnotations") or ()]


def test_the_zone_of_a_time_stays() -> None:
    there = timezone(timedelta(hours=-7))
    moved = replace(SMALLEST, at=AT.astimezone(there))
    assert fromstring(report_bytes(moved)).findtext("incidentSummary/incidentDateTime") == "2026-01-01T20:04:05-07:00"


@given(text=st.text())
@settings(max_examples=100, deadline=None)
def test_any_text_makes_well_formed_xml(text: str) -> None:
    report = replace(WHOLE, chat=text, info=text)
    assert "is not well-formed XML" not in faults(report_bytes(report))


def swapped(document: bytes, one: str, other: str) -> bytes:
    root = fromstring(document)
    parent = next(
        element for element in root.iter() if element.find(one) is not None and element.find(other) is not None
    )
    children = list(parent)
    first, second = children.index(parent.find(one)), children.index(parent.find(other))  # type: ignore[arg-type]
    parent[first], parent[second] = children[second], children[first]
    made: bytes = tostring(root)
    return made


@pytest.mark.parametrize(
    ("document", "one", "other"),
    [
        (report_bytes(WHOLE), "incidentSummary", "reporter"),
        (report_bytes(WHOLE), "incidentType", "platform"),
        (report_bytes(WHOLE), "ipAddress", "dateTime"),
        (report_bytes(WHOLE), "espIdentifier", "ipCaptureEvent"),
        (of_file(WHOLE_FILE), "reportId", "fileId"),
        (of_file(WHOLE_FILE), "fileViewedByEsp", "fileAnnotations"),
        (of_file(WHOLE_FILE), "originalFileHash", "details"),
    ],
)
def test_a_wrong_order_is_found(document: bytes, one: str, other: str) -> None:
    assert any("not in this order" in fault for fault in faults(swapped(document, one, other)))


@pytest.mark.parametrize(
    ("change", "at"),
    [
        ((b"Online Enticement of Children for Sexual Acts", b"Other"), "incidentType"),
        ((b"<sextortion>true", b"<sextortion>false"), "reportAnnotations"),
        ((b"<sextortion>true</sextortion>", b"<informational/>"), "reportAnnotations"),
        ((b"2026-01-02T03:04:05Z", b"2026-01-02 03:04"), "incidentDateTime"),
        ((b"2026-01-02T03:04:05Z", b"2026-01-02T03:04:05"), "incidentDateTime"),
        ((b"<eventName>Upload", b"<eventName>Uploaded"), "eventName"),
        ((b"Example Forum", b"x" * 257), "platform"),
        ((b"<port>443", b"<port>https"), "port"),
        ((b"<victimPerson>", b"<other>"), ""),
    ],
)
def test_a_wrong_value_is_found_and_never_repeated(change: tuple[bytes, bytes], at: str) -> None:
    found = faults(report_bytes(WHOLE).replace(*change))
    assert found
    assert any(at in fault for fault in found)
    assert not any("2026-01-02" in fault or "Uploaded" in fault for fault in found)


def test_a_file_without_hash_type_and_a_document_of_another_kind_are_found() -> None:
    assert faults(of_file(WHOLE_FILE).replace(b' hashType="MD5"', b"")) == [
        "fileDetails/originalFileHash: lacks hashType"
    ]
    assert faults(b"<other/>") == ["is neither a report nor the details of a file"]
    bomb = b'<!DOCTYPE a [<!ENTITY b "c">]><report>&b;</report>'
    assert faults(bomb) == ["is not well-formed XML"]
    assert faults(b'<?xml version="1.0" encoding="utf-99"?><report/>') == ["is not well-formed XML"]
    assert len(faults(b"<report>" * 20_000 + b"</report>" * 20_000)) == 1


def test_an_answer_says_code_and_ids() -> None:
    given = answer(
        b"<reportResponse><responseCode>0</responseCode><responseDescription>Success</responseDescription>"
        b"<reportId>4001</reportId><fileId>0123456789abcdef0123456789abcdef</fileId>"
        b"<hash>0123456789ABCDEF0123456789abcdef</hash></reportResponse>"
    )
    assert (given.code, given.report, given.hash) == (0, "4001", "0123456789abcdef0123456789abcdef")
    done = answer(
        b"<reportDoneResponse><responseCode>0</responseCode><reportId>1</reportId>"
        b"<files><fileId>a</fileId><fileId>b</fileId></files></reportDoneResponse>"
    )
    assert done.files == ("a", "b")


GOOD = b"<reportResponse><responseCode>0</responseCode><reportId>4001</reportId></reportResponse>"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html>busy</html>",
        b"<reportResponse/>",
        b"<reportResponse><responseCode>x</responseCode></reportResponse>",
        b"<reportResponse><responseCode>0</responseCode><reportId>../1</reportId></reportResponse>",
        b'<!DOCTYPE a [<!ENTITY b "0">]><reportResponse><responseCode>&b;</responseCode></reportResponse>',
        GOOD + b" " * 300_000,
        GOOD.decode().encode("utf-16")[:40],
    ],
)
def test_what_is_no_answer_is_no_success(content: bytes) -> None:
    with pytest.raises(UnavailableError):
        answer(content)


@given(place=st.integers(0, len(GOOD) - 1), byte=st.integers(0, 255), cut=st.booleans())
@settings(max_examples=150, deadline=None)
def test_an_answer_that_is_damaged_raises_nothing_else(place: int, byte: int, cut: bool) -> None:
    damaged = GOOD[:place] if cut else GOOD[:place] + bytes([byte]) + GOOD[place + 1 :]
    try:
        given = answer(damaged)
    except UnavailableError:
        return
    assert given.code >= 0


@given(content=st.binary(max_size=400))
@settings(max_examples=100, deadline=None)
def test_any_bytes_are_an_answer_or_none(content: bytes) -> None:
    try:
        answer(content)
    except UnavailableError:
        return


def test_the_score_says_what_is_missing_and_why() -> None:
    least, most = completeness(SMALLEST), completeness(replace(WHOLE, files=(WHOLE_FILE,)))
    assert (most.score, most.missing) == (100, ())
    assert least.score < 10
    assert least.missing[0].points >= least.missing[-1].points
    assert all(one.why for one in least.missing)
    unseen = completeness(replace(WHOLE, files=(replace(WHOLE_FILE, viewed=False),)))
    assert [one.what for one in unseen.missing] == ["that a person has seen the file"]
