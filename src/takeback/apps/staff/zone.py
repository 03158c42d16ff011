"""A zone of staff and its pages: HTML by Jinja, every sentence ready for gettext, no line of script or style inside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import Response
from litestar.params import Dependency
from litestar.response.redirect import Redirect

from takeback import log
from takeback.apps.problems import in_our_tree
from takeback.apps.staff.access import Asked, SignInNeededError
from takeback.errors import EDGES, NotAuthorisedError
from takeback.model.operator import Role
from takeback.model.proposal import ProposalKind
from takeback.staff.audit_search import Names
from takeback.staff.two_person import TwoPerson

#: Forms go to the zone alone, nothing else is connected to, and nothing frames it.
HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    ),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": (
        "camera=(), microphone=(), geolocation=(), display-capture=(), clipboard-read=(), "
        "publickey-credentials-get=(self), publickey-credentials-create=(self)"
    ),
    # Not no-referrer: browsers would then say of our own forms that they come from nowhere.
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex",
}


@dataclass(frozen=True, slots=True)
class Screen:
    """One entry of the menu, shown to those who may open it."""

    path: str
    name: str
    least: Role


#: What was done, said on the page that follows. Only these words come from an address.
DONE = {
    "proposed": "Proposed. Somebody else has to carry it out.",
    "carried-out": "Carried out.",
    "refused": "Refused. Nothing was changed.",
    "closed": "The account is closed. Its sessions have ended.",
    "registered": "The passkey is registered. Sign in with it.",
    "added": "The passkey is registered.",
    "removed": "The passkey is removed.",
    "signed-out": "You are signed out.",
    "others": "Every other browser is signed out.",
}


class StaffZone:
    """One zone: the console, or the desk.

    `name` stands in titles, and in lower case below /`name` and in `templates`. `whose` says on the door whom the zone
    is for. `done` adds to what may be said of an act; `changes` are those that take two of its people; `names` gives
    what colleagues call what has an id; `pages` are the folders in which what a kind of change is about has its page.
    """

    def __init__(
        self,
        name: str,
        *,
        whose: str,
        screens: tuple[Screen, ...],
        done: Mapping[str, str],
        changes: TwoPerson,
        names: Names,
        pages: Mapping[ProposalKind, str] = MappingProxyType({}),
    ) -> None:
        self.name, self.whose, self.screens, self.changes, self.names = name, whose, screens, changes, names
        self.pages = pages
        #: Every address of the zone begins so.
        self.base = f"/{name.lower()}"
        self._done = {**DONE, **done}
        self._templates = _environment(name.lower())

    def __deepcopy__(self, _: object) -> StaffZone:
        """The framework copies handlers with all that they are bound to; of a zone there is one, with its templates."""
        return self

    def page(self, request: Asked, name: str, *, status: int = 200, **values: Any) -> Response[str]:  # noqa: ANN401 - a template's values
        """Gives one page."""
        session = getattr(request.state, "session", None)
        operator = session.operator if session else None
        here = request.url.path.removeprefix(self.base)
        frame = {
            # One language so far; the templates are ready for others, and for those that read from right to left.
            "tag": "en",
            "direction": "ltr",
            "base": self.base,
            "zone": self,
            "operator": operator,
            "csrf": getattr(request.state, "csrf", ""),
            "screens": [one for one in self.screens if operator and operator.role.includes(one.least)],
            "here": here,
            "screen": next((one.name for one in self.screens if one.path == here), ""),
            "done": self._done.get(request.query_params.get("done", "")),
        }
        text = self._templates.get_template(f"{name}.html").render(frame, **values)
        return Response(text, status_code=status, media_type="text/html; charset=utf-8")

    def then(self, path: str, done: str) -> Redirect:
        """Gives the way on after something was done."""
        return Redirect(f"{self.base}{path}?done={done}", status_code=303)

    def failed(self, request: Asked, error: Exception) -> Response[Any]:
        """Gives the page of an error. What is outside our tree is a bug and says nothing of itself."""
        if isinstance(error, SignInNeededError) and request.method == "GET":
            return Redirect(f"{self.base}/sign-in", status_code=303, headers=HEADERS)
        known = in_our_tree(error)
        if known is None:
            log.logger().error("unexpected", where=log.failure(error))
            title, said = "Something is wrong on our side", "Try again later."
            answer = self.page(request, "failed", status=500, title=title, said=said)
        else:
            edge = EDGES[known.code]
            signed_in = getattr(request.state, "session", None) is not None
            status = 403 if isinstance(known, NotAuthorisedError) and signed_in else edge.status
            title = "You may not do that" if isinstance(known, NotAuthorisedError) else edge.title
            answer = self.page(request, "failed", status=status, title=title, said=str(known))
        answer.headers.update(HEADERS)
        return answer


TheZone = Annotated[StaffZone, Dependency(skip_validation=True)]


def ago(moment: datetime | None, now: datetime) -> str:
    """Gives how long something is past, in its largest unit."""
    if moment is None:
        return "never"
    seconds = max(0, int((now - moment).total_seconds()))
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= length:
            number = seconds // length
            return f"{number} {unit}{'' if number == 1 else 's'} ago"
    return "less than a minute ago"


def _environment(name: str) -> Environment:
    folder = Path(__file__).parents[1] / "templates"
    made = Environment(
        loader=FileSystemLoader([folder / name, folder / "staff"]),
        extensions=["jinja2.ext.i18n"],
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.install_null_translations(newstyle=True)  # type: ignore[attr-defined]  # the extension brings it
    made.filters |= {
        "words": lambda name: str(name).replace("-", " ").replace("_", " "),
        "moment": lambda moment: moment.strftime("%Y-%m-%d %H:%M UTC"),
        "number": lambda number: f"{number:,}",
    }
    return made
