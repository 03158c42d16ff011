"""Operators, and changes that need two of them.

Processes of before may run on meanwhile: they neither read nor write any of it.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import CheckConstraint, Column, Date, DateTime, ForeignKey, String

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds both tables."""
    op.create_table(
        "operator",
        Column("id", String(40), primary_key=True, comment="random"),
        Column("name", String(120), nullable=False, unique=True),
        Column("role", String(13), nullable=False, comment="viewer, operator or administrator"),
        Column("state", String(6), nullable=False, comment="active or closed"),
        Column("added_on", Date, nullable=False),
        CheckConstraint("role IN ('viewer', 'operator', 'administrator')", name="operator_role"),
        CheckConstraint("state IN ('active', 'closed')", name="operator_state"),
        comment="The hotline's staff; an account is never deleted.",
        sqlite_with_rowid=False,
    )
    not_alone = "never who proposed it, unless it is refused"
    op.create_table(
        "proposal",
        Column("id", String(40), primary_key=True, comment="random"),
        Column("kind", String(40), nullable=False, comment="what is to be done"),
        Column("subject", String(200), nullable=False, comment="the id of what is to change"),
        Column("details", String(4000), nullable=False, comment="how, as a JSON object of texts"),
        Column("proposed_by", String(40), ForeignKey("operator.id"), nullable=False),
        Column("proposed_at", DateTime(timezone=True), nullable=False),
        Column("state", String(11), nullable=False, comment="open, carried-out or refused"),
        Column("decided_by", String(40), ForeignKey("operator.id"), comment=not_alone),
        Column("decided_at", DateTime(timezone=True)),
        CheckConstraint("state IN ('open', 'carried-out', 'refused')", name="proposal_state"),
        CheckConstraint("state <> 'carried-out' OR decided_by <> proposed_by", name="proposal_two_persons"),
        comment="Changes that need two operators.",
        sqlite_with_rowid=False,
    )
