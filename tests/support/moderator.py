"""The example platform through its forms, as its users and its moderator meet it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import httpx2

_CSRF = re.compile(r'name="_csrf_token" value="([^"]+)"')
_PICTURE = re.compile(r'src="/pictures/([0-9a-f]{32})"')
_HELD = re.compile(r'action="/review/([0-9a-f]{32})/confirm"')


@dataclass
class Visitor:
    """A browser session at the photo site."""

    site: str
    client: httpx2.Client = field(default_factory=lambda: httpx2.Client(timeout=60, follow_redirects=True))

    def gallery(self) -> list[str]:
        """What everybody sees: ids of pictures."""
        return _PICTURE.findall(self._page("/"))

    def upload(self, picture: bytes) -> str:
        """Uploads a picture and gives the page that comes back."""
        files = {"picture": ("a.jpg", picture, "image/jpeg")}
        answer = self.client.post(f"{self.site}/upload", data={"_csrf_token": self._token("/")}, files=files)
        assert answer.status_code == 200, answer.text
        return answer.text

    def sign_in(self, password: str) -> httpx2.Response:
        """Signs in as the moderator."""
        form = {"_csrf_token": self._token("/review"), "password": password}
        return self.client.post(f"{self.site}/review/sign-in", data=form)

    def held(self) -> list[str]:
        """What waits for the moderator: ids of pictures."""
        return _HELD.findall(self._page("/review"))

    def decide(self, picture: str, decision: str) -> None:
        """Confirms a held picture, or says that it is wrong."""
        form = {"_csrf_token": self._token("/review")}
        answer = self.client.post(f"{self.site}/review/{picture}/{decision}", data=form)
        assert answer.status_code == 200, answer.text

    def _page(self, path: str) -> str:
        answer = self.client.get(f"{self.site}{path}")
        assert answer.status_code == 200, answer.text
        return answer.text

    def _token(self, path: str) -> str:
        found = _CSRF.search(self._page(path))
        assert found, "the page has a form with a token"
        return found[1]
