"""A notice at the platform that was asked: receipt, clock, and what is hidden at once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from contract.conftest import Run
from support.noticed import Platform, on_sqlite
from support.notices import ADULT, NOW, Media, at, sha256
from takeback.errors import ConflictError
from takeback.fingerprints.types import Fingerprint
from takeback.model import notice as said
from takeback.model.entry import Kind
from takeback.model.hold import Content, HoldState, Source
from takeback.model.instruction import Doing
from takeback.model.notice_log import NoticeEvent
from takeback.model.received_notice import Copy, Flag, NoticeState
from takeback.participant import own_media
from takeback.participant.notices.contents import Named, name_contents
from takeback.participant.notices.following import standing
from takeback.participant.notices.receiving import Parts, complete
from takeback.storage.database import Database
from takeback.storage.platform import (
    holds,
    notice_contents,
    notice_log,
    notice_tasks,
)
from takeback.storage.platform.own_media import OwnMedium


def test_a_valid_notice_hides_and_holds_what_it_names_in_one_step(on_platform: Run, tmp_path: Path) -> None:
    async def story(database: Database) -> None:
        platform = Platform(database, tmp_path)
        receipt = await platform.receive(ADULT)
        assert (receipt.missing, receipt.notice.due_at) == ((), NOW + timedelta(hours=48))
        assert await platform.told() == [("post/1", Doing.HIDE)]
        (content,) = await platform.contents(receipt.notice.number)
        hold = await database.run("find", lambda c: holds.find(c, content.hold))
        assert hold is not None
        assert (hold.source, hold.state, hold.due_at) == (Source.NOTICE, HoldState.OPEN, NOW + timedelta(hours=48))

    on_platform(story)


def test_what_is_missing_is_asked_for_and_the_clock_begins_when_it_is_there(on_platform: Run, tmp_path: Path) -> None:
    async def story(database: Database) -> None:
        platform = Platform(database, tmp_path)
        receipt = await platform.receive(replace(ADULT, email=None, signature=None))
        number, secret = receipt.notice.number, receipt.secret
        assert (receipt.notice.state, receipt.notice.due_at) == (NoticeState.INCOMPLETE, None)
        assert receipt.missing == (said.Part.SIGNATURE, said.Part.CONTACT)
        assert await platform.told() == []

        platform.clock.advance(timedelta(hours=5))
        left = await complete(database, platform.clock, platform.settings, number, secret, Parts(signature="A."))
        assert left == (said.Part.CONTACT,)
        parts = Parts(email="a@mail.example", signature="never asked for twice")
        assert await complete(database, platform.clock, platform.settings, number, secret, parts) == ()
        found = await standing(database, number, secret)
        assert (found.notice.state, found.notice.first_contact_at) == (NoticeState.OPEN, NOW)
        assert found.notice.valid_at == NOW + timedelta(hours=5)
        assert await platform.told() == [("post/1", Doing.HIDE)]
        with pytest.raises(ConflictError):
            await complete(database, platform.clock, platform.settings, number, secret, parts)

    on_platform(story)


@on_sqlite
def test_the_clock_warns_once_each_and_then_hides(on_platform: Run, tmp_path: Path) -> None:
    async def story(database: Database) -> None:
        platform = Platform(database, tmp_path, notice_hide_at_once=False, notice_mail_to="desk@photos.example")
        receipt = await platform.receive(ADULT)
        number = receipt.notice.number
        assert await platform.told() == []
        for hours in (11, 2, 11, 1, 11, 8, 3):  # to 11, 13, 24, 25, 36, 44 and 47 hours
            await platform.work(timedelta(hours=hours))
            await platform.work()
        assert (await platform.log(number)).count(NoticeEvent.WARNED) == 4
        assert await platform.told() == []
        await platform.work(timedelta(hours=1))
        await platform.work()
        assert await platform.told() == [("post/1", Doing.HIDE)]
        assert (await platform.log(number)).count(NoticeEvent.EXPIRED) == 1
        assert await platform.state(receipt) is NoticeState.OPEN  # a person still decides
        letters = sorted(file.name for file in (tmp_path / "outbox").glob("*warn*.eml"))
        assert letters == [f"notice-{number}-warn-{hours}.eml" for hours in (12, 24, 36, 44)]

    on_platform(story)


def test_several_processes_do_each_task_once(on_platform: Run, tmp_path: Path) -> None:
    async def story(database: Database) -> None:
        platform = Platform(database, tmp_path)
        receipts = [await platform.receive(at(ADULT, str(one))) for one in range(6)]
        platform.clock.advance(timedelta(hours=49))
        await asyncio.gather(*(platform.work() for _ in range(4)))
        for receipt in receipts:
            log = await platform.log(receipt.notice.number)
            assert (log.count(NoticeEvent.WARNED), log.count(NoticeEvent.EXPIRED)) == (4, 1)

    on_platform(story)


def test_what_a_dead_process_had_begun_is_done_by_another(on_platform: Run, tmp_path: Path) -> None:
    async def story(database: Database) -> None:
        platform = Platform(database, tmp_path)
        receipt = await platform.receive(ADULT)
        until = NOW + timedelta(seconds=platform.settings.notice_lease_s)
        claimed = await database.run("claim", lambda c: notice_tasks.claim(c, NOW, until, limit=10))
        assert [one.kind for one in claimed] == ["search"]
        assert await platform.work() == 0
        assert await platform.work(timedelta(seconds=platform.settings.notice_lease_s)) == 1
        assert NoticeEvent.SEARCHED in await platform.log(receipt.notice.number)

    on_platform(story)


def test_the_same_is_hidden_the_near_is_held_and_the_search_is_recorded(on_platform: Run, tmp_path: Path) -> None:
    media = Media([Content("post/7"), Content("post/8")], [(Content("post/8"), 0), (Content("post/9"), 11)])

    async def story(database: Database) -> None:
        platform = Platform(database, tmp_path, media)
        receipt = await platform.receive(replace(ADULT, places=(said.Place("https://photos.example/album/5"),)))
        number = receipt.notice.number
        named = [Named(Content("post/1", account="user/3"), prints=(sha256(1),))]
        await name_contents(database, platform.clock, platform.settings, number, named)
        await name_contents(database, platform.clock, platform.settings, number, named)  # a repeated call
        await platform.work()
        assert media.asked == [(sha256(1),)]
        found = {one.content: (one.how, one.distance, one.hidden_at) for one in await platform.contents(number)}
        assert found == {
            "post/1": (Copy.NAMED, None, NOW),
            "post/7": (Copy.EXACT, None, NOW),
            "post/8": (Copy.EXACT, None, NOW),
            "post/9": (Copy.NEAR, 11, None),
        }
        assert sorted(await platform.told()) == [("post/1", Doing.HIDE), ("post/7", Doing.HIDE), ("post/8", Doing.HIDE)]
        (searched,) = [
            one
            for one in await database.run("read", lambda c: notice_log.of(c, number))
            if one.event is NoticeEvent.SEARCHED
        ]
        expected = {"fingerprints": 1, "types": "sha256", "radius_bits": 15, "exact": 2, "near": 1, "hidden": 2}
        assert (searched.facts, searched.at) == (expected, NOW)
        kept = await database.run("read", lambda c: notice_contents.take_prints(c, number))
        assert kept == {"post/1": ()}  # fingerprints go when they were searched

    on_platform(story)


def test_what_is_named_while_a_search_goes_on_is_searched_too(on_platform: Run, tmp_path: Path) -> None:
    async def story(database: Database) -> None:
        media = Media(kept=[OwnMedium(Content("post/1"), Kind.IMAGE, (sha256(1),))])
        platform = Platform(database, tmp_path, media)
        receipt = await platform.receive(ADULT)
        number, first = receipt.notice.number, media.exact

        async def meanwhile(database: Database, prints: Sequence[Fingerprint]) -> list[Content]:
            media.exact = first  # type: ignore[method-assign]  # once
            platform.clock.advance(timedelta(seconds=1))
            named = [Named(Content("post/2"), prints=(sha256(2),))]
            await name_contents(database, platform.clock, platform.settings, number, named)
            return await first(database, prints)

        media.exact = meanwhile  # type: ignore[method-assign]
        await platform.work()
        assert {one for prints in media.asked for one in prints} == {sha256(1), sha256(2)}
        assert (await platform.log(number)).count(NoticeEvent.SEARCHED) == 1
        assert await platform.work() == 0

    on_platform(story)


def test_a_link_alone_is_enough_to_find_copies_in_the_platforms_own_store(on_platform: Run, tmp_path: Path) -> None:
    async def story(database: Database) -> None:
        kept = [OwnMedium(Content(f"post/{one}"), Kind.IMAGE, (sha256(1),)) for one in (1, 2)]
        await own_media.put(database, kept)
        platform = Platform(database, tmp_path, own_media)
        receipt = await platform.receive(ADULT)
        await platform.work()
        assert await platform.told() == [("post/1", Doing.HIDE), ("post/2", Doing.HIDE)]
        assert (await standing(database, receipt.notice.number, receipt.secret)).copies == 1

    on_platform(story)


@on_sqlite
def test_where_everybody_has_the_picture_a_person_looks_before_copies_are_hidden(
    on_platform: Run, tmp_path: Path
) -> None:
    media = Media([Content(f"logo/{one}") for one in range(4)])

    async def story(database: Database) -> None:
        platform = Platform(database, tmp_path, media, notice_copies_hidden=3)
        receipt = await platform.receive(replace(ADULT, places=(said.Place(account="@somebody"),)))
        named = [Named(Content("post/1"), prints=(sha256(1),))]
        await name_contents(database, platform.clock, platform.settings, receipt.notice.number, named)
        await platform.work()
        assert await platform.told() == [("post/1", Doing.HIDE)]
        assert len(await platform.contents(receipt.notice.number)) == 5

    on_platform(story)


@on_sqlite
def test_a_flag_of_the_platform_has_a_person_look_first(on_platform: Run, tmp_path: Path) -> None:
    async def story(database: Database) -> None:
        platform = Platform(database, tmp_path)
        receipt = await platform.receive(replace(ADULT, places=(said.Place(account="@somebody"),)))
        named = [Named(Content("post/1"), flags=frozenset({Flag.PUBLIC_INTEREST})), Named(Content("post/2"))]
        await name_contents(database, platform.clock, platform.settings, receipt.notice.number, named)
        assert await platform.told() == [("post/2", Doing.HIDE)]

    on_platform(story)
