"""Who works at an installation, and what each may do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Role(StrEnum):
    """viewer < operator < administrator: whoever may more, may all of the less.

    Child-safety stands apart, at a platform's desk: it may what an operator may, and sees escalations, evidence and
    reports. An administrator does not, by being one.
    """

    VIEWER = "viewer"
    OPERATOR = "operator"
    CHILD_SAFETY = "child-safety"
    ADMINISTRATOR = "administrator"

    def includes(self, other: Role) -> bool:
        """Says whether whoever has this role may do what the other one may."""
        return other in _INCLUDED[self]


_INCLUDED = {
    Role.VIEWER: {Role.VIEWER},
    Role.OPERATOR: {Role.VIEWER, Role.OPERATOR},
    Role.CHILD_SAFETY: {Role.VIEWER, Role.OPERATOR, Role.CHILD_SAFETY},
    Role.ADMINISTRATOR: {Role.VIEWER, Role.OPERATOR, Role.ADMINISTRATOR},
}

#: The roles at a clearinghouse, where nothing is seen that child-safety would be for.
AUTHORITY_ROLES = (Role.VIEWER, Role.OPERATOR, Role.ADMINISTRATOR)
#: The roles at a platform's desk.
PLATFORM_ROLES = (Role.VIEWER, Role.OPERATOR, Role.CHILD_SAFETY, Role.ADMINISTRATOR)


class OperatorState(StrEnum):
    """An account is never deleted: what it did stays in the audit."""

    ACTIVE = "active"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Operator:
    """One person of the staff. `id` is random; `name` is what colleagues read."""

    id: str
    name: str
    role: Role
    state: OperatorState
    added_on: date
