"""One operator at work in one browser."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from takeback.model.operator import Operator


@dataclass(frozen=True, slots=True)
class Session:
    """From signing in to signing out. `digest` is SHA-256 of the token, which only the browser has."""

    digest: bytes
    operator: Operator
    begun_at: datetime
    seen_at: datetime
