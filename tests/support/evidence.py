"""A platform with a hold that a person of the child-safety role has confirmed, and all that evidence needs."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from takeback.clock import ManualClock
from takeback.model.evidence import Evidence, EvidenceKind
from takeback.model.hold import Content, Finding, Hold, HoldState, Source, Surface
from takeback.model.operator import Operator, Role
from takeback.model.review import Seen, Viewing
from takeback.participant.holds.held_copies import copies_of
from takeback.participant.reports.evidence import EvidenceStore
from takeback.platform_settings import PlatformSettings
from takeback.staff.operators import add_operator
from takeback.storage.database import Database
from takeback.storage.platform import holds, reviews

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
FINDING = Finding(
    "takeback.example/list", "ab" * 16, "pdq", 12, 31, "strong", "upload", "submitted", "hold", date(2026, 1, 2)
)
#: What is kept of the hold: bytes that no decoder would open.
CONTENT = b"not a picture at all " * 5_000
FACTS = b"""{"reported": {"id": "user/7", "screen_name": "handle", "emails": ["someone@example.org"],
"ip_events": [{"address": "192.0.2.55", "happening": "Login", "at": "2026-11-26T10:00:00+01:00"}]},
"uploaded_at": "2026-11-26T11:00:00Z", "location": "https://forum.example/m/1", "public": true,
"file_name": "upload.jpg", "upload_event": {"address": "192.0.2.55", "happening": "Upload",
"at": "2026-11-26T11:00:00Z"}}"""


@dataclass
class Staffed:
    """The people and the store of one platform. Ana and Bo have the child-safety role, Olli is an operator."""

    settings: PlatformSettings
    database: Database
    clock: ManualClock
    store: EvidenceStore
    ana: Operator
    bo: Operator
    olli: Operator

    async def hold(
        self,
        id_: str = "h-1",
        *,
        state: HoldState = HoldState.CONFIRMED,
        by: str | None = "ana",
        copy: bool = False,
        content: bytes = CONTENT,
        beside: str | None = None,
        account: str = "user/7",
        tier: str = "submitted",
    ) -> Hold:
        """Adds a hold, decided by one of them, by nobody, or by a rule; with a sealed copy of its file, or without.

        What is added `beside` another one was answered by the same decision.
        """
        decided_by = {"ana": self.ana.id, "olli": self.olli.id}.get(by or "", by)
        piece = Content(f"post/{id_}", Surface.PUBLIC, "DE", account, NOW - timedelta(hours=1))
        cluster = hashlib.sha256((beside or id_).encode()).digest()[:16]
        new = Hold(id_, piece, Source.UPLOAD, (replace(FINDING, tier=tier),), cluster, NOW, state=state)
        if copy:
            copies_of(self.settings, self.database).put(id_, io.BytesIO(content))
            new = replace(new, copy=id_)
        new = replace(new, decided_by=decided_by, decided_at=NOW if decided_by else None)
        await self.database.run("hold", lambda c: holds.add(c, new))
        return new

    async def shown(self, how: Seen = Seen.SHARP, hold: str = "h-1") -> None:
        """Keeps, as the desk does, that the file was shown."""
        one = Viewing(hold, self.ana.id, NOW, how)
        await self.database.run("shown", lambda c: reviews.add_viewing(c, one))

    async def kept(self, kind: EvidenceKind = EvidenceKind.FILE, content: bytes = CONTENT) -> Evidence:
        """Keeps something of the hold."""
        is_copy = kind is EvidenceKind.FILE
        return await self.store.keep("h-1", kind, io.BytesIO(content), by="platform", is_copy=is_copy)


async def staffed(
    database: Database, folder: Path, *, names: tuple[str, str, str] = ("Ana", "Bo", "Olli"), **settings: object
) -> Staffed:
    """Gives a platform without holds, whose data are in that folder."""
    clock = ManualClock(NOW)
    given = PlatformSettings(data_dir=str(folder), reporter_email="safety@forum.example", **settings)  # type: ignore[arg-type]
    ana = await add_operator(database, clock, names[0], Role.CHILD_SAFETY)
    bo = await add_operator(database, clock, names[1], Role.CHILD_SAFETY)
    olli = await add_operator(database, clock, names[2], Role.OPERATOR)
    return Staffed(given, database, clock, EvidenceStore(given, database, clock), ana, bo, olli)
