"""A Mastodon server on this machine, as far as the example beside it speaks to one: for tests.

Written from docs.joinmastodon.org and what is public of its behaviour (4.2 to 4.6): forms in, JSON out, 404 for a post
that the token's account may not see, every open report closed by an action, 403 for a second `unsuspend`. Its answers
hold addresses of persons, as Mastodon's do. A call that it does not have is answered by 404, and kept in `strange`.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

import httpx2

TOKEN, SECRET = "a-token-of-a-moderator", "a-secret-of-a-webhook"
#: What a webhook or an answer tells of a person, and no log and no file may hold.
EMAIL, ADDRESS, TEXT = "somebody@post.example", "203.0.113.9", "What somebody wrote"
UNDO = {"unsensitive": "sensitive", "unsilence": "silence", "unsuspend": "suspend"}
STATES = {"sensitive": "sensitized", "silence": "silenced", "suspend": "suspended"}
Answer = tuple[int, object]


@dataclass
class Report:
    """One report, as moderators see it."""

    id: str
    account: str
    comment: str
    posts: list[str]
    open: bool = True


@dataclass
class MastodonServer:
    """The server, its media storage in `storage`, and everything that was asked of it."""

    storage: Path
    reports: list[Report] = field(default_factory=list)
    states: dict[str, set[str]] = field(default_factory=dict)
    unseen: set[str] = field(default_factory=set)
    """Posts that the token's account may not see."""
    staff: set[str] = field(default_factory=set)
    """Accounts that the token's role may not act on."""
    acted: list[tuple[str, str]] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)
    away: bool = False

    def __enter__(self) -> Self:
        (self.storage / "media_attachments" / "files").mkdir(parents=True)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def keep(self, media: str, content: bytes, name: str = "0123456789abcdef.jpg") -> None:
        """Keeps an upload where Mastodon does: 18 digits are six folders."""
        folders = [media[at : at + 3] for at in range(0, len(media), 3)]
        folder = self.storage.joinpath("media_attachments", "files", *folders, "original")
        folder.mkdir(parents=True)
        (folder / name).write_bytes(content)

    def about(self, post: str) -> list[tuple[str, bool]]:
        """Gives what each report about a post says, and whether it is open."""
        found = [one for one in self.reports if f"post {post}," in one.comment]
        return [(one.comment.removeprefix("Takeback: ").split("(")[0].strip(), one.open) for one in found]

    def answer(self, method: str, path: str, form: dict[str, list[str]]) -> Answer:
        """Answers one call."""
        for pattern, call in self._calls().items():
            if found := re.fullmatch(pattern, f"{method} {path}"):
                return call(form, *found.groups())
        self.strange.append(f"{method} {path}")
        return 404, {"error": "Record not found"}

    def _calls(self) -> dict[str, Callable[..., Answer]]:
        return {
            r"POST /api/v1/reports": self._report,
            r"GET /api/v1/admin/reports": self._listed,
            r"POST /api/v1/admin/reports/(\d+)/(resolve|reopen)": self._move,
            r"GET /api/v1/admin/accounts/(\d+)": self._account,
            r"POST /api/v1/admin/accounts/(\d+)/action": self._action,
            r"POST /api/v1/admin/accounts/(\d+)/(unsensitive|unsilence|unsuspend)": self._undo,
        }

    def _report(self, form: dict[str, list[str]]) -> Answer:
        posts, account = form.get("status_ids[]", []), form["account_id"][0]
        if self.unseen & set(posts) or (posts and "suspend" in self.states.get(account, set())):
            return 404, {"error": "Record not found"}
        assert form["category"] == ["legal"]
        assert form["forward"] == ["false"]
        self.reports.append(Report(str(len(self.reports) + 1), account, form["comment"][0], posts))
        return 200, self._shown(self.reports[-1])

    def _listed(self, form: dict[str, list[str]]) -> Answer:
        account = form["target_account_id"][0]
        return 200, [self._shown(one) for one in self.reports if one.open and one.account == account]

    def _move(self, _: object, report: str, how: str) -> Answer:
        found = self.reports[int(report) - 1]
        found.open = how == "reopen"
        return 200, self._shown(found)

    def _account(self, _: object, account: str) -> Answer:
        has = self.states.get(account, set())
        states = {named: state in has for state, named in STATES.items()}
        return 200, {"id": account, "email": EMAIL, "ip": ADDRESS, **states}

    def _action(self, form: dict[str, list[str]], account: str) -> Answer:
        action = form["type"][0]
        if account in self.staff:
            return 403, {"error": "This action is not allowed"}
        assert action in STATES
        assert form["send_email_notification"] == ["false"]
        self.states.setdefault(account, set()).add(action)
        self.acted.append((account, action))
        for one in self.reports:
            one.open = one.open and one.account != account
        return 200, {}

    def _undo(self, _: object, account: str, how: str) -> Answer:
        has = self.states.get(account, set())
        if how == "unsuspend" and "suspend" not in has:
            return 403, {"error": "This action is not allowed"}
        has.discard(UNDO[how])
        self.acted.append((account, how))
        return self._account(None, account)

    def _shown(self, report: Report) -> dict[str, object]:
        person = {"id": report.account, "email": EMAIL, "ip": ADDRESS}
        return {**asdict(report), "target_account": person, "action_taken": not report.open}


def payload(post: str, account: str, media: list[str], *, visibility: str = "public", **more: object) -> dict[str, Any]:
    """Gives a webhook's body, with everything in it that nobody needs, and addresses that nobody may fetch."""
    addresses = {name: more.get("address") for name in ("url", "preview_url", "remote_url")}
    files = [{"id": one, "type": "image", **addresses} for one in media]
    status = {
        "id": post,
        "visibility": visibility,
        "content": f"<p>{TEXT}</p>",
        "account": {"id": account, "username": "somebody", "email": EMAIL, "ip": ADDRESS},
        "media_attachments": files,
        "mentions": [{"acct": EMAIL}],
    }
    return {"event": more.get("event", "status.created"), "created_at": "2026-11-26T10:00:00.000Z", "object": status}


def deliver(url: str, body: dict[str, Any], *, secret: str = SECRET, signature: str | None = None) -> httpx2.Response:
    """Delivers it as Mastodon's worker does."""
    raw = json.dumps(body).encode()
    signed = "sha256=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()
    sent = (signed if signature is None else signature).encode()
    headers = {"content-type": b"application/json", "x-hub-signature": sent}
    return httpx2.post(f"{url}/webhook", content=raw, headers=headers, timeout=10)


def _handler(server: MastodonServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            address = urlsplit(self.path)
            raw = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
            if server.away:
                status, value = 503, {"error": "Remote data could not be fetched"}
            elif self.headers["authorization"] != f"Bearer {TOKEN}":
                status, value = 401, {"error": "The access token is invalid"}
            else:
                status, value = server.answer(self.command, address.path, parse_qs(address.query or raw))
            content = json.dumps(value).encode()
            self.send_response(status)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_DELETE = do_PUT = answer  # noqa: N815 - http.server's names

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    return Handler
