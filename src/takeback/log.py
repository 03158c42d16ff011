"""Logs without personal data: structured lines, success quiet, and one gate that every line passes.

Whatever looks like a fingerprint, a secret or an address is replaced at the gate, and long values are cut, so that a
careless line of code cannot become a leak.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any

import structlog

#: Longest value that a log line may hold, in characters.
MAX_VALUE_CHARACTERS = 200
_SUSPECT = re.compile(
    r"[0-9a-fA-F]{32,}"  # fingerprints, secrets, entry ids
    r"|\b\d{1,3}(?:\.\d{1,3}){3}\b"  # IPv4
    r"|(?:[0-9a-fA-F]{1,4}:){3,}[0-9a-fA-F:]*"  # IPv6
)
REDACTED = "[redacted]"


def configure() -> None:
    """Sets up logging for a server process: JSON lines on standard error."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            redact,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    # Libraries speak only of what has failed, and never of requests.
    logging.basicConfig(level=logging.ERROR, stream=sys.stderr, format="%(levelname)s %(name)s", force=True)


def redact(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replaces whatever looks like personal data in every value of a line."""
    for key, value in event.items():
        if key != "timestamp":
            event[key] = _SUSPECT.sub(REDACTED, str(value))[:MAX_VALUE_CHARACTERS]
    return event


def failure(error: BaseException) -> str:
    """Gives where an unexpected error arose: types, files and lines, and none of its text."""
    places: list[str] = []
    trace: TracebackType | None = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}")
        trace = trace.tb_next
    return f"{type(error).__name__} at {' > '.join(places[-6:])}"


def logger() -> Any:  # noqa: ANN401 - structlog's own loggers are untyped proxies
    """Gives the logger."""
    return structlog.get_logger()
