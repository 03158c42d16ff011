"""A list that comes as a file: what stands in it is on the list, and what no longer does is off."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from takeback.errors import UnavailableError
from takeback.exchanges.foreign import ForeignVerdict
from takeback.model.foreign import ForeignBatch
from takeback.model.tier import StrongestAction, Tier
from takeback.wire.value_files import values_in

#: Largest file that is read, in bytes.
MAX_FILE_BYTES = 2 * 1024 * 1024 * 1024


class FileExchange:
    """One file. It takes no verdicts."""

    takes_verdicts = False

    def __init__(
        self,
        path: str | Path,
        *,
        value_type: str = "",
        tier: Tier = Tier.SUBMITTED,
        action: StrongestAction = StrongestAction.HOLD,
    ) -> None:
        self._path, self._value_type = Path(path), value_type
        self.list_id, self.participant = f"file {self._path.name}", "reader"
        self.tier, self.action = tier, action

    def close(self) -> None:
        """Holds nothing."""

    def too_old(self, place: str, now: datetime) -> bool:  # noqa: ARG002 - the file is the whole list
        """Never: the file is the whole list."""
        return False

    def batches(self, place: str, now: datetime) -> Iterator[ForeignBatch]:  # noqa: ARG002 - a file has no time
        """Gives the whole file, or nothing new where it is as it was."""
        try:
            if self._path.stat().st_size > MAX_FILE_BYTES:
                raise UnavailableError(f"The list's file is over {MAX_FILE_BYTES} bytes.")
            content = self._path.read_bytes()
        except OSError as error:
            raise UnavailableError(
                f"The list's file cannot be read ({error.strerror}). What is here stays as it is."
            ) from None
        state = hashlib.sha256(content).hexdigest()
        if state == place:
            yield ForeignBatch((), (), state, complete=True)
            return
        found = values_in(content, self._value_type)
        yield ForeignBatch(found.entries, (), state, complete=True, whole=True, skipped=found.skipped)

    def send_verdict(self, said: ForeignVerdict) -> None:
        """Is never called."""
