"""The schema of a platform's database, written to be read: a file for each room, and in it what each column is for.

No picture is in here: sealed copies are files beside the database (storage/sealed_files.py).
"""

from __future__ import annotations

from takeback.storage.platform.schema.agent import agent_key, followed_list, webhook
from takeback.storage.platform.schema.base import metadata
from takeback.storage.platform.schema.brakes import entry_hit, entry_standing
from takeback.storage.platform.schema.desk import (
    appeal,
    feedback_due,
    hold_entry,
    lease,
    negative_value,
    review,
    shift,
    skip,
    viewing,
)
from takeback.storage.platform.schema.evidence import evidence, legal_hold, report, report_file
from takeback.storage.platform.schema.holds import hold, instruction
from takeback.storage.platform.schema.notices import (
    notice,
    notice_content,
    notice_flagger,
    notice_log,
    notice_notifier,
    notice_task,
)
from takeback.storage.platform.schema.own_media import (
    own_media,
    own_media_asked,
    own_media_gone,
    own_media_state,
    sweep,
    sweep_finding,
    sweep_shard,
)

__all__ = [
    "agent_key",
    "appeal",
    "entry_hit",
    "entry_standing",
    "evidence",
    "feedback_due",
    "followed_list",
    "hold",
    "hold_entry",
    "instruction",
    "lease",
    "legal_hold",
    "metadata",
    "negative_value",
    "notice",
    "notice_content",
    "notice_flagger",
    "notice_log",
    "notice_notifier",
    "notice_task",
    "own_media",
    "own_media_asked",
    "own_media_gone",
    "own_media_state",
    "report",
    "report_file",
    "review",
    "shift",
    "skip",
    "sweep",
    "sweep_finding",
    "sweep_shard",
    "viewing",
    "webhook",
]
