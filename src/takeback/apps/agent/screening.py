"""What the agent's routes about uploads share: threads in which lists are asked, and room for so many files."""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import IO, Any, TypeVar

from litestar import Request

from takeback import metrics
from takeback.apps.agent.door import Rate
from takeback.clock import Clock
from takeback.errors import UnavailableError
from takeback.model.entry import Kind
from takeback.model.hold import Content, Surface
from takeback.participant.agent.uploads import Screened, Upload, Uploads, hold_what_is_ruled
from takeback.participant.holds.brakes import Brakes
from takeback.participant.holds.held_copies import keep_copy
from takeback.participant.holds.holding import Listed, findings_of
from takeback.participant.own_media import Gathered, kept
from takeback.platform_settings import PlatformSettings
from takeback.storage.database import Database
from takeback.wire import screening as wire

T = TypeVar("T")
#: Bytes of an upload that are kept in memory; larger ones lie in a file without a name meanwhile.
IN_MEMORY_BYTES = 8 * 1024 * 1024


class Screening:
    """What the routes share: threads in which lists are asked, and room for so many files."""

    def __init__(
        self, uploads: Uploads, database: Database, clock: Clock, settings: PlatformSettings, threads: int
    ) -> None:
        self.uploads, self.settings, self.gathered = uploads, settings, Gathered()
        self._database, self._clock, self._brakes = database, clock, Brakes(settings)
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="takeback-screen")
        self._files, self.files, self.lookups = (
            0,
            Rate(settings.screens_a_minute, clock),
            Rate(settings.lookups_a_minute, clock),
        )

    def close(self) -> None:
        """Ends threads and decoders."""
        self.uploads.close()
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def of_file(self, file: IO[bytes], upload: Upload) -> Screened:
        """Gives the answer about a file."""
        (found,) = await self._ended([upload], [await self._away(lambda: self.uploads.of_file(file, upload))])
        if found.hold is not None:
            await keep_copy(self._database, self.settings, found.hold, file)
        return found

    async def of_items(
        self, items: Sequence[wire.ItemBody], *, strong_only: bool, field: str = "items"
    ) -> list[Screened]:
        """Gives the answers about items of fingerprints."""
        asked = [(wire.prints_of(one, f"{field}[{at}]"), _upload(one)) for at, one in enumerate(items)]
        found = await self._away(lambda: self.uploads.of_prints(asked, strong_only=strong_only))
        return await self._ended([upload for _, upload in asked], found)

    @contextmanager
    def room(self) -> Iterator[None]:
        """Takes room for a file, or raises UnavailableError."""
        if self._files >= self.settings.screen_concurrency:
            metrics.REFUSED.labels("screen").inc()
            raise UnavailableError("Too many files wait to be looked at. Send this one again in a moment.")
        self._files += 1
        try:
            yield
        finally:
            self._files -= 1

    async def _ended(self, uploads: Sequence[Upload], found: Sequence[Screened]) -> list[Screened]:
        matched = [one for one in found if one.found]
        if matched:
            await self._away(lambda: self.uploads.count_hits(matched))
        pairs = zip(uploads, found, strict=True)
        left = [await self._braked(upload, one) if one.found else one for upload, one in pairs]
        ended = await hold_what_is_ruled(self._database, self._clock, uploads, left)
        for (outcome, do), times in Counter((one.outcome, one.do) for one in ended).items():
            metrics.SCREENED.labels(outcome.value, do.value).inc(times)
        for upload, one in zip(uploads, ended, strict=True) if self.settings.own_media_from_uploads else ():
            if upload.content:
                content = Content(upload.content, upload.surface, upload.region, upload.account, upload.uploaded_at)
                self.gathered.add(kept(content, Kind(one.kind), one.prints))
        return ended

    async def _braked(self, upload: Upload, screened: Screened) -> Screened:
        """What no service names counts as a content of its own."""
        name = upload.content or f"unnamed/{secrets.token_hex(8)}"
        content = Content(name, upload.surface, upload.region, upload.account, upload.uploaded_at)
        findings = findings_of(Listed(one.list, one.match) for one in screened.found)
        braked = await self._brakes.braked(self._database, self._clock, content, findings, screened.prints)
        return screened if braked.findings == findings else self.uploads.braked(upload, screened, braked.findings)

    async def _away(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)


async def received(request: Request[Any, Any, Any], into: IO[bytes]) -> None:
    """Takes a body in part by part: a film is never in memory as a whole."""
    async for part in request.stream():
        into.write(part)
    into.seek(0)


def _upload(item: wire.ItemBody) -> Upload:
    return Upload(_SURFACES[item.surface], item.region, item.content, item.account, item.uploaded_at)


_SURFACES = {surface.value: surface for surface in Surface}
