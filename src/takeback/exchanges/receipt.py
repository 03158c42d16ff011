"""What six words prove by the public log: that an entry is on the list, and that one was taken back (spec/receipt.md).

The words and what they make stay here. One question is asked, with exactly 128 secrets as always; all else is read from
files that everybody reads. Each leaf is proven to be in the log that was signed.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

import httpx2
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from takeback.errors import UnavailableError, UntrustedListError
from takeback.exchanges.public_log import TIMEOUT_S, PublicLog
from takeback.model.public_log import gone_leaf, listed_leaf, opening
from takeback.model.receipt import SECRETS_PER_REQUEST, receipt_digest
from takeback.wire.checkpoint import Checkpoint
from takeback.wire.intake import LoggedListBody, SecretsBody
from takeback.wire.json import decode, encode
from takeback.wire.log_leaves import DayBody, leaf_of
from takeback.wire.tiles import WIDTH, check_growth, proven_leaves

_SALT = b"takeback-receipt-v1"
_MEMORY_KIB = 19_456
_PASSES = 2
_BYTES = 32


@dataclass(frozen=True, slots=True)
class Proven:
    """By the number of the entry, from 0: the place of its leaf in the log, and of the leaf that says it is gone."""

    listed: dict[int, int]
    gone: dict[int, int]


def secrets_of(words: str) -> tuple[bytes, ...]:
    """Gives the 128 secrets (32 bytes each) that six words open; takes a moment. Needs takeback[server]."""
    from argon2.low_level import Type, hash_secret_raw  # noqa: PLC0415 - the small install has no Argon2

    root = hash_secret_raw(" ".join(words.lower().split()).encode(), _SALT, _PASSES, _MEMORY_KIB, 1, _BYTES, Type.ID)
    return tuple(
        HKDF(SHA256(), _BYTES, salt=None, info=f"takeback/receipt/v1/entry/{at}".encode()).derive(root)
        for at in range(SECRETS_PER_REQUEST)
    )


def prove(exchange: str, log: PublicLog, secrets: tuple[bytes, ...], *, days: int) -> Proven:
    """Gives what the log proves of these secrets; looks for entries that are gone in its last `days` days.

    Raises UntrustedListError when the clearinghouse says what the log does not show.
    """
    now = log.checkpoint()
    openings = [opening(receipt_digest(secret)) for secret in secrets]
    # 1. What is on the list: the clearinghouse says where, and what beside the opening makes the leaf.
    listed = dict[int, int]()
    for at, said in enumerate(_ask(exchange, secrets).entries):
        if said.leaf is None or said.content is None:
            continue
        now = _as_far_as(log, now, said.leaf)
        _, leaf = next(proven_leaves(log.fetch, now, said.leaf))
        if leaf != listed_leaf(openings[at], bytes.fromhex(said.content)):
            raise UntrustedListError(
                "The clearinghouse names a leaf that is not of this entry. Keep its answer, and ask somebody for help."
            )
        listed[at] = said.leaf
    # 2. What is gone: nobody is asked.
    gone_leaves = {gone_leaf(one): at for at, one in enumerate(openings)}
    start = _days_back(log, now, days)
    gone = {gone_leaves[leaf]: place for place, leaf in proven_leaves(log.fetch, now, start) if leaf in gone_leaves}
    return Proven(listed, gone)


def _ask(exchange: str, secrets: tuple[bytes, ...]) -> LoggedListBody:
    body = encode(SecretsBody([secret.hex() for secret in secrets]))
    address = f"{exchange.rstrip('/')}/v1/receipts/log"
    try:
        answer = httpx2.post(address, content=body, headers={"content-type": "application/json"}, timeout=TIMEOUT_S)
    except httpx2.TransportError as error:
        raise UnavailableError(f"The clearinghouse did not answer ({type(error).__name__}). Try again later.") from None
    if not answer.is_success:
        raise UnavailableError(f"The clearinghouse answered {answer.status_code}. Check its address.")
    return decode(answer.content, LoggedListBody)


def _as_far_as(log: PublicLog, now: Checkpoint, leaf: int) -> Checkpoint:
    """Gives a checkpoint that covers a leaf: one may have been signed since we looked."""
    if leaf < now.size:
        return now
    later = log.checkpoint()
    check_growth(log.fetch, now, later)
    if leaf >= later.size:
        raise UntrustedListError("The clearinghouse names a leaf that its log does not have yet. Try again in an hour.")
    return later


def _days_back(log: PublicLog, now: Checkpoint, days: int) -> int:
    """Gives the first leaf of the last `days` days that are closed: each day names where it begins."""
    start = now.size
    for _ in range(days):
        before = start
        while before > 0:
            before = (before - 1) // WIDTH * WIDTH
            bundle = islice(proven_leaves(log.fetch, now, before), WIDTH)
            part = [leaf_of(leaf) for place, leaf in bundle if place < start]
            closed = [body for body in part if isinstance(body, DayBody)]
            if closed:
                start = closed[-1].since
                break
        else:
            return 0
    return start
