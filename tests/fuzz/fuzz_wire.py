"""Coverage-guided: whatever arrives, a parser gives a value or the error that its caller expects."""

from __future__ import annotations

import sys
from contextlib import suppress

import atheris

with atheris.instrument_imports(include=["takeback.wire"]):
    from takeback.errors import InvalidInputError, SettingsError, UntrustedListError
    from takeback.wire import changes, intake
    from takeback.wire.credentials import credentials
    from takeback.wire.json import decode


def parse(content: bytes) -> None:
    """One input, through every parser."""
    with suppress(UntrustedListError):
        changes.page(content)
    with suppress(SettingsError):
        credentials(content)
    with suppress(InvalidInputError):
        intake.submission(decode(content, intake.SubmissionBody))
    with suppress(InvalidInputError):
        changes.verdicts(decode(content, changes.FeedbackListBody))


atheris.Setup(sys.argv, parse)
atheris.Fuzz()
