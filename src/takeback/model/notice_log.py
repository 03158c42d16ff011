"""What happens to notices, event by event, and what a month of it comes to. Nothing here is about a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from statistics import median

from takeback.errors import InvalidInputError

Facts = Mapping[str, str | int | bool]


class NoticeEvent(StrEnum):
    """What may happen."""

    RECEIVED = "received"
    VALID = "valid"
    NAMED = "named"
    HIDDEN = "hidden"
    SEARCHED = "searched"
    WARNED = "warned"
    EXPIRED = "expired"
    REMOVED = "removed"
    REFUSED = "refused"
    REOPENED = "reopened"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    ERASED = "erased"


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """One event. `facts` holds numbers and words of closed lists. `at` is in UTC."""

    sequence: int
    at: datetime
    notice: str
    event: NoticeEvent
    facts: Facts


@dataclass(slots=True)
class Figures:
    """What notices that came in one month came to. Times are hours from the valid notice."""

    received: int = 0
    valid: int = 0
    open: int = 0
    removed: int = 0
    refused: int = 0
    withdrawn: int = 0
    lapsed: int = 0
    joined: int = 0
    over_time: int = 0
    copies_exact: int = 0
    copies_near: int = 0
    median_hours_to_hide: float | None = None
    median_hours_to_decide: float | None = None
    refused_because: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MonthReport:
    """A month, as `2026-11`: of all notices, by law, and by lane (`public`, or a trusted flagger's id)."""

    month: str
    all: Figures
    by_law: dict[str, Figures]
    by_lane: dict[str, Figures]


def month_report(events: Iterable[LoggedEvent], month: str, now: datetime, due_hours: int) -> MonthReport:
    """Gives what became, until now, of the notices that first came in that month (UTC).

    Over time is what was decided, or is still open, later than `due_hours` after it was valid.
    """
    begin = month_begins(month)
    end = (begin + timedelta(days=32)).replace(day=1)
    stories: dict[str, list[LoggedEvent]] = {}
    for event in events:
        if event.event is NoticeEvent.RECEIVED:
            if begin <= event.at < end:
                stories[event.notice] = [event]
        elif event.notice in stories:
            stories[event.notice].append(event)
    told = [_Story(one) for one in stories.values()]
    laws, lanes = (sorted({getattr(one, name) for one in told}) for name in ("law", "lane"))
    limit = timedelta(hours=due_hours)
    return MonthReport(
        month,
        _figures(told, now, limit),
        {law: _figures([one for one in told if one.law == law], now, limit) for law in laws},
        {lane: _figures([one for one in told if one.lane == lane], now, limit) for lane in lanes},
    )


def month_begins(month: str) -> datetime:
    """Gives the first moment of a month written as `2026-11`, in UTC, or raises InvalidInputError."""
    try:
        return datetime.strptime(month, "%Y-%m").replace(tzinfo=UTC)
    except ValueError:
        raise InvalidInputError(field="month", problem="is no month.", remedy="Give one as 2026-11.") from None


_ENDS = (NoticeEvent.REMOVED, NoticeEvent.REFUSED, NoticeEvent.WITHDRAWN, NoticeEvent.LAPSED)


class _Story:
    """What happened to one notice."""

    def __init__(self, events: list[LoggedEvent]) -> None:
        self.law, self.lane = str(events[0].facts.get("law")), str(events[0].facts.get("lane"))
        self.valid_at = self._first(events, NoticeEvent.VALID)
        self.hidden_at = self._first(events, NoticeEvent.HIDDEN)
        self.joined = any(one.facts.get("joined") for one in events if one.event is NoticeEvent.VALID)
        ends = [one for one in events if one.event in (*_ENDS, NoticeEvent.REOPENED)]
        # The first decision is the one that the law's clock asks for; the last says how it stands.
        self.ended_at: datetime | None = ends[0].at if ends else None
        self.end: LoggedEvent | None = ends[-1] if ends and ends[-1].event in _ENDS else None
        searched = [one.facts for one in events if one.event is NoticeEvent.SEARCHED]
        self.exact, self.near = (sum(int(facts.get(name, 0)) for facts in searched) for name in ("exact", "near"))

    @staticmethod
    def _first(events: list[LoggedEvent], what: NoticeEvent) -> datetime | None:
        return next((one.at for one in events if one.event is what), None)


def _figures(stories: list[_Story], now: datetime, limit: timedelta) -> Figures:
    ends = Counter(one.end.event for one in stories if one.end)
    valid = [(one, one.valid_at) for one in stories if one.valid_at]
    reasons = Counter(str(one.end.facts.get("reason")) for one in stories if one.end and _is_refused(one.end))
    return Figures(
        received=len(stories),
        valid=len(valid),
        open=sum(one.end is None for one, _ in valid),
        removed=ends[NoticeEvent.REMOVED],
        refused=ends[NoticeEvent.REFUSED],
        withdrawn=ends[NoticeEvent.WITHDRAWN],
        lapsed=ends[NoticeEvent.LAPSED],
        joined=sum(one.joined for one in stories),
        over_time=sum((one.ended_at or now) - at > limit for one, at in valid),
        copies_exact=sum(one.exact for one in stories),
        copies_near=sum(one.near for one in stories),
        median_hours_to_hide=_median(one.hidden_at - at for one, at in valid if one.hidden_at),
        median_hours_to_decide=_median(
            one.ended_at - at for one, at in valid if one.ended_at and one.end and one.end.event in _ENDS[:2]
        ),
        refused_because=dict(sorted(reasons.items())),
    )


def _is_refused(event: LoggedEvent) -> bool:
    return event.event is NoticeEvent.REFUSED


def _median(times: Iterable[timedelta]) -> float | None:
    hours = [time.total_seconds() / 3_600 for time in times]
    return round(median(hours), 2) if hours else None
