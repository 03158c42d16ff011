"""NCMEC's dialect as a stock client asks and reads it."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring
from threatexchange.exchanges.impl.ncmec_api import NCMECCollabConfig, NCMECSignalExchangeAPI

from support.members import Member
from support.stock import Hma

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
    collab = NCMECCollabConfig(name="demo", environment=None, only_esp_ids=set(only_esp_ids))  # type: ignore[arg-type]
    collab.environment = SimpleNamespace(value=member.base)  # type: ignore[assignment]
    return Hma(NCMECSignalExchangeAPI(collab, member.user, member.password), collab)
