"""The rules of the CyberTipline's published schema, as far as our reports use it, and a check against them.

This is a table of our own, written from the documentation and the schema of November 2025: order, how often, which
values, how long. The service's own schema stands at its address `/xsd` and may have moved on; it alone decides.

An element's children are one text, each name followed by a blank, and the rule is a regular expression over it.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from takeback.model.report import FileNote, Happening, Incident, ReportNote

_ACCOUNT = (
    "espIdentifier? espService? compromisedAccount? screenName? displayName* profileUrl* profileBio? ipCaptureEvent* "
    "deviceId* "
)
_ENDING = "accountTemporarilyDisabled? accountPermanentlyDisabled? estimatedLocation? allEmailsReported? "
_PERSON = "firstName? lastName? phone* email* address* age? dateOfBirth?"

#: Element → its children in order: `?` at most once, `*` any number, `+` at least once, `|` one of them.
CHILDREN = {
    "report": "batchedReport? incidentSummary internetDetails* lawEnforcement? reporter personOrUserReported* "
    "intendedRecipient* victim* additionalInfo?",
    "incidentSummary": "incidentType platform? escalateToHighPriority? reportAnnotations? incidentDateTime "
    "incidentDateTimeDescription?",
    "internetDetails": "webPageIncident|emailIncident|newsgroupIncident|chatImIncident|onlineGamingIncident|"
    "cellPhoneIncident|nonInternetIncident|peer2peerIncident",
    "webPageIncident": "url* additionalInfo?",
    "chatImIncident": "chatClient? chatRoomName? content? additionalInfo?",
    "reporter": "reportingPerson contactPerson? companyTemplate? termsOfService? legalURL?",
    "reportingPerson": _PERSON,
    "personOrUserReportedPerson": _PERSON,
    "intendedRecipientPerson": _PERSON,
    "victimPerson": _PERSON,
    "personOrUserReported": f"personOrUserReportedPerson? vehicleDescription? {_ACCOUNT}thirdPartyUserReported? "
    f"priorCTReports* groupIdentifier? {_ENDING}associatedAccount* additionalInfo?",
    "intendedRecipient": f"intendedRecipientPerson? {_ACCOUNT}priorCTReports* groupIdentifier? {_ENDING}"
    "additionalInfo*",
    "victim": f"victimPerson {_ACCOUNT}schoolName? priorCTReports* {_ENDING}associatedAccount* additionalInfo?",
    "ipCaptureEvent": "ipAddress eventName? dateTime? possibleProxy? port?",
    "deviceId": "idType idValue eventName? dateTime?",
    "fileDetails": "reportId fileId fileName? originalFileName? uploadedToEspTimestamp? locationOfFile? "
    "fileViewedByEsp? exifViewedByEsp? publiclyAvailable? fileRelevance? potentialMeme?|fileAnnotations? "
    "industryClassification? originalFileHash* ipCaptureEvent? deviceId* details* additionalInfo*",
    "details": "nameValuePair+",
    "nameValuePair": "name value",
}
#: Elements whose children come in any order, each at most once, and say nothing but `true`.
NOTES = {
    "reportAnnotations": {note.value for note in ReportNote},
    "fileAnnotations": {note.value for note in FileNote},
}
#: Element → the only texts that it may hold.
VALUES = {
    "incidentType": {one.value for one in Incident},
    "eventName": {one.value for one in Happening},
    "fileRelevance": {"Reported", "Supplemental Reported"},
    "industryClassification": {"A1", "A2", "B1", "B2"},
}
#: Element → the most characters of its text, by the documentation.
LONGEST = {
    "platform": 256,
    "escalateToHighPriority": 3_000,
    "incidentDateTimeDescription": 3_000,
    "chatClient": 255,
    "legalURL": 2_083,
    "firstName": 100,
    "lastName": 100,
    "phone": 50,
    "email": 255,
    "espIdentifier": 255,
    "espService": 100,
    "screenName": 256,
    "originalFileName": 2_056,
    "locationOfFile": 2_083,
    "name": 64,
}
_MOMENTS = {"incidentDateTime", "dateTime", "uploadedToEspTimestamp"}
_TRUTHS = {"fileViewedByEsp", "exifViewedByEsp", "publiclyAvailable", "possibleProxy", "compromisedAccount"}
_NUMBERS = {"reportId", "port", "age", "priorCTReports"}
#: Element → its attributes, and whether each must be there.
ATTRIBUTES = {
    "originalFileHash": {"hashType": True},
    "details": {"type": False},
    "webPageIncident": {"thirdPartyHostedContent": False},
    "phone": {"type": False, "verified": False, "verificationDate": False, "countryCallingCode": False},
    "email": {"type": False, "verified": False, "verificationDate": False},
}
ROOTS = ("report", "fileDetails")
#: Characters of a hash's type, at most.
_MAX_HASH_TYPE = 64


def faults(document: bytes) -> list[str]:
    """Gives what a document breaks, in its order; nothing where it keeps every rule. No text of it is repeated."""
    try:
        root = fromstring(document)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        return ["is not well-formed XML"]
    if root.tag not in ROOTS:
        return ["is neither a report nor the details of a file"]
    return _faults(root, root.tag)


def _faults(element: Element, path: str) -> list[str]:
    wrong = _attributes(element, path)
    if element.tag in NOTES:
        return wrong + _notes(element, path)
    if element.tag in CHILDREN:
        if not _model(CHILDREN[element.tag]).fullmatch("".join(f"{child.tag} " for child in element)):
            return [*wrong, f"{path}: its elements are not these, or not in this order: {CHILDREN[element.tag]}"]
        for child in element:  # only what the rules know, so no document leads deeper than they do
            wrong += _faults(child, f"{path}/{child.tag}")
        return wrong
    return wrong + _text(element, path)


def _notes(element: Element, path: str) -> list[str]:
    names = [child.tag for child in element]
    wrong = [f"{path}: there is no such note, or it stands twice"] * (
        not set(names) <= NOTES[element.tag] or len(set(names)) != len(names)
    )
    if any((child.text or "true") not in ("true", "1") for child in element):
        wrong.append(f"{path}: a note is empty or true, and otherwise left out")
    return wrong


def _attributes(element: Element, path: str) -> list[str]:
    known = ATTRIBUTES.get(element.tag, {})
    names = {name for name in element.attrib if not name.startswith("{")}  # xsi:… of the root
    wrong = [f"{path}: has an attribute that it may not have"] * (not names <= set(known))
    wrong += [f"{path}: lacks {name}" for name, needed in known.items() if needed and name not in names]
    if element.tag == "details" and element.get("type", "HASH") not in ("EXIF", "HASH"):
        wrong.append(f"{path}: its type is neither EXIF nor HASH")
    if len(element.get("hashType", "")) > _MAX_HASH_TYPE:
        wrong.append(f"{path}: hashType has more than {_MAX_HASH_TYPE} characters")
    return wrong


def _text(element: Element, path: str) -> list[str]:
    text, name = element.text or "", element.tag
    wrong = [f"{path}: holds elements, but is a text"] * (len(element) > 0)
    if name in VALUES and text not in VALUES[name]:
        wrong.append(f"{path}: is none of the values that it may have")
    if name in LONGEST and len(text) > LONGEST[name]:
        wrong.append(f"{path}: has more than {LONGEST[name]} characters")
    if name in _TRUTHS and text not in ("true", "false", "1", "0"):
        wrong.append(f"{path}: is neither true nor false")
    if name in _NUMBERS and not re.fullmatch(r"-?[0-9]{1,18}", text):
        wrong.append(f"{path}: is no number")
    if name in _MOMENTS and not _is_moment(text):
        wrong.append(f"{path}: is no moment with a time zone")
    if name == "dateOfBirth" and not _is_date(text):
        wrong.append(f"{path}: is no day")
    return wrong


def _is_moment(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None and "T" in text
    except ValueError:
        return False


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _model(rule: str) -> re.Pattern[str]:
    """Gives the regular expression over `name name … ` that a rule is."""
    parts = []
    for part in rule.split(" "):
        choices = [
            f"(?:{re.escape(one.rstrip('?*+'))} ){one[-1] if one[-1] in '?*+' else ''}" for one in part.split("|")
        ]
        parts.append(f"(?:{'|'.join(choices)})")
    return re.compile("".join(parts))
