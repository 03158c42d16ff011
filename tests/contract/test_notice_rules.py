"""What holds of every notice: who may read it, how long it is kept, who is suspended, what a regulator sees."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from contract.conftest import Run
from support.noticed import Platform, on_sqlite
from support.notices import ADULT, CHILD, HELPER, Media, at, sha256
from takeback.errors import ConflictError, NotAuthorisedError, NotFoundError
from takeback.model.hold import Content
from takeback.model.instruction import Doing
from takeback.model.notice_log import NoticeEvent
from takeback.model.received_notice import Copy, NoticeState, Refusal
from takeback.participant import own_media
from takeback.participant.notices import misuse
from takeback.participant.notices.clockwork import keep_clocks
from takeback.participant.notices.contents import Named, name_contents
from takeback.participant.notices.export import month_of_notices
from takeback.participant.notices.following import standing
from takeback.participant.notices.statements import removed_in
from takeback.participant.notices.texts import isolated, texts_of
from takeback.storage.database import Database
from takeback.storage.platform import (
    notices,
)


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


@on_sqlite
def test_letters_are_in_the_language_of_the_notice(on_platform: Run, tmp_path: Path) -> None:
    async def story(database: Database) -> None:
        platform = Platform(database, tmp_path, mail_dir=str(tmp_path / "outbox"))
        asked = {tag: replace(at(ADULT, tag), language=tag) for tag in ("ar", "pt-BR", "nl")}
        receipts = {tag: await platform.receive(one) for tag, one in asked.items()}
        for receipt in receipts.values():
            await platform.decide(receipt)
        await platform.work()
        for tag, spoken in (("ar", "ar"), ("pt-BR", "pt"), ("nl", "en")):
            number, words = receipts[tag].notice.number, texts_of(spoken)["letters"]
            raw = (tmp_path / "outbox" / f"notice-{number}-answer-removed.eml").read_bytes()
            assert raw.isascii(), "some mail servers pass on nothing else"
            letter = message_from_bytes(raw, policy=policy.default)
            named = {"service": isolated(spoken, "Example Photos"), "number": isolated(spoken, number)}
            assert letter["Subject"] == words["subject"].format(**named)
            assert letter.get_content() == "\n\n".join([words["removed"].format(**named), words["more"]]) + "\n"

    on_platform(story)
