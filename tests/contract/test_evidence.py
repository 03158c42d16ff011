"""Sealed evidence: what is kept and for how long, who may read it, and what proves that it is gone."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from contract.conftest import Run
from support.evidence import CONTENT, NOW, Staffed, staffed
from takeback.errors import ConflictError, InvalidInputError, NotAuthorisedError, NotFoundError
from takeback.model.audit import chain_hash
from takeback.model.evidence import Evidence, EvidenceKind, EvidenceState, Purpose
from takeback.model.hold import HoldState
from takeback.model.proposal import ProposalKind
from takeback.participant import two_person
from takeback.participant.reports import evidence as cases
from takeback.storage import audit
from takeback.storage.database import Database
from takeback.storage.platform import evidence as kept
from takeback.storage.platform import holds
from takeback.storage.sealed_files import SealedFiles

YEAR, MONTH = timedelta(days=366), timedelta(days=30)


async def read(on: Staffed, item: Evidence, why: Purpose = Purpose.REVIEW) -> bytes:
    return b"".join(await on.store.read(on.ana, item.id, why))


def test_what_is_kept_is_sealed_for_a_year_and_every_read_is_in_the_access_log(
    on_platform: Run, tmp_path: Path
) -> None:
    async def story(database: Database) -> None:
        on = await staffed(database, tmp_path)
        await on.hold()
        item = await on.kept()
        assert (item.state, item.size, item.due_at) == (EvidenceState.KEPT, len(CONTENT), NOW + YEAR)
        on_disk = (tmp_path / "evidence" / f"{item.id}.sealed").read_bytes()
        assert CONTENT[:21] not in on_disk
        assert await read(on, item, Purpose.COURT) == CONTENT
        with pytest.raises(NotAuthorisedError, match="child-safety"):
            await on.store.read(on.olli, item.id, Purpose.REVIEW)
        shown, order, log = await on.store.show(on.bo, item.id)
        assert (shown, order) == (item, None)
        assert [(event.actor, event.action) for event in log] == [
            (on.ana.id, "read-for-court"),
            ("platform", "keep-file"),
        ]
        with pytest.raises(NotFoundError):
            await on.store.keep("h-9", EvidenceKind.FILE, io.BytesIO(b""), by="platform")

    on_platform(story)


def test_facts_that_nothing_is_reported_about_go_after_a_month_and_those_of_a_wrong_hold_at_once(
    on_platform: Run, tmp_path: Path
) -> None:
    async def story(database: Database) -> None:
        on = await staffed(database, tmp_path)
        hold = await on.hold()
        facts, file = await on.kept(EvidenceKind.FACTS, b"{}"), await on.kept()
        assert facts.due_at == NOW + MONTH
        on.clock.advance(MONTH)
        assert await on.store.purge() == [facts.id]
        wrong = replace(hold, id="h-2", state=HoldState.WRONG)
        await database.run("hold", lambda c: holds.add(c, wrong))
        other = await on.store.keep("h-2", EvidenceKind.FILE, io.BytesIO(b"innocent"), by="platform")
        assert await on.store.purge() == [other.id]
        assert await read(on, file) == CONTENT

    on_platform(story)


def test_what_is_due_is_erased_and_a_receipt_proves_it(on_platform: Run, tmp_path: Path) -> None:
    async def story(database: Database) -> None:
        on = await staffed(database, tmp_path)
        await on.hold()
        item = await on.kept()
        with pytest.raises(ConflictError, match="not erased"):
            await on.store.receipt(on.ana, item.id)
        on.clock.advance(YEAR - timedelta(seconds=1))
        assert await on.store.purge() == []
        on.clock.advance(timedelta(seconds=1))
        assert await on.store.purge() == [item.id]
        assert await on.store.purge() == []
        assert not on.store.files.has(item.id)
        with pytest.raises(NotFoundError, match="erased"):
            await read(on, item)
        receipt = await on.store.receipt(on.ana, item.id)
        assert (receipt.sealed_sha256, receipt.at) == (item.sealed_sha256, NOW + YEAR)
        assert receipt.event == f"machine:{item.id}:erase-{item.sealed_sha256.hex()}"
        assert chain_hash(receipt.before, receipt.event_id, receipt.at, receipt.event) == receipt.chain
        links = [link async for link in _links(database)]
        assert (links[receipt.place - 1].hash, links[receipt.place - 1].event) == (receipt.chain, receipt.event)
        assert (await on.store.list_(on.ana))[0] == []

    on_platform(story)


def test_an_order_keeps_the_copy_that_the_desk_would_let_end(on_platform: Run, tmp_path: Path) -> None:
    async def story(database: Database) -> None:
        on = await staffed(database, tmp_path)
        await on.hold("h-2", copy=True)
        await on.store.hold_by_law(on.ana, "h-2", "order 13/2026")
        (item,), orders = await on.store.list_(on.ana)
        assert (item.is_copy, await read(on, item)) == (True, CONTENT)
        assert orders["h-2"].order == "order 13/2026"

    on_platform(story)


async def _links(database: Database):
    found = await database.run("links", lambda c: _all(audit.links(c)))
    for one in found:
        yield one


async def _all(links):
    return [one async for one in links]


def test_an_order_forbids_to_erase_and_two_persons_lift_it(on_platform: Run, tmp_path: Path) -> None:
    async def story(database: Database) -> None:
        on, two = await staffed(database, tmp_path), two_person.OURS
        await on.hold()
        item = await on.kept()
        with pytest.raises(InvalidInputError, match="order"):
            await on.store.hold_by_law(on.ana, "h-1", " ")
        await on.store.hold_by_law(on.ana, "h-1", "order 12/2026")
        with pytest.raises(ConflictError):
            await on.store.hold_by_law(on.bo, "h-1", "another")
        later = await on.kept(EvidenceKind.FACTS, b"{}")
        on.clock.advance(2 * YEAR)
        assert await on.store.purge() == []
        with pytest.raises(NotAuthorisedError):
            await two.propose(database, on.clock, on.olli, ProposalKind.RELEASE_EVIDENCE, "h-1", {})
        asked = await two.propose(database, on.clock, on.ana, ProposalKind.RELEASE_EVIDENCE, "h-1", {})
        with pytest.raises(NotAuthorisedError, match="yourself"):
            await two.carry_out(database, on.clock, on.ana, asked.id)
        assert await on.store.purge() == []
        await two.carry_out(database, on.clock, on.bo, asked.id)
        assert sorted(await on.store.purge()) == sorted([item.id, later.id])

    on_platform(story)


class KilledError(BaseException):
    """Ends everything at once, as a kill does: nothing catches it."""


def test_a_purge_that_is_killed_anywhere_is_ended_by_the_next(
    on_platform: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story(database: Database) -> None:
        on = await staffed(database, tmp_path)
        await on.hold()
        items = [await on.kept(), await on.kept(EvidenceKind.FACTS, b"{}")]
        on.clock.advance(YEAR)

        def killed(*_: object, **__: object) -> bool:
            raise KilledError

        with monkeypatch.context() as patch:  # between the claim and the file
            patch.setattr(SealedFiles, "erase", killed)
            with pytest.raises(KilledError):
                await on.store.purge()
        with pytest.raises(NotFoundError, match="erasing"):
            await read(on, items[0])
        with monkeypatch.context() as patch:  # between the file and its row
            patch.setattr(kept, "erased", killed)
            with pytest.raises(KilledError):
                await on.store.purge()
        assert sorted(await on.store.purge()) == sorted(item.id for item in items)
        for item in items:
            assert (await on.store.receipt(on.ana, item.id)).sealed_sha256 == item.sealed_sha256

    on_platform(story)


def test_what_was_half_written_when_its_process_was_killed_goes(
    on_platform: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story(database: Database) -> None:
        on = await staffed(database, tmp_path)
        await on.hold()

        def killed(*_: object, **__: object) -> None:
            raise KilledError

        with monkeypatch.context() as patch:  # the file is there, its row says that it is being written
            patch.setattr(kept, "written", killed)
            with pytest.raises(KilledError):
                await on.kept()
        (item,), _ = await on.store.list_(on.ana)
        assert (item.state, on.store.files.has(item.id)) == (EvidenceState.WRITING, True)
        assert await on.store.purge() == []  # somebody may be writing it now
        on.clock.advance(cases.WRITING_LASTS + timedelta(seconds=1))
        assert await on.store.purge() == [item.id]
        assert not on.store.files.has(item.id)

    on_platform(story)


def test_a_check_opens_everything_and_names_what_does_not(on_platform: Run, tmp_path: Path) -> None:
    async def story(database: Database) -> None:
        on = await staffed(database, tmp_path)
        await on.hold()
        items = [await on.kept(EvidenceKind.FACTS, str(number).encode()) for number in range(4)]
        assert await on.store.check() == cases.Checked(4, ())
        files = [tmp_path / "evidence" / f"{item.id}.sealed" for item in items]
        files[0].write_bytes(files[0].read_bytes()[:-1])
        files[1].unlink()
        files[2].write_bytes(files[3].read_bytes())
        found = await on.store.check()
        assert (found.whole, sorted(found.broken)) == (1, sorted(item.id for item in items[:3]))

    on_platform(story)


def test_the_copy_that_the_desk_has_is_kept_once(on_platform: Run, tmp_path: Path) -> None:
    async def story(database: Database) -> None:
        on = await staffed(database, tmp_path)
        await on.hold()
        await on.hold("h-2", copy=True)
        with pytest.raises(NotFoundError, match="Hand the file in"):
            await on.store.copy(on.ana, "h-1")
        item = await on.store.copy(on.ana, "h-2")
        assert (await read(on, item), item.is_copy) == (CONTENT, True)
        assert await on.store.copy(on.ana, "h-2") == item
        with pytest.raises(ConflictError, match="The desk has a copy"):
            await on.store.hand_in(on.ana, "h-2", io.BytesIO(b"another file"))
        assert (await on.store.hand_in(on.ana, "h-1", io.BytesIO(CONTENT))).size == len(CONTENT)

    on_platform(story)
