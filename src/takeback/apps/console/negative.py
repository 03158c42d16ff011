"""The negative list: public pictures, none of which may be listed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from litestar import Response, get

from takeback.apps.console.pages import page
from takeback.apps.installed import TheDatabase
from takeback.apps.staff.access import OPERATOR, Asked
from takeback.matching.negative import patterns
from takeback.model.proposal import ProposalKind
from takeback.staff.negative import all_values


@dataclass(frozen=True, slots=True)
class Row:
    """One picture: how many values it has, and whether all that is listed has been compared with them."""

    picture: str
    label: str
    added_on: date
    values: int
    compared: bool


@get("/negative", opt=OPERATOR)
async def negative(request: Asked, database: TheDatabase) -> Response[str]:
    """Shows what operators put there, and leads to proposing more or less."""
    rows = [
        Row(picture, ones[0].label, ones[0].added_on, len(ones), all(one.compared for one in ones))
        for picture, group in groupby(await all_values(database), key=lambda one: one.picture)
        if (ones := list(group))
    ]
    kinds = {"add": ProposalKind.ADD_NEGATIVE.value, "remove": ProposalKind.REMOVE_NEGATIVE.value}
    return page(request, "negative", rows=rows, generated=len(patterns()), kinds=kinds)
