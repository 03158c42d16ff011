"""Puts a report together of what is known: about one account, and each file with what is known of it alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from takeback.errors import ConflictError
from takeback.model.hold import Hold
from takeback.model.report import Account, Facts, FileHash, Report, ReportedFile, Reporter, Said
from takeback.platform_settings import PlatformSettings

NOT_SEEN = "No person has viewed this file. It was found by its fingerprint; a hotline has verified that entry."
SAME_AS_SEEN = (
    "No person has viewed this file itself. It is the same, byte for byte, as another file of this report, which a "
    "person has viewed."
)
STILLS_SEEN = "Of this film a person has viewed still frames."


@dataclass(frozen=True, slots=True)
class Told:
    """One file and all that is known of it. `same_as_seen`: nobody has viewed it, but the very same bytes."""

    hold: Hold
    facts: Facts
    evidence: str
    hashes: tuple[FileHash, ...]
    viewed: bool
    same_as_seen: bool


def together(settings: PlatformSettings, said: Said, told: Sequence[Told]) -> Report:
    """Gives the report about these files. Raises ConflictError where the platform's facts name several accounts."""
    at, at_means = _moment(told)
    every = [one.facts for one in told]
    contexts = _distinct(facts.context for facts in every)
    chats = _distinct(facts.chat for facts in every)
    return Report(
        incident=said.incident,
        at=at,
        at_means=at_means,
        reporter=reporter_of(settings),
        platform=settings.report_platform or None,
        urgent=said.urgent,
        notes=said.notes,
        urls=_distinct(facts.location for facts in every),
        chat="\n\n".join(chats) or None,
        chat_service=next((facts.chat_service for facts in every if facts.chat_service), None),
        reported=_reported(told),
        recipients=tuple(dict.fromkeys(one for facts in every for one in facts.recipients)),
        victims=tuple(dict.fromkeys(one for facts in every for one in facts.victims)),
        files=tuple(_file(one, said) for one in told),
        info="\n".join(_distinct([said.info, *contexts])) or None,
        said=said.info,
    )


def reporter_of(settings: PlatformSettings) -> Reporter:
    """Gives who reports, by the settings."""
    return Reporter(
        settings.reporter_first_name,
        settings.reporter_last_name,
        settings.reporter_email,
        settings.reporter_legal_url,
        settings.reporter_company_text,
    )


def _file(one: Told, said: Said) -> ReportedFile:
    return ReportedFile(
        evidence=one.evidence,
        viewed=one.viewed,
        metadata_viewed=False,  # the desk shows no metadata to anybody; once it does, that is a viewing of its own
        hashes=one.hashes,
        matched=tuple(pair for finding in one.hold.findings for pair in _matched(finding.list, finding.type)),
        notes=said.file_notes,
        original_name=one.facts.file_name,
        uploaded_at=_uploaded(one),
        location=one.facts.location,
        public=one.facts.public,
        upload_event=one.facts.upload_event,
        info=_how_it_was_seen(one),
    )


def _how_it_was_seen(one: Told) -> tuple[str, ...]:
    if one.viewed:
        return (STILLS_SEEN,) if one.hold.kind == "video" else ()
    return (SAME_AS_SEEN if one.same_as_seen else NOT_SEEN,)


def _moment(told: Sequence[Told]) -> tuple[datetime, str]:
    """The first upload; where none is known, when the file was found that is reported."""
    uploads = [at for one in told if (at := _uploaded(one)) is not None]
    if not uploads:
        return told[0].hold.opened_at, "Time at which it was found"
    return min(uploads), "Time of upload" if len(told) == 1 else "Time of the first upload"


def _uploaded(one: Told) -> datetime | None:
    return one.facts.uploaded_at or one.hold.content.uploaded_at


def _reported(told: Sequence[Told]) -> Account | None:
    """The account as each file's facts know it, in one. They are all of one account, or it is another report."""
    known = [one.facts.reported for one in told if one.facts.reported is not None]
    ids = {one.id for one in known if one.id is not None}
    if len(ids) > 1:
        names = ", ".join(one.hold.id for one in told if one.facts.reported is not None)
        raise ConflictError(f"The facts of {names} are about several accounts. Leave one out: it takes its own report.")
    if not known:
        account = told[0].hold.content.account
        return None if account is None else Account(id=account)
    return Account(**{field.name: _joined([getattr(one, field.name) for one in known]) for field in fields(Account)})


def _joined(values: Sequence[Any]) -> Any:  # noqa: ANN401 - a field of an account, of whatever type
    """What several files know of one thing: all of it where there may be many, else the first that is known."""
    if isinstance(values[0], tuple):
        return tuple(dict.fromkeys(one for value in values for one in value))
    return next((value for value in values if value is not None), None)


def _distinct(texts: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))


def _matched(list_: str, type_: str) -> tuple[tuple[str, str], ...]:
    return ("matched-list", list_), ("matched-by", type_)
