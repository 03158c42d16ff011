"""Signing in and registering by WebAuthn: the device proves that it holds a key, and that its owner unlocked it.

The protocol itself is the `webauthn` library's. What is ours: which challenge, whose passkey, and what follows.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncConnection
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticationCredential,
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from takeback.clock import Clock, today
from takeback.errors import ConflictError, InvalidInputError, NotAuthorisedError, NotFoundError
from takeback.model.operator import Operator
from takeback.model.passkey import Passkey
from takeback.model.session import Session
from takeback.settings import StaffSettings
from takeback.staff import enrolment, sessions
from takeback.staff.challenges import Challenges
from takeback.staff.failures import Failures
from takeback.staff.operators import named
from takeback.staff.site import Site
from takeback.storage import audit
from takeback.storage import passkeys as kept
from takeback.storage.database import Database

MAX_LABEL_CHARACTERS = 60
#: A person has far fewer; a stolen session cannot fill the table.
MAX_PASSKEYS = 20
_SIGN_IN = "sign-in"
#: What the library raises for an answer that is not as it should be, and what arises in it for one of another shape.
_WRONG = (WebAuthnException, ValueError, TypeError, AttributeError, RecursionError)


class Ceremonies:
    """What a browser is asked for, and what its answer is good for."""

    def __init__(self, database: Database, clock: Clock, settings: StaffSettings) -> None:
        self.site = Site.of(settings)
        self.lifetimes = sessions.Lifetimes(
            timedelta(seconds=settings.staff_idle_s), timedelta(seconds=settings.staff_session_s)
        )
        self._fresh = timedelta(seconds=settings.staff_fresh_s)
        self._database, self._clock = database, clock
        self._challenges = Challenges(timedelta(seconds=settings.staff_challenge_s))
        self._failures = Failures(settings.staff_failures_per_hour)

    def sign_in_options(self) -> str:
        """Gives what the sign-in page hands to the browser, as JSON. It names nobody: the device knows its passkeys."""
        options = generate_authentication_options(
            rp_id=self.site.host,
            challenge=self._challenges.make(_SIGN_IN, self._clock.now()),
            user_verification=UserVerificationRequirement.REQUIRED,
        )
        return options_to_json(options)

    async def sign_in(self, answer: str) -> str:
        """Gives the token of a new session. Raises InvalidInputError, NotAuthorisedError or UnavailableError."""
        now = self._clock.now()
        # 1. The answer is well formed, and names a passkey that is known and has not failed too often.
        credential, challenge = _read(answer)
        known = await self._database.run("find-passkey", lambda c: kept.find(c, credential.raw_id))
        if known is None:
            raise NotAuthorisedError("This passkey is not known here, or was removed. Ask an administrator for a link.")
        self._failures.check(known.id, now)
        # 2. The challenge is ours, fresh, and answered once.
        self._challenges.answer(challenge, _SIGN_IN, now)
        # 3. The device signed it for this origin, after its owner unlocked it, and its counter went on.
        try:
            verified = verify_authentication_response(
                credential=credential,
                expected_challenge=challenge,
                expected_rp_id=self.site.host,
                expected_origin=self.site.origin,
                credential_public_key=known.public_key,
                credential_current_sign_count=known.uses,
                require_user_verification=True,
            )
        except _WRONG:
            self._failures.add(known.id, now)
            raise NotAuthorisedError("The passkey's answer does not prove who you are. Try again.") from None
        # 4. The account is open. Counter and session are kept together.
        token = sessions.new_token()

        async def work(connection: AsyncConnection) -> None:
            operator = await _signing_in(connection, known)
            if not await kept.used(connection, known, uses=verified.new_sign_count, on=today(self._clock)):
                raise NotAuthorisedError("This passkey was used elsewhere at the same moment. Try again.")
            await sessions.begin(connection, self._clock, operator.id, token, self.lifetimes)

        await self._database.run("sign-in", work)
        return token

    async def link_options(self, code: str) -> tuple[Operator, str]:
        """Gives whom a link lets in, and what its page hands to the browser."""

        async def work(connection: AsyncConnection) -> Operator:
            return await enrolment.whom_it_lets_in(connection, self._clock, code)

        operator = await self._database.run("open-link", work)
        return operator, self._registration(operator, _link_purpose(code), ())

    async def register_by_link(self, code: str, answer: str, label: str) -> None:
        """Registers the passkey that a link is for, and ends the link."""
        new = self._verified(answer, _link_purpose(code), label)

        async def work(connection: AsyncConnection) -> None:
            operator = await enrolment.whom_it_lets_in(connection, self._clock, code)
            await self._add(connection, operator, new)
            await kept.use_link(connection, enrolment.digest_of(code))

        await self._database.run("register-by-link", work)

    async def more_options(self, session: Session) -> str:
        """Gives what the account's page hands to the browser for a further passkey."""
        mine = await self.passkeys_of(session.operator)
        return self._registration(session.operator, _own_purpose(session.operator), mine)

    async def register_more(self, session: Session, answer: str, label: str) -> None:
        """Registers a further passkey of whoever has just signed in."""
        self.must_be_fresh(session)
        new = self._verified(answer, _own_purpose(session.operator), label)

        async def work(connection: AsyncConnection) -> None:
            operator = await named(connection, session.operator.id)
            await self._add(connection, operator, new)

        await self._database.run("register-passkey", work)

    async def remove(self, session: Session, id_: bytes) -> None:
        """Removes one of an operator's own passkeys; the last one stays."""
        self.must_be_fresh(session)
        operator = session.operator.id

        async def work(connection: AsyncConnection) -> None:
            if len(await kept.of(connection, operator)) == 1:
                raise ConflictError("This is your last passkey. Add another one first.")
            if not await kept.remove(connection, operator, id_):
                raise NotFoundError("You have no such passkey.")
            await audit.record(connection, f"{operator}:{operator}:remove-passkey", self._clock.now())

        await self._database.run("remove-passkey", work)

    async def passkeys_of(self, operator: Operator) -> list[Passkey]:
        """Gives an operator's passkeys, oldest first."""
        return await self._database.run("list-passkeys", lambda connection: kept.of(connection, operator.id))

    def is_fresh(self, session: Session) -> bool:
        """Says whether the operator has just signed in."""
        return self._clock.now() - session.begun_at <= self._fresh

    def must_be_fresh(self, session: Session) -> None:
        """Raises NotAuthorisedError for a session that is not fresh: a stolen one must not bring its own key."""
        if not self.is_fresh(session):
            raise NotAuthorisedError("Sign in again before you change your passkeys.")

    def _registration(self, operator: Operator, purpose: str, mine: Sequence[Passkey]) -> str:
        options = generate_registration_options(
            rp_id=self.site.host,
            rp_name="Takeback",
            user_id=operator.id.encode(),
            user_name=operator.name,
            challenge=self._challenges.make(purpose, self._clock.now()),
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
            ),
            exclude_credentials=[PublicKeyCredentialDescriptor(one.id) for one in mine],
        )
        return options_to_json(options)

    def _verified(self, answer: str, purpose: str, label: str) -> Passkey:
        """Gives the passkey that a browser made, of nobody yet."""
        label = label.strip() or "Passkey"
        if len(label) > MAX_LABEL_CHARACTERS or not label.isprintable():
            remedy = f"Give up to {MAX_LABEL_CHARACTERS} printable characters."
            raise InvalidInputError(field="label", problem="is not a name.", remedy=remedy)
        try:
            credential = parse_registration_credential_json(answer)
            challenge = parse_client_data_json(credential.response.client_data_json).challenge
            self._challenges.answer(challenge, purpose, self._clock.now())
            verified = verify_registration_response(
                credential=credential,
                expected_challenge=challenge,
                expected_rp_id=self.site.host,
                expected_origin=self.site.origin,
                require_user_verification=True,
            )
        except _WRONG:
            raise _not_an_answer() from None
        id_, key = verified.credential_id, verified.credential_public_key
        return Passkey(id_, "", key, verified.sign_count, label, today(self._clock), None)

    async def _add(self, connection: AsyncConnection, operator: Operator, new: Passkey) -> None:
        if len(await kept.of(connection, operator.id)) >= MAX_PASSKEYS:
            raise ConflictError(f"You have {MAX_PASSKEYS} passkeys. Remove one first.")
        mine = Passkey(new.id, operator.id, new.public_key, new.uses, new.label, new.added_on, None)
        await kept.add(connection, mine)
        await audit.record(connection, f"{operator.id}:{operator.id}:register-passkey", self._clock.now())


def _read(answer: str) -> tuple[AuthenticationCredential, bytes]:
    try:
        credential = parse_authentication_credential_json(answer)
        return credential, parse_client_data_json(credential.response.client_data_json).challenge
    except _WRONG:
        raise _not_an_answer() from None


def _not_an_answer() -> InvalidInputError:
    return InvalidInputError(field="answer", problem="is not what a passkey answers here.", remedy="Try again.")


async def _signing_in(connection: AsyncConnection, known: Passkey) -> Operator:
    try:
        return await named(connection, known.operator)
    except NotFoundError:
        raise NotAuthorisedError("This account is closed. Ask an administrator.") from None


def _link_purpose(code: str) -> str:
    return f"link {enrolment.digest_of(code).hex()}"


def _own_purpose(operator: Operator) -> str:
    return f"own {operator.id}"
