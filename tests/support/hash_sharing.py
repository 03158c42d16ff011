"""NCMEC's dialect as a stock client asks and reads it."""

from __future__ import annotations

from datetime import UTC, datetime
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

from support.members import Member, next_second
from support.stock import Hma, ncmec_exchange

NAMESPACE = "{https://hashsharing.ncmec.org/hashsharing/v2}"
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


def at_our_address(member: Member, only_esp_ids: frozenset[int] = frozenset()) -> Hma:
    """Gives the stock exchange, with our address in the place of one that it knows."""
    return ncmec_exchange(member.base, member.user, member.password, only_esp_ids)


def name_of(member: Member, value: str) -> str:
    """Gives the id that a participant has for the entry of a PDQ value."""
    (row,) = [one for one in rows(entries(member, to=stamp(next_second()))) if value_of(one) == value]
    return child(row, "id")


def confirm(member: Member, value: str, channel: int = 900) -> None:
    """Votes that an entry is right."""
    path = f"/v2/entries/{channel}/{name_of(member, value)}/PDQ/feedback"
    assert member.http.put(path, content=YES).status_code == 200
