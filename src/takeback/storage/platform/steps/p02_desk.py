"""The desk: who looks at what, what was decided, appeals, brakes and the negative bank."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "p02"
down_revision = "p01"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "entry_hit",
        sa.Column("list", sa.String(length=100), nullable=False),
        sa.Column("entry", sa.String(length=200), nullable=False, comment="its name on that list"),
        sa.Column("content", sa.String(length=200), nullable=False, comment="the platform's own id of the content"),
        sa.Column("account", sa.String(length=200), nullable=True, comment="the platform's own id of the uploader"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, comment="the latest hit"),
        sa.PrimaryKeyConstraint("list", "entry", "content"),
        comment="What each entry hit in the last hour: the flood brake counts contents and accounts.",
    )
    op.create_index("entry_hit_at", "entry_hit", ["at"], unique=False)
    op.create_table(
        "entry_standing",
        sa.Column("list", sa.String(length=100), nullable=False),
        sa.Column("entry", sa.String(length=200), nullable=False, comment="its name on that list"),
        sa.Column("standing", sa.String(length=11), nullable=False, comment="quarantined, confirmed or deconfirmed"),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "by", sa.String(length=40), nullable=False, comment="id of the operator; `brake` for the flood brake"
        ),
        sa.CheckConstraint("standing IN ('quarantined', 'confirmed', 'deconfirmed')", name="entry_standing_known"),
        sa.PrimaryKeyConstraint("list", "entry"),
        comment="What this platform makes of single entries, whatever their list says.",
    )
    op.create_index("entry_standing_by", "entry_standing", ["standing", "since"], unique=False)
    op.create_table(
        "feedback_due",
        sa.Column("list", sa.String(length=100), nullable=False),
        sa.Column("entry", sa.String(length=200), nullable=False, comment="its name on that list"),
        sa.Column("verdict", sa.String(length=9), nullable=False, comment="confirmed or wrong"),
        sa.Column("action", sa.String(length=7), nullable=False, comment="removed or kept"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("list", "entry"),
        comment="Verdicts that wait to stand in the outbox of their list; a later one replaces an earlier one.",
    )
    op.create_table(
        "lease",
        sa.Column("cluster", sa.LargeBinary(length=16), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False, comment="id of the operator who has it open"),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False, comment="from then on anybody may open it"),
        sa.PrimaryKeyConstraint("cluster"),
        comment="What somebody has open, so that nobody else is given it.",
    )
    op.create_table(
        "negative_value",
        sa.Column(
            "picture", sa.String(length=40), nullable=False, comment="random; the values of one public picture share it"
        ),
        sa.Column("type", sa.String(length=6), nullable=False, comment="md5, sha256 or pdq"),
        sa.Column("value", sa.LargeBinary(length=32), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False, comment="what it is, in an operator's words"),
        sa.Column("added_on", sa.Date(), nullable=False),
        sa.Column("removed_on", sa.Date(), nullable=True, comment="empty while it counts; a row is never deleted"),
        sa.Column(
            "compared_on",
            sa.Date(),
            nullable=True,
            comment="day on which what was listed had been compared with it; empty until then",
        ),
        sa.PrimaryKeyConstraint("picture", "type", "value"),
        comment="Public pictures, such as logos: none of them may be listed. Put here by hand; others are in a file.",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "shift",
        sa.Column("operator", sa.String(length=40), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False, comment="first hold since the last break"),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False, comment="last hold"),
        sa.Column("decisions", sa.Integer(), nullable=False, comment="since then"),
        sa.Column("rests_until", sa.DateTime(timezone=True), nullable=True, comment="until when nothing is opened"),
        sa.PrimaryKeyConstraint("operator"),
        comment="How long everybody has been looking, so that they rest.",
    )
    op.create_table(
        "skip",
        sa.Column("cluster", sa.LargeBinary(length=16), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False, comment="id of the operator who would rather not"),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("cluster", "by"),
        comment="What is not given to somebody for a while, because they skipped it.",
    )
    op.create_table(
        "appeal",
        sa.Column("id", sa.String(length=32), nullable=False, comment="random"),
        sa.Column("hold", sa.String(length=32), nullable=False, comment="whose decision is appealed"),
        sa.Column("content", sa.String(length=200), nullable=False, comment="the platform's own id of the content"),
        sa.Column("reason", sa.String(length=40), nullable=False, comment="a word of model/appeal.py"),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=7), nullable=False, comment="open, upheld (the decision stays) or granted"),
        sa.Column("decided_by", sa.String(length=40), nullable=True, comment="never who decided first"),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('open', 'upheld', 'granted')", name="appeal_state"),
        sa.ForeignKeyConstraint(
            ["hold"],
            ["hold.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        comment="What uploaders asked to be looked at again.",
    )
    op.create_index("appeal_by_content", "appeal", ["content"], unique=False)
    op.create_index("appeal_in_queue", "appeal", ["state", "filed_at"], unique=False)
    op.create_table(
        "hold_entry",
        sa.Column("list", sa.String(length=100), nullable=False),
        sa.Column("entry", sa.String(length=200), nullable=False, comment="its name on that list"),
        sa.Column("hold", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["hold"],
            ["hold.id"],
        ),
        sa.PrimaryKeyConstraint("list", "entry", "hold"),
        comment="Which entries each hold is near to: the same as in its findings, to be searched.",
    )
    op.create_index("hold_entry_by_hold", "hold_entry", ["hold"], unique=False)
    op.create_table(
        "review",
        sa.Column("id", sa.String(length=32), nullable=False, comment="random"),
        sa.Column("hold", sa.String(length=32), nullable=False, comment="the one that was open"),
        sa.Column("cluster", sa.LargeBinary(length=16), nullable=False, comment="its copies were answered as well"),
        sa.Column("decision", sa.String(length=9), nullable=False, comment="confirmed, wrong, unsure or escalate"),
        sa.Column("reason", sa.String(length=40), nullable=False, comment="a word of model/reason.py"),
        sa.Column("by", sa.String(length=40), nullable=False, comment="id of the operator"),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False, comment="when they opened it"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, comment="when they decided"),
        sa.Column(
            "viewed",
            sa.String(length=7),
            nullable=True,
            comment="how they had seen the picture by then: blurred or sharp; empty: not at all",
        ),
        sa.Column("viewed_at", sa.DateTime(timezone=True), nullable=True, comment="when they last saw it so"),
        sa.Column(
            "undone_at", sa.DateTime(timezone=True), nullable=True, comment="when it was undone, and counts no more"
        ),
        sa.CheckConstraint("decision IN ('confirmed', 'wrong', 'unsure', 'escalate')", name="review_decision"),
        sa.CheckConstraint("viewed IN ('blurred', 'sharp')", name="review_viewed"),
        sa.ForeignKeyConstraint(
            ["hold"],
            ["hold.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        comment="Every decision of a person. Rows are never deleted.",
    )
    op.create_index("review_at", "review", ["at"], unique=False)
    op.create_index("review_by_cluster", "review", ["cluster"], unique=False)
    op.create_index("review_by_hold", "review", ["hold"], unique=False)
    op.create_table(
        "viewing",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("hold", sa.String(length=32), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False, comment="id of the operator who asked to see it"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("how", sa.String(length=7), nullable=False, comment="blurred or sharp"),
        sa.CheckConstraint("how IN ('blurred', 'sharp')", name="viewing_how"),
        sa.ForeignKeyConstraint(
            ["hold"],
            ["hold.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        comment="Every time a picture was shown. Reports say from this what was viewed.",
        sqlite_autoincrement=True,
    )
    op.create_index("viewing_by_hold", "viewing", ["hold", "by"], unique=False)
