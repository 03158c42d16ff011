"""Statements of reasons in the fields of the EU's transparency database (Regulation (EU) 2022/2065, article 24(5)).

Field names and words are those of the database's public API documentation (transparency.dsa.ec.europa.eu, version of
July 2025). Nothing in a statement comes from what somebody wrote: every sentence stands here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from takeback.model.notice import Content, Law
from takeback.model.received_notice import Copy, ReceivedNotice
from takeback.wire.json import Answer, encode

#: Statements in one call, at most: the database's own limit.
STATEMENTS_A_CALL = 100
#: The European Economic Area: what is removed is removed everywhere.
_EEA = (
    *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE"),
    *("IS", "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK"),
)
_CHILD_LAW = "Directive 2011/93/EU, article 5, as transposed"
_ADULT_LAW = "Directive (EU) 2024/1385, article 5, as transposed"
_TERMS = "Terms: no intimate pictures of somebody who did not agree that they are shown."
_CHILD_WHY = "It shows sexually what is said to be, and to a reviewer appears to be, a person under 18."
_ADULT_WHY = "It shows somebody in an intimate way who, by a notice, did not agree that it is shown."


class Statement(Answer, frozen=True):
    """One statement. `content_date` is required by the database: it is missing where the platform did not tell it."""

    decision_visibility: tuple[str, ...]
    decision_ground: str
    category: str
    category_specification: tuple[str, ...]
    content_type: tuple[str, ...]
    application_date: date
    decision_facts: str
    source_type: str
    automated_detection: str
    automated_decision: str
    puid: str
    territorial_scope: tuple[str, ...] = _EEA
    content_date: date | None = None
    illegal_content_legal_ground: str | None = None
    illegal_content_explanation: str | None = None
    incompatible_content_ground: str | None = None
    incompatible_content_explanation: str | None = None


class Statements(Answer, frozen=True):
    """The body of one call."""

    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Removed:
    """A piece of content that was removed because of a notice: what a statement is made of. Days are in UTC."""

    notice: ReceivedNotice
    content: str
    how: Copy
    kind: str
    uploaded_on: date | None
    applies_from: date


def statement(of: Removed) -> Statement:
    """Gives the statement for one piece of content. The platform's own id of it does not stand in it."""
    notice = of.notice
    illegal = notice.child or notice.law is Law.EU
    law, why = (_CHILD_LAW, _CHILD_WHY) if notice.child else (_ADULT_LAW, _ADULT_WHY)
    copied = of.how is not Copy.NAMED
    return Statement(
        decision_visibility=("DECISION_VISIBILITY_CONTENT_REMOVED",),
        decision_ground="DECISION_GROUND_ILLEGAL_CONTENT" if illegal else "DECISION_GROUND_INCOMPATIBLE_CONTENT",
        category="STATEMENT_CATEGORY_PROTECTION_OF_MINORS" if notice.child else "STATEMENT_CATEGORY_CYBER_VIOLENCE",
        category_specification=(_keyword(notice),),
        content_type=_types(of),
        application_date=of.applies_from,
        decision_facts=_facts(of),
        source_type=_source(notice),
        automated_detection="Yes" if copied else "No",
        automated_decision="AUTOMATED_DECISION_PARTIALLY" if copied else "AUTOMATED_DECISION_NOT_AUTOMATED",
        puid=hashlib.sha256(f"takeback statement 1\n{notice.number}\n{of.content}".encode()).hexdigest()[:40],
        content_date=of.uploaded_on,
        illegal_content_legal_ground=law if illegal else None,
        illegal_content_explanation=why if illegal else None,
        incompatible_content_ground=None if illegal else _TERMS,
        incompatible_content_explanation=None if illegal else why,
    )


def bodies(removed: Sequence[Removed]) -> list[bytes]:
    """Gives the bodies of as many calls as the database takes them in."""
    made = [statement(one) for one in removed]
    parts = (made[at : at + STATEMENTS_A_CALL] for at in range(0, len(made), STATEMENTS_A_CALL))
    return [encode(Statements(tuple(part))) for part in parts]


def _keyword(notice: ReceivedNotice) -> str:
    if notice.child:
        made = "_DEEPFAKE" if notice.computer_made else ""
        return f"KEYWORD_CHILD_SEXUAL_ABUSE_MATERIAL{made}"
    return (
        "KEYWORD_NON_CONSENSUAL_MATERIAL_DEEPFAKE" if notice.computer_made else "KEYWORD_NON_CONSENSUAL_IMAGE_SHARING"
    )


def _types(of: Removed) -> tuple[str, ...]:
    video = of.kind == "video" or of.notice.content is Content.VIDEO
    type_ = "CONTENT_TYPE_VIDEO" if video else "CONTENT_TYPE_IMAGE"
    return (type_, "CONTENT_TYPE_SYNTHETIC_MEDIA") if of.notice.computer_made else (type_,)


def _source(notice: ReceivedNotice) -> str:
    if notice.flagger is not None:
        return "SOURCE_TRUSTED_FLAGGER"
    return "SOURCE_ARTICLE_16" if notice.law is Law.EU else "SOURCE_TYPE_OTHER_NOTIFICATION"


def _facts(of: Removed) -> str:
    if of.how is Copy.NAMED:
        return "A notice named this content. A reviewer looked at it and decided."
    return "The same file as content that a notice named. A reviewer looked at that and decided; this is its copy."
