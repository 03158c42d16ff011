"""The clock of a notice, its receipt, its places, and what hides at once: tables, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from support.notices import ADULT, CHILD, NOW
from takeback.clock import ManualClock
from takeback.errors import ConflictError, InvalidInputError, SettingsError
from takeback.model import notice_clock
from takeback.model.hold import Content, Surface
from takeback.model.notice import Place
from takeback.model.notice_clock import Urgency
from takeback.model.notice_log import LoggedEvent, NoticeEvent, month_report
from takeback.model.notice_places import Places, places_text
from takeback.model.notice_receipt import digest_of, new_number, new_secret, number_in
from takeback.model.received_notice import Flag, NoticeState, hides_at_once, must_lead, received
from takeback.platform_settings import PlacePattern

HOURS = (12, 24, 36, 44)


def test_the_clock_hour_by_hour() -> None:
    clock = ManualClock(NOW)
    planned = notice_clock.alarms(clock.now(), HOURS, 48)
    rung: dict[int, list[str]] = {}
    for hour in range(1, 50):
        clock.advance(timedelta(hours=1))
        due = [one.kind for one in planned if clock.now() - timedelta(hours=1) < one.at <= clock.now()]
        if due:
            rung[hour] = due
    assert rung == {12: ["warn-12"], 24: ["warn-24"], 36: ["warn-36"], 44: ["warn-44"], 48: ["expiry"]}


@pytest.mark.parametrize(
    ("hours", "due", "kinds"),
    [
        ((12, 24, 36, 44), 24, ["warn-12", "expiry"]),
        ((44, 12, 12), 48, ["warn-12", "warn-44", "expiry"]),
        ((), 48, ["expiry"]),
    ],
    ids=["a stricter platform", "in any order, once", "none"],
)
def test_warnings_are_the_platforms_own(hours: tuple[int, ...], due: int, kinds: list[str]) -> None:
    assert [one.kind for one in notice_clock.alarms(NOW, hours, due)] == kinds


def test_the_clock_does_not_know_summer_time() -> None:
    begun = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)  # the night on which Europe's clocks go forward
    assert notice_clock.due_at(begun, 48) - begun == timedelta(hours=48)


@pytest.mark.parametrize(
    ("hours", "urgency"),
    [(0, Urgency.CALM), (11.9, Urgency.CALM), (12, Urgency.WARNED), (47.9, Urgency.WARNED), (48, Urgency.OVER)],
)
def test_how_a_clock_is_shown(hours: float, urgency: Urgency) -> None:
    now, due = NOW + timedelta(hours=hours), notice_clock.due_at(NOW, 48)
    assert notice_clock.urgency(now, NOW, due, HOURS) is urgency


@pytest.mark.parametrize(
    ("child", "flags", "setting", "suspended", "hides"),
    [
        (False, set(), True, False, True),
        (False, set(), False, False, False),
        (False, set(), True, True, False),
        (True, set(), True, True, False),
        (False, {Flag.PUBLIC_INTEREST}, True, False, False),
        (True, {Flag.PUBLIC_INTEREST}, True, False, False),
        (False, {Flag.CONSENSUAL}, True, False, False),
        (True, {Flag.CONSENSUAL}, True, False, True),
        (True, {Flag.CONSENSUAL, Flag.PUBLIC_INTEREST}, True, False, False),
    ],
)
def test_what_is_hidden_before_anybody_looks(
    child: bool, flags: set[Flag], setting: bool, suspended: bool, hides: bool
) -> None:
    notice = received("N", CHILD if child else ADULT, NOW, flagger=None, notifier=None)
    assert hides_at_once(notice, frozenset(flags), setting=setting, suspended=suspended) is hides


def test_states_lead_where_they_may() -> None:
    allowed = {(before, after) for before in NoticeState for after in NoticeState if not _refused(before, after)}
    s = NoticeState
    assert allowed == {
        *((s.INCOMPLETE, after) for after in (s.OPEN, s.WITHDRAWN, s.LAPSED)),
        *((s.OPEN, after) for after in (s.REMOVED, s.REFUSED, s.WITHDRAWN)),
        *((s.REMOVED, after) for after in (s.REFUSED, s.OPEN)),
        *((s.REFUSED, after) for after in (s.REMOVED, s.OPEN)),
    }


def _refused(before: NoticeState, after: NoticeState) -> bool:
    try:
        must_lead(before, after)
    except ConflictError:
        return True
    return False


@pytest.mark.parametrize(
    ("link", "content"),
    [
        ("https://photos.example/p/17", "post/17"),
        ("http://PHOTOS.example/p/17/?utm=1#top", "post/17"),
        ("https://photos.example/u/ana/p/17", "ana.17"),
        ("https://photos.example/p/17/comments", None),
        ("https://photos.example/p/", None),
        ("https://evil.example/photos.example/p/17", None),
        ("https://photos.example.evil.example/p/17", None),
        ("https://user@photos.example/p/17", None),
        ("https://photos.example/p/" + "x" * 250, None),
        ("https://[/p/17", None),
    ],
)
def test_from_a_link_to_content(link: str, content: str | None) -> None:
    places = Places(
        [
            PlacePattern("https://photos.example/p/{id}", "post/{id}"),
            PlacePattern("https://photos.example/u/{user}/p/{id}/", "{user}.{id}", "profile"),
        ]
    )
    found = places.content_of(Place(url=link))
    surface = Surface.PROFILE if content and "." in content else Surface.PUBLIC
    assert found == (None if content is None else Content(content, surface))


def test_a_pattern_that_cannot_be_used_stops_the_start() -> None:
    with pytest.raises(SettingsError, match="notice_places"):
        Places([PlacePattern("https://photos.example/p/{id}", "post/{number}")])


def test_which_notices_name_the_same_places() -> None:
    same = [
        replace(ADULT, places=(Place("https://photos.example/p/1"), Place("https://photos.example/p/2/"))),
        replace(ADULT, places=(Place("http://Photos.example/p/2?a=b"), Place("https://photos.example/p/1"))),
    ]
    assert len({places_text(one) for one in same}) == 1
    assert places_text(ADULT) != places_text(same[0])
    assert places_text(replace(ADULT, places=(*ADULT.places, Place(account="@somebody")))) is None


def test_numbers_and_secrets_survive_being_read_out() -> None:
    number, secret = new_number(), new_secret()
    assert number_in(f" {number.lower()} ".replace("0", "o").replace("1", "l")) == number
    assert digest_of(secret) == digest_of(secret.lower().replace("-", " "))
    assert digest_of(secret) != digest_of(new_secret())
    for strange in ("", "é" * 50, "\x00", "x" * 10_000):
        assert len(number_in(strange)) <= 12
        assert len(digest_of(strange)) == 32


def test_a_month_is_that_of_first_contact_and_tells_how_it_ended() -> None:
    def event(sequence: int, hours: float, notice: str, what: NoticeEvent, **facts: str | bool) -> LoggedEvent:
        return LoggedEvent(
            sequence, datetime(2026, 11, 30, 20, tzinfo=UTC) + timedelta(hours=hours), notice, what, facts
        )

    story = [
        event(1, 0, "a", NoticeEvent.RECEIVED, law="us-223a", lane="public"),
        event(2, 1, "a", NoticeEvent.VALID, joined=False),
        event(3, 1, "a", NoticeEvent.HIDDEN),
        event(4, 5, "b", NoticeEvent.RECEIVED, law="us-223a", lane="public"),  # in December
        event(5, 10, "a", NoticeEvent.REMOVED),
        event(6, 20, "a", NoticeEvent.REOPENED),
        event(7, 61, "a", NoticeEvent.REFUSED, reason="appealed"),
    ]
    now = datetime(2026, 12, 9, tzinfo=UTC)
    report = month_report(story, "2026-11", now, 48).all
    assert (report.received, report.removed, report.refused) == (1, 0, 1)
    assert (report.median_hours_to_decide, report.over_time) == (9, 0)  # the first decision stops the clock
    assert month_report(story[:6], "2026-11", now, 48).all.open == 1
    with pytest.raises(InvalidInputError):
        month_report(story, "November", now, 48)
