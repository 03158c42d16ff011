"""From the link in a notice to the platform's own content, by patterns that the platform gives."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from takeback.errors import SettingsError
from takeback.model.hold import Content, Surface
from takeback.model.notice import Notice, Place
from takeback.platform_settings import PlacePattern

#: Longest id of a piece of content, in characters.
MAX_CONTENT_CHARACTERS = 200
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


class Places:
    """Patterns, ready to be asked. Raises SettingsError for one whose content repeats what its link does not name."""

    def __init__(self, patterns: Sequence[PlacePattern]) -> None:
        self._patterns = [(_compiled(one), one) for one in patterns]

    def content_of(self, place: Place) -> Content | None:
        """Gives the content that a place names, or None where no pattern fits. The first that fits counts."""
        path = _normal(place.url or "")
        for compiled, one in self._patterns:
            found = compiled.fullmatch(path)
            if found:
                id_ = _filled(one.content, found.groupdict())
                if len(id_) <= MAX_CONTENT_CHARACTERS and id_.isprintable():
                    return Content(id_, Surface(one.surface))
        return None

    def contents_of(self, notice: Notice) -> tuple[Content, ...]:
        """Gives the content that a notice names, each once, in its order."""
        found = [self.content_of(place) for place in notice.places]
        return tuple({one.id: one for one in found if one is not None}.values())


def places_text(notice: Notice) -> bytes | None:
    """Gives one text for all notices that name the same links, or None where there is a place without one.

    A place that is only an account may hold pictures of more than one person.
    """
    links = {_normal(place.url) for place in notice.places if place.url}
    whole = notice.places and all(place.url for place in notice.places)
    return "\n".join(sorted(links)).encode() if whole else None


def _filled(template: str, names: dict[str, str]) -> str:
    def named(part: re.Match[str]) -> str:
        return names[part[1]]

    return _PLACEHOLDER.sub(named, template)


def _compiled(one: PlacePattern) -> re.Pattern[str]:
    names = _PLACEHOLDER.findall(one.link)
    strange = set(_PLACEHOLDER.findall(one.content)) - set(names)
    if strange or len(names) != len(set(names)):
        raise SettingsError("notice_places: `content` repeats names in braces of `link`, each of which stands once.")
    # What stands between the names is literal, and a name never crosses a slash: nothing here can take long.
    parts = _PLACEHOLDER.split(_normal(one.link))
    return re.compile("".join(f"(?P<{part}>[^/]+)" if at % 2 else re.escape(part) for at, part in enumerate(parts)))


def _normal(link: str) -> str:
    """Host in lower case and path: neither scheme, query and fragment nor a slash at the end tell two places apart."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return link
    return f"{parts.netloc.lower()}{parts.path.rstrip('/')}"
