"""What every part of a platform's schema hangs on, and the people who work there.

Those are kept as the clearinghouse keeps its operators: the tables are one text.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, MetaData

from takeback.storage import schema as authority

metadata = MetaData()

# Accounts, passkeys, sessions, changes that take two, the audit, and which programs may run.
for _table in (
    authority.operator,
    authority.passkey,
    authority.enrolment,
    authority.console_session,
    authority.proposal,
    authority.audit_event,
    authority.program,
):
    _table.to_metadata(metadata)

_OPERATOR = metadata.tables["operator"]
_OPERATOR.constraints = {one for one in _OPERATOR.constraints if one.name != "operator_role"}
_OPERATOR.append_constraint(
    CheckConstraint("role IN ('viewer', 'operator', 'child-safety', 'administrator')", name="operator_role")
)
