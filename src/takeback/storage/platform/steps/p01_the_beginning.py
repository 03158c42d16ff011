"""The platform's database as it begins: the people at the desk, holds, and what the platform is told to do."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from takeback.storage.append_only import refuse_changes
from takeback.storage.audit import CHAINED_ONCE

revision = "p01"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "audit_event",
        sa.Column("id", sa.Integer(), nullable=False, comment="order of events"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "event",
            sa.String(length=200),
            nullable=False,
            comment="subject:object:action, as in operator:participant/p-1:invite",
        ),
        sa.Column(
            "place",
            sa.BigInteger(),
            nullable=True,
            comment="where it stands in the chain, from 1; empty until it is chained",
        ),
        sa.Column(
            "chain",
            sa.LargeBinary(length=32),
            nullable=True,
            comment="hash of this event and of the one before (model/audit.py)",
        ),
        sa.PrimaryKeyConstraint("id"),
        comment="What operators did; rows are only ever added.",
    )
    op.create_index("audit_event_place", "audit_event", ["place"], unique=True)
    op.create_table(
        "hold",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("content", sa.String(length=200), nullable=False, comment="the platform's own id of the content"),
        sa.Column("surface", sa.String(length=8), nullable=False, comment="public, message or profile"),
        sa.Column("region", sa.String(length=2), nullable=True, comment="ISO 3166-1 alpha-2"),
        sa.Column("account", sa.String(length=200), nullable=True, comment="the platform's own id of the uploader"),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=True, comment="UTC"),
        sa.Column("kind", sa.String(length=5), nullable=False, comment="image or video"),
        sa.Column("source", sa.String(length=8), nullable=False, comment="upload, sweep or notice"),
        sa.Column(
            "findings",
            sa.Text(),
            nullable=False,
            comment="JSON: what of which list it is near to, and how (model/hold.py)",
        ),
        sa.Column("cluster", sa.LargeBinary(length=16), nullable=False, comment="the same for copies of one picture"),
        sa.Column(
            "copy",
            sa.String(length=64),
            nullable=True,
            comment="id of a sealed copy of the file; empty when none is kept any more",
        ),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True, comment="when a law's clock runs out"),
        sa.Column("state", sa.String(length=9), nullable=False, comment="open, escalated, confirmed or wrong"),
        sa.Column(
            "decided_by", sa.String(length=32), nullable=True, comment="who at the desk; `policy` where a rule did"
        ),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=True, comment="a word of the desk's list of reasons"),
        sa.CheckConstraint("state IN ('open', 'escalated', 'confirmed', 'wrong')", name="hold_state"),
        sa.PrimaryKeyConstraint("id"),
        comment="Content that waits for a person, or that one has decided about.",
    )
    op.create_index("hold_by_cluster", "hold", ["cluster"], unique=False)
    op.create_index("hold_by_content", "hold", ["content"], unique=False)
    op.create_index("hold_in_queue", "hold", ["state", "due_at", "opened_at"], unique=False)
    op.create_table(
        "instruction",
        sa.Column("sequence", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("content", sa.String(length=200), nullable=False, comment="the platform's own id of the content"),
        sa.Column("doing", sa.String(length=8), nullable=False, comment="hide, restore or remove"),
        sa.Column("because", sa.String(length=64), nullable=False, comment="id of the hold or notice that led to it"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sequence"),
        comment="What the platform is told to do with its content, in order. It reads them by sequence.",
        sqlite_autoincrement=True,
    )
    op.create_table(
        "operator",
        sa.Column("id", sa.String(length=40), nullable=False, comment="random"),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("role", sa.String(length=13), nullable=False, comment="viewer, operator or administrator"),
        sa.Column("state", sa.String(length=6), nullable=False, comment="active or closed"),
        sa.Column("added_on", sa.Date(), nullable=False),
        sa.CheckConstraint("role IN ('viewer', 'operator', 'child-safety', 'administrator')", name="operator_role"),
        sa.CheckConstraint("state IN ('active', 'closed')", name="operator_state"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
        comment="The hotline's staff; an account is never deleted.",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "console_session",
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False, comment="SHA-256 of the cookie's token"),
        sa.Column("operator", sa.String(length=40), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False, comment="moved at most once a minute"),
        sa.ForeignKeyConstraint(
            ["operator"],
            ["operator.id"],
        ),
        sa.PrimaryKeyConstraint("digest"),
        comment="Operators who are signed in.",
        sqlite_with_rowid=False,
    )
    op.create_index("console_session_operator", "console_session", ["operator"], unique=False)
    op.create_table(
        "enrolment",
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False, comment="SHA-256 of the link's code"),
        sa.Column("operator", sa.String(length=40), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["operator"],
            ["operator.id"],
        ),
        sa.PrimaryKeyConstraint("digest"),
        comment="Links that register a passkey; each is deleted by its first use.",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "passkey",
        sa.Column("id", sa.LargeBinary(length=1023), nullable=False, comment="the credential id that the device chose"),
        sa.Column("operator", sa.String(length=40), nullable=False),
        sa.Column(
            "public_key", sa.LargeBinary(length=2048), nullable=False, comment="COSE; the private key is on the device"
        ),
        sa.Column(
            "uses", sa.BigInteger(), nullable=False, comment="the device's own counter: one that goes back is a copy"
        ),
        sa.Column("label", sa.String(length=60), nullable=False, comment="what its owner calls it"),
        sa.Column("added_on", sa.Date(), nullable=False),
        sa.Column("last_used_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["operator"],
            ["operator.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        comment="What operators sign in with; removed when lost.",
        sqlite_with_rowid=False,
    )
    op.create_index("passkey_operator", "passkey", ["operator"], unique=False)
    op.create_table(
        "proposal",
        sa.Column("id", sa.String(length=40), nullable=False, comment="random"),
        sa.Column("kind", sa.String(length=40), nullable=False, comment="what is to be done"),
        sa.Column("subject", sa.String(length=200), nullable=False, comment="the id of what is to change"),
        sa.Column("details", sa.String(length=4000), nullable=False, comment="how, as a JSON object of texts"),
        sa.Column("proposed_by", sa.String(length=40), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=11), nullable=False, comment="open, carried-out or refused"),
        sa.Column(
            "decided_by", sa.String(length=40), nullable=True, comment="never who proposed it, unless it is refused"
        ),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state <> 'carried-out' OR decided_by <> proposed_by", name="proposal_two_persons"),
        sa.CheckConstraint("state IN ('open', 'carried-out', 'refused')", name="proposal_state"),
        sa.ForeignKeyConstraint(
            ["decided_by"],
            ["operator.id"],
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"],
            ["operator.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        comment="Changes that need two operators.",
        sqlite_with_rowid=False,
    )
    refuse_changes("audit_event", CHAINED_ONCE)
