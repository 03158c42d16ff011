"""Coverage-guided: whatever arrives, a parser gives a value or the error that its caller expects.

What parses is imported late, so that atheris sees into it; without atheris, a test runs `parse` over the seeds.
"""

from __future__ import annotations

import sys
from contextlib import suppress


def parse(content: bytes) -> None:
    """One input, through every parser."""
    from takeback.errors import InvalidInputError, SettingsError, UnavailableError, UntrustedListError
    from takeback.wire import (
        arachnid,
        changes,
        cybertip,
        cybertip_rules,
        facts,
        intake,
        ncmec,
        notice,
        notices,
        stopncii,
    )
    from takeback.wire.credentials import credentials
    from takeback.wire.json import decode

    with suppress(UntrustedListError):
        changes.page(content)
    with suppress(SettingsError):
        credentials(content)
    with suppress(InvalidInputError):
        intake.submission(decode(content, intake.SubmissionBody))
    with suppress(InvalidInputError):
        changes.verdicts(decode(content, changes.FeedbackListBody))
    with suppress(InvalidInputError):
        arachnid.question(content, limit=100)
    with suppress(InvalidInputError):
        notices.places(decode(content, notices.PartsBody).places)
    with suppress(UnavailableError):
        cybertip.answer(content)
    cybertip_rules.faults(content)
    for read in (stopncii.submitted, stopncii.feedbacks, ncmec.vote, notice.notice, facts.facts):
        with suppress(InvalidInputError):
            read(content)


def main() -> None:
    """Fuzzes, with libFuzzer's arguments."""
    import atheris
    from instrumented import load

    ours = ("changes", "intake", "credentials", "json", "arachnid", "stopncii", "ncmec", "notice", "notices")
    modules = (*ours, "cybertip", "cybertip_rules", "facts")
    load(*(f"takeback.wire.{name}" for name in modules), packages=("takeback.wire",))
    atheris.Setup(sys.argv, parse)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
