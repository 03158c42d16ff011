"""A platform's desk for tests: holds, people, and time that moves when told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from takeback.clock import ManualClock
from takeback.model.hold import Content, Finding, Hold, HoldState, Source, Surface
from takeback.model.instruction import Doing
from takeback.model.operator import Operator, Role
from takeback.participant.desk import decisions, opening
from takeback.platform_settings import PlatformSettings
from takeback.staff.operators import add_operator
from takeback.storage.database import Database
from takeback.storage.platform import holds, instructions

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
ENTRY, OTHER = "ab" * 16, "cd" * 16


def finding(
    entry: str = ENTRY, *, list_: str = "ours", type_: str = "pdq", distance: int = 12, grade: str = "strong"
) -> Finding:
    return Finding(list_, entry, type_, distance, 31, grade, "upload", "submitted", "hold", date(2026, 1, 2))


class DeskPeople:
    """The desk of one database."""

    def __init__(self, database: Database, **settings: object) -> None:
        self.database, self.clock = database, ManualClock(NOW)
        self.settings = PlatformSettings(**settings)  # type: ignore[arg-type]

    async def person(self, name: str, role: Role = Role.OPERATOR) -> Operator:
        return await add_operator(self.database, self.clock, name, role)

    async def hold(
        self,
        id_: str,
        *,
        cluster: int = 1,
        account: str | None = "user/1",
        findings: Sequence[Finding] = (),
        due_h: int | None = None,
        source: Source = Source.UPLOAD,
        surface: Surface = Surface.PUBLIC,
        copy: str | None = None,
        kind: str = "image",
        state: HoldState = HoldState.OPEN,
    ) -> Hold:
        """Adds one, as the agent does."""
        now = self.clock.now()
        new = Hold(
            id_,
            Content(f"post/{id_}", surface, "DE", account, now),
            source,
            tuple(findings) or (finding(),),
            cluster.to_bytes(16, "big"),
            now,
            None if due_h is None else now + timedelta(hours=due_h),
            copy,
            kind,
            state,
        )
        await self.database.run("hold", lambda connection: holds.add(connection, new))
        return new

    async def find(self, id_: str) -> Hold:
        found = await self.database.run("find", lambda connection: holds.find(connection, id_))
        assert found is not None
        return found

    async def decide(self, operator: Operator, id_: str, word: str) -> decisions.Decided:
        """Opens a hold and decides it."""
        await opening.open_hold(self.database, self.clock, self.settings, operator, id_)
        return await decisions.decide(self.database, self.clock, self.settings, operator, id_, word)

    async def told(self) -> list[tuple[str, Doing]]:
        """What the platform was told to do, in order."""
        given = await self.database.run("told", lambda connection: instructions.after(connection, 0, limit=100))
        return [(one.content, one.doing) for one in given]
