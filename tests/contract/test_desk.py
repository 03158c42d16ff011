"""The desk's decisions: who may look, what counts for copies, what follows, and what is told to whom."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from contract.conftest import Run
from support.desk import ENTRY, NOW, OTHER, DeskPeople, finding
from takeback.errors import ConflictError, InvalidInputError, NotAuthorisedError, NotFoundError, TakebackError
from takeback.model.feedback import ActionTaken, Verdict
from takeback.model.hold import Hold, HoldState, Source, Surface
from takeback.model.instruction import Doing
from takeback.model.operator import Role
from takeback.model.proposal import ProposalKind
from takeback.model.reason import REASONS
from takeback.model.review import Seen, Viewing
from takeback.participant import two_person
from takeback.participant.desk import appealing, decisions, opening, undoing
from takeback.participant.desk.feedback import hand_over
from takeback.participant.hash_list import HashList
from takeback.platform_settings import PlatformSettings
from takeback.storage import audit
from takeback.storage.database import Database
from takeback.storage.platform import feedback_due, reviews
from takeback.storage.platform.queue import Wanted

Story = Callable[[DeskPeople], Awaitable[None]]


def at_the_desk(run: Run, story: Story, **settings: object) -> None:
    async def whole(database: Database) -> None:
        await story(DeskPeople(database, **settings))

    run(whole)


async def refused(doing: Awaitable[object], error: type[TakebackError], words: str = "") -> None:
    with pytest.raises(error, match=words or None):
        await doing


async def due(desk: DeskPeople) -> list[tuple[str, str, Verdict, ActionTaken]]:
    waiting = await desk.database.run("due", lambda connection: feedback_due.all_(connection, limit=10))
    return sorted((list_, one.entry, one.verdict, one.action) for list_, one, _ in waiting)


async def queue(desk: DeskPeople, *, role: Role = Role.OPERATOR, **wanted: object) -> list[tuple[str, int]]:
    who = await desk.person(f"Reads {secrets.token_hex(4)}", role)
    lines = await opening.waiting(desk.database, desk.clock, who, Wanted(**wanted), limit=50)  # type: ignore[arg-type]
    return [(one.hold.id, one.copies) for one in lines]


def test_the_queue_has_one_line_a_picture_and_what_is_due_first_on_top(on_platform: Run) -> None:
    async def story(desk: DeskPeople) -> None:
        await desk.hold("h-old", cluster=1)
        desk.clock.advance(timedelta(seconds=1))
        await desk.hold("h-copy", cluster=1, surface=Surface.PROFILE)
        desk.clock.advance(timedelta(minutes=1))
        await desk.hold("h-late", cluster=2, due_h=40, source=Source.NOTICE)
        await desk.hold("h-soon", cluster=3, due_h=2, source=Source.NOTICE, findings=[finding(list_="theirs")])
        await desk.hold("h-apart", cluster=4, state=HoldState.ESCALATED)
        assert await queue(desk) == [("h-soon", 1), ("h-late", 1), ("h-old", 2)]
        assert await queue(desk, list="theirs") == [("h-soon", 1)]
        assert await queue(desk, source=Source.UPLOAD) == [("h-old", 2)]
        assert await queue(desk, surface=Surface.PROFILE) == [("h-old", 2)]
        assert await queue(desk, due=True) == [("h-soon", 1), ("h-late", 1)]
        assert await queue(desk, role=Role.CHILD_SAFETY, state=HoldState.ESCALATED) == [("h-apart", 1)]
        for role in (Role.OPERATOR, Role.ADMINISTRATOR):
            await refused(queue(desk, role=role, state=HoldState.ESCALATED), NotAuthorisedError, "child-safety")

    at_the_desk(on_platform, story)


def test_what_somebody_has_open_is_given_to_nobody_else(on_platform: Run) -> None:
    async def story(desk: DeskPeople) -> None:
        ana, bo = await desk.person("Ana"), await desk.person("Bo")
        args = (desk.database, desk.clock, desk.settings)
        for number in (1, 2):
            await desk.hold(f"h-{number}", cluster=number)
            desk.clock.advance(timedelta(seconds=1))
        await desk.hold("h-copy", cluster=1)

        async def next_(who: object) -> str | None:
            found: Hold | None = await opening.open_next(*args, who, Wanted())  # type: ignore[arg-type]
            return found.id if found else None

        assert [await next_(ana), await next_(bo), await next_(ana)] == ["h-1", "h-2", "h-1"]
        await refused(opening.open_hold(*args, bo, "h-copy"), ConflictError, "Somebody else")
        await refused(decisions.decide(*args, bo, "h-1", "lawful"), ConflictError, "Somebody else")
        # Skipped, it is given to the other one, and not back.
        await opening.skip_hold(*args, bo, "h-2")
        assert [await next_(bo), await next_(ana)] == [None, "h-1"]
        await opening.skip_hold(*args, ana, "h-1")
        assert [await next_(bo), await next_(ana)] == ["h-1", "h-2"]
        # A lease ends by the clock.
        desk.clock.advance(timedelta(seconds=desk.settings.desk_lease_s))
        await refused(decisions.decide(*args, bo, "h-1", "lawful"), ConflictError, "Open it first")
        assert (await opening.open_hold(*args, ana, "h-copy")).id == "h-copy"

    at_the_desk(on_platform, story)


def test_five_who_open_at_once_are_given_five(on_platform: Run) -> None:
    async def story(desk: DeskPeople) -> None:
        people = [await desk.person(f"P{number}") for number in range(5)]
        for number in range(5):
            await desk.hold(f"h-{number}", cluster=number)
        args = (desk.database, desk.clock, desk.settings)
        opened = await asyncio.gather(*(opening.open_next(*args, who, Wanted()) for who in people))
        assert sorted(one.id for one in opened if one) == [f"h-{number}" for number in range(5)]

    at_the_desk(on_platform, story)


def test_one_decision_answers_every_copy_and_all_that_follows(on_platform: Run, tmp_path: Path) -> None:
    async def story(desk: DeskPeople) -> None:
        ana = await desk.person("Ana")
        await desk.hold("h-1", findings=[finding(), finding(OTHER, grade="probable")])
        await desk.hold("h-2", account="user/2", findings=[finding(list_="theirs")])
        await desk.hold("h-3", cluster=2)
        done = await desk.decide(ana, "h-1", "as-listed")
        assert (done.copies, done.state) == (2, HoldState.CONFIRMED)
        assert await desk.told() == [("post/h-1", Doing.REMOVE), ("post/h-2", Doing.REMOVE)]
        found = await desk.find("h-2")
        assert (found.state, found.decided_by, found.reason) == (HoldState.CONFIRMED, ana.id, "as-listed")
        assert (await desk.find("h-3")).state is HoldState.OPEN
        # The entry that is only probably near hears nothing.
        said = [
            ("ours", ENTRY, Verdict.CONFIRMED, ActionTaken.REMOVED),
            ("theirs", ENTRY, Verdict.CONFIRMED, ActionTaken.REMOVED),
        ]
        assert await due(desk) == said
        with HashList.open(tmp_path / "ours.db") as ours:
            assert await hand_over(desk.database, {"ours": ours}) == 1
            ((_, kept),) = ours.replica.outbox()
        assert (kept.entry, kept.verdict) == (ENTRY, Verdict.CONFIRMED)
        assert await due(desk) == said[1:]
        events = await desk.database.run("audit", audit.events)
        assert events[-1] == f"{ana.id}:hold/h-1:confirmed-as-listed"
        await refused(desk.decide(ana, "h-1", "lawful"), ConflictError, "confirmed already")

    at_the_desk(on_platform, story)


#: What is decided how → where the hold is, what the platform is told, what its list is told.
CONSEQUENCES = {
    ("as-listed", "remove"): (HoldState.CONFIRMED, Doing.REMOVE, (Verdict.CONFIRMED, ActionTaken.REMOVED)),
    ("as-listed", "hide"): (HoldState.CONFIRMED, Doing.HIDE, (Verdict.CONFIRMED, ActionTaken.KEPT)),
    ("own-account", "remove"): (HoldState.CONFIRMED, Doing.HIDE, (Verdict.CONFIRMED, ActionTaken.KEPT)),
    ("lawful", "remove"): (HoldState.WRONG, Doing.RESTORE, (Verdict.WRONG, ActionTaken.KEPT)),
    ("public-picture", "remove"): (HoldState.WRONG, Doing.RESTORE, (Verdict.WRONG, ActionTaken.KEPT)),
    ("by-chance", "remove"): (HoldState.WRONG, Doing.RESTORE, None),
}


def test_each_reason_has_its_own_consequences(on_platform: Run) -> None:
    async def story(desk: DeskPeople) -> None:
        ana = await desk.person("Ana")
        for number, ((word, confirmed), (state, told, said)) in enumerate(CONSEQUENCES.items()):
            desk.settings = PlatformSettings(desk_confirmed=confirmed)  # type: ignore[arg-type]
            entry = f"{number:032x}"
            await desk.hold(f"h-{number}", cluster=number, findings=[finding(entry)])
            assert (await desk.decide(ana, f"h-{number}", word)).state is state, word
            assert (await desk.told())[-1] == (f"post/h-{number}", told), word
            heard = [(verdict, action) for _, name, verdict, action in await due(desk) if name == entry]
            assert heard == ([said] if said else []), word

    at_the_desk(on_platform, story)


def test_every_reason_says_what_it_is_and_there_is_no_other(on_platform: Run) -> None:
    assert len({one.word for one in REASONS}) == len(REASONS)
    assert all(one.says for one in REASONS)

    async def story(desk: DeskPeople) -> None:
        await desk.hold("h-1")
        await refused(desk.decide(await desk.person("Ana"), "h-1", "because I say so"), InvalidInputError, "as-listed")
        await refused(desk.decide(await desk.person("Bo", Role.VIEWER), "h-1", "lawful"), NotAuthorisedError)

    at_the_desk(on_platform, story)


def test_unsure_takes_a_second_person_and_twice_unsure_child_safety(on_platform: Run) -> None:
    async def story(desk: DeskPeople) -> None:
        ana, bo, admin = await desk.person("Ana"), await desk.person("Bo"), await desk.person("Adm", Role.ADMINISTRATOR)
        safe = await desk.person("Safe", Role.CHILD_SAFETY)
        await desk.hold("h-1")
        assert (await desk.decide(ana, "h-1", "unclear-age")).state is HoldState.OPEN
        await refused(desk.decide(ana, "h-1", "lawful"), NotAuthorisedError, "unsure")
        assert await opening.open_next(desk.database, desk.clock, desk.settings, ana, Wanted()) is None
        assert (await desk.decide(bo, "h-1", "no-copy")).state is HoldState.ESCALATED
        for who in (ana, bo, admin):
            await refused(desk.decide(who, "h-1", "lawful"), NotAuthorisedError, "child-safety")
        assert (await desk.decide(safe, "h-1", "lawful")).state is HoldState.WRONG
        # What was escalated stays child-safety's, also when it is decided.
        await refused(opening.open_hold(desk.database, desk.clock, desk.settings, admin, "h-1"), NotAuthorisedError)
        await desk.hold("h-2", cluster=2)
        assert (await desk.decide(ana, "h-2", "danger")).state is HoldState.ESCALATED
        assert [one for one, _ in await desk.told() if one == "post/h-2"] == []

    at_the_desk(on_platform, story)


def test_a_review_says_truthfully_how_the_picture_was_seen(on_platform: Run) -> None:
    async def story(desk: DeskPeople) -> None:
        ana = await desk.person("Ana")
        for number, shown in enumerate(((), (Seen.BLURRED,), (Seen.BLURRED, Seen.SHARP, Seen.BLURRED))):
            hold = await desk.hold(f"h-{number}", cluster=number)
            for how in shown:
                desk.clock.advance(timedelta(seconds=1))
                seen = Viewing(hold.id, ana.id, desk.clock.now(), how)
                await desk.database.run("view", lambda connection, seen=seen: reviews.add_viewing(connection, seen))
            done = await desk.decide(ana, hold.id, "lawful")
            assert done.review.viewed == (None, Seen.BLURRED, Seen.SHARP)[number]
            (kept,) = await desk.database.run("read", lambda c, hold=hold: reviews.of_cluster(c, hold.cluster))
            assert kept == done.review
        # Seen by somebody else is not seen.
        last = Viewing("h-0", "o-somebody", desk.clock.now(), Seen.SHARP)
        await desk.hold("h-9", cluster=9)
        await desk.database.run("view", lambda connection: reviews.add_viewing(connection, last))
        assert (await desk.decide(ana, "h-9", "lawful")).review.viewed is None

    at_the_desk(on_platform, story)


@pytest.mark.parametrize("cap", ["decisions", "time"])
def test_whoever_has_looked_long_enough_rests(on_platform: Run, cap: str) -> None:
    async def story(desk: DeskPeople) -> None:
        ana = await desk.person("Ana")
        for number in range(5):
            await desk.hold(f"h-{number}", cluster=number)
        for number in range(2):
            desk.clock.advance(timedelta(seconds=400))
            await desk.decide(ana, f"h-{number}", "lawful")
        if cap == "time":
            desk.clock.advance(timedelta(seconds=250))
            await desk.decide(ana, "h-2", "lawful")
            desk.clock.advance(timedelta(seconds=400))
        with pytest.raises(opening.BreakError) as rest:
            await opening.open_next(desk.database, desk.clock, desk.settings, ana, Wanted())
        assert rest.value.until == desk.clock.now() + timedelta(seconds=500)
        desk.clock.advance(timedelta(seconds=499))
        await refused(desk.decide(ana, "h-3", "lawful"), opening.BreakError)
        desk.clock.advance(timedelta(seconds=1))
        await desk.decide(ana, "h-3", "lawful")
        # Whoever opened nothing for as long has rested.
        desk.clock.advance(timedelta(seconds=2_000))
        await desk.decide(ana, "h-4", "lawful")

    caps = {"desk_break_after_decisions": 2} if cap == "decisions" else {"desk_break_after_s": 1_000.0}
    at_the_desk(on_platform, story, desk_break_s=500.0, **caps)


def test_an_appeal_is_decided_by_somebody_else(on_platform: Run) -> None:
    async def story(desk: DeskPeople) -> None:
        ana, bo = await desk.person("Ana"), await desk.person("Bo")
        args = (desk.database, desk.clock)
        await desk.hold("h-1")
        await desk.hold("h-2", account="user/2")
        await refused(appealing.file_appeal(*args, "post/h-1", "not-intimate"), ConflictError, "waits for a person")
        await refused(appealing.file_appeal(*args, "post/none", "not-intimate"), NotFoundError)
        await refused(appealing.file_appeal(*args, "post/h-1", "please"), InvalidInputError, "i-am-shown")
        await desk.decide(ana, "h-1", "as-listed")
        desk.clock.advance(timedelta(minutes=1))
        filed = await appealing.file_appeal(*args, "post/h-1", "i-am-shown")
        assert await appealing.file_appeal(*args, "post/h-1", "i-am-shown") == filed
        ((one, hold, may),) = await appealing.open_appeals(desk.database, ana, limit=5)
        assert (one, hold.id, may) == (filed, "h-1", False)
        decide = appealing.decide_appeal
        await refused(decide(*args, desk.settings, ana, filed.id, "lawful"), NotAuthorisedError, "first")
        await refused(decide(*args, desk.settings, bo, filed.id, "no-copy"), InvalidInputError)
        done = await decide(*args, desk.settings, bo, filed.id, "lawful")
        assert (done.state.value, done.decided_by) == ("granted", bo.id)
        assert (await desk.told())[-1] == ("post/h-1", Doing.RESTORE)
        assert [(await desk.find(id_)).state for id_ in ("h-1", "h-2")] == [HoldState.WRONG, HoldState.CONFIRMED]
        await refused(decide(*args, desk.settings, bo, filed.id, "lawful"), ConflictError, "granted already")
        # An upheld decision stays, and is not appealed again.
        second = await appealing.file_appeal(*args, "post/h-2", "other-picture")
        assert (await decide(*args, desk.settings, bo, second.id, "as-listed")).state.value == "upheld"
        await refused(appealing.file_appeal(*args, "post/h-2", "other-picture"), ConflictError, "stays")

    at_the_desk(on_platform, story)


def test_many_decisions_are_undone_by_two_persons(on_platform: Run) -> None:
    async def story(desk: DeskPeople) -> None:
        ana, bo, chi = [await desk.person(name) for name in ("Ana", "Bo", "Chi")]
        for number, (who, word) in enumerate([(ana, "as-listed"), (ana, "lawful"), (bo, "lawful"), (ana, "lawful")]):
            await desk.hold(f"h-{number}", cluster=number, findings=[finding(OTHER if number else ENTRY)])
            await desk.decide(who, f"h-{number}", word)
            desk.clock.advance(timedelta(hours=1))
        until = (NOW + timedelta(hours=2)).isoformat()
        details = {"reviewer": "Ana", "since": NOW.isoformat(), "until": until}
        assert await undoing.would_undo(desk.database, details) == 2
        assert await undoing.would_undo(desk.database, {"entry": OTHER}) == 3
        await refused(undoing.would_undo(desk.database, {"until": until}), InvalidInputError, "reviewer")
        await refused(undoing.would_undo(desk.database, {"list": "ours", "since": "then"}), InvalidInputError, "since")
        kind = ProposalKind.UNDO_DECISIONS
        asked = await two_person.propose(desk.database, desk.clock, bo, kind, "undo-1", details)
        await refused(two_person.carry_out(desk.database, desk.clock, bo, asked.id), NotAuthorisedError)
        await two_person.carry_out(desk.database, desk.clock, chi, asked.id)
        states = [(await desk.find(f"h-{number}")).state for number in range(4)]
        assert states == [HoldState.OPEN, HoldState.OPEN, HoldState.WRONG, HoldState.WRONG]
        assert (await desk.told())[-2:] == [("post/h-0", Doing.HIDE), ("post/h-1", Doing.HIDE)]
        assert await due(desk) == []
        # Undone, a decision counts no more: whoever made it may decide anew.
        assert (await desk.decide(ana, "h-0", "lawful")).state is HoldState.WRONG

        async def undone(connection: AsyncConnection) -> list[bool]:
            return [one.undone_at is not None for one in await reviews.of_cluster(connection, bytes(16))]

        assert await desk.database.run("read", undone) == [True, False]

    at_the_desk(on_platform, story)
