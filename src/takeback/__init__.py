"""Takeback for platforms: keep a copy of the list, check files against it, and say what a person found.

    import takeback

    exchange = takeback.connect("credentials.json")
    with takeback.HashList.open("list.db") as hashlist:
        hashlist.sync(exchange)
        match takeback.Screen(hashlist).check("upload.jpg"):
            case takeback.Clear():
                print("publish it")
            case takeback.Matched(matches):
                print(f"hold it for a person to look: {matches[0].action}")
            case takeback.Unscannable(reason):
                print(f"could not be read ({reason}): your policy decides")

When a person has looked: `hashlist.give_feedback(match, Verdict.CONFIRMED, ActionTaken.REMOVED)`. It is kept on disk
and delivered by the next sync. Everything that is raised on purpose is a `TakebackError`; its message says what to do.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from takeback.errors import StaleListError, TakebackError
    from takeback.exchanges.exchange import Exchange
    from takeback.exchanges.public_log import PublicLog
    from takeback.exchanges.takeback import connect
    from takeback.fingerprints.variants import Effort
    from takeback.matching.policy import Match
    from takeback.matching.thresholds import Grade
    from takeback.media import Limits, Unscannable
    from takeback.model.feedback import ActionTaken, Verdict
    from takeback.participant.agent.client import Agent
    from takeback.participant.hash_list import HashList
    from takeback.participant.screening import Clear, Matched, Screen

__version__ = "0.1.0"
__all__ = [
    "ActionTaken",
    "Agent",
    "Clear",
    "Effort",
    "Exchange",
    "Grade",
    "HashList",
    "Limits",
    "Match",
    "Matched",
    "PublicLog",
    "Screen",
    "StaleListError",
    "TakebackError",
    "Unscannable",
    "Verdict",
    "connect",
]

# The door opens a room only when somebody goes through it (PEP 562): the clearinghouse, which also begins with
# `import takeback`, never loads an image decoder.
_ROOMS = {
    "ActionTaken": "takeback.model.feedback",
    "Agent": "takeback.participant.agent.client",
    "Clear": "takeback.participant.screening",
    "Effort": "takeback.fingerprints.variants",
    "Exchange": "takeback.exchanges.exchange",
    "Grade": "takeback.matching.thresholds",
    "HashList": "takeback.participant.hash_list",
    "Limits": "takeback.media",
    "Match": "takeback.matching.policy",
    "Matched": "takeback.participant.screening",
    "PublicLog": "takeback.exchanges.public_log",
    "Screen": "takeback.participant.screening",
    "StaleListError": "takeback.errors",
    "TakebackError": "takeback.errors",
    "Unscannable": "takeback.media",
    "Verdict": "takeback.model.feedback",
    "connect": "takeback.exchanges.takeback",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - any public name
    if name in _ROOMS:
        return getattr(import_module(_ROOMS[name]), name)
    raise AttributeError(f"module 'takeback' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
