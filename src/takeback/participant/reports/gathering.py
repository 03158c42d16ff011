"""What is known of each file of a report, read from the evidence: its hashes, and the platform's facts about it."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import replace

from takeback.errors import ConflictError
from takeback.model.evidence import EvidenceKind, Purpose
from takeback.model.operator import Operator
from takeback.model.report import Facts, FileHash, Grounds, Judged, Unseen, refusal, refusal_of_copy
from takeback.participant.reports.candidates import Candidate
from takeback.participant.reports.evidence import EvidenceStore
from takeback.participant.reports.together import Told
from takeback.storage.platform import evidence as kept
from takeback.wire.facts import kept_facts

#: Hashes of a file in a report: what they are called there, and what makes them.
HASHES = {"MD5": "md5", "SHA1": "sha1", "SHA256": "sha256"}
_SAME_BYTES = "SHA256"


async def gather(store: EvidenceStore, operator: Operator, one: Candidate) -> Told:
    """Gives what is known of one file, which is kept first where only the desk has a copy. The access log has it."""
    file = one.file or await store.copy(operator, one.hold.id)
    facts, hashes = await _facts(store, operator, one.hold.id), await hashes_of(store, operator, file.id)
    return Told(one.hold, facts, file.id, hashes, one.judged.viewed, same_as_seen=False)


async def hashes_of(store: EvidenceStore, operator: Operator, item: str) -> tuple[FileHash, ...]:
    """Gives the hashes of a file that is kept."""
    chunks = await store.read(operator, item, Purpose.REPORT)

    def hashed() -> tuple[FileHash, ...]:
        digests = {name: hashlib.new(which, usedforsecurity=False) for name, which in HASHES.items()}
        for chunk in chunks:
            for digest in digests.values():
                digest.update(chunk)
        return tuple(FileHash(name, digest.hexdigest()) for name, digest in digests.items())

    return await asyncio.to_thread(hashed)


def seen_or_allowed(found: Sequence[Candidate], told: Sequence[Told], grounds: Grounds, unseen: Unseen) -> list[Told]:
    """Leaves out copies that may not be reported, now that it is known which files are the same byte for byte.

    Raises ConflictError where the first of them may not be: the report is about that one.
    """
    judged = {one.hold.id: one.judged for one in found}
    seen = {_bytes(one) for one in told if one.viewed}
    first, *copies = [replace(one, same_as_seen=not one.viewed and _bytes(one) in seen) for one in told]

    def known(one: Told) -> Judged:
        return replace(judged[one.hold.id], viewed=one.viewed or one.same_as_seen)

    if why := refusal(known(first), grounds, unseen):
        raise ConflictError(why)
    return [first, *(one for one in copies if refusal_of_copy(known(one), unseen) is None)]


async def _facts(store: EvidenceStore, operator: Operator, hold_id: str) -> Facts:
    items = await store.database.run("find-facts", lambda c: kept.of_hold(c, hold_id, EvidenceKind.FACTS))
    if not items:
        return Facts()
    chunks = await store.read(operator, items[0].id, Purpose.REPORT)
    return kept_facts(await asyncio.to_thread(b"".join, chunks))


def _bytes(one: Told) -> str:
    return next(digest.value for digest in one.hashes if digest.type == _SAME_BYTES)
