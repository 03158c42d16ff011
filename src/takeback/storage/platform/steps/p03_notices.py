"""Notices and their clock."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from takeback.storage.append_only import refuse_changes

revision = "p03"
down_revision = "p02"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Makes the tables; the comments of the columns stand in storage/platform/schema/."""
    op.create_table(
        "notice",
        sa.Column("number", sa.String(length=12), nullable=False, comment="random; the submitter knows it"),
        sa.Column(
            "secret", sa.LargeBinary(length=32), nullable=False, comment="SHA-256 of what opens it for the submitter"
        ),
        sa.Column(
            "state",
            sa.String(length=10),
            nullable=False,
            comment="incomplete, open, removed, refused, withdrawn or lapsed",
        ),
        sa.Column("law", sa.String(length=9), nullable=False, comment="us-223a, eu-dsa-16, uk-osa or other"),
        sa.Column(
            "depicted", sa.String(length=8), nullable=False, comment="how old the person shown was, by the notice"
        ),
        sa.Column("content", sa.String(length=7), nullable=False, comment="picture, video or both"),
        sa.Column("signer", sa.String(length=10), nullable=False, comment="depicted, guardian or authorised"),
        sa.Column("computer_made", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False, comment="BCP 47: in which it is answered"),
        sa.Column("flagger", sa.String(length=34), nullable=True, comment="a trusted flagger's id, where one sent it"),
        sa.Column(
            "sealed",
            sa.LargeBinary(),
            nullable=True,
            comment="the whole notice, sealed; erased in its time, names and addresses with it",
        ),
        sa.Column("sealed_with", sa.SmallInteger(), nullable=True, comment="version of the key"),
        sa.Column(
            "places",
            sa.LargeBinary(length=16),
            nullable=True,
            comment="the same for notices that name the same places; erased with the notice",
        ),
        sa.Column(
            "notifier",
            sa.LargeBinary(length=16),
            nullable=True,
            comment="the same for notices with one address; erased with the notice",
        ),
        sa.Column(
            "joined_to",
            sa.String(length=12),
            nullable=True,
            comment="number of an open notice that names the same places",
        ),
        sa.Column("first_contact_at", _MOMENT, nullable=False),
        sa.Column(
            "valid_at", _MOMENT, nullable=True, comment="when nothing was missing any more: the clock's beginning"
        ),
        sa.Column("due_at", _MOMENT, nullable=True, comment="when the clock runs out"),
        sa.Column("ended_at", _MOMENT, nullable=True, comment="decided, withdrawn or lapsed"),
        sa.Column("decided_by", sa.String(length=40), nullable=True, comment="who at the desk"),
        sa.Column(
            "reason", sa.String(length=20), nullable=True, comment="why it was refused (model/received_notice.py)"
        ),
        sa.CheckConstraint(
            "state IN ('incomplete', 'open', 'removed', 'refused', 'withdrawn', 'lapsed')", name="notice_state"
        ),
        sa.PrimaryKeyConstraint("number"),
        comment="What somebody asked to have removed under a law. What it says is sealed; the rest names nobody.",
    )
    op.create_index("notice_by_end", "notice", ["ended_at"], unique=False)
    op.create_index("notice_by_notifier", "notice", ["notifier", "first_contact_at"], unique=False)
    op.create_index("notice_by_places", "notice", ["places", "state"], unique=False)
    op.create_index("notice_in_queue", "notice", ["state", "due_at"], unique=False)
    op.create_table(
        "notice_content",
        sa.Column("notice", sa.String(length=12), nullable=False),
        sa.Column("content", sa.String(length=200), nullable=False, comment="the platform's own id of the content"),
        sa.Column("how", sa.String(length=5), nullable=False, comment="named, exact or near"),
        sa.Column("distance", sa.SmallInteger(), nullable=True, comment="bits of PDQ, of a near copy"),
        sa.Column(
            "flags", sa.String(length=30), nullable=False, comment="public-interest, consensual: a person looks first"
        ),
        sa.Column("hold", sa.String(length=32), nullable=False, comment="what waits for a person because of it"),
        sa.Column("hidden_at", _MOMENT, nullable=True, comment="when it was told to hide it; empty when it was not"),
        sa.Column(
            "prints",
            sa.LargeBinary(),
            nullable=True,
            comment="its fingerprints, sealed, until copies of it were searched",
        ),
        sa.Column("prints_with", sa.SmallInteger(), nullable=True, comment="version of the key"),
        sa.PrimaryKeyConstraint("notice", "content"),
        comment="Content that a notice is about, and copies of it.",
    )
    op.create_index("notice_content_by_content", "notice_content", ["content"], unique=False)
    op.create_index("notice_content_by_hold", "notice_content", ["hold"], unique=False)
    op.create_table(
        "notice_flagger",
        sa.Column("id", sa.String(length=34), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("key", sa.LargeBinary(length=32), nullable=False, comment="SHA-256 of its key"),
        sa.Column("added_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
        comment="Trusted flaggers (Regulation (EU) 2022/2065, article 22).",
    )
    op.create_table(
        "notice_log",
        sa.Column("sequence", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("notice", sa.String(length=12), nullable=False),
        sa.Column("event", sa.String(length=12), nullable=False, comment="what happened (model/notice_log.py)"),
        sa.Column(
            "facts", sa.Text(), nullable=False, comment="JSON: numbers and words of closed lists, nothing of a person"
        ),
        sa.PrimaryKeyConstraint("sequence"),
        comment="What happened to notices, for a regulator. The database refuses to change or delete a row.",
        sqlite_autoincrement=True,
    )
    op.create_index("notice_log_by_notice", "notice_log", ["notice"], unique=False)
    op.create_index("notice_log_by_time", "notice_log", ["at"], unique=False)
    op.create_table(
        "notice_notifier",
        sa.Column("notifier", sa.LargeBinary(length=16), nullable=False, comment="as in notice"),
        sa.Column(
            "warned_at", _MOMENT, nullable=True, comment="by a person, as article 23 asks for before a suspension"
        ),
        sa.Column("suspended_until", _MOMENT, nullable=True),
        sa.Column("by", sa.String(length=40), nullable=False, comment="who at the desk did the last of it"),
        sa.PrimaryKeyConstraint("notifier"),
        comment="Notifiers whom a person has warned, or suspended. Never the person in a picture.",
    )
    op.create_table(
        "notice_task",
        sa.Column("notice", sa.String(length=12), nullable=False),
        sa.Column(
            "kind", sa.String(length=12), nullable=False, comment="warn-<hours>, expiry, search, confirm or answer"
        ),
        sa.Column("due_at", _MOMENT, nullable=False),
        sa.Column("claimed_until", _MOMENT, nullable=True, comment="a process works on it; after this, another may"),
        sa.Column("done_at", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("notice", "kind"),
        comment="What has to be done once about a notice, and when.",
    )
    op.create_index("notice_task_waiting", "notice_task", ["done_at", "due_at"], unique=False)
    refuse_changes("notice_log")
