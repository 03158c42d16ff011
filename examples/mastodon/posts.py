"""What is read of a webhook: ids. Whatever else a payload holds, addresses above all, is neither kept nor followed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta, Struct

#: Mastodon's ids are numbers of up to 18 digits, as text. Nothing else ever becomes part of a path.
Id = Annotated[str, Meta(pattern=r"^[0-9]{1,18}\Z")]
_CONTENT = re.compile(r"mastodon/([0-9]{1,18})/([0-9]{1,18})/([0-9]{1,18})")
#: From this id on, folders are made of twelve digits or more; below, of nine (Paperclip's `id_partition`).
_LONG_IDS = 1_000_000_000


class Media(Struct, frozen=True):
    """One attachment of a post."""

    id: Id
    type: str = "image"


class Account(Struct, frozen=True):
    """Who posted it."""

    id: Id


class Post(Struct, frozen=True):
    """A status, as REST::StatusSerializer writes it."""

    id: Id
    account: Account
    visibility: str
    media_attachments: list[Media]


class Event(Struct, frozen=True):
    """The body of a webhook. Both events come for posts of the server's own users only (Mastodon 4.2 and later)."""

    event: Literal["status.created", "status.updated"]
    object: Post


@dataclass(frozen=True, slots=True)
class Attachment:
    """One file of a post. `content`, its name at the agent's, says all that is needed to act on it later."""

    account: str
    post: str
    id: str

    @classmethod
    def of(cls, content: str) -> Attachment | None:
        """Gives the attachment of that name, or None: other programs may hold content at the same agent."""
        found = _CONTENT.fullmatch(content)
        return None if found is None else cls(*found.groups())

    @property
    def content(self) -> str:
        """Its name at the agent's."""
        return f"mastodon/{self.account}/{self.post}/{self.id}"

    def files(self, storage: Path) -> list[Path]:
        """Gives its file in Mastodon's own storage: the only one in its folder, so that no name has to be believed."""
        digits = f"{int(self.id):0{9 if int(self.id) < _LONG_IDS else 12}d}"
        folders = [digits[at : at + 3] for at in range(0, len(digits) - 2, 3)]
        folder = storage.joinpath("media_attachments", "files", *folders, "original")
        return [one for one in folder.glob("*") if one.is_file() and not one.is_symlink()]


def attachments_of(event: Event) -> list[Attachment]:
    """Gives what can be looked at of a post: pictures and films."""
    post = event.object
    return [Attachment(post.account.id, post.id, one.id) for one in post.media_attachments if one.type != "audio"]


def surface_of(event: Event) -> str:
    """Gives what the agent's policy calls it. Posts that only those see who are named in them are messages."""
    return "message" if event.object.visibility == "direct" else "public"
