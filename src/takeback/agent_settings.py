"""What an agent follows and does, as the settings say it: its lists, and the rows of its policy (docs/agent.md)."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

Name = Annotated[str, Meta(pattern="^[a-z0-9][a-z0-9-]{0,39}$")]
Some = Annotated[str, Meta(min_length=1)]
Country = Annotated[str, Meta(pattern="^([A-Z]{2}|unknown)$")]
Hours = Annotated[int, Meta(ge=1, le=720)]
Seconds = Annotated[float, Meta(gt=0)]
Tiers = Literal["submitted", "corroborated", "confirmed", "verified"]
Actions = Literal["hold", "remove"]
Fail = Literal["fail-open", "fail-closed"]


class _List(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"):
    name: Name
    """What answers, holds and policies call it. Its copy lies in `data_dir/lists` under this name."""
    too_old_h: Hours = 24
    """Hours after its last whole sync from which it is not asked any more."""


class TakebackList(_List, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="takeback"):
    """A Takeback clearinghouse. What it says of an entry's tier and strongest action is signed by it."""

    credentials: Some
    """The file that `takeback participant invite` wrote there."""


class _Foreign(_List, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A list that says nothing of how far its entries are believed: that is the platform's own judgement."""

    tier: Tiers = "submitted"
    action: Actions = "hold"
    """The most that is done by machine where two families of evidence agree."""
    every_s: Seconds = 600.0
    """Seconds between two syncs."""


class NcmecList(_Foreign, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="ncmec"):
    """NCMEC Hash Sharing, version 2, and whatever speaks it."""

    address: Some
    """Base address; `/v2/entries` is found below it."""
    user: Some
    password_file: Some
    members: tuple[int, ...] = ()
    """Only entries of these members. Empty: of all."""
    wrong_reason: str = ""
    """The guid to give with a vote against, where the list offers several."""


class StopNciiList(_Foreign, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="stopncii"):
    """StopNCII, version 1. What is withdrawn there stops matching here."""

    address: Some = "https://api.stopncii.org/v1"
    fetch_key_file: Some
    subscription_key_file: Some
    feedback_key_file: str = ""
    """The function key of SubmitFeedback. Empty: verdicts wait here and are not sent."""


class FileList(_Foreign, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="file"):
    """A file of values: lines `type value`, CSV with the columns type and value, or VICS 2.0 JSON."""

    path: Some
    value_type: Literal["", "md5", "sha256", "pdq"] = ""
    """The type of lines that hold a value alone."""


AnyList = TakebackList | NcmecList | StopNciiList | FileList


class PolicyRow(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One row. The first that fits decides; what it leaves empty fits everything.

    No row reaches messages in the EU, or of an unknown region, unless it names both `message` and the region.
    """

    name: Name
    do: Literal["off", "hold", "hide", "remove"]
    """`off`: not looked at. `hide` and `remove` are done only where the match allows more than a hold."""
    lists: tuple[Name, ...] = ()
    surfaces: tuple[Literal["public", "message", "profile"], ...] = ()
    regions: tuple[Country, ...] = ()
    """ISO 3166-1 alpha-2; `EU` stands for its members, `unknown` for content without a region."""
    grades: tuple[Literal["strong", "probable"], ...] = ()
    within_bits: Annotated[int, Meta(ge=0, le=256)] = 256
    """Matches that are further away do not fit this row."""
    dry_run: bool = False
    """Only says what would be done."""
