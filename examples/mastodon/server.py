"""The calls of Mastodon's API that there are for this, as docs.joinmastodon.org describes them (4.2 to 4.6).

There is none to hide, cover or delete one post of somebody else's (the pull request mastodon/mastodon#27675, which had
added it, was closed), so files go to the moderators as reports, and only an account can be acted on:

- `POST /api/v1/reports` (1.1; `category=legal` since 4.2): scope `write:reports`
- `GET /api/v1/admin/reports`, `POST …/:id/resolve`, `POST …/:id/reopen` (2.9.1): `admin:read:reports`,
  `admin:write:reports`
- `GET /api/v1/admin/accounts/:id`, `POST …/:id/action` (2.9.1; `sensitive` since 3.3), `POST …/:id/unsensitive`,
  `…/unsilence`, `…/unsuspend`: `admin:read:accounts`, `admin:write:accounts`
"""

from __future__ import annotations

from typing import TypeVar

import httpx2
import msgspec

TIMEOUT_S = 30.0
#: What can be done to an account: how Mastodon calls that state, and what undoes it.
ACTIONS = {
    "sensitive": ("sensitized", "unsensitive"),
    "silence": ("silenced", "unsilence"),
    "suspend": ("suspended", "unsuspend"),
}
#: Tried again: the token is being replaced, too often, and whatever is Mastodon's own fault.
_AGAIN = (401, 408, 429)
T = TypeVar("T")


class AwayError(Exception):
    """Mastodon did not do it now; it may later."""


class RefusedError(Exception):
    """Mastodon does not do it for this token, or not with this account."""


class GoneError(RefusedError):
    """There is no such post, account or report, or none that the token's account may see."""


class _Report(msgspec.Struct):
    id: str


class _Account(msgspec.Struct):
    """Not one field more: the answer holds addresses of the person."""

    sensitized: bool = False
    silenced: bool = False
    suspended: bool = False


class Server:
    """One Mastodon server, by the token of an account whose role may manage reports and users."""

    def __init__(self, url: str, token: str) -> None:
        self._client = httpx2.Client(base_url=url, headers={"authorization": f"Bearer {token}"}, timeout=TIMEOUT_S)

    def report(self, account: str, post: str, comment: str) -> str:
        """Files a report and gives its id."""
        form = {"account_id": account, "comment": comment, "category": "legal", "forward": "false"}
        try:
            made = self._ask("POST", "/api/v1/reports", data={**form, "status_ids[]": post})
        except GoneError:
            # A post that the token's account may not see, such as one for followers, cannot be attached.
            made = self._ask("POST", "/api/v1/reports", data=form)
        return _decoded(made, _Report).id

    def resolve(self, report: str) -> None:
        """Closes a report; one that is closed stays so."""
        self._ask("POST", f"/api/v1/admin/reports/{report}/resolve")

    def reopen(self, report: str) -> None:
        """Opens a report again; one that is open stays so."""
        self._ask("POST", f"/api/v1/admin/reports/{report}/reopen")

    def stands(self, account: str, action: str) -> bool:
        """Says whether an account is acted on in this way now, by whomever."""
        now = _decoded(self._ask("GET", f"/api/v1/admin/accounts/{account}"), _Account)
        return bool(getattr(now, ACTIONS[action][0]))

    def act(self, account: str, action: str) -> None:
        """Acts on an account. Mastodon closes every report about it then; they are opened again: nobody has looked."""
        asked = {"target_account_id": account, "limit": "200"}
        open_before = _decoded(self._ask("GET", "/api/v1/admin/reports", params=asked), list[_Report])
        form = {"type": action, "send_email_notification": "false"}
        self._ask("POST", f"/api/v1/admin/accounts/{account}/action", data=form)
        for one in open_before:
            self.reopen(one.id)

    def undo(self, account: str, action: str) -> None:
        """Undoes it."""
        self._ask("POST", f"/api/v1/admin/accounts/{account}/{ACTIONS[action][1]}")

    def _ask(
        self, method: str, path: str, *, data: dict[str, str] | None = None, params: dict[str, str] | None = None
    ) -> bytes:
        try:
            answer = self._client.request(method, path, data=data, params=params)
        except httpx2.TransportError as error:
            raise AwayError(f"Mastodon did not answer ({type(error).__name__}).") from None
        what = f"{method} …/{path.rsplit('/', 1)[-1]}" if method == "POST" else method
        if answer.is_client_error and answer.status_code not in _AGAIN:
            wrong = GoneError if answer.status_code == 404 else RefusedError  # noqa: PLR2004
            raise wrong(f"Mastodon refused {what} ({answer.status_code}). Compare the token's scopes and its role.")
        if not answer.is_success:
            raise AwayError(f"Mastodon answered {what} by {answer.status_code}.")
        return answer.content


def _decoded(answer: bytes, shape: type[T]) -> T:
    try:
        return msgspec.json.decode(answer, type=shape)
    except msgspec.MsgspecError:
        raise AwayError("The answer is not Mastodon's. Check MASTODON_URL.") from None
