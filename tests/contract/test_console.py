"""Passkeys, links and sessions of operators, and what the console shows, on both databases."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest

from contract.conftest import Run
from support.authenticator import Authenticator
from support.exchange_simulator import md5, pdq
from takeback.clearinghouse import looking, picture, two_person
from takeback.clearinghouse.audit_names import names_in
from takeback.clearinghouse.intake import take_in
from takeback.clearinghouse.participants import invite, suspend
from takeback.clearinghouse.publishing import publish_waiting
from takeback.clock import ManualClock
from takeback.errors import (
    ConflictError,
    InvalidInputError,
    NotAuthorisedError,
    NotFoundError,
    SettingsError,
    TakebackError,
    UnavailableError,
)
from takeback.model.entry import Age, Kind, Submission, SubmittedEntry
from takeback.model.operator import Operator, Role
from takeback.model.proposal import ProposalKind
from takeback.model.receipt import receipt_digest
from takeback.model.session import Session
from takeback.settings import Settings
from takeback.staff import sessions
from takeback.staff.audit_search import search
from takeback.staff.enrolment import LINK_LASTS, details_with, give_link, new_code
from takeback.staff.operators import add_operator, at_the_machine, close_account, new_id
from takeback.staff.passkeys import Ceremonies
from takeback.staff.site import Site
from takeback.storage import audit, feed
from takeback.storage.audit import Search
from takeback.storage.database import Database

ORIGIN = "https://console.example"
HOST = "console.example"
SETTINGS = Settings(staff_url=ORIGIN)


class Desk:
    """A console over a database, and a clock that the test moves."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = ManualClock(datetime(2026, 11, 24, 12, tzinfo=UTC))
        self.ceremonies = Ceremonies(database, self.clock, SETTINGS)

    async def enrolled(self, name: str, role: Role = Role.ADMINISTRATOR) -> tuple[Operator, Authenticator]:
        """An operator with a passkey."""
        operator = await add_operator(self.database, self.clock, name, role)
        code = await give_link(self.database, self.clock, operator.id)
        return operator, await self.register(code)

    async def register(self, code: str) -> Authenticator:
        device = Authenticator(ORIGIN, HOST)
        _, options = await self.ceremonies.link_options(code)
        await self.ceremonies.register_by_link(code, device.create(options), "Phone")
        return device

    async def sign_in(self, device: Authenticator) -> str:
        return await self.ceremonies.sign_in(device.get(self.ceremonies.sign_in_options()))

    async def session(self, token: str) -> Session | None:
        return await sessions.of_token(self.database, self.clock, token, self.ceremonies.lifetimes)


def at_desk(run: Run, story: Callable[[Desk], Awaitable[None]]) -> None:
    run(lambda database: story(Desk(database)))


async def refused(attempt: Awaitable[object], error: type[TakebackError], says: str | None = None) -> None:
    with pytest.raises(error, match=says):
        await attempt


def test_a_link_registers_one_passkey_which_signs_in(run: Run) -> None:
    async def story(desk: Desk) -> None:
        operator = await add_operator(desk.database, desk.clock, "Ana", Role.VIEWER)
        code = await give_link(desk.database, desk.clock, operator.id)
        device = await desk.register(code)
        await refused(desk.ceremonies.link_options(code), NotFoundError, "used already")
        session = await desk.session(await desk.sign_in(device))
        assert session is not None
        assert session.operator == operator
        told = await desk.database.run("events", audit.events)
        assert told[1:] == [
            f"machine:{operator.id}:enrol",
            f"{operator.id}:{operator.id}:register-passkey",
            f"{operator.id}:{operator.id}:sign-in",
        ]

    at_desk(run, story)


def test_a_link_that_is_old_replaced_or_unknown_registers_nothing(run: Run) -> None:
    async def story(desk: Desk) -> None:
        operator = await add_operator(desk.database, desk.clock, "Ana", Role.VIEWER)
        first = await give_link(desk.database, desk.clock, operator.id)
        second = await give_link(desk.database, desk.clock, operator.id)
        for code in (first, "", new_code()):
            await refused(desk.ceremonies.link_options(code), NotFoundError)
        desk.clock.advance(LINK_LASTS)
        await refused(desk.ceremonies.link_options(second), NotFoundError, "too old")

    at_desk(run, story)


def test_a_passkeys_answer_is_good_once_here_and_soon(run: Run) -> None:
    async def story(desk: Desk) -> None:
        _, device = await desk.enrolled("Ana")
        sign_in, options = desk.ceremonies.sign_in, desk.ceremonies.sign_in_options
        answer = device.get(options())
        await sign_in(answer)
        await refused(sign_in(answer), NotAuthorisedError, "Begin again")
        late = device.get(options())
        desk.clock.advance(timedelta(seconds=SETTINGS.staff_challenge_s + 1))
        await refused(sign_in(late), NotAuthorisedError, "open for too long")
        elsewhere = Ceremonies(desk.database, desk.clock, SETTINGS)  # another process's challenge
        await refused(sign_in(device.get(elsewhere.sign_in_options())), NotAuthorisedError)
        for wrong in (
            Authenticator("https://other.example", HOST, id=device.id, key=device.key, counter=9),
            Authenticator(ORIGIN, "other.example", id=device.id, key=device.key, counter=9),
            Authenticator(ORIGIN, HOST, id=device.id, counter=9),
            Authenticator(ORIGIN, HOST, id=device.id, key=device.key, counter=9, verified=False),
            Authenticator(ORIGIN, HOST, id=device.id, key=device.key, counter=0),  # a copy: its counter went back
        ):
            await refused(sign_in(wrong.get(options())), NotAuthorisedError, "does not prove")
        await refused(sign_in(Authenticator(ORIGIN, HOST).get(options())), NotAuthorisedError, "not known")
        for nothing in ("", "{}", "[]", '{"id": 1}', "\0", '{"id": "a", "rawId": "é", "response": {}}', "[" * 9999):
            await refused(sign_in(nothing), InvalidInputError, "answer")
        await desk.sign_in(device)

    at_desk(run, story)


def test_failures_make_a_passkey_wait(run: Run) -> None:
    async def story(desk: Desk) -> None:
        _, device = await desk.enrolled("Ana")
        _, other = await desk.enrolled("Bo")
        thief = Authenticator(ORIGIN, HOST, id=device.id)
        for _ in range(SETTINGS.staff_failures_per_hour):
            await refused(desk.sign_in(thief), NotAuthorisedError)
        await refused(desk.sign_in(device), UnavailableError, "in an hour")
        await desk.sign_in(other)
        desk.clock.advance(timedelta(hours=1))
        await desk.sign_in(device)

    at_desk(run, story)


def test_a_session_ends_by_idleness_by_age_by_signing_out_and_with_its_account(run: Run) -> None:
    async def story(desk: Desk) -> None:
        await desk.enrolled("Zoe")
        operator, device = await desk.enrolled("Ana")
        idle = timedelta(seconds=SETTINGS.staff_idle_s)
        lazy, busy = await desk.sign_in(device), await desk.sign_in(device)
        for _ in range(int(SETTINGS.staff_session_s / SETTINGS.staff_idle_s)):
            desk.clock.advance(idle)
            assert await desk.session(busy) is not None
        desk.clock.advance(timedelta(seconds=1))
        assert await desk.session(lazy) is None
        assert await desk.session(busy) is None
        out, first, second, closed = [await desk.sign_in(device) for _ in range(4)]
        session = await desk.session(out)
        assert session is not None
        await sessions.end(desk.database, desk.clock, session)
        assert await desk.session(out) is None
        session = await desk.session(first)
        assert session is not None
        assert await sessions.end_others(desk.database, desk.clock, session) == 2
        assert await desk.session(second) is None
        assert await desk.session(closed) is None
        await close_account(desk.database, desk.clock, operator.id)
        assert await desk.session(first) is None
        await refused(desk.sign_in(device), NotAuthorisedError)

    at_desk(run, story)


def test_further_passkeys_need_a_fresh_session_and_the_last_one_stays(run: Run) -> None:
    async def story(desk: Desk) -> None:
        operator, device = await desk.enrolled("Ana")
        session = await desk.session(await desk.sign_in(device))
        assert session is not None
        options = await desk.ceremonies.more_options(session)
        await refused(desk.ceremonies.remove(session, device.id), ConflictError, "last passkey")
        second = Authenticator(ORIGIN, HOST)
        answer = second.create(options)
        await refused(desk.ceremonies.register_by_link(new_code(), answer, ""), NotAuthorisedError)
        await desk.ceremonies.register_more(session, answer, "Key in the safe")
        again = second.create(await desk.ceremonies.more_options(session))
        await refused(desk.ceremonies.register_more(session, again, ""), ConflictError, "registered already")
        await desk.sign_in(second)
        await desk.ceremonies.remove(session, device.id)
        assert [one.label for one in await desk.ceremonies.passkeys_of(operator)] == ["Key in the safe"]
        await refused(desk.sign_in(device), NotAuthorisedError, "not known")
        options = await desk.ceremonies.more_options(session)
        desk.clock.advance(timedelta(seconds=SETTINGS.staff_fresh_s + 1))
        for attempt in (
            desk.ceremonies.register_more(session, Authenticator(ORIGIN, HOST).create(options), ""),
            desk.ceremonies.remove(session, second.id),
        ):
            await refused(attempt, NotAuthorisedError, "Sign in again")

    at_desk(run, story)


def test_a_lost_passkey_takes_two_administrators(run: Run) -> None:
    async def story(desk: Desk) -> None:
        ana, _ = await desk.enrolled("Ana")
        bo, _ = await desk.enrolled("Bo")
        chi, lost = await desk.enrolled("Chi", Role.OPERATOR)
        token, code = await desk.sign_in(lost), new_code()
        asked = await two_person.propose(desk.database, desk.clock, ana, ProposalKind.ENROL, chi.id, details_with(code))
        await refused(desk.ceremonies.link_options(code), NotFoundError)
        assert await desk.session(token) is not None
        await two_person.carry_out(desk.database, desk.clock, bo, asked.id)
        assert await desk.session(token) is None
        await refused(desk.sign_in(lost), NotAuthorisedError, "not known")
        await desk.sign_in(await desk.register(code))

    at_desk(run, story)


def test_a_new_operator_takes_two_administrators(run: Run) -> None:
    async def story(desk: Desk) -> None:
        ana, _ = await desk.enrolled("Ana")
        bo, _ = await desk.enrolled("Bo")
        code, kind = new_code(), ProposalKind.ADD_OPERATOR
        new = details_with(code, name="Chi", role="operator")
        asked = await two_person.propose(desk.database, desk.clock, ana, kind, new_id(), new)
        await two_person.carry_out(desk.database, desk.clock, bo, asked.id)
        who, _ = await desk.ceremonies.link_options(code)
        assert (who.id, who.name, who.role) == (asked.subject, "Chi", Role.OPERATOR)
        for details, error in (
            ({**new, "name": "Dee", "role": "emperor"}, InvalidInputError),
            ({**new, "name": "Ana"}, ConflictError),
            ({"name": "Dee", "role": "viewer"}, ConflictError),
        ):
            wrong = await two_person.propose(desk.database, desk.clock, ana, kind, new_id(), details)
            await refused(two_person.carry_out(desk.database, desk.clock, bo, wrong.id), error)
        for subject in ("", "a:b", "x" * 101, "a\nb"):
            await refused(
                two_person.propose(desk.database, desk.clock, ana, kind, subject, new), InvalidInputError, "subject"
            )

    at_desk(run, story)


def test_the_last_administrator_keeps_the_role(run: Run) -> None:
    async def story(desk: Desk) -> None:
        ana, _ = await desk.enrolled("Ana")
        bo, _ = await desk.enrolled("Bo")
        kind, less = ProposalKind.CHANGE_ROLE, {"role": "viewer"}
        asked = await two_person.propose(desk.database, desk.clock, ana, kind, ana.id, less)
        await close_account(desk.database, desk.clock, bo.id)
        chi, _ = await desk.enrolled("Chi")
        await close_account(desk.database, desk.clock, ana.id)
        await refused(two_person.carry_out(desk.database, desk.clock, chi, asked.id), NotFoundError)
        again = await two_person.propose(desk.database, desk.clock, chi, kind, chi.id, less)
        dee = Operator("o-dee", "Dee", Role.ADMINISTRATOR, chi.state, chi.added_on)  # nobody whom the database knows
        await refused(two_person.carry_out(desk.database, desk.clock, dee, again.id), ConflictError, "last")

    at_desk(run, story)


def test_the_audit_is_searched_by_who_what_whom_and_day(run: Run) -> None:
    async def story(desk: Desk) -> None:
        ana, _ = await desk.enrolled("Ana_1")
        await desk.enrolled("AnaX1")
        photos = (await invite(desk.database, desk.clock, "Photos")).participant
        desk.clock.advance(timedelta(days=1))
        await suspend(desk.database, desk.clock, photos.id, by=ana.id)
        await at_the_machine(desk.database, desk.clock, "Ana_1")

        async def found(**wanted: object) -> list[tuple[str, str]]:
            rows, names = await search(desk.database, Search(**wanted), 100, names=names_in)  # type: ignore[arg-type]
            return [(names.get(row.actor, row.actor), row.action) for row in rows]

        assert await found(subject="Photos") == [("Ana_1", "suspend"), ("machine", "invite")]
        assert await found(actor="Ana_1", subject=photos.id) == [("Ana_1", "suspend")]
        assert await found(action="act-for") == [("machine", "act-for")]
        for nothing in ({"actor": "%"}, {"actor": "Ana_2"}, {"action": "suspen_"}, {"subject": "p"}):
            assert await found(**nothing) == []
        day = desk.clock.now().date()
        assert await found(since=day, until=day) == [("machine", "act-for"), ("Ana_1", "suspend")]
        rows, _ = await search(desk.database, Search(), 3, names=names_in)
        rest, _ = await search(desk.database, Search(before=rows[-1].id), 100, names=names_in)
        everything, _ = await search(desk.database, Search(), 100, names=names_in)
        assert rows + rest == everything

    at_desk(run, story)


def test_todays_picture_counts_and_fingerprints_are_shown_to_an_administrator_alone(run: Run) -> None:
    async def story(desk: Desk) -> None:
        reader = (await invite(desk.database, desk.clock, "Photos")).participant
        for number in (1, 2, 3):
            one = SubmittedEntry(receipt_digest(number.to_bytes(32, "big")), Kind.IMAGE, (md5(number), pdq(number)))
            await take_in(desk.database, Submission(Age.UNSURE, (one,)))
            if number < 3:
                await publish_waiting(desk.database, desk.clock)
        found = await picture.picture(desk.database, desk.clock, SETTINGS)
        assert [count for _, count in found.published] == [0] * 29 + [2]
        assert found.waiting == 1
        assert found.last_fetch == {
            "within the hour": 0,
            "within a day": 0,
            "within a week": 0,
            "longer ago": 0,
            "never": 1,
        }
        assert reader.last_sync_at is None
        desk.clock.advance(timedelta(days=1))
        await publish_waiting(desk.database, desk.clock)
        found = await picture.picture(desk.database, desk.clock, SETTINGS)
        assert [count for _, count in found.published][-2:] == [2, 1]

        (entry, *_) = await desk.database.run("changed", lambda c: feed.changed_after(c, 0, 9))
        ana, _ = await desk.enrolled("Ana")
        low = await add_operator(desk.database, desk.clock, "Low", Role.OPERATOR)
        show = looking.fingerprints_of
        await refused(show(desk.database, desk.clock, low, entry.id.hex()), NotAuthorisedError)
        for nothing in ("", "ab", "z" * 32, entry.id.hex().upper() + "00"):
            await refused(show(desk.database, desk.clock, ana, nothing), NotFoundError)
        _, prints = await show(desk.database, desk.clock, ana, entry.id.hex())
        assert len(prints) == 2
        told = await desk.database.run("events", audit.events)
        assert [event for event in told if "show" in event] == [f"{ana.id}:entry/{entry.id.hex()}:show-values"]

    at_desk(run, story)


@pytest.mark.parametrize(
    "address",
    ["http://console.example", "https://", "https://console.example/console", "console.example", "ftp://localhost"],
)
def test_without_tls_passkeys_are_for_localhost_only(address: str) -> None:
    with pytest.raises(SettingsError, match="staff_url"):
        Site.of(Settings(staff_url=address))
