"""Pages about the service, written by the server: they need no scripts, and look like the person's page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import MediaType, Response, Router, get

from takeback.apps.dependencies import TheFigures, TheServices, TheSettings
from takeback.apps.installed import TheClock, TheDatabase
from takeback.apps.page import ASSET_HEADERS, DOCUMENT_HEADERS, addresses, read_build
from takeback.service import Legal, Logo, Service

#: In the order in which they are linked. A page has a template and sentences of its name.
PAGES = ("help", "how", "services", "questions", "numbers", "privacy", "imprint")


def public_routers(folder: Path, service: Service, logo: Logo | None) -> list[Router]:
    """Gives the pages in every language that is built, and the operator's logo where there is one."""
    handlers = [_page(pages, name) for pages in in_every_language(folder, service, logo) for name in pages.names]
    routers = [Router("/", route_handlers=handlers, response_headers=DOCUMENT_HEADERS)]
    if logo:
        headers = ASSET_HEADERS | {"cache-control": "no-store"}
        routers.append(Router("/", route_handlers=[_logo(logo)], response_headers=headers))
    return routers


class PublicPages:
    """The pages in one language."""

    def __init__(self, tag: str, texts: dict[str, Any], service: Service, always: dict[str, Any]) -> None:
        legal = (
            service.legal.get(tag) or service.legal.get(service.language) or next(iter(service.legal.values()), Legal())
        )
        self.tag, self.service, self._texts = tag, service, texts
        self.names = [name for name in PAGES if name != "imprint" or legal.imprint]
        self._values = {**texts, **always, "tag": tag, "service": service, "legal": legal, "pages": self.names}
        self._values["help_lines"] = by_country(service)

    def write(self, name: str, values: dict[str, Any]) -> str:
        """Gives a page as HTML."""
        template = _TEMPLATES.get_template(f"{name}.html")
        return template.render(self._values | {"page": name, "t": self._texts["pages"].get(name)} | values)


def by_country(service: Service) -> list[tuple[str, list[Any]]]:
    """Gives the help lines by country, those for everywhere first."""
    lines = sorted(service.help_lines, key=lambda line: line.country)
    return [(country, list(group)) for country, group in groupby(lines, key=lambda line: line.country)]


def in_every_language(folder: Path, service: Service, logo: Logo | None) -> list[PublicPages]:
    """Gives the pages of each language that is built."""
    if not (folder / "build.json").is_file():
        return []
    build = read_build(folder)
    texts = {tag: msgspec.json.decode((folder / tag / "pages.json").read_bytes()) for tag in build.languages}
    languages = [{"tag": tag, "name": one["name"], "direction": one["direction"]} for tag, one in texts.items()]
    always = {"build": build, "logo": logo is not None, "languages": languages}
    return [PublicPages(tag, one, service, always) for tag, one in texts.items()]


def _page(pages: PublicPages, name: str) -> Any:  # noqa: ANN401 - what the framework's decorator gives
    @get(addresses(pages.tag, pages.service, f"/{name}"), include_in_schema=False, media_type=MediaType.HTML)
    async def page(
        database: TheDatabase, clock: TheClock, figures: TheFigures, services: TheServices, settings: TheSettings
    ) -> str:
        """Gives a page about the service."""
        values: dict[str, Any] = {}
        if name == "services":
            values["services"] = await services.get(database, clock, settings)
        if name == "numbers":
            of_the_day = await figures.get(database, clock)
            values |= {"numbers": asdict(of_the_day.numbers), "tiers": of_the_day.listed_by_tier}
            values["periods"] = of_the_day.periods
        return pages.write(name, values)

    return page


def _logo(logo: Logo) -> Any:  # noqa: ANN401 - what the framework's decorator gives
    @get("/logo", include_in_schema=False, sync_to_thread=False)
    def image() -> Response[bytes]:
        """Gives the operator's logo."""
        return Response(logo.content, media_type=logo.media_type)

    return image


def _fill(sentence: str, **values: object) -> str:
    return re.sub(r"\{(\w+)\}", lambda found: str(values[found[1]]), sentence)


def _paragraphs(text: str) -> Sequence[str]:
    return [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]


_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TEMPLATES.filters |= {
    "fill": _fill,
    "paragraphs": _paragraphs,
    "isolated": lambda text: f"\u2066{text}\u2069",  # a number keeps its order where one reads from right to left
    "host": lambda address: re.sub(r"^www\.", "", urlsplit(address).hostname or ""),
    "digits": lambda phone: re.sub(r"[^+\d*#]", "", phone),
}
