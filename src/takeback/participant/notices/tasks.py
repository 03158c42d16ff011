"""What has to be done once about a notice, beside the alarms of its clock."""

from __future__ import annotations

#: Look for copies of what it names.
SEARCH = "search"
#: Write to the submitter that it came in, and how it ended.
CONFIRM = "confirm"
ANSWER = "answer"
