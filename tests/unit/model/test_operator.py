"""What a role includes. Child-safety stands apart: nobody sees what it sees by being an administrator."""

from __future__ import annotations

import pytest

from takeback.errors import InvalidInputError
from takeback.model.operator import AUTHORITY_ROLES, PLATFORM_ROLES, Role
from takeback.staff.operators import role_named

VIEWER, OPERATOR, CHILD_SAFETY, ADMINISTRATOR = PLATFORM_ROLES
INCLUDED = {
    VIEWER: {VIEWER},
    OPERATOR: {VIEWER, OPERATOR},
    CHILD_SAFETY: {VIEWER, OPERATOR, CHILD_SAFETY},
    ADMINISTRATOR: {VIEWER, OPERATOR, ADMINISTRATOR},
}


@pytest.mark.parametrize("role", list(Role), ids=lambda role: role.value)
def test_a_role_may_what_the_table_says(role: Role) -> None:
    assert {other for other in Role if role.includes(other)} == INCLUDED[role]


def test_a_clearinghouse_has_no_child_safety_role() -> None:
    assert role_named("child-safety", PLATFORM_ROLES) is Role.CHILD_SAFETY
    with pytest.raises(InvalidInputError, match="role"):
        role_named("child-safety", AUTHORITY_ROLES)
