"""From what was found of an upload to what is said of it over the wire."""

from __future__ import annotations

from takeback.matching.policy import Match
from takeback.participant.agent.policies import Ruling
from takeback.participant.agent.uploads import Outcome, Screened
from takeback.wire import screening as wire


def screened_body(found: Screened, content: str | None = None) -> wire.ScreenedBody:
    """Gives an answer as it goes over the wire."""
    if found.outcome is Outcome.CLEAR and not found.stale and content is None and len(found.checked) == 1:
        return _CLEAR_BY[found.checked[0].value]
    return wire.ScreenedBody(
        outcome=found.outcome.value,
        do=found.do.value,
        because=found.because,
        would=None if found.would is None else found.would.value,
        hold=found.hold,
        kind=found.kind,
        matches=tuple(_match(one.list, one.match, one.ruling) for one in found.found),
        checked=tuple(type_.value for type_ in found.checked),
        stale=found.stale,
        reason=found.reason,
        content=content,
    )


_CLEAR_BY = {
    type_: wire.ScreenedBody(outcome="clear", do="allow", checked=(type_,))
    for type_ in ("md5", "sha1", "sha256", "pdq", "vpdq")
}


def _match(list_: str, match: Match, ruling: Ruling) -> wire.MatchBody:
    return wire.MatchBody(
        list=list_,
        entry=match.entry,
        type=match.type.value,
        distance=match.distance,
        threshold=match.threshold,
        grade=match.grade.value,
        variant=match.variant,
        edit=match.edit,
        frames=match.frames,
        tier=match.tier.value,
        action=match.action.value,
        listed_on=match.listed_on.isoformat(),
        policy=ruling.row,
        do=ruling.do.value,
        dry_run=ruling.dry_run,
    )
