"""What everybody may know of how well the list works, as JSON for whoever counts on."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

from litestar import get
from litestar.datastructures import CacheControlHeader

from takeback.apps.dependencies import TheFigures
from takeback.apps.installed import TheClock, TheDatabase
from takeback.apps.problems import answers
from takeback.errors import UnavailableError
from takeback.wire.json import Answer

#: Seconds for which anybody may keep the answer.
MAX_AGE_S = 3_600


class PeriodBody(Answer, frozen=True):
    """A month, or several that were too small alone. What is of few is left out; the rest is rounded up."""

    first: str
    last: str
    judged: int
    wrong_percent: int | None = None
    days_to_removal: int | None = None


class TransparencyBody(Answer, frozen=True):
    """As of a day (UTC). Counts are rounded down to tens, `services` aside; cells that are too small are in `other`."""

    day: date
    listed: int
    listed_by_tier: dict[str, int]
    suspended: int
    withdrawn: int
    services: int
    periods: list[PeriodBody]


@get(
    "/v1/transparency",
    cache_control=CacheControlHeader(public=True, max_age=MAX_AGE_S),
    responses=answers(UnavailableError),
)
async def transparency(database: TheDatabase, clock: TheClock, figures: TheFigures) -> TransparencyBody:
    """Says how many entries there are of each tier, how often one was wrong, and how long removal took."""
    now = await figures.get(database, clock)
    numbers = now.numbers
    return TransparencyBody(
        now.day,
        numbers.listed,
        now.listed_by_tier,
        numbers.suspended,
        numbers.withdrawn,
        numbers.services,
        [PeriodBody(**asdict(period)) for period in now.periods],
    )
