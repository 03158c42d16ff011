"""Companies that apply, and two operators who let them in."""

from __future__ import annotations

from dataclasses import dataclass, field

from takeback.clearinghouse import applications, participants, two_person
from takeback.clock import Clock
from takeback.errors import UnavailableError
from takeback.model.application import Application, Applying
from takeback.model.operator import Operator, Role
from takeback.model.participant import AGREED_TYPES, Participant
from takeback.model.proposal import ProposalKind
from takeback.settings import Settings
from takeback.staff.operators import add_operator
from takeback.storage.database import Database

KEY = bytes(32)
EVERY_TYPE = frozenset(AGREED_TYPES)


def applying(name: str = "Example Photos", types=EVERY_TYPE, **changed: str) -> Applying:
    """What a company fills in."""
    filled = {
        "name": name,
        "domain": "photos.example",
        "email": "safety@photos.example",
        "purpose": "To check what is uploaded.",
        "hits": "Two people look at it.",
        "regions": "DE,FR",
        **changed,
    }
    return Applying(types=types, **filled)


@dataclass
class Domains:
    """What companies show to everybody: the text of a file, and TXT records; None is no answer."""

    text: str | None = None
    records: list[str] = field(default_factory=list)

    async def file(self, domain: str, path: str) -> str:
        """Gives the file's text."""
        assert (domain, path) == ("photos.example", "/.well-known/takeback-verification.txt")
        if self.text is None:
            raise UnavailableError("The domain did not answer.")
        return self.text

    async def txt(self, domain: str) -> list[str]:
        """Gives the records."""
        assert domain == "photos.example"
        return self.records


async def two_operators(database: Database, clock: Clock) -> tuple[Operator, Operator]:
    """Two who may decide together."""
    return (
        await add_operator(database, clock, "Ana", Role.OPERATOR),
        await add_operator(database, clock, "Bo", Role.OPERATOR),
    )


async def verified(database: Database, clock: Clock, settings: Settings, given: Applying) -> Application:
    """An application whose domain and address are the company's."""
    made = await applications.apply(database, clock, settings, given, version="takeback-1")
    code = await applications.new_code(database, made.id, KEY)
    await applications.domain_is_theirs(database, clock, made.id)
    return await applications.confirm_email(database, clock, made.id, code, KEY)


async def decided(
    database: Database, clock: Clock, both: tuple[Operator, Operator], kind: ProposalKind, subject: str, **details: str
) -> None:
    """One proposes, the other carries out."""
    made = await two_person.propose(database, clock, both[0], kind, subject, details)
    await two_person.carry_out(database, clock, both[1], made.id)


async def admitted(
    database: Database, clock: Clock, both: tuple[Operator, Operator], name: str = "Example Photos", types=EVERY_TYPE
) -> Participant:
    """A participant in the sandbox."""
    made = await verified(database, clock, Settings(), applying(name, types))
    await decided(database, clock, both, ProposalKind.ADMIT_PARTICIPANT, made.id)
    (found,) = [one for one in await participants.all_participants(database) if one.name == name]
    return found


async def now_(database: Database, participant: Participant) -> Participant:
    """The same participant as it stands now."""
    found = await participants.find(database, participant.id)
    assert found is not None
    return found
