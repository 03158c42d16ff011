"""What every hook does with an upload: looks at it, and says whether it may be published now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from takeback.closing import Closing
from takeback.errors import StaleListError, UnavailableError
from takeback.matching.policy import Match
from takeback.media import Unscannable
from takeback.media.fingerprinter import Source
from takeback.participant.agent.client import Agent, checked
from takeback.participant.look_up import Clear, Matched

Fail = Literal["fail-open", "fail-closed"]


class Checker(Protocol):
    """Whatever can look at an upload: a `Screen`, or an `Agent`."""

    def check(self, file: Source) -> Clear | Matched | Unscannable:
        """Says what is known of a file."""
        ...

    def close(self) -> None:
        """Gives back what it holds."""
        ...


@dataclass(frozen=True, slots=True)
class Looked:
    """What came of it. What is not published now waits for a person: `hold` is its id at the desk, where there is one.

    `reason` says why there is no answer: `unscannable`, `stale-list`, `unavailable`.
    """

    publish: bool
    matches: tuple[Match, ...] = ()
    hold: str | None = None
    reason: str | None = None


class Gate(Closing):
    """Looks at uploads, and never raises for one. Safe to use from several threads.

    `unanswered` is what happens while the list is too old or the agent is away; `unscannable`, to what cannot be read.
    With an agent, its own policy says so where it answers.
    """

    def __init__(self, checker: Checker, *, unanswered: Fail = "fail-open", unscannable: Fail = "fail-open") -> None:
        self._checker = checker
        self._unanswered, self._unscannable = unanswered == "fail-open", unscannable == "fail-open"

    def close(self) -> None:
        """Ends the decoders, or the connections, of what it looks with."""
        self._checker.close()

    def look(
        self, file: Source, *, content: str | None = None, surface: str = "public", region: str | None = None
    ) -> Looked:
        """Looks at a path, bytes or binary file. `content` is your id of it, under which an agent's desk holds it."""
        try:
            if isinstance(self._checker, Agent):
                answer = self._checker.screen(file, surface=surface, region=region, content=content)
                matches = found.matches if answer.matches and isinstance(found := checked(answer), Matched) else ()
                return Looked(answer.do == "allow", matches, answer.hold, answer.because)
            return self._of(self._checker.check(file))
        except StaleListError as error:
            return Looked(self._unanswered, reason=error.code)
        except UnavailableError as error:
            return Looked(self._unanswered, reason=error.code)

    def _of(self, found: Clear | Matched | Unscannable) -> Looked:
        if isinstance(found, Matched):
            return Looked(publish=False, matches=found.matches)
        if isinstance(found, Unscannable):
            return Looked(self._unscannable, reason="unscannable")
        return Looked(publish=True)
