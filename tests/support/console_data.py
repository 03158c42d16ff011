"""What operators find at a console that has run for a month: of everything some, and something wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from support.exchange_simulator import md5, pdq, sha256
from support.held import hold
from support.joining import EVERY_TYPE, applying, verified
from takeback.clearinghouse import applications, looking, participants, two_person
from takeback.clearinghouse.credentials import note_error
from takeback.clearinghouse.decoys import add_decoy
from takeback.clearinghouse.feed import page_for
from takeback.clearinghouse.intake import take_in
from takeback.clearinghouse.publishing import publish_waiting
from takeback.clearinghouse.trust import take_feedback
from takeback.clock import ManualClock, SystemClock
from takeback.model.application import Agreement
from takeback.model.entry import Age, Kind, Submission, SubmittedEntry
from takeback.model.feedback import ActionTaken, Feedback, Verdict
from takeback.model.operator import Operator, Role
from takeback.model.participant import Participant
from takeback.model.proposal import ProposalKind
from takeback.model.receipt import receipt_digest
from takeback.model.view import View
from takeback.settings import Settings
from takeback.staff.negative import addition
from takeback.staff.operators import add_operator
from takeback.storage import feed
from takeback.storage import participants as participants_stored
from takeback.storage.database import Database


async def fill(database: Database, ana: Operator) -> dict[str, str]:
    """Entries of a month, feedback, suspended ones, participants of every freshness, and what waits.

    Gives the ids that stand in addresses.
    """
    now = datetime.now(UTC)
    readers = [(await participants.invite(database, SystemClock(), f"Photos {name}")).participant for name in "ABCD"]
    number = 0
    for days in range(29, -1, -1):
        clock = ManualClock(now - timedelta(days=days))
        for _ in range(1 + days % 4):
            number += 1
            prints = (md5(number), pdq(number))
            one = SubmittedEntry(receipt_digest(number.to_bytes(32, "big")), Kind.IMAGE, prints)
            await take_in(database, Submission(Age.UNSURE, (one,)))
        await publish_waiting(database, clock)
    listed = await database.run("changed", lambda c: feed.changed_after(c, 0, 12))
    for at, entry in enumerate(listed):
        verdict = Verdict.WRONG if at < 4 else Verdict.CONFIRMED
        for reader in readers[:2]:
            clock = ManualClock(now - timedelta(days=at * 2))
            said = Feedback(View(reader.view_key).name_of(entry.id), verdict, ActionTaken.KEPT)
            await take_feedback(database, clock, reader, (said,))
    for reader, age in zip(readers, (timedelta(), timedelta(hours=5), timedelta(days=3)), strict=False):
        await page_for(database, ManualClock(now - age), reader, list_id="test.example/list", after=0, limit=10)
    await _one_in_trouble(database, ana, readers[0])
    bo = await add_operator(database, SystemClock(), "Bo Example", Role.ADMINISTRATOR)
    logo = addition("A logo", (f"pdq:{'0f' * 32}",))  # far from all that is listed here
    made = await two_person.propose(database, SystemClock(), ana, ProposalKind.ADD_NEGATIVE, logo.subject, logo.details)
    await two_person.carry_out(database, SystemClock(), bo, made.id)
    for operator, role in ((ana, "operator"), (bo, "viewer")):
        kind = ProposalKind.CHANGE_ROLE
        await two_person.propose(database, SystemClock(), operator, kind, bo.id, {"role": role})
    (suspended, *_) = await looking.suspended(database, limit=1)
    open_ = await applications.apply(database, SystemClock(), Settings(), applying("Example Videos"), version="old-1")
    known = await verified(database, SystemClock(), Settings(), applying("Example Photos"))
    return {
        "participant": readers[0].id,
        "entry": suspended.entry.id.hex(),
        "application": open_.id,
        "verified": known.id,
    }


async def _one_in_trouble(database: Database, ana: Operator, reader: Participant) -> None:
    """A participant that agreed to an older text, whose requests fail, and that has not found its decoy yet."""
    clock = SystemClock()
    agreed = Agreement("takeback-0", "To check what is uploaded.", EVERY_TYPE, "DE,FR", clock.now().date())
    await database.run("agree", lambda connection: participants_stored.agree(connection, reader.id, agreed))
    await note_error(database, clock, reader.id, "not-authorised")
    await add_decoy(database, clock, ana, reader.id, (md5(950), sha256(950), pdq(950)))
    await publish_waiting(database, clock)
    await hold(database, clock, 960, 961)
