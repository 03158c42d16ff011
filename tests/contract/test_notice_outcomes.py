"""What becomes of a notice: granted, refused, undone, joined, taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from contract.conftest import Run
from support.noticed import Platform, on_sqlite
from support.notices import ADULT, CHILD, NOW, Media, at, sha256
from takeback.errors import NotAuthorisedError
from takeback.model import notice as said
from takeback.model.hold import Content, HoldState
from takeback.model.instruction import Doing
from takeback.model.notice_log import NoticeEvent
from takeback.model.operator import Role
from takeback.model.proposal import Proposal, ProposalKind, ProposalState
from takeback.model.received_notice import Copy, NoticeState, Refusal
from takeback.participant.desk import appealing, decisions, opening, undoing
from takeback.participant.notices.contents import Named, name_contents
from takeback.participant.notices.following import standing, withdraw
from takeback.staff.operators import add_operator
from takeback.storage import audit
from takeback.storage.database import Database
from takeback.storage.platform import (
    holds,
    notices,
)


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
