"""Changes that one operator proposes and another carries out, so that no one person alone can bend anything.

What a kind of proposal does stands beside its use case. Which kinds there are, and what role each takes, is said by the
clearinghouse and by the desk; those about the staff itself are the same at both, and stand here.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.clock import Clock
from takeback.errors import ConflictError, InvalidInputError, NotAuthorisedError, NotFoundError
from takeback.model.operator import Operator, Role
from takeback.model.proposal import Proposal, ProposalKind, ProposalState
from takeback.staff.enrolment import add_proposed, enrol_proposed
from takeback.staff.operators import must_be, must_not_be_last, named, role_named
from takeback.storage import audit, operators, proposals
from takeback.storage.database import Database

#: An audit event names the subject between two colons, and has 200 characters.
MAX_SUBJECT_CHARACTERS = 100

Effect = Callable[[AsyncConnection, Clock, Proposal], Awaitable[None]]
"""Does what a proposal says, in the transaction that marks it as done. It may run several times."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a kind of proposal does, the least role that both operators must have, and what its details are called.

    The console shows the first line of the effect's docstring, and asks for the subject and for each of `details`.
    """

    effect: Effect
    role: Role
    details: tuple[str, ...] = ()


class TwoPerson:
    """The changes that an installation knows, by kind, the roles that it has, and how two operators make a change."""

    def __init__(self, changes: Mapping[ProposalKind, Change], roles: tuple[Role, ...]) -> None:
        self.changes, self.roles = changes, roles

    async def propose(
        self,
        database: Database,
        clock: Clock,
        operator: Operator,
        kind: ProposalKind,
        subject: str,
        details: Mapping[str, str],
    ) -> Proposal:
        """Keeps a proposal for another operator to decide on. Raises NotAuthorisedError or InvalidInputError."""
        must_be(operator, self.changes[kind].role)
        if not 0 < len(subject) <= MAX_SUBJECT_CHARACTERS or ":" in subject or not subject.isprintable():
            problem, remedy = "is not the id of anything.", f"Give 1 to {MAX_SUBJECT_CHARACTERS} characters, no colon."
            raise InvalidInputError(field="subject", problem=problem, remedy=remedy)
        id_ = f"c-{secrets.token_hex(12)}"
        new = Proposal(id_, kind, subject, details, operator.id, clock.now(), ProposalState.OPEN)

        async def work(connection: AsyncConnection) -> None:
            await proposals.add(connection, new)
            await audit.record(connection, f"{operator.id}:{subject}:propose-{kind.value}", clock.now())

        await database.run("propose", work)
        return new

    async def carry_out(self, database: Database, clock: Clock, operator: Operator, id_: str) -> Proposal:
        """Does what another operator proposed: all of it, with the mark that it is done, or nothing."""

        async def work(connection: AsyncConnection) -> Proposal:
            found = await _open(connection, id_)
            must_be(operator, self.changes[found.kind].role)
            if found.proposed_by == operator.id:
                raise NotAuthorisedError("You proposed this yourself. Another operator has to carry it out.")
            if found.lapsed(clock.now()):
                raise ConflictError("This proposal is too old. Propose it again.")
            if "role" in found.details:
                role_named(found.details["role"], self.roles)
            await self.changes[found.kind].effect(connection, clock, found)
            await proposals.decide(connection, id_, ProposalState.CARRIED_OUT, by=operator.id, at=clock.now())
            await audit.record(connection, f"{operator.id}:{found.subject}:{found.kind.value}", clock.now())
            return found

        return await database.run("carry-out", work)

    async def refuse(self, database: Database, clock: Clock, operator: Operator, id_: str) -> Proposal:
        """Ends a proposal without doing it; whoever made it may do that too."""

        async def work(connection: AsyncConnection) -> Proposal:
            found = await _open(connection, id_)
            must_be(operator, self.changes[found.kind].role)
            await proposals.decide(connection, id_, ProposalState.REFUSED, by=operator.id, at=clock.now())
            await audit.record(connection, f"{operator.id}:{found.subject}:refuse-{found.kind.value}", clock.now())
            return found

        return await database.run("refuse", work)


async def open_proposals(database: Database, clock: Clock) -> list[Proposal]:
    """Gives all that wait for a second operator, oldest first."""
    waiting = await database.run("list-proposals", proposals.open_)
    return [one for one in waiting if not one.lapsed(clock.now())]


async def _open(connection: AsyncConnection, id_: str) -> Proposal:
    found = await proposals.find(connection, id_)
    if found is None:
        raise NotFoundError("There is no proposal of that id. See `takeback proposal list`.")
    if found.state is not ProposalState.OPEN:
        raise ConflictError(f"This proposal is {found.state.value} already.")
    return found


async def _change_role(connection: AsyncConnection, _: Clock, proposal: Proposal) -> None:
    """Gives an operator another role. One administrator stays, as when accounts are closed."""
    found = await named(connection, proposal.subject)
    role = role_named(proposal.details.get("role", ""))
    if role is not found.role:
        await must_not_be_last(connection, found)
    await operators.set_role(connection, found.id, role)


#: The changes of the staff itself.
STAFF_CHANGES: dict[ProposalKind, Change] = {
    ProposalKind.ADD_OPERATOR: Change(add_proposed, Role.ADMINISTRATOR),
    ProposalKind.CHANGE_ROLE: Change(_change_role, Role.ADMINISTRATOR, ("role",)),
    ProposalKind.ENROL: Change(enrol_proposed, Role.ADMINISTRATOR),
}
