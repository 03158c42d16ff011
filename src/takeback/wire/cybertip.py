"""The CyberTipline Reporting API's documents: reports and file details as XML, and what its answers say.

Elements stand in the order of the published schema, which `wire/cybertip_rules.py` checks. What is not known is left
out; a note is an element of its own and never `false`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, ParseError, SubElement, tostring

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from takeback.errors import UnavailableError
from takeback.model.report import Account, IpEvent, Report, ReportedFile, Reporter

MEDIA_TYPE = "text/xml; charset=utf-8"
#: Largest answer that is read, in bytes; real ones have a few hundred.
MAX_ANSWER_BYTES = 262_144
#: What no XML 1.0 document may hold, escaped or not.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the service answered. `code` 0 is success, whatever the status of HTTP; `hash` is the MD5 that it received.

    `files` are the ids of the files of a report that is finished.
    """

    code: int
    description: str = ""
    report: str | None = None
    file: str | None = None
    hash: str | None = None
    files: tuple[str, ...] = ()


def report_bytes(report: Report) -> bytes:
    """Gives the document that opens a report."""
    root = Element("report")
    summary = SubElement(root, "incidentSummary")
    _add(summary, "incidentType", report.incident.value)
    _add(summary, "platform", report.platform)
    _add(summary, "escalateToHighPriority", report.urgent)
    _notes(summary, "reportAnnotations", [note.value for note in report.notes])
    _add(summary, "incidentDateTime", report.at)
    _add(summary, "incidentDateTimeDescription", report.at_means)
    if report.urls:
        page = SubElement(SubElement(root, "internetDetails"), "webPageIncident")
        _all(page, "url", report.urls)
    if report.chat or report.chat_service:
        chat = SubElement(SubElement(root, "internetDetails"), "chatImIncident")
        _add(chat, "chatClient", report.chat_service)
        _add(chat, "content", report.chat)
    _reporter(root, report.reporter)
    if report.reported is not None:
        _account(SubElement(root, "personOrUserReported"), "personOrUserReportedPerson", report.reported)
    for one in report.recipients:
        _account(SubElement(root, "intendedRecipient"), "intendedRecipientPerson", one)
    for one in report.victims:
        _account(SubElement(root, "victim"), "victimPerson", one, needed=True)
    _add(root, "additionalInfo", report.info)
    return _bytes(root)


def file_bytes(file: ReportedFile, *, report: str, theirs: str) -> bytes:
    """Gives the document that describes an uploaded file. `report` and `theirs` are the service's own ids."""
    root = Element("fileDetails")
    _add(root, "reportId", report)
    _add(root, "fileId", theirs)
    _add(root, "originalFileName", file.original_name)
    _add(root, "uploadedToEspTimestamp", file.uploaded_at)
    _add(root, "locationOfFile", file.location)
    _add(root, "fileViewedByEsp", file.viewed)
    _add(root, "exifViewedByEsp", file.metadata_viewed)
    _add(root, "publiclyAvailable", file.public)
    _add(root, "fileRelevance", "Reported")
    _notes(root, "fileAnnotations", [note.value for note in file.notes])
    for one in file.hashes:
        _add(root, "originalFileHash", one.value, hashType=one.type)
    if file.upload_event is not None:
        _ip_event(root, file.upload_event)
    if file.matched:
        details = SubElement(root, "details", type="HASH")
        for name, text in file.matched:
            pair = SubElement(details, "nameValuePair")
            _add(pair, "name", name)
            _add(pair, "value", text)
    _all(root, "additionalInfo", file.info)
    return _bytes(root)


def answer(content: bytes) -> Answer:
    """Gives what an answer says, or raises UnavailableError for what is none: nothing of it is repeated."""
    try:
        root = fromstring(content[: MAX_ANSWER_BYTES + 1]) if len(content) <= MAX_ANSWER_BYTES else None
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        root = None
    if root is None or root.tag not in ("reportResponse", "reportDoneResponse"):
        raise UnavailableError("The answer is not one of the CyberTipline's. Check its address; try again later.")
    code = _text(root, "responseCode") or ""
    if not re.fullmatch(r"[0-9]{1,6}", code):
        raise UnavailableError("The answer carries no code. Try again later.")
    return Answer(
        int(code),
        (_text(root, "responseDescription") or "")[:300],
        _id(_text(root, "reportId"), r"[0-9]{1,19}"),
        _id(_text(root, "fileId"), r"[0-9A-Za-z-]{1,64}"),
        _id((_text(root, "hash") or "").lower() or None, r"[0-9a-f]{32}"),
        tuple(one.text or "" for one in root.findall("files/fileId")),
    )


def _text(root: Element, name: str) -> str | None:
    found = root.findtext(name)
    return None if found is None else found.strip()


def _id(text: str | None, shape: str) -> str | None:
    if text is not None and not re.fullmatch(shape, text):
        raise UnavailableError("The answer carries an id that is none. Try again later.")
    return text


def _reporter(root: Element, reporter: Reporter) -> None:
    element = SubElement(root, "reporter")
    person = SubElement(element, "reportingPerson")
    _add(person, "firstName", reporter.first_name or None)
    _add(person, "lastName", reporter.last_name or None)
    _add(person, "email", reporter.email or None, type="Business")
    _add(element, "companyTemplate", reporter.company_text or None)
    _add(element, "legalURL", reporter.legal_url or None)


def _account(element: Element, person: str, account: Account, *, needed: bool = False) -> None:
    if needed or account.first_name or account.last_name or account.phones or account.emails or account.age is not None:
        who = SubElement(element, person)
        _add(who, "firstName", account.first_name)
        _add(who, "lastName", account.last_name)
        _all(who, "phone", account.phones)
        _all(who, "email", account.emails)
        _add(who, "age", account.age)
    _add(element, "espIdentifier", account.id)
    _add(element, "espService", account.service)
    _add(element, "screenName", account.screen_name)
    _all(element, "displayName", account.display_names)
    _all(element, "profileUrl", account.profile_urls)
    _add(element, "profileBio", account.bio)
    for event in account.ip_events:
        _ip_event(element, event)
    _add(element, "additionalInfo", account.info)


def _ip_event(element: Element, event: IpEvent) -> None:
    captured = SubElement(element, "ipCaptureEvent")
    _add(captured, "ipAddress", event.address)
    _add(captured, "eventName", event.happening.value)
    _add(captured, "dateTime", event.at)
    _add(captured, "possibleProxy", event.proxy)
    _add(captured, "port", event.port)


def _notes(element: Element, name: str, notes: list[str]) -> None:
    if notes:
        group = SubElement(element, name)
        for note in notes:
            _add(group, note, value=True)


def _all(element: Element, name: str, values: tuple[str, ...]) -> None:
    for value in values:
        _add(element, name, value)


def _add(element: Element, name: str, value: str | bool | int | datetime | None, **attributes: str) -> None:
    if value is not None:
        SubElement(element, name, attributes).text = _written(value)


def _written(value: str | bool | int | datetime) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        text = value.isoformat(timespec="seconds")
        return text.replace("+00:00", "Z") if value.utcoffset() == UTC.utcoffset(None) else text
    return _FORBIDDEN.sub("\ufffd", str(value))


def _bytes(root: Element) -> bytes:
    made: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return made
