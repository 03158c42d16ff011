"""A platform's brakes: the negative bank, quarantine, and a person's word; never more than the evidence."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import product

from contract.conftest import Run
from contract.test_desk import at_the_desk, due, refused
from support.desk import ENTRY, NOW, OTHER, DeskPeople, finding
from support.exchange_simulator import md5, pdq, sha256
from takeback.errors import InvalidInputError, NotAuthorisedError, NotFoundError
from takeback.fingerprints.types import FingerprintType
from takeback.matching.policy import Evidence, decide
from takeback.matching.thresholds import Find, Grade, Graded
from takeback.model.feedback import ActionTaken, Verdict
from takeback.model.hold import Content, Finding
from takeback.model.operator import Role
from takeback.model.proposal import ProposalKind
from takeback.model.standing import EntryStanding
from takeback.model.tier import StrongestAction, Tier
from takeback.participant import two_person
from takeback.participant.holds import brakes
from takeback.staff.negative import addition
from takeback.storage import audit

FOUND = (finding(),)


async def braked(
    desk: DeskPeople,
    brake: brakes.Brakes,
    number: int = 1,
    *,
    findings: tuple[Finding, ...] = FOUND,
    account: str = "u",
) -> brakes.Braked:
    content = Content(f"post/{number}", account=account)
    return await brake.braked(desk.database, desk.clock, content, findings, (pdq(number), md5(number), sha256(number)))


def test_what_everybody_has_is_held_for_nothing(on_platform: Run) -> None:
    async def story(desk: DeskPeople) -> None:
        ana, bo = [await desk.person(name, Role.ADMINISTRATOR) for name in ("Ana", "Bo")]
        brake, args = brakes.Brakes(desk.settings), (desk.database, desk.clock)
        assert await braked(desk, brake, 7) == brakes.Braked(FOUND)
        new = addition("Our own logo", [f"pdq:{pdq(7).hex}"])
        kind, op = ProposalKind.ADD_NEGATIVE, await desk.person("Op")
        await refused(two_person.propose(*args, op, kind, new.subject, new.details), NotAuthorisedError)
        asked = await two_person.propose(*args, ana, kind, new.subject, new.details)
        await refused(two_person.carry_out(*args, ana, asked.id), NotAuthorisedError, "yourself")
        assert not (await braked(desk, brake, 7)).harmless
        await two_person.carry_out(*args, bo, asked.id)
        assert await braked(desk, brake, 7) == brakes.Braked((), harmless=True)
        assert await braked(desk, brake, 2**120 - 1) == brakes.Braked(FOUND)
        off = await two_person.propose(*args, bo, ProposalKind.REMOVE_NEGATIVE, new.subject, {})
        await two_person.carry_out(*args, ana, off.id)
        assert not (await braked(desk, brake, 7)).harmless
        wrong = await two_person.propose(*args, ana, kind, "n-2", {"label": "x", "values": "pdq:no"})
        await refused(two_person.carry_out(*args, bo, wrong.id), InvalidInputError)

    at_the_desk(on_platform, story)


def test_an_entry_that_hits_too_much_is_quarantined_until_a_person_decides(on_platform: Run) -> None:
    async def story(desk: DeskPeople) -> None:
        ana, brake = await desk.person("Ana"), brakes.Brakes(desk.settings)
        for number in range(3):
            assert await braked(desk, brake, number) == brakes.Braked(FOUND)
        assert await braked(desk, brake, 2) == brakes.Braked(FOUND), "the same content again is no further hit"
        assert await braked(desk, brake, 3) == brakes.Braked((), FOUND)
        other = (finding(OTHER),)
        assert await braked(desk, brake, 4, findings=FOUND + other) == brakes.Braked(other, FOUND)
        (stood,) = await brakes.standing_entries(desk.database, ana, EntryStanding.QUARANTINED, limit=5)
        assert (stood.list, stood.entry, stood.by) == ("ours", ENTRY, "brake")
        events = await desk.database.run("audit", audit.events)
        assert events[-1] == f"brake:entry/ours/{ENTRY}:quarantine"

        async def say(standing: EntryStanding | None) -> None:
            await brakes.decide_entry(desk.database, desk.clock, ana, "ours", ENTRY, standing)

        # It does not end by itself.
        desk.clock.advance(timedelta(days=2))
        assert (await braked(desk, brake, 5)).quarantined == FOUND
        await say(None)
        assert await braked(desk, brake, 5) == brakes.Braked(FOUND)
        # Found right, it is never braked again; found wrong, its list hears of it.
        await say(EntryStanding.CONFIRMED)
        for number in range(10, 16):
            assert (await braked(desk, brake, number)).findings == FOUND
        await say(EntryStanding.DECONFIRMED)
        assert await braked(desk, brake, 1) == brakes.Braked(())
        assert await due(desk) == [("ours", ENTRY, Verdict.WRONG, ActionTaken.KEPT)]
        await refused(brakes.decide_entry(desk.database, desk.clock, ana, "ours", OTHER, None), NotFoundError)
        viewer = await desk.person("Vi", Role.VIEWER)
        seeing = brakes.standing_entries(desk.database, viewer, EntryStanding.QUARANTINED, limit=5)
        await refused(seeing, NotAuthorisedError)

    at_the_desk(on_platform, story, brake_contents_an_hour=3, brake_accounts_an_hour=3)


def test_accounts_count_as_well_and_an_hour_is_an_hour(on_platform: Run) -> None:
    async def story(desk: DeskPeople) -> None:
        brake = brakes.Brakes(desk.settings)
        for number in range(6):
            assert (await braked(desk, brake, number, account=f"u{number % 2}")).findings
        desk.clock.advance(timedelta(hours=1, seconds=1))
        assert (await braked(desk, brake, 6, account="u2")).findings, "the first two are over"
        assert (await braked(desk, brake, 7, account="u3")).findings
        assert (await braked(desk, brake, 8, account="u4")).quarantined

    at_the_desk(on_platform, story, brake_contents_an_hour=50, brake_accounts_an_hour=2)


def test_nothing_that_cannot_be_undone_follows_from_one_perceptual_match() -> None:
    """Whatever the list says, and whatever a person here said of the entry: then a person looks at the upload."""
    near = Graded(Find("upload", None, 0), Grade.STRONG, 31)
    for tier, listed, confirmed in product(Tier, StrongestAction, (False, True)):
        match = decide(Evidence(picture=near), entry=ENTRY, tier=tier, action=listed, listed_on=NOW.date())
        assert match is not None
        kept = replace(finding(type_=match.type.value), action=match.action.value)
        made = brakes.confirmed_here(kept) if confirmed else kept
        assert made.action == StrongestAction.HOLD.value, (tier, listed, confirmed)
    # The same file is another thing, once a person has confirmed its entry.
    same = finding(type_=FingerprintType.SHA256.value, distance=0)
    assert brakes.confirmed_here(same).action == StrongestAction.REMOVE.value
    md5_alone = finding(type_=FingerprintType.MD5.value, distance=0)
    assert brakes.confirmed_here(md5_alone).action == StrongestAction.HOLD.value
