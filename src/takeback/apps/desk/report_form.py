"""Building a report at the desk: the form, and what a person says with it. Building sends nothing."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, TypeVar

from litestar import Response, get, post
from litestar.params import Parameter
from litestar.response.redirect import Redirect

from takeback.apps.desk.pages import TheDeskSettings, page, then
from takeback.apps.desk.report_words import FILE_NOTES, GROUNDS, INCIDENTS, NOTES
from takeback.apps.installed import TheClock, TheDatabase
from takeback.apps.staff.access import CHILD_SAFETY, Asked, form, session_of
from takeback.errors import InvalidInputError
from takeback.model.report import MAX_INFO_CHARACTERS, MAX_URGENT_CHARACTERS, Grounds, Said
from takeback.participant.reports.candidates import ReportedError
from takeback.participant.reports.doors import reports_here
from takeback.participant.reports.reports import Offer

#: A character takes twelve bytes of a form at most.
_LARGEST_BODY = 12 * (MAX_URGENT_CHARACTERS + MAX_INFO_CHARACTERS) + 65_536
_Id = Annotated[str, Parameter(max_length=40)]
N = TypeVar("N", bound=StrEnum)


@get("/holds/{id_:str}/report", opt=CHILD_SAFETY)
async def blank(
    request: Asked,
    database: TheDatabase,
    clock: TheClock,
    settings: TheDeskSettings,
    id_: str,
    instead: _Id = "",
) -> Response[str] | Redirect:
    """Asks what is to be said. What may not be reported gets no form; what is reported already leads there.

    `instead` is a report to be corrected: the form says what was said for it.
    """
    operator = session_of(request).operator
    with reports_here(settings, database, clock) as reports:
        try:
            offer = await reports.offer(operator, id_, instead=instead or None)
        except ReportedError as error:
            return then(f"/reports/{error.report}", "reported")
        said = Said(offer.grounds[0])
        without: set[str] = set()
        if instead:
            said, inside = await reports.said(operator, instead)
            without = {one.hold.id for one in offer.contents[1:] if one.refused is None} - set(inside)
    return _form(request, offer, fields_of(said, without), instead)


@post("/holds/{id_:str}/report", opt=CHILD_SAFETY, status_code=303, request_max_body_size=_LARGEST_BODY)
async def build(
    request: Asked, database: TheDatabase, clock: TheClock, settings: TheDeskSettings, id_: str
) -> Response[str] | Redirect:
    """Builds it. Sent twice, the second leads to what the first has built; what is wrong stands above the form."""
    operator, fields = session_of(request).operator, await form(request)
    instead = fields.get("instead", "")
    with reports_here(settings, database, clock) as reports:
        try:
            said, without = said_by(fields), named_by(fields, "without")
            built = await reports.build(operator, id_, said, without=without, instead=instead or None)
        except ReportedError as error:
            return then(f"/reports/{error.report}", "reported")
        except InvalidInputError as error:
            offer = await reports.offer(operator, id_, instead=instead or None)
            return _form(request, offer, fields, instead, wrong=error)
    return then(f"/reports/{built.filing.id}", "built")


def said_by(fields: dict[str, str]) -> Said:
    """Gives what a person says with the form. Raises InvalidInputError that names the field."""
    grounds, incident = fields.get("grounds", ""), fields.get("incident", "material")
    if grounds not in tuple(Grounds):
        raise InvalidInputError(field="grounds", problem="are missing.", remedy="Choose why it is reported.")
    if incident not in INCIDENTS:
        raise InvalidInputError(field="incident", problem="is none of these.", remedy="Choose what is reported.")
    return Said(
        Grounds(grounds),
        _ticked(fields, "note", list(NOTES)),
        _ticked(fields, "file-note", list(FILE_NOTES)),
        _text(fields, "urgent"),
        _text(fields, "info"),
        INCIDENTS[incident],
    )


def named_by(fields: dict[str, str], kind: str) -> set[str]:
    """Gives what was ticked of one kind: a box of the form is called `kind-` and what it stands for."""
    return {name.removeprefix(f"{kind}-") for name in fields if name.startswith(f"{kind}-")}


def fields_of(said: Said, without: set[str]) -> dict[str, str]:
    """Gives the fields of a form that says that."""
    boxes = [
        *(f"note-{one}" for one in said.notes),
        *(f"file-note-{one}" for one in said.file_notes),
        *(f"without-{one}" for one in without),
    ]
    texts = {"urgent": said.urgent or "", "info": said.info or ""}
    return {"grounds": said.grounds, "incident": said.incident.name.lower(), **texts, **dict.fromkeys(boxes, "yes")}


def _text(fields: dict[str, str], name: str) -> str | None:
    """A browser ends each line by two characters."""
    return fields.get(name, "").replace("\r\n", "\n").strip() or None


def _ticked(fields: dict[str, str], kind: str, known: list[N]) -> tuple[N, ...]:
    named = named_by(fields, kind)
    if strange := named - set(known):
        problem, remedy = f"{len(strange)} of them we do not know.", "Load the form again."
        raise InvalidInputError(field=kind, problem=problem, remedy=remedy)
    return tuple(one for one in known if one in named)


def _form(
    request: Asked, offer: Offer, fields: dict[str, str], instead: str, *, wrong: InvalidInputError | None = None
) -> Response[str]:
    return page(
        request,
        "report_form",
        status=200 if wrong is None else 400,
        hold=offer.contents[0].hold,
        copies=offer.contents[1:],
        viewed=offer.contents[0].judged.viewed,
        grounds={one: GROUNDS[one] for one in offer.grounds},
        incidents=INCIDENTS,
        notes=NOTES,
        file_notes=FILE_NOTES,
        most={"urgent": MAX_URGENT_CHARACTERS, "info": MAX_INFO_CHARACTERS},
        fields={"grounds": "", "incident": "", "urgent": "", "info": "", **fields},
        instead=instead,
        wrong=wrong,
    )
