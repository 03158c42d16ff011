"""An agent's use cases on both databases: keys, holds, and instructions that become visible in their order."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import httpx2
import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from contract.conftest import Run
from takeback.clock import ManualClock
from takeback.errors import ConflictError, NotAuthorisedError, NotFoundError
from takeback.fingerprints.types import FingerprintType
from takeback.matching.policy import Match
from takeback.matching.thresholds import Grade
from takeback.model.agent_key import KeyRole
from takeback.model.hold import HoldState, Surface
from takeback.model.instruction import Doing
from takeback.model.tier import StrongestAction, Tier
from takeback.participant.agent.instruction_news import instruction_news
from takeback.participant.agent.keys import Keys, add_key, every_key, revoke_key
from takeback.participant.agent.policies import Do, Ruling
from takeback.participant.agent.uploads import BY_PERSON, Outcome, Ruled, Screened, Upload, hold_what_is_ruled
from takeback.participant.agent.webhook import Webhook, webhook_secret
from takeback.platform_settings import PlatformSettings
from takeback.storage.database import Database
from takeback.storage.platform import followed_lists, holds, instructions
from takeback.storage.platform import webhook as webhook_rows
from takeback.storage.platform.followed_lists import FollowedState

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
KEY = bytes(32)


def test_a_key_is_shown_once_and_works_until_it_is_revoked(on_platform: Run) -> None:
    clock = ManualClock(NOW)

    async def story(database: Database) -> None:
        sent = await add_key(database, clock, "uploads", KeyRole.SCREEN, KEY)
        keys = Keys(database, KEY, memory_s=0.000_001)
        found = await keys.whose(sent)
        assert (found.name, found.role, found.role.includes(KeyRole.ADMIN)) == ("uploads", KeyRole.SCREEN, False)
        secret = sent.rpartition(".")[2]
        for wrong in ("", "tbk", sent + "x", sent.replace(secret, "other"), f"tbk.{'0' * 16}.{secret}", secret):
            with pytest.raises(NotAuthorisedError):
                await keys.whose(wrong)
        with pytest.raises(NotAuthorisedError):
            await Keys(database, bytes([1] * 32), 1).whose(sent)  # the database alone does not tell keys
        with pytest.raises(ConflictError):
            await add_key(database, clock, "uploads", KeyRole.ADMIN, KEY)
        await revoke_key(database, clock, "uploads")
        with pytest.raises(NotAuthorisedError):
            await keys.whose(sent)
        with pytest.raises(NotFoundError):
            await revoke_key(database, clock, "no such")
        assert [one.revoked_on for one in await every_key(database)] == [date(2026, 11, 26)]

    on_platform(story)


def match(entry: str = "e", grade: Grade = Grade.STRONG, action: StrongestAction = StrongestAction.HOLD) -> Match:
    return Match(entry, FingerprintType.PDQ, 9, 31, Tier.CONFIRMED, action, date(2026, 11, 26), grade=grade)


def screened(do: Do, *found: Match, dry_run: bool = False) -> Screened:
    ruled = tuple(Ruled("ours", one, Ruling("row", do, dry_run)) for one in found)
    return Screened(Outcome.MATCHED, Do.ALLOW if dry_run else do, "row", found=ruled)


async def held(database: Database, content: str | None, answer: Screened, at: datetime = NOW) -> Screened:
    upload = Upload(Surface.PROFILE, "DE", content, "user/1")
    (found,) = await hold_what_is_ruled(database, ManualClock(at), [upload], [answer])
    return found


async def hold_of(database: Database, answer: Screened) -> holds.Hold:
    found = await database.read("hold", lambda connection: holds.find(connection, answer.hold or ""))
    assert found is not None
    return found


def test_what_is_held_is_held_once_and_copies_stand_together(on_platform: Run) -> None:
    async def story(database: Database) -> None:
        first = await held(database, "post/1", screened(Do.HOLD, match()))
        again = await held(database, "post/1", screened(Do.HOLD, match()))
        copy = await held(database, "post/2", screened(Do.HOLD, match()))
        other = await held(database, "post/3", screened(Do.HOLD, match("f")))
        unsure = await held(database, "post/4", screened(Do.HOLD, match(grade=Grade.PROBABLE)))
        assert first.hold == again.hold
        one, two, three, four = [await hold_of(database, answer) for answer in (first, copy, other, unsure)]
        assert one.cluster == two.cluster
        assert len({one.cluster, three.cluster, four.cluster}) == 3
        assert (one.content.account, one.content.region, one.content.surface) == ("user/1", "DE", Surface.PROFILE)
        assert (one.findings[0].list, one.findings[0].entry, one.findings[0].distance) == ("ours", "e", 9)
        assert await database.read("feed", instructions.latest) == 0  # the answer says it; a person decides

    on_platform(story)


def test_nothing_is_held_without_an_id_or_in_a_dry_run(on_platform: Run) -> None:
    async def story(database: Database) -> None:
        assert (await held(database, None, screened(Do.HOLD, match()))).hold is None
        assert (await held(database, "post/1", screened(Do.REMOVE, match(), dry_run=True))).hold is None
        assert (await held(database, "post/1", screened(Do.ALLOW, match()))).hold is None

    on_platform(story)


def test_what_a_person_found_wrong_is_not_held_for_the_same_again(on_platform: Run) -> None:
    async def story(database: Database) -> None:
        first = await held(database, "post/1", screened(Do.HOLD, match()))

        async def decide(connection: AsyncConnection) -> None:
            await holds.move(connection, [first.hold or ""], HoldState.WRONG, by="o-1", at=NOW)

        await database.run("decide", decide)
        again = await held(database, "post/1", screened(Do.HOLD, match()))
        assert (again.do, again.because, again.hold) == (Do.ALLOW, BY_PERSON, first.hold)
        another = await held(database, "post/1", screened(Do.HOLD, match(), match("f")), NOW + timedelta(days=1))
        assert another.do is Do.HOLD
        assert another.hold not in (None, first.hold)

    on_platform(story)


def test_what_a_rule_hides_or_removes_is_told_in_the_feed_too(on_platform: Run) -> None:
    both = StrongestAction.REMOVE

    async def story(database: Database) -> None:
        hidden = await held(database, "post/1", screened(Do.HIDE, match(action=both)))
        removed = await held(database, "post/2", screened(Do.REMOVE, match(action=both)))
        told = await database.read("feed", lambda connection: instructions.after(connection, 0, limit=9))
        assert [(one.content, one.doing, one.because) for one in told] == [
            ("post/1", Doing.HIDE, hidden.hold),
            ("post/2", Doing.REMOVE, removed.hold),
        ]
        assert (await hold_of(database, hidden)).state is HoldState.OPEN
        by_rule = await hold_of(database, removed)
        assert (by_rule.state, by_rule.decided_by) == (HoldState.CONFIRMED, "policy")

    on_platform(story)


async def given(connection: AsyncConnection, content: str) -> None:
    await instructions.give(connection, content, Doing.HIDE, because="h", at=NOW)


def test_instructions_become_visible_in_their_order(on_platform: Run) -> None:
    """Givers run side by side and end when they like; a reader that has seen n finds nothing new up to n."""

    async def story(database: Database) -> None:
        seen: list[int] = []

        async def give(number: int) -> None:
            async def work(connection: AsyncConnection) -> None:
                await instructions.give(connection, f"post/{number}", Doing.HIDE, because="h", at=NOW)
                if number % 3 == 0:
                    await asyncio.sleep(0.02)  # the others' turn: this one has its number and has not ended

            await database.run("give", work)

        async def read() -> None:
            while len(seen) < 24:
                after = seen[-1] if seen else 0
                new = await database.read("feed", lambda c, after=after: instructions.after(c, after, limit=100))
                seen.extend(one.sequence for one in new)
                await asyncio.sleep(0)

        async with asyncio.timeout(60):
            await asyncio.gather(read(), *(give(number) for number in range(24)))
        assert seen == sorted(set(seen))
        assert len(seen) == 24  # nothing was passed over

    on_platform(story)


def test_a_reader_that_waits_hears_of_an_instruction(on_platform: Run) -> None:
    async def story(database: Database) -> None:
        news = instruction_news(database)
        waiting = asyncio.create_task(news.later_than(0, 30))
        await database.run("give", partial(given, content="post/1"))
        await asyncio.wait_for(waiting, 10)
        await news.later_than(1, 0.01)  # nothing more: it gives up when it is time
        await news.close()

    on_platform(story)


def test_a_webhook_is_signed_tried_again_and_forgets_nothing(on_platform: Run, tmp_path: Path) -> None:
    sent: list[httpx2.Request] = []
    answers = iter([503, 302, 204])

    def answer(request: httpx2.Request) -> httpx2.Response:
        sent.append(request)
        return httpx2.Response(next(answers), headers={"location": "http://elsewhere.example/"})

    settings = PlatformSettings(data_dir=str(tmp_path), webhook_url="https://platform.example/hook")

    async def story(database: Database) -> None:
        webhook = Webhook(
            settings, database, ManualClock(NOW), instruction_news(database), transport=httpx2.MockTransport(answer)
        )
        assert await webhook.deliver() == 0  # nothing to say
        for number in (1, 2):
            await database.run("give", partial(given, content=f"post/{number}"))
        assert await webhook.deliver() is None
        assert await webhook.deliver() is None  # it follows nobody elsewhere
        assert await webhook.deliver() == 2
        assert await database.read("told", webhook_rows.told) == 2
        assert await webhook.deliver() == 2
        assert len(sent) == 3

    on_platform(story)
    body, headers = sent[-1].content, sent[-1].headers
    assert body == b'{"instructions":[1,2]}'  # no content, no reason, no person
    text = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    mac = hmac.new(webhook_secret(tmp_path), text, hashlib.sha256).digest()
    assert headers["webhook-signature"] == f"v1,{base64.b64encode(mac).decode()}"
    assert headers["webhook-timestamp"] == str(int(NOW.timestamp()))


def test_how_a_list_stands_is_kept(on_platform: Run) -> None:
    async def story(database: Database) -> None:
        for state in (FollowedState("ours", 3, 0, NOW), FollowedState("ours", 3, 1, NOW, "unavailable", "It is away.")):
            await database.run("keep", lambda c, state=state: followed_lists.keep(c, state))
        assert await database.read("all", followed_lists.everything) == {"ours": state}

    on_platform(story)
