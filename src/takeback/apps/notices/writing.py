"""Writes the pages for notices in one language: HTML by Jinja, every sentence from the language's file."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import MediaType, Response

from takeback.apps.notices.form import Fields
from takeback.apps.page import DOCUMENT_HEADERS
from takeback.errors import (
    ConflictError,
    InvalidInputError,
    NotFoundError,
    TakebackError,
    TooLargeError,
    TooManyRequestsError,
)
from takeback.model.notice import Part
from takeback.model.received_notice import NoticeState
from takeback.participant.notices.following import Standing
from takeback.participant.notices.receiving import Receipt
from takeback.participant.notices.texts import counted, isolated, languages, moment, texts_of
from takeback.platform_settings import PlatformSettings
from takeback.wire.notice import MAX_PLACES

#: No script at all, and forms go to this page alone.
HEADERS = DOCUMENT_HEADERS | {
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-robots-tag": "noindex",
}
#: The field of the page in which what is wrong stands, by the beginning of the API's field; and what is said of it.
_WRONG = {
    "places": ("links", "links"),
    "email": ("email", "email"),
    "signed.name": ("name", "text"),
    "name": ("name", "text"),
    "law": ("law", "choose"),
    "depicted": ("depicted", "choose"),
    "content": ("content", "choose"),
    "signed.by": ("by", "choose"),
}


def base_of(tag: str) -> str:
    """Gives where the pages of a language begin: all of them lie below `/notice`, which is all that a proxy lets in."""
    return f"/notice/{tag}"


class Pages:
    """The pages in one language. Their addresses have its tag, so the language goes along from page to page."""

    def __init__(self, settings: PlatformSettings, tag: str) -> None:
        self.tag, self.base = tag, base_of(tag)
        self._t = texts_of(tag)
        named = {one: texts_of(one) for one in languages()}
        self._always = {
            "t": self._t,
            "tag": tag,
            "base": self.base,
            "languages": [
                {"tag": one, "base": base_of(one), "name": texts["name"], "direction": texts["direction"]}
                for one, texts in named.items()
            ],
            "service": isolated(tag, settings.service_name),
            "hours": counted(tag, "hours", settings.notice_due_hours),
            "days": counted(tag, "days", settings.notice_personal_days),
            "written": partial(moment, tag),
            "most": MAX_PLACES,
            "leave": settings.notice_leave_url,
            "hides": settings.notice_hide_at_once,
        }

    def start(
        self, fields: Fields | None = None, error: TakebackError | None = None, *, link: str = ""
    ) -> Response[str]:
        """Gives the form with what was filled in, or a `link` that was brought along, and what is to be put right."""
        values = {"filled": {"links": link}, "query": f"?{urlencode({'link': link})}"} if link else None
        return self._page("start", self._t["start"]["title"], fields, error, values=values)

    def file(self, fields: Fields | None = None, error: TakebackError | None = None) -> Response[str]:
        """Asks for the file of a notice."""
        said = None if error is None else ("file", self._file_problem(error))
        return self._page("file", self._t["file"]["title"], fields, error, rest="/file", said=said)

    def how(self) -> Response[str]:
        """Says how to have something removed."""
        return self._page("how", self._t["how"]["title"], rest="/how")

    def receipt(self, of: Receipt) -> Response[str]:
        """Gives number and secret, and asks for what is missing."""
        title = self._t["receipt"]["title"]
        child = of.notice.child
        values = {"receipt": of, "missing": self._asked(of.missing, child=child), "number": of.notice.number}
        answer = self._page("receipt", title, values=values | {"secret": of.secret}, rest=None)
        answer.status_code = 201
        return answer

    def ask_status(self, fields: Fields | None = None, error: TakebackError | None = None) -> Response[str]:
        """Asks for number and secret."""
        return self._page("ask_status", self._t["status"]["title"], fields, error, rest="/status")

    def standing(
        self, of: Standing, secret: str, fields: Fields | None = None, error: TakebackError | None = None
    ) -> Response[str]:
        """Says how a notice stands, and asks for what is missing."""
        notice = of.notice
        values = {
            "standing": of,
            "missing": self._asked(of.missing, child=notice.child),
            "open": notice.state in {NoticeState.OPEN, NoticeState.INCOMPLETE},
            "number": notice.number,
            "secret": secret,
        }
        title = self._t["status"]["title"]
        return self._page("status", title, fields, error, values=values, rest=None)

    def _page(
        self,
        name: str,
        title: str,
        fields: Fields | None = None,
        error: TakebackError | None = None,
        *,
        rest: str | None = "",
        values: Mapping[str, Any] | None = None,
        said: tuple[str, str] | None = None,
    ) -> Response[str]:
        """Writes a page. `rest` is its address in every language; it is None where going there would lose something."""
        filled = fields or {}
        wrong = said or (None if error is None else self._problem(error))
        written = {
            "title": title,
            "rest": None if filled else rest,
            "query": "",
            "filled": {name: some[0] for name, some in filled.items()},
            "chosen": {name: set(some) for name, some in filled.items()},
            "wrong": wrong[0] if wrong else None,
            "problem": wrong[1] if wrong else None,
        }
        html = _TEMPLATES.get_template(f"{name}.html").render(self._always | written | dict(values or {}))
        return Response(html, media_type=MediaType.HTML)

    def _asked(self, missing: tuple[Part, ...], *, child: bool) -> list[tuple[str, str]]:
        """Gives what is missing, and how it is asked for. Nobody is asked whether a child agreed."""
        texts = self._t["missing"]["parts"]
        consent = {Part.STATEMENT: "statement" if child else "consent"}
        return [(part.value, texts[consent.get(part, part.value)]) for part in missing]

    def _problem(self, error: TakebackError) -> tuple[str, str]:
        """Gives the field that is to be put right (or nothing), and what is said of it."""
        problems = self._t["problems"]
        if isinstance(error, TooLargeError):
            return "", problems["too-large"].format(most=MAX_PLACES)
        if isinstance(error, InvalidInputError):
            if error.field == "places":
                return "links", problems["too-large"].format(most=MAX_PLACES)
            known = next((some for name, some in _WRONG.items() if error.field.startswith(name)), ("", "other"))
            return known[0], problems[known[1]]
        named = {NotFoundError.code: "unknown", ConflictError.code: "closed", TooManyRequestsError.code: "busy"}
        return "", problems[named.get(error.code, "other")]

    def _file_problem(self, error: TakebackError) -> str:
        too_large = isinstance(error, TooLargeError)
        wrong = isinstance(error, InvalidInputError) and not too_large
        return str(self._t["problems"]["file"]) if wrong else self._problem(error)[1]


_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parents[1] / "templates" / "notice"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
