"""Proof of work for submissions: asked for only while much comes in, and never more than an old phone can do.

It prices a flood, it does not refuse anybody. The challenge is ALTCHA's (version 2, PBKDF2): signed, valid for some
minutes, taken once, and bound to nothing about the person. The answer to a submission without one carries the
challenge; the page solves it in a worker and sends the same again (spec/intake.md).
"""

from __future__ import annotations

import hashlib
import secrets
from collections import OrderedDict
from datetime import datetime, timedelta
from functools import partial

import altcha
from litestar.handlers import BaseRouteHandler

from takeback import metrics
from takeback.apps.limits import Connection
from takeback.apps.networks import Networks
from takeback.clock import Clock
from takeback.errors import ProofNeededError
from takeback.settings import Settings

HEADER = "takeback-proof"
#: How long a challenge may be answered: an old phone may be put aside meanwhile.
LIFE = timedelta(minutes=10)
#: Iterations of PBKDF2 in one round: half a millisecond where the processor knows SHA-256, as a server does, and two to
#: eight on an old phone. The server does one round for each challenge, and none to check it.
ITERATIONS = 2_000
#: So many times the load from which work is asked for, the most is asked for.
FULL_AT = 10
#: Longest header that is looked at, in characters.
MOST_CHARACTERS = 2_000
_ALGORITHM = "PBKDF2/SHA-256"


class ProofOfWork:
    """The guard of intake. Of one process: each has its own load and its own memory."""

    def __init__(self, settings: Settings, clock: Clock, networks: Networks, key: bytes) -> None:
        self._settings, self._clock, self._networks = settings, clock, networks
        # Two keys of one: what is signed under one is never taken for the other.
        self._key, self._key_of_keys = (hashlib.blake2b(part, key=key).digest() for part in (b"challenge", b"key"))
        self._load = Load()
        self._spent: OrderedDict[str, datetime] = OrderedDict()

    async def guard(self, connection: Connection, _: BaseRouteHandler) -> None:
        """Lets a submission through, or raises ProofNeededError with the challenge.

        The handler calls `state.taken_in` when it has kept something.
        """
        now = self._clock.now()
        network = self._networks.of(connection)
        rounds = self.rounds(now, 0 if network is None else self._networks.counted(network))
        if rounds and not self._solved(connection.headers.get(HEADER, ""), now):
            metrics.PROOFS.labels("asked").inc()
            raise ProofNeededError(
                "Very much comes in at this moment. Solve the challenge and send the same again with its solution.",
                self._challenge(rounds, now),
            )
        connection.state.taken_in = partial(self._count, network)

    def _count(self, network: bytes | None) -> None:
        # Only what was taken in counts: whoever knocks with nothing, or without working, makes nobody else work more.
        self._load.add(self._clock.now())
        if network is not None:
            self._networks.count(network)

    def rounds(self, now: datetime, from_network: int) -> int:
        """Gives how many rounds are asked for: none at a usual load, and at most as many as set."""
        s = self._settings
        if from_network >= s.network_submissions:
            return s.proof_most_rounds
        load = self._load.a_minute(now) / s.proof_from_a_minute
        if load < 1:
            return 0
        share = min(1.0, (load - 1) / (FULL_AT - 1))
        return round(s.proof_least_rounds + share * (s.proof_most_rounds - s.proof_least_rounds))

    def _challenge(self, rounds: int, now: datetime) -> dict[str, object]:
        # The counter is drawn here, so that nobody has bad luck: it takes from a half to all of the rounds.
        made = altcha.create_challenge(
            _ALGORITHM,
            ITERATIONS,
            counter=rounds // 2 + secrets.randbelow(rounds - rounds // 2),
            expires_at=now + LIFE,
            hmac_secret=self._key,
            hmac_key_secret=self._key_of_keys,
        )
        return dict(made.to_dict())

    def _solved(self, sent: str, now: datetime) -> bool:
        if not sent or len(sent) > MOST_CHARACTERS:
            return False
        outcome = "solved" if self._right(sent, now) else "wrong"
        metrics.PROOFS.labels(outcome).inc()
        return outcome == "solved"

    def _right(self, sent: str, now: datetime) -> bool:
        if not altcha.verify_solution(sent, self._key, hmac_key_secret=self._key_of_keys).verified:
            return False
        nonce = altcha.Payload.from_base64(sent).challenge.parameters.nonce
        while self._spent and next(iter(self._spent.values())) <= now:
            self._spent.popitem(last=False)
        if nonce in self._spent:
            return False
        self._spent[nonce] = now + LIFE
        return True


class Load:
    """How many come in a minute: this minute's, and of the last one as much as still lies within sixty seconds."""

    def __init__(self) -> None:
        self._minute, self._now, self._before = 0, 0, 0

    def add(self, at: datetime) -> None:
        """Counts one."""
        self._turn(at)
        self._now += 1

    def a_minute(self, at: datetime) -> float:
        """Gives how many there were in the last minute, about."""
        self._turn(at)
        return self._now + self._before * (1 - at.timestamp() % 60 / 60)

    def _turn(self, at: datetime) -> None:
        minute = int(at.timestamp() // 60)
        if minute != self._minute:
            self._before = self._now if minute == self._minute + 1 else 0
            self._minute, self._now = minute, 0
