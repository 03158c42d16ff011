"""What is said of an upload: asked of every list that the policy lets look, ruled on, and held where a row says so.

1. Which lists look at this surface and region at all? Where none does, the file is not even read.
2. The file becomes fingerprints, once, in a child process; each list is asked with them.
3. The policy rules on each match; the strongest ruling is what is to be done.
4. What is held and has an id becomes a hold of the desk. Hits are counted.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum

import msgspec
from msgspec.structs import replace
from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.clock import Clock
from takeback.errors import StaleListError
from takeback.fingerprints.types import FingerprintType
from takeback.fingerprints.variants import Effort
from takeback.matching.policy import Match
from takeback.media import Fingerprinted, Fingerprinter, Limits, Unscannable
from takeback.media.fingerprinter import Source as File
from takeback.model.hold import Content, Finding, Hold, HoldState, Source, Surface
from takeback.model.instruction import Doing
from takeback.model.tier import StrongestAction
from takeback.participant.agent.policies import Do, Policies, Ruling, strongest, strongest_tried
from takeback.participant.holds.holding import Listed, hold_again, open_hold
from takeback.participant.lists.followed_lists import FollowedList, FollowedLists
from takeback.participant.look_up import LookUp, Matched, Prints, types_of
from takeback.storage.database import Database
from takeback.storage.platform import instructions

BY_STALE, BY_UNSCANNABLE, BY_PERSON = "stale-list", "unscannable", "a-person-has-looked"


class Outcome(StrEnum):
    """What looking at an upload came to."""

    CLEAR = "clear"
    MATCHED = "matched"
    UNSCANNABLE = "unscannable"
    NOT_LOOKED_AT = "not-looked-at"


class Upload(msgspec.Struct, frozen=True):
    """Where an upload stands, and the platform's own id of it, without which nothing is held here.

    A struct, as are answers: there are tens of thousands a second, and a dataclass takes ten times as long to make.
    """

    surface: Surface = Surface.PUBLIC
    region: str | None = None
    content: str | None = None
    account: str | None = None
    uploaded_at: datetime | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Ruled:
    """A match on a list, and what the policy says of it."""

    list: str
    match: Match
    ruling: Ruling


class Screened(msgspec.Struct, frozen=True):
    """The answer. `because` names the policy's row; `would` is what rows that are only tried would have done.

    `prints` are those that were asked with: they are not part of what is told.
    """

    outcome: Outcome
    do: Do = Do.ALLOW
    because: str | None = None
    would: Do | None = None
    found: tuple[Ruled, ...] = ()
    stale: tuple[str, ...] = ()
    checked: tuple[FingerprintType, ...] = ()
    reason: str | None = None
    kind: str = "image"
    hold: str | None = None
    prints: Prints = ()


class Uploads:
    """Looks at uploads. Its methods that ask lists block; they are safe to call from several threads."""

    def __init__(
        self, lists: FollowedLists, policies: Policies, effort: Effort, limits: Limits, *, threads: int = 1
    ) -> None:
        self._lists, self._policies, self._threads = lists, policies, threads
        self._look_ups = {one.name: LookUp(one.hashlist, effort) for one in lists}
        self._fingerprinter = Fingerprinter(limits, quick=True, effort=effort)

    def close(self) -> None:
        """Ends the decoders."""
        self._fingerprinter.close()

    def of_file(self, file: File, upload: Upload) -> Screened:
        """Says it of a file's bytes. Bad media are an outcome, never an error."""
        looking = self._looking(upload)
        if not looking:
            return Screened(Outcome.NOT_LOOKED_AT)
        made = self._fingerprinter.fingerprint(file)
        prints = made.fingerprints if isinstance(made, Fingerprinted) else made.exact
        kind = made.kind.value if isinstance(made, Fingerprinted) else "image"
        unread = made.reason.value if isinstance(made, Unscannable) else None
        (found,), stale = self._asked(looking, [prints], strong_only=False)
        return self._ruled(upload, found, stale, unread=unread, kind=kind, prints=prints)

    def of_prints(self, items: Sequence[tuple[Prints, Upload]], *, strong_only: bool = False) -> list[Screened]:
        """Says it of fingerprints made before, of many uploads at once."""
        answers: list[Screened] = [Screened(Outcome.NOT_LOOKED_AT)] * len(items)
        together: dict[tuple[Surface, str | None], list[int]] = {}
        for at, (_, upload) in enumerate(items):
            together.setdefault((upload.surface, upload.region), []).append(at)
        for places in together.values():
            looking = self._looking(items[places[0]][1])
            if not looking:
                continue
            found, stale = self._asked(looking, [items[at][0] for at in places], strong_only=strong_only)
            for at, one in zip(places, found, strict=True):
                prints, upload = items[at]
                answers[at] = self._ruled(upload, one, stale, unread=None, kind="image", prints=prints)
        return answers

    def braked(self, upload: Upload, screened: Screened, left: Iterable[Finding]) -> Screened:
        """Gives the answer anew from what brakes have left of its matches."""
        counts = {(one.list, one.entry): StrongestAction(one.action) for one in left}
        found = [
            Listed(one.list, dataclasses.replace(one.match, action=counts[one.list, one.match.entry]))
            for one in screened.found
            if (one.list, one.match.entry) in counts
        ]
        return self._ruled(
            upload, found, screened.stale, unread=screened.reason, kind=screened.kind, prints=screened.prints
        )

    def count_hits(self, screened: Iterable[Screened]) -> None:
        """Counts a hit of each entry that was found, for those lists that want to know."""
        for answer in screened:
            for one in self._lists:
                matches = [ruled.match for ruled in answer.found if ruled.list == one.name]
                if matches and one.counts_hits:
                    one.hashlist.count_hits(matches)

    def _looking(self, upload: Upload) -> list[FollowedList]:
        return [one for one in self._lists if self._policies.looks_at(one.name, upload.surface, upload.region)]

    def _asked(
        self, looking: Sequence[FollowedList], uploads: Sequence[Prints], *, strong_only: bool
    ) -> tuple[list[list[Listed]], tuple[str, ...]]:
        """Gives what each upload matches on all of these lists, and the lists that are too old to be asked."""
        found: list[list[Listed]] = [[] for _ in uploads]
        stale = []
        for one in looking:
            try:
                answers = self._look_ups[one.name].many(uploads, strong_only=strong_only, threads=self._threads)
            except StaleListError:
                stale.append(one.name)
                continue
            for at, answer in enumerate(answers):
                if isinstance(answer, Matched):
                    found[at] += [Listed(one.name, match) for match in answer.matches]
        return found, tuple(stale)

    def _ruled(
        self,
        upload: Upload,
        found: Sequence[Listed],
        stale: tuple[str, ...],
        *,
        unread: str | None,
        kind: str,
        prints: Prints,
    ) -> Screened:
        checked = types_of(prints)
        if not found and not stale and unread is None:
            return Screened(Outcome.CLEAR, checked=checked, kind=kind, prints=prints)
        rule = self._policies.rule
        ruled = tuple(
            Ruled(one.list, one.match, rule(one.match, one.list, upload.surface, upload.region)) for one in found
        )
        rulings = [one.ruling for one in ruled]
        if stale and self._policies.stale[upload.surface]:
            rulings.append(Ruling(BY_STALE, Do.HOLD))
        if unread is not None and self._policies.unscannable[upload.surface]:
            rulings.append(Ruling(BY_UNSCANNABLE, Do.HOLD))
        done, tried = strongest(rulings), strongest_tried(rulings)
        outcome = Outcome.MATCHED if ruled else Outcome.UNSCANNABLE if unread is not None else Outcome.CLEAR
        return Screened(
            outcome,
            Do.ALLOW if done is None else done.do,
            None if done is None else done.row,
            None if tried is None else tried.do,
            ruled,
            stale,
            checked,
            unread,
            kind,
            prints=prints,
        )


async def hold_what_is_ruled(
    database: Database, clock: Clock, uploads: Sequence[Upload], screened: Sequence[Screened]
) -> list[Screened]:
    """Opens holds for what a row says so of and that has an id; gives the answers with the ids of the holds.

    Asked again about the same content, the answer names the same hold. `hide` and `remove` are told in the feed of
    instructions, too: an answer may be lost on its way.
    """
    wanted = [at for at, one in enumerate(screened) if uploads[at].content and _held_by_a_match(one)]
    if not wanted:
        return list(screened)
    answers = list(screened)

    async def work(connection: AsyncConnection) -> dict[int, Screened]:
        return {at: await _held(connection, clock.now(), uploads[at], screened[at]) for at in wanted}

    for at, one in (await database.run("hold", work)).items():
        answers[at] = one
    return answers


def _held_by_a_match(screened: Screened) -> bool:
    return any(one.ruling.do is not Do.ALLOW and not one.ruling.dry_run for one in screened.found)


async def _held(connection: AsyncConnection, now: datetime, upload: Upload, screened: Screened) -> Screened:
    found = [
        Listed(one.list, one.match)
        for one in screened.found
        if one.ruling.do is not Do.ALLOW and not one.ruling.dry_run
    ]
    content = Content(upload.content or "", upload.surface, upload.region, upload.account, upload.uploaded_at)
    before = await hold_again(connection, content.id, found)
    if before is not None:
        return _again(before, screened)
    by_policy = screened.do is Do.REMOVE
    hold = await open_hold(connection, content, Source.UPLOAD, found, at=now, kind=screened.kind, by_policy=by_policy)
    doing = {Do.HIDE: Doing.HIDE, Do.REMOVE: Doing.REMOVE}.get(screened.do)
    if doing is not None:
        await instructions.give(connection, content.id, doing, because=hold.id, at=now)
    return replace(screened, hold=hold.id)


def _again(before: Hold, screened: Screened) -> Screened:
    if before.state is HoldState.WRONG:
        return replace(screened, do=Do.ALLOW, because=BY_PERSON, hold=before.id)
    return replace(screened, hold=before.id)
