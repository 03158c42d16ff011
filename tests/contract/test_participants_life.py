"""A participant's life, from the application to leaving, on both databases."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contract.conftest import Run
from contract.test_clearinghouse import clock, page, secret, submission
from support.joining import KEY, Domains, admitted, applying, decided, now_, two_operators, verified
from takeback.clearinghouse import applications, participants, two_person
from takeback.clearinghouse.by_time import range_of
from takeback.clearinghouse.credentials import give_key, give_password, with_password
from takeback.clearinghouse.freshness import standings
from takeback.clearinghouse.header_keys import give_header_keys, with_header_keys
from takeback.clearinghouse.intake import take_in
from takeback.clearinghouse.publishing import publish_waiting
from takeback.clearinghouse.receipts import status_of
from takeback.clearinghouse.statistics import list_statistics
from takeback.clearinghouse.verification import verify
from takeback.errors import (
    ConflictError,
    InvalidInputError,
    NotAuthorisedError,
    NotFoundError,
    SuspendedError,
    UnavailableError,
)
from takeback.fingerprints.types import FingerprintType
from takeback.model.application import MAX_CODE_TRIES, Application, ApplicationState
from takeback.model.participant import ParticipantState
from takeback.model.proposal import ProposalKind
from takeback.settings import Settings
from takeback.storage import audit
from takeback.storage.database import Database

WEEK = timedelta(days=7)


async def applied(database: Database, name: str = "Example Photos") -> Application:
    return await applications.apply(database, clock(), Settings(), applying(name), version="takeback-1")


def test_from_an_application_to_the_list(run: Run, tmp_path: Path) -> None:
    settings = Settings(data_dir=str(tmp_path))

    async def story(database: Database) -> None:
        at, (ana, bo) = clock(), await two_operators(database, clock())
        made = await applied(database)
        # 1. The domain does not show the token; the letter goes out all the same.
        shown = Domains("something else")
        first = await verify(database, at, settings, shown, KEY, made.id)
        assert (first.letter_sent, first.application.domain_verified_on) == (True, None)
        assert first.problem is not None
        assert made.token not in first.problem
        # 2. Nobody is admitted before both are verified, whoever asks.
        early = await two_person.propose(database, at, ana, ProposalKind.ADMIT_PARTICIPANT, made.id, {})
        with pytest.raises(ConflictError, match="domain is not verified"):
            await two_person.carry_out(database, at, bo, early.id)
        shown.text = f"{made.token}\n"
        second = await verify(database, at, settings, shown, KEY, made.id)
        assert (second.problem, second.letter_sent) == (None, True)
        with pytest.raises(ConflictError, match="e-mail address is not verified"):
            await two_person.carry_out(database, at, bo, early.id)
        # 3. The code of the latest letter is the one that counts.
        letters = sorted((tmp_path / "outbox").glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
        codes = [letter.read_text().split("Your code: ")[1][:8] for letter in letters]
        assert len(codes) == 2
        confirmed = await applications.confirm_email(database, at, made.id, codes[1], KEY)
        assert confirmed.verified
        # 4. One proposes, another carries out: the participant is in the sandbox, without a credential.
        with pytest.raises(NotAuthorisedError, match="yourself"):
            await two_person.carry_out(database, at, ana, early.id)
        await two_person.carry_out(database, at, bo, early.id)
        (member,) = await participants.all_participants(database)
        assert (member.state, member.public_key, member.live_on) == (ParticipantState.SANDBOX, b"", None)
        assert (await applications.application(database, made.id)).participant == member.id
        assert (await list_statistics(database)).active_participants == 0
        # 5. Two make it live, and it begins at the beginning.
        await page(database, member, after=4)
        await range_of(database, at, await now_(database, member), 0, int(at.now().timestamp()))
        await decided(database, at, (bo, ana), ProposalKind.MAKE_LIVE, member.id)
        member = await now_(database, member)
        assert (member.state, member.acknowledged) == (ParticipantState.ACTIVE, 0)
        await take_in(database, submission(1))
        await publish_waiting(database, at)
        asked_up_to = int(at.now().timestamp())
        at.advance(timedelta(seconds=1))
        whole = await range_of(database, at, member, asked_up_to, asked_up_to + 1)
        assert (whole.after, whole.until) == (0, 1), "what it had of test entries says nothing of the list"
        with pytest.raises(ConflictError, match="not in the sandbox"):
            await decided(database, at, (ana, bo), ProposalKind.MAKE_LIVE, member.id)
        told = await database.run("events", audit.events)
        assert f"machine:{made.id}:verify-domain" in told
        assert f"{bo.id}:{made.id}:admit-participant" in told
        assert f"{ana.id}:{member.id}:make-live" in told

    run(story)


def test_a_txt_record_will_do(run: Run, tmp_path: Path) -> None:
    async def story(database: Database) -> None:
        made = await applied(database)
        shown = Domains(None, ["v=spf1 -all", f"takeback-verification={made.token}"])
        found = await verify(database, clock(), Settings(data_dir=str(tmp_path)), shown, KEY, made.id)
        assert found.problem is None
        assert found.application.domain_verified_on == clock().now().date()

    run(story)


def test_only_so_many_applications_are_open(run: Run) -> None:
    async def story(database: Database) -> None:
        at, few = clock(), Settings(open_applications=2, application_days=30)
        made = [await applications.apply(database, at, few, applying(f"Site {n}"), version="1") for n in range(2)]
        with pytest.raises(UnavailableError):
            await applications.apply(database, at, few, applying("Site 3"), version="1")
        await applications.refuse_application(database, at, made[0].id)
        assert (await applications.application(database, made[0].id)).state is ApplicationState.REFUSED
        await applications.apply(database, at, few, applying("Site 3"), version="1")
        at.advance(timedelta(days=31))  # nobody has decided: the next one erases them
        last = await applications.apply(database, at, few, applying("Site 4"), version="1")
        assert [one.id for one in await applications.all_applications(database)] == [last.id]
        with pytest.raises(NotFoundError):
            await applications.application(database, made[1].id)

    run(story)


def test_a_few_wrong_codes_make_it_void(run: Run) -> None:
    async def story(database: Database) -> None:
        made = await applied(database)
        with pytest.raises(ConflictError, match="no code"):
            await applications.confirm_email(database, clock(), made.id, "", KEY)
        code = await applications.new_code(database, made.id, KEY)
        for _ in range(MAX_CODE_TRIES):
            with pytest.raises(InvalidInputError, match="letter"):
                await applications.confirm_email(database, clock(), made.id, "0" * 7 + "x", KEY)
        with pytest.raises(ConflictError, match="another letter"):
            await applications.confirm_email(database, clock(), made.id, code, KEY)
        again = await applications.new_code(database, made.id, KEY)
        assert (await applications.confirm_email(database, clock(), made.id, f" {again} ", KEY)).email_verified_on

    run(story)


def test_an_admission_may_allow_less_and_never_more(run: Run) -> None:
    async def story(database: Database) -> None:
        at, both = clock(), await two_operators(database, clock())
        asked = frozenset({FingerprintType.MD5, FingerprintType.PDQ})
        made = await verified(database, at, Settings(), applying(types=asked))
        with pytest.raises(InvalidInputError, match="more than"):
            await decided(database, at, both, ProposalKind.ADMIT_PARTICIPANT, made.id, types="md5,vpdq")
        await decided(database, at, both, ProposalKind.ADMIT_PARTICIPANT, made.id, types="pdq")
        (member,) = await participants.all_participants(database)
        assert member.types == {FingerprintType.PDQ}
        with pytest.raises(ConflictError, match="admitted already"):
            await decided(database, at, both, ProposalKind.ADMIT_PARTICIPANT, made.id)

    run(story)


def test_where_two_can_decide_nobody_invites_alone(run: Run) -> None:
    async def story(database: Database) -> None:
        await participants.invite(database, clock(), "One", alone=False)
        await two_operators(database, clock())
        with pytest.raises(ConflictError, match="Two operators"):
            await participants.invite(database, clock(), "Other", alone=False)

    run(story)


def test_keys_overlap(run: Run) -> None:
    async def story(database: Database) -> None:
        at, member = clock(), await admitted(database, clock(), await two_operators(database, clock()))
        assert member.keys(at.now()) == ()
        own = [Ed25519PrivateKey.generate().public_key() for _ in range(3)]
        raw = [key.public_bytes_raw() for key in own]
        assert (await give_key(database, at, member.id, public_key=own[0], overlap=WEEK)).old_ends_at is None
        await give_key(database, at, member.id, public_key=own[1], overlap=WEEK)
        assert (await now_(database, member)).keys(at.now()) == (raw[1], raw[0])
        with pytest.raises(ConflictError, match="already"):
            await give_key(database, at, member.id, public_key=own[0])
        at.advance(WEEK)
        assert (await now_(database, member)).keys(at.now()) == (raw[1],)
        await give_key(database, at, member.id, public_key=own[2])  # at once
        assert (await now_(database, member)).keys(at.now()) == (raw[2],)

    run(story)


def test_passwords_overlap(run: Run) -> None:
    async def story(database: Database) -> None:
        at, member = clock(), (await participants.invite(database, clock(), "Example")).participant
        first = await give_password(database, at, member.id, KEY, overlap=WEEK)
        second = await give_password(database, at, member.id, KEY, overlap=WEEK)
        for valid in (first, second):
            assert (await with_password(database, member.id, valid, KEY, clock=at)).id == member.id
        at.advance(WEEK)
        with pytest.raises(NotAuthorisedError):
            await with_password(database, member.id, first, KEY, clock=at)
        assert (await with_password(database, member.id, second, KEY, clock=at)).id == member.id

    run(story)


def test_suspended_resumed_and_gone(run: Run) -> None:
    async def story(database: Database) -> None:
        at, both = clock(), await two_operators(database, clock())
        new = await admitted(database, at, both, "New")
        old = (await participants.invite(database, at, "Old")).participant
        password = await give_password(database, at, old.id, KEY)
        for member, state in ((new, ParticipantState.SANDBOX), (old, ParticipantState.ACTIVE)):
            await participants.suspend(database, at, member.id)
            assert (await now_(database, member)).state is ParticipantState.SUSPENDED
            with pytest.raises(SuspendedError):
                await page(database, member)
            await decided(database, at, both, ProposalKind.RESUME_PARTICIPANT, member.id)
            assert (await now_(database, member)).state is state, "it comes back to where it was"
            with pytest.raises(ConflictError, match="not suspended"):
                await decided(database, at, both, ProposalKind.RESUME_PARTICIPANT, member.id)
        await range_of(database, at, old, 0, int(at.now().timestamp()))
        for member in (new, old):
            await participants.leave(database, at, member.id)
            gone = await now_(database, member)
            assert (gone.state, gone.view_key, gone.keys(at.now())) == (ParticipantState.LEFT, b"", ())
            with pytest.raises(NotFoundError):
                await decided(database, at, both, ProposalKind.RESUME_PARTICIPANT, member.id)
            with pytest.raises(NotFoundError):
                await give_key(database, at, member.id)
        with pytest.raises(NotAuthorisedError):
            await with_password(database, old.id, password, KEY)
        assert await applications.all_applications(database) == []

    run(story)


def test_a_password_and_header_keys_let_in_who_is_in_the_sandbox(run: Run) -> None:
    async def story(database: Database) -> None:
        at, member = clock(), await admitted(database, clock(), await two_operators(database, clock()))
        password = await give_password(database, at, member.id, KEY)
        assert (await with_password(database, member.id, password, KEY)).id == member.id
        keys = await give_header_keys(database, at, member.id, KEY)
        assert (await with_header_keys(database, at, keys, KEY)).id == member.id

    run(story)


def test_receipts_do_not_count_the_sandbox(run: Run) -> None:
    async def story(database: Database) -> None:
        at, member = clock(), await admitted(database, clock(), await two_operators(database, clock()))
        await take_in(database, submission(1))
        await publish_waiting(database, at)
        await page(database, member, after=4)
        (status,) = await status_of(database, (secret(1),))
        assert (status.services, status.fetched_by) == (0, 0)

    run(story)


def test_a_participant_stays_on_the_agreement_that_it_accepted(run: Run, tmp_path: Path) -> None:
    text = tmp_path / "agreement.txt"
    settings = Settings(agreement_file=str(text))

    async def story(database: Database) -> None:
        at, both = clock(), await two_operators(database, clock())
        member = await admitted(database, at, both)
        await participants.invite(database, at, "Never agreed to anything")

        async def outdated(version: str) -> set[str]:
            found = await standings(database, at, Settings())
            return {one.participant.name for one in found if one.is_on_another(version)}

        assert await outdated("takeback-1") == set()
        assert await outdated("takeback-2") == {"Example Photos"}
        text.write_text("takeback-2\nBe kind.\n")
        with pytest.raises(ConflictError, match="takeback-2 now"):
            await participants.agreed_to(database, at, settings, member.id, "takeback-1")
        first = await participants.agreed_to(database, at, settings, member.id, "takeback-2", by=member.id)
        at.advance(timedelta(days=1))
        assert await participants.agreed_to(database, at, settings, member.id, "takeback-2") == first
        assert (first.version, first.agreed_on) == ("takeback-2", clock().now().date())
        assert first.regions == "DE,FR"
        events = await database.run("events", audit.events)
        assert [one for one in events if one.endswith("agreed-anew")] == [f"{member.id}:{member.id}:agreed-anew"]
        assert await outdated("takeback-2") == set()
        assert (await now_(database, member)).types == member.types, "what it may have is as it was"
        await participants.leave(database, at, member.id)
        assert await outdated("takeback-1") == set(), "who has left is asked for nothing"

    run(story)
