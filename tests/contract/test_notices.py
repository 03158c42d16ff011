"""A notice at the platform that was asked, from receipt to outcome."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from contract.conftest import Run
from support.notices import ADULT, CHILD, HELPER, NOW, Media, at, settings, sha256
from takeback.clock import ManualClock
from takeback.errors import ConflictError, NotAuthorisedError, NotFoundError
from takeback.model import notice as said
from takeback.model.entry import Kind
from takeback.model.hold import Content, HoldState, Source
from takeback.model.instruction import Doing
from takeback.model.notice_log import NoticeEvent
from takeback.model.operator import Role
from takeback.model.proposal import Proposal, ProposalKind, ProposalState
from takeback.model.received_notice import Copy, Flag, NoticeState, Refusal
from takeback.participant import own_media
from takeback.participant.desk import appealing, decisions, opening, undoing
from takeback.participant.notices import misuse
from takeback.participant.notices.clockwork import keep_clocks
from takeback.participant.notices.contents import Named, name_contents
from takeback.participant.notices.copies import OwnMedia
from takeback.participant.notices.deciding import decide
from takeback.participant.notices.export import month_of_notices
from takeback.participant.notices.following import standing, withdraw
from takeback.participant.notices.receiving import Parts, Receipt, complete, receive
from takeback.participant.notices.statements import removed_in
from takeback.platform_settings import PlatformSettings
from takeback.staff.operators import add_operator
from takeback.storage import audit
from takeback.storage.database import Database
from takeback.storage.platform import (
    holds,
    instructions,
    notice_contents,
    notice_log,
    notice_tasks,
    notices,
)
from takeback.storage.platform.notice_contents import NoticeContent
from takeback.storage.platform.own_media import OwnMedium

#: A story in which no statement differs from those of the others needs one database.
on_sqlite = pytest.mark.parametrize("address", ["sqlite"], indirect=True)


class Platform:
    """A platform at work, whose clock the test moves."""

    def __init__(self, database: Database, folder: Path, media: OwnMedia | None = None, **changed: object) -> None:
        self.database, self.clock, self.media = database, ManualClock(NOW), media or Media()
        self.settings: PlatformSettings = settings(folder, **changed)

    async def receive(self, notice: said.Notice, flagger: str | None = None) -> Receipt:
        return await receive(self.database, self.clock, self.settings, notice, flagger=flagger)

    async def work(self, after: timedelta = timedelta(0)) -> int:
        self.clock.advance(after)
        return await keep_clocks(self.database, self.clock, self.settings, self.media)

    async def told(self) -> list[tuple[str, Doing]]:
        given = await self.database.run("read", lambda c: instructions.after(c, 0, limit=1000))
        return [(one.content, one.doing) for one in given]

    async def contents(self, number: str) -> list[NoticeContent]:
        return await self.database.run("read", lambda c: notice_contents.of(c, number))

    async def log(self, number: str) -> list[NoticeEvent]:
        return [one.event for one in await self.database.run("read", lambda c: notice_log.of(c, number))]

    async def decide(self, receipt: Receipt, refusal: Refusal | None = None, role: Role = Role.OPERATOR) -> str:
        """Has somebody new decide, and gives their id."""
        name = f"person {secrets.token_hex(4)}"
        operator = await add_operator(self.database, self.clock, name, role)
        await decide(self.database, self.clock, self.settings, operator, receipt.notice.number, refusal)
        return operator.id

    async def state(self, receipt: Receipt) -> NoticeState:
        return (await standing(self.database, receipt.notice.number, receipt.secret)).notice.state


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


@on_sqlite
def test_granting_removes_and_refusing_shows_again(on_platform: Run, tmp_path: Path) -> None:
    media = Media([Content("post/7")], [(Content("post/9"), 3)])

    async def story(database: Database) -> None:
        platform = Platform(database, tmp_path, media)
        receipt = await platform.receive(replace(ADULT, places=(said.Place(account="@somebody"),)))
        number = receipt.notice.number
        named = [Named(Content("post/1"), prints=(sha256(1),))]
        await name_contents(database, platform.clock, platform.settings, number, named)
        await platform.work(timedelta(hours=3))
        await platform.decide(receipt)
        assert await platform.state(receipt) is NoticeState.REMOVED
        assert sorted(await platform.told())[1::2] == [("post/1", Doing.REMOVE), ("post/7", Doing.REMOVE)]
        near = next(one for one in await platform.contents(number) if one.how is Copy.NEAR)
        hold = await database.run("find", lambda c: holds.find(c, near.hold))
        assert hold is not None
        assert hold.state is HoldState.OPEN  # what is near is decided by itself
        # The uploader appealed, and a person decided the other way.
        other = await platform.decide(receipt, Refusal.APPEALED)
        found = await standing(database, number, receipt.secret)
        assert (found.notice.state, found.notice.reason) == (NoticeState.REFUSED, Refusal.APPEALED)
        assert (await platform.told())[-2:] == [("post/1", Doing.RESTORE), ("post/7", Doing.RESTORE)]
        assert f"{other}:notice/{number}:appealed" in await database.run("read", audit.events)
        await platform.work(timedelta(hours=60))  # and no clock runs any more
        assert NoticeEvent.EXPIRED not in await platform.log(number)

    on_platform(story)


@on_sqlite
def test_the_desk_decides_piece_by_piece_and_the_notice_follows(on_platform: Run, tmp_path: Path) -> None:
    media = Media([Content("post/7")], [(Content("post/9"), 3)])

    async def story(database: Database) -> None:
        platform = Platform(database, tmp_path, media)
        first, second = [await add_operator(database, platform.clock, name, Role.OPERATOR) for name in ("Ana", "Ben")]
        receipt = await platform.receive(replace(ADULT, places=(said.Place(account="@somebody"),)))
        named = [Named(Content("post/1"), prints=(sha256(1),)), Named(Content("post/2"))]
        await name_contents(database, platform.clock, platform.settings, receipt.notice.number, named)
        await platform.work()
        hold_of = {one.content: one.hold for one in await platform.contents(receipt.notice.number)}

        async def decided(content: str, word: str) -> int:
            desk = (database, platform.clock, platform.settings, first, hold_of[content])
            await opening.open_hold(*desk)
            return (await decisions.decide(*desk, word)).copies

        assert await decided("post/1", "as-listed") == 2  # its copy with it, and not what is only near
        assert await platform.state(receipt) is NoticeState.OPEN
        await decided("post/2", "lawful")
        assert await platform.state(receipt) is NoticeState.REMOVED
        await decided("post/9", "lawful")  # a near one changes nothing
        assert await platform.state(receipt) is NoticeState.REMOVED
        # Both uploaders appeal, and somebody else looks again.
        for content in ("post/1", "post/7"):
            appeal = await appealing.file_appeal(database, platform.clock, content, "not-intimate")
            await appealing.decide_appeal(database, platform.clock, platform.settings, second, appeal.id, "lawful")
        found = await standing(database, receipt.notice.number, receipt.secret)
        assert (found.notice.state, found.notice.reason) == (NoticeState.REFUSED, Refusal.APPEALED)

    on_platform(story)


@on_sqlite
def test_undoing_decisions_opens_the_notice_again(on_platform: Run, tmp_path: Path) -> None:
    async def story(database: Database) -> None:
        platform = Platform(database, tmp_path)
        ana = await add_operator(database, platform.clock, "Ana", Role.OPERATOR)
        receipt = await platform.receive(ADULT)
        (content,) = await platform.contents(receipt.notice.number)
        desk = (database, platform.clock, platform.settings, ana, content.hold)
        await opening.open_hold(*desk)
        await decisions.decide(*desk, "lawful")
        assert await platform.state(receipt) is NoticeState.REFUSED
        proposal = Proposal(
            "p-1", ProposalKind.UNDO_DECISIONS, "u-1", {"reviewer": "Ana"}, "o-2", NOW, ProposalState.CARRIED_OUT
        )
        await database.run("undo", lambda c: undoing.undo_decisions(c, platform.clock, proposal))
        assert await platform.state(receipt) is NoticeState.OPEN
        assert (await platform.log(receipt.notice.number))[-1] is NoticeEvent.REOPENED

    on_platform(story)


@on_sqlite
def test_what_is_said_of_a_child_is_decided_by_the_child_safety_role(on_platform: Run, tmp_path: Path) -> None:
    async def story(database: Database) -> None:
        platform = Platform(database, tmp_path)
        receipt = await platform.receive(CHILD)
        (content,) = await platform.contents(receipt.notice.number)
        hold = await database.run("find", lambda c: holds.find(c, content.hold))
        assert hold is not None
        assert hold.state is HoldState.ESCALATED
        for role in (Role.OPERATOR, Role.ADMINISTRATOR):
            with pytest.raises(NotAuthorisedError):
                await platform.decide(receipt, role=role)
        await platform.decide(receipt, role=Role.CHILD_SAFETY)
        # And stays theirs: an appeal about it is for nobody else.
        hold = await database.run("find", lambda c: holds.find(c, content.hold))
        assert hold is not None
        role = await database.run("role", lambda c: opening.role_of(c, hold))
        assert (hold.state, role) == (HoldState.CONFIRMED, Role.CHILD_SAFETY)
        # A later notice makes what waits theirs, and undoing a decision leaves it so.
        adult = await platform.receive(at(ADULT, "5"))
        await platform.receive(at(CHILD, "5"))
        (other,) = await platform.contents(adult.notice.number)
        cleo = await add_operator(database, platform.clock, "Cleo", Role.CHILD_SAFETY)
        for _ in range(2):
            hold = await database.run("find", lambda c: holds.find(c, other.hold))
            assert hold is not None
            assert hold.state is HoldState.ESCALATED
            desk = (database, platform.clock, platform.settings, cleo, other.hold)
            await opening.open_hold(*desk)
            await decisions.decide(*desk, "lawful")
            details, done = {"reviewer": "Cleo"}, ProposalState.CARRIED_OUT
            proposal = Proposal("p-1", ProposalKind.UNDO_DECISIONS, "u-1", details, "o-2", NOW, done)
            await database.run("undo", lambda c, proposal=proposal: undoing.undo_decisions(c, platform.clock, proposal))

    on_platform(story)


def test_notices_about_the_same_place_are_joined_and_granted_together(on_platform: Run, tmp_path: Path) -> None:
    async def story(database: Database) -> None:
        platform = Platform(database, tmp_path)
        first, second, third = [await platform.receive(replace(ADULT, email=f"{n}@mail.example")) for n in range(3)]
        assert second.notice.joined_to == third.notice.joined_to == first.notice.number
        assert len({one.number for one in (first.notice, second.notice, third.notice)}) == 3
        (content,) = {one.hold for r in (first, second) for one in await platform.contents(r.notice.number)}
        # The refusal of one is not that of the others: the next takes its place.
        await platform.decide(first, Refusal.MAY_NOT_ASK)
        assert await platform.state(second) is NoticeState.OPEN
        assert Doing.RESTORE not in [doing for _, doing in await platform.told()]
        hold = await database.run("find", lambda c: holds.find(c, content))
        assert hold is not None
        assert hold.state is HoldState.OPEN
        await platform.decide(second)
        assert [await platform.state(one) for one in (second, third)] == [NoticeState.REMOVED] * 2

    on_platform(story)


@on_sqlite
def test_places_that_are_only_an_account_are_never_joined(on_platform: Run, tmp_path: Path) -> None:
    async def story(database: Database) -> None:
        platform = Platform(database, tmp_path)
        notice = replace(ADULT, places=(said.Place(account="@somebody"),))
        assert [(await platform.receive(notice)).notice.joined_to for _ in range(2)] == [None, None]

    on_platform(story)


@on_sqlite
def test_taking_a_notice_back_shows_again_and_erases(on_platform: Run, tmp_path: Path) -> None:
    async def story(database: Database) -> None:
        platform = Platform(database, tmp_path)
        receipt = await platform.receive(ADULT)
        await withdraw(database, platform.clock, receipt.notice.number, receipt.secret)
        assert await platform.state(receipt) is NoticeState.WITHDRAWN
        assert await platform.told() == [("post/1", Doing.HIDE), ("post/1", Doing.RESTORE)]
        assert await database.run("read", lambda c: notices.opened(c, receipt.notice.number)) is None
        await platform.work(timedelta(hours=60))
        assert NoticeEvent.WARNED not in await platform.log(receipt.notice.number)
        assert not (tmp_path / "outbox").exists()

    on_platform(story)


@on_sqlite
@pytest.mark.parametrize("depicted", [said.AgeThen.UNDER_18, said.AgeThen.UNSURE])
def test_what_may_show_a_child_stays_hidden_until_somebody_has_looked(
    on_platform: Run, tmp_path: Path, depicted: said.AgeThen
) -> None:
    async def story(database: Database) -> None:
        platform = Platform(database, tmp_path)
        receipt = await platform.receive(replace(ADULT, depicted=depicted))
        await withdraw(database, platform.clock, receipt.notice.number, receipt.secret)
        assert await platform.told() == [("post/1", Doing.HIDE)]

    on_platform(story)


def test_unknown_and_wrong_answer_alike(on_platform: Run, tmp_path: Path) -> None:
    async def story(database: Database) -> None:
        platform = Platform(database, tmp_path)
        receipt = await platform.receive(ADULT)
        typed = receipt.secret.lower().replace("-", " ").replace("0", "o")
        assert (await standing(database, receipt.notice.number.lower(), typed)).named == 1
        said_ = []
        for number, secret in ((receipt.notice.number, "0000-0000-0000-0000"), ("AAAAA-AAAAA", receipt.secret)):
            with pytest.raises(NotFoundError) as wrong:
                await standing(database, number, secret)
            said_.append(str(wrong.value))
        assert said_[0] == said_[1]

    on_platform(story)


def test_what_a_notice_says_is_sealed_and_erased_in_its_time(on_platform: Run, tmp_path: Path) -> None:
    async def story(database: Database) -> None:
        platform = Platform(database, tmp_path)
        kept = await platform.receive(ADULT)
        await platform.receive(replace(at(ADULT, "2"), email=None))
        rows = await database.run("dump", lambda c: c.execute(text("SELECT * FROM notice")))
        dumped = repr(rows.fetchall())
        assert "mail.example" not in dumped
        assert "photos.example" not in dumped
        await platform.decide(kept)
        await platform.work(timedelta(days=31))
        states = {one.state for one in await database.run("read", lambda c: notices.listed(c, None, limit=9))}
        assert states == {NoticeState.REMOVED, NoticeState.LAPSED}
        assert await database.run("read", lambda c: notices.opened(c, kept.notice.number))
        await platform.work(timedelta(days=150))
        left = await database.run("dump", lambda c: c.execute(text("SELECT sealed, places, notifier FROM notice")))
        assert left.fetchall() == [(None, None, None)] * 2
        assert (await platform.log(kept.notice.number))[-1] is NoticeEvent.ERASED
        assert await platform.state(kept) is NoticeState.REMOVED

    on_platform(story)


@on_sqlite
def test_only_a_person_suspends_a_notifier_and_never_the_person_in_the_picture(
    on_platform: Run, tmp_path: Path
) -> None:
    async def story(database: Database) -> None:
        platform = Platform(database, tmp_path)
        own, helper = await platform.receive(ADULT), await platform.receive(at(HELPER, "2"))
        await platform.decide(helper, Refusal.MISUSE)
        counts = await misuse.counts_of(database, platform.clock, helper.notice)
        assert counts is not None
        assert (counts.sent, counts.refused_as_misuse) == (1, 1)
        with pytest.raises(ConflictError, match="warned"):
            await misuse.suspend(database, platform.clock, helper.notice.number, 30, by="o-1")
        await misuse.warn(database, platform.clock, helper.notice.number, by="o-1")
        await misuse.suspend(database, platform.clock, helper.notice.number, 30, by="o-1")
        with pytest.raises(ConflictError, match="person in the picture"):
            await misuse.warn(database, platform.clock, own.notice.number, by="o-1")
        before = await platform.told()
        late = await platform.receive(at(HELPER, "3"))  # kept and held, but a person looks first
        assert len(await platform.contents(late.notice.number)) == 1
        assert await platform.told() == before
        # Who asks for themselves is never suspended, even from the same address.
        await platform.receive(replace(at(ADULT, "4"), email=HELPER.email))
        assert await platform.told() == [*before, ("post/4", Doing.HIDE)]

    on_platform(story)


@on_sqlite
def test_a_trusted_flagger_has_a_key_of_its_own(on_platform: Run, tmp_path: Path) -> None:
    async def story(database: Database) -> None:
        platform = Platform(database, tmp_path)
        flagger, key = await misuse.add_flagger(database, platform.clock, "Helpline", by="o-1")
        assert (await misuse.flagger_of(database, key)).id == flagger.id
        receipt = await platform.receive(ADULT, flagger.id)
        report = await month_of_notices(database, platform.clock, platform.settings, "2026-11")
        assert report.by_lane[flagger.id].received == 1
        assert receipt.notice.flagger == flagger.id
        await misuse.close_flagger(database, platform.clock, flagger.id, by="o-1")
        with pytest.raises(NotAuthorisedError):
            await misuse.flagger_of(database, key)

    on_platform(story)


def test_a_month_for_the_regulator(on_platform: Run, tmp_path: Path) -> None:
    media = Media([Content("post/70")], [(Content("post/71"), 4)])

    async def story(database: Database) -> None:
        platform = Platform(database, tmp_path, media)
        quick, slow, wrong = [await platform.receive(at(ADULT, str(one))) for one in range(3)]
        await platform.receive(replace(CHILD, email=None))
        named = [Named(Content("post/50"), prints=(sha256(1),))]
        await name_contents(database, platform.clock, platform.settings, quick.notice.number, named)
        await platform.work(timedelta(hours=2))
        await platform.decide(quick)
        await platform.work(timedelta(hours=4))
        await platform.decide(wrong, Refusal.NOT_INTIMATE)
        await platform.work(timedelta(hours=50))
        await platform.decide(slow)
        figures = (await month_of_notices(database, platform.clock, platform.settings, "2026-11")).all
        assert (figures.received, figures.valid, figures.removed, figures.refused) == (4, 3, 2, 1)
        assert (figures.over_time, figures.median_hours_to_decide, figures.median_hours_to_hide) == (1, 6, 0)
        assert (figures.copies_exact, figures.copies_near) == (1, 1)
        assert figures.refused_because == {"not-intimate": 1}
        assert (await month_of_notices(database, platform.clock, platform.settings, "2026-10")).all.received == 0
        removed = await removed_in(database, "2026-11")
        assert {(one.content, one.how) for one in removed} == {
            ("post/0", Copy.NAMED),
            ("post/1", Copy.NAMED),
            ("post/50", Copy.NAMED),
            ("post/70", Copy.EXACT),
        }

    on_platform(story)


def test_the_log_of_notices_cannot_be_changed(on_platform: Run, tmp_path: Path) -> None:
    async def story(database: Database) -> None:
        await Platform(database, tmp_path).receive(ADULT)
        for statement in ("DELETE FROM notice_log", "UPDATE notice_log SET event = 'valid'"):
            with pytest.raises(DBAPIError, match="stay as they are"):
                await database.run("forge", lambda c, statement=statement: c.execute(text(statement)))

    on_platform(story)


@on_sqlite
def test_whoever_gave_an_address_is_told_and_the_letter_says_nothing_of_the_picture(
    on_platform: Run, tmp_path: Path
) -> None:
    async def story(database: Database) -> None:
        platform = Platform(database, tmp_path, mail_dir=str(tmp_path / "outbox"))
        receipt = await platform.receive(ADULT)
        await platform.work()
        await platform.decide(receipt, Refusal.NOT_FOUND)
        await keep_clocks(database, platform.clock, platform.settings, own_media)
        letters = {file.name: message_from_bytes(file.read_bytes()) for file in (tmp_path / "outbox").iterdir()}
        number = receipt.notice.number
        assert set(letters) == {f"notice-{number}-confirm-open.eml", f"notice-{number}-answer-refused.eml"}
        for letter in letters.values():
            assert letter["To"] == ADULT.email
            body = letter.get_payload()
            assert number in letter["Subject"]
            assert not any(word in str(body) for word in ("picture", "nude", receipt.secret, "photos.example"))

    on_platform(story)
