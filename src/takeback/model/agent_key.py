"""Keys of the platform's own services: what each may ask the agent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class KeyRole(StrEnum):
    """`screen`: uploads. `instructions`: what to do with content. `admin`: both, and how the lists stand."""

    SCREEN = "screen"
    INSTRUCTIONS = "instructions"
    ADMIN = "admin"

    def includes(self, other: KeyRole) -> bool:
        """Says whether this role may do what the other may."""
        return self in (other, KeyRole.ADMIN)


@dataclass(frozen=True, slots=True)
class AgentKey:
    """One key, without its secret."""

    id: str
    name: str
    role: KeyRole
    added_on: date
    revoked_on: date | None = None
