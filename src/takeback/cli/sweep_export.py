"""What sweeps found, as rows for other programs."""

from __future__ import annotations

import csv
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any, TextIO

import msgspec

from takeback.model.hold import Finding
from takeback.storage.database import Database
from takeback.storage.platform import sweeps

Rows = AsyncIterator[dict[str, Any]]
_COLUMNS = ("key", "content", "kind", "reason", *Finding.__dataclass_fields__)


async def rows_of(
    database: Database, name: str, what: str, listed: Callable[[Sequence[Finding]], tuple[Finding, ...]]
) -> Rows:
    """Gives one row for each object. What is not listed any more is erased on the way."""
    async for one in sweeps.found(database, name):
        findings = listed(one.findings)
        if findings != one.findings:
            await _forget(database, one.id, findings)
        wanted = {"hits": bool(findings), "unscannable": one.reason is not None}
        if wanted.get(what, any(wanted.values())):
            yield {
                "key": one.key,
                "content": one.content,
                "kind": one.kind.value,
                "reason": one.reason,
                "findings": msgspec.to_builtins(findings),
            }


async def _forget(database: Database, id_: int, findings: tuple[Finding, ...]) -> None:
    await database.run("forget findings", lambda connection: sweeps.replace_findings(connection, id_, findings))


async def _ndjson(rows: Rows, to: TextIO) -> None:
    async for row in rows:
        to.write(json.dumps(row) + "\n")


async def _csv(rows: Rows, to: TextIO) -> None:
    """One line for each finding; one for an object that could not be read."""
    writer = csv.DictWriter(to, _COLUMNS, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    async for row in rows:
        lines: list[dict[str, Any]] = row["findings"] or [{}]
        writer.writerows({**row, **line} for line in lines)


WRITERS: dict[str, Callable[[Rows, TextIO], Awaitable[None]]] = {"csv": _csv, "ndjson": _ndjson}
