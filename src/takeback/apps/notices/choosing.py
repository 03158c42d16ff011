"""In which language somebody is answered: that of the address; at addresses without one, what the browser prefers.

Nothing of it is kept. Every link and form of a page leads to addresses of the page's own language.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from litestar.exceptions import NotFoundException

from takeback.apps.notices.handling import Asked
from takeback.apps.notices.writing import Pages
from takeback.participant.notices.texts import languages

#: Languages that a browser names, at most: what comes after them is not read.
_READ = 20
PagesFor = Callable[[Asked], Pages]


def by_preference(every: Mapping[str, Pages]) -> PagesFor:
    """Gives what chooses the pages that a browser prefers."""
    return lambda request: every[preferred(request.headers.get("accept-language", ""))]


def by_address(every: Mapping[str, Pages]) -> PagesFor:
    """Gives what chooses the pages whose tag is in the address, or raises NotFoundException."""

    def pages_for(request: Asked) -> Pages:
        pages = every.get(request.path_params["tag"])
        if pages is None:
            raise NotFoundException
        return pages

    return pages_for


def preferred(accepted: str) -> str:
    """Gives the language of ours that an `Accept-Language` likes best; English where it likes none of them."""
    best, liked = "en", 0.0
    for part in accepted.split(",")[:_READ]:
        name, _, weight = part.partition(";")
        tag, quality = name.partition("-")[0].strip().lower(), _quality(weight.strip())
        if tag in languages() and quality > liked:
            best, liked = tag, quality
    return best


def _quality(weight: str) -> float:
    try:
        return float(weight.removeprefix("q=")) if weight else 1.0
    except ValueError:
        return 0.0
