"""Who runs a clearinghouse, and what each may do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Role(StrEnum):
    """viewer < operator < administrator: whoever may more, may all of the less."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    ADMINISTRATOR = "administrator"

    def includes(self, other: Role) -> bool:
        """Says whether whoever has this role may do what the other one may."""
        order = tuple(Role)
        return order.index(self) >= order.index(other)


class OperatorState(StrEnum):
    """An account is never deleted: what it did stays in the audit."""

    ACTIVE = "active"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Operator:
    """One person of the hotline's staff. `id` is random; `name` is what colleagues read."""

    id: str
    name: str
    role: Role
    state: OperatorState
    added_on: date
