"""What the platform is told to do with a piece of its own content. It reads these in order and carries them out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Doing(StrEnum):
    """What to do. `hide` and `restore` undo each other.

    `remove` is told only after a person decided, or where two kinds of evidence agree (matching/policy.py).
    """

    HIDE = "hide"
    RESTORE = "restore"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction about the content of that id. `because` names what led to it: the id of a hold or of a notice."""

    sequence: int
    content: str
    doing: Doing
    because: str
    at: datetime
