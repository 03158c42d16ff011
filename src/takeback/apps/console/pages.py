"""The console's pages: HTML by Jinja, every sentence ready for gettext, not one line of script or style inside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import Response
from litestar.response.redirect import Redirect

from takeback import log
from takeback.apps.console.access import BASE, Asked, SignInNeededError
from takeback.apps.problems import in_our_tree
from takeback.errors import EDGES, NotAuthorisedError
from takeback.model.operator import Role

#: Forms go to the console alone, nothing else is connected to, and nothing frames it.
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


#: In the order of the menu.
SCREENS = (
    Screen("", "Today", Role.VIEWER),
    Screen("/participants", "Participants", Role.VIEWER),
    Screen("/suspended", "Suspended entries", Role.OPERATOR),
    Screen("/proposals", "Proposals", Role.OPERATOR),
    Screen("/statistics", "Statistics", Role.VIEWER),
    Screen("/health", "Health", Role.VIEWER),
    Screen("/audit", "Audit", Role.OPERATOR),
    Screen("/settings", "Settings", Role.ADMINISTRATOR),
    Screen("/operators", "Operators", Role.ADMINISTRATOR),
    Screen("/account", "Your account", Role.VIEWER),
)

#: What was done, said on the page that follows. Only these words come from an address.
DONE = {
    "suspended": "The participant is suspended, from its next request on.",
    "proposed": "Proposed. Another operator has to carry it out.",
    "carried-out": "Carried out.",
    "refused": "Refused. Nothing was changed.",
    "closed": "The account is closed. Its sessions have ended.",
    "registered": "The passkey is registered. Sign in with it.",
    "added": "The passkey is registered.",
    "removed": "The passkey is removed.",
    "signed-out": "You are signed out.",
    "others": "Every other browser is signed out.",
}


def page(request: Asked, name: str, *, status: int = 200, **values: Any) -> Response[str]:  # noqa: ANN401 - a template's values
    """Gives one page."""
    session = getattr(request.state, "session", None)
    operator = session.operator if session else None
    frame = {
        # One language so far; the templates are ready for others, and for those that read from right to left.
        "tag": "en",
        "direction": "ltr",
        "base": BASE,
        "operator": operator,
        "csrf": getattr(request.state, "csrf", ""),
        "screens": [one for one in SCREENS if operator and operator.role.includes(one.least)],
        "here": request.url.path.removeprefix(BASE),
        "done": DONE.get(request.query_params.get("done", "")),
    }
    text = _TEMPLATES.get_template(f"{name}.html").render(frame, **values)
    return Response(text, status_code=status, media_type="text/html; charset=utf-8")


def then(path: str, done: str) -> Redirect:
    """Gives the way on after something was done."""
    return Redirect(f"{BASE}{path}?done={done}", status_code=303)


def failed(request: Asked, error: Exception) -> Response[Any]:
    """Gives the page of an error. What is outside our tree is a bug and says nothing of itself."""
    if isinstance(error, SignInNeededError) and request.method == "GET":
        return Redirect(f"{BASE}/sign-in", status_code=303, headers=HEADERS)
    known = in_our_tree(error)
    if known is None:
        log.logger().error("unexpected", where=log.failure(error))
        answer = page(request, "failed", status=500, title="Something is wrong on our side", said="Try again later.")
    else:
        edge = EDGES[known.code]
        signed_in = getattr(request.state, "session", None) is not None
        status = 403 if isinstance(known, NotAuthorisedError) and signed_in else edge.status
        title = "You may not do that" if isinstance(known, NotAuthorisedError) else edge.title
        answer = page(request, "failed", status=status, title=title, said=str(known))
    answer.headers.update(HEADERS)
    return answer


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


_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parents[1] / "templates" / "console"),
    extensions=["jinja2.ext.i18n"],
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TEMPLATES.install_null_translations(newstyle=True)  # type: ignore[attr-defined]  # the extension brings it
_TEMPLATES.filters |= {
    "words": lambda name: str(name).replace("-", " ").replace("_", " "),
    "moment": lambda moment: moment.strftime("%Y-%m-%d %H:%M UTC"),
    "number": lambda number: f"{number:,}",
}
