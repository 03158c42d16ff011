"""A clearinghouse and a platform's agent under steady work for an hour, and whether the memory they take stays flat.

People submit and take back, uploads come in (altered copies, others, damaged ones, films), look-ups too, reviewers
decide, the platform deletes. What is on the list, and what the platform holds, stays as much as it is, so that nothing
has a reason to grow. Prints what every process takes, a line a minute, and fails where the end takes a tenth more than
the beginning, after the first sixth.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import itertools
import os
import random
import statistics
import sys
import tempfile
import time
from collections import Counter, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
from PIL import Image

from memory import _pss

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from support.agents import AgentServer
from support.films import film
from support.person import Person
from support.pictures import PHOTOGRAPHS, half_size_jpeg, photograph
from support.servers import ClearinghouseServer, Server
from support.submissions import asked, make
from takeback.clock import SystemClock
from takeback.errors import ConflictError
from takeback.model.agent_key import KeyRole
from takeback.model.operator import Role
from takeback.participant.desk.decisions import decide
from takeback.participant.desk.opening import open_next
from takeback.participant.installation import open_database
from takeback.staff.operators import add_operator
from takeback.storage.platform.queue import Wanted

UPLOADS_A_SECOND, SUBMISSIONS_A_SECOND, DECISIONS_A_SECOND = 5.0, 1.0, 2.0
LOOK_AT_MEMORY_S = 10.0
LEAST_MINUTES = 2
#: Submissions that stand on the list, and pieces of content that the platform holds, at most.
LISTED, HELD = 200, 1_000
#: Most that the end may take, as a part of what the beginning took.
FLAT = 1.1
LISTED_PICTURES = PHOTOGRAPHS[:6]
#: No limit stands in the way.
REST = """
screens_a_minute = 100000
lookups_a_minute = 10000000
desk_break_after_decisions = 100000
desk_break_after_s = 100000
brake_contents_an_hour = 100000
brake_accounts_an_hour = 100000
"""
MIB = 1024 * 1024


@dataclass
class Seen:
    """What was measured, and how often what was done."""

    memory: list[tuple[float, dict[str, float]]] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    waited_s: list[float] = field(default_factory=list)


def main() -> int:
    """Gives 0 when what they take is flat and nothing failed."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--minutes", type=float, default=60.0)
    minutes = arguments.parse_args().minutes
    if minutes < LEAST_MINUTES:
        arguments.error(f"--minutes: is too short to compare its sixths. Give {LEAST_MINUTES} or more.")
    with tempfile.TemporaryDirectory() as folder:
        clearinghouse = ClearinghouseServer(Path(folder) / "clearinghouse", publish_interval_s=1)
        clearinghouse.start()
        lists = f'[[lists]]\nname = "ours"\nkind = "takeback"\ncredentials = "{clearinghouse.invite("Soak")}"\n'
        agent = AgentServer(Path(folder) / "agent", REST + lists)
        keys = [agent.key(role.value, role) for role in (KeyRole.SCREEN, KeyRole.INSTRUCTIONS)]
        agent.start()
        try:
            seen = asyncio.run(work(clearinghouse, agent, keys, 60 * minutes))
        finally:
            agent.stop()
            clearinghouse.stop()
    return verdict(seen)


async def work(clearinghouse: ClearinghouseServer, agent: AgentServer, keys: list[str], seconds: float) -> Seen:
    """Does everything at once for so long."""
    seen, until = Seen(), time.monotonic() + seconds
    person = Person(clearinghouse.url)
    await asyncio.to_thread(person.send, *map(photograph, LISTED_PICTURES))
    screen, reader = ({"authorization": f"Bearer {key}"} for key in keys)
    database = await open_database(agent.settings)
    reviewer = await add_operator(database, SystemClock(), "Ana", Role.OPERATOR)
    async with (
        httpx2.AsyncClient(base_url=agent.url, headers=screen, timeout=60) as platform,
        httpx2.AsyncClient(base_url=agent.url, headers=reader, timeout=60) as site,
        httpx2.AsyncClient(base_url=clearinghouse.url, timeout=60) as people,
    ):
        uploads = Uploads(platform, seen)
        submissions, after = Submissions(people, seen), [0]

        async def review() -> None:
            try:
                hold = await open_next(database, SystemClock(), agent.settings, reviewer, Wanted())
                if hold is not None:
                    word = "as-listed" if seen.done["decisions"] % 3 else "by-chance"
                    await decide(database, SystemClock(), agent.settings, reviewer, hold.id, word)
                    seen.done["decisions"] += 1
            except ConflictError:  # withdrawn meanwhile
                seen.done["conflicts"] += 1
            answer = await site.get("/v1/instructions", params={"after": after[0]})
            after[0] = answer.raise_for_status().json()["next"]

        async def look() -> None:
            now = {"clearinghouse": _taken(clearinghouse), "agent": _taken(agent)}
            seen.memory.append((time.monotonic() - until + seconds, now))
            if len(seen.memory) % round(60 / LOOK_AT_MEMORY_S) == 1:
                figures = ", ".join(f"{name} {taken / MIB:.0f} MiB" for name, taken in now.items())
                print(f"{seen.memory[-1][0] / 60:5.1f} min: {figures}; {dict(seen.done)}", flush=True)

        every = ((UPLOADS_A_SECOND, uploads.one), (SUBMISSIONS_A_SECOND, submissions.one))
        every = (*every, (DECISIONS_A_SECOND, review), (1 / LOOK_AT_MEMORY_S, look))
        await asyncio.gather(*(again_and_again(a_second, one, until) for a_second, one in every))
    await database.close()
    return seen


async def again_and_again(a_second: float, one: Callable[[], Awaitable[None]], until: float) -> None:
    """Does something so often a second, or as often as it can."""
    due = time.monotonic()
    while due < until:
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        await one()
        due = max(due + 1 / a_second, time.monotonic() - 1)


class Uploads:
    """What a platform's users upload, and what it deletes."""

    def __init__(self, platform: httpx2.AsyncClient, seen: Seen) -> None:
        self._platform, self._seen = platform, seen
        self._drawn, self._numbers = random.Random(1), itertools.count()
        self._held = deque[str]()
        self._copies = [half_size_jpeg(photograph(name)) for name in LISTED_PICTURES]
        self._others = [_altered(name, self._drawn) for name in PHOTOGRAPHS[6:] for _ in range(12)]
        self._films = [film("h264.mp4", 3.5), film("vp9.webm", 2.5)]

    async def one(self) -> None:
        """One upload of some kind; now and then fingerprints alone, or what was deleted."""
        kind, number = self._drawn.random(), next(self._numbers)
        if kind < 0.05:
            values = [f"{sum(1 << bit for bit in self._drawn.sample(range(256), 128)):064x}" for _ in range(64)]
            items = [{"fingerprints": [{"type": "pdq", "value": value}]} for value in values]
            await self._ask("look-ups", "/v1/screen/batch", json={"items": items})
            return
        some = self._copies if kind < 0.2 else self._films if kind < 0.25 else self._others
        content = self._drawn.choice(some) + number.to_bytes(4, "big")  # so that no two files are the same
        if kind > 0.95:
            content = content[: len(content) * number % 97 // 97 + 1]
        name = f"post/{number}"
        self._held.append(name)
        await self._ask("uploads", "/v1/screen", content=content, params={"content": name, "account": f"user/{number}"})
        if len(self._held) > HELD:
            gone = [self._held.popleft() for _ in range(HELD // 10)]
            await self._ask("deletions", "/v1/media/removed", json={"contents": gone})

    async def _ask(self, what: str, address: str, **request: Any) -> None:  # noqa: ANN401 - what the client takes
        begin = time.perf_counter()
        answer = (await self._platform.post(address, **request)).raise_for_status().json()
        self._seen.waited_s.append(time.perf_counter() - begin)
        self._seen.done[what] += 1
        self._seen.done[str(answer.get("outcome", what))] += "outcome" in answer


class Submissions:
    """People who submit, and take back what they submitted a while ago."""

    def __init__(self, people: httpx2.AsyncClient, seen: Seen) -> None:
        self._people, self._seen = people, seen
        self._numbers, self._standing = itertools.count(), deque[list[str]]()

    async def one(self) -> None:
        """One submission, and the oldest withdrawn when there are enough."""
        made = make(next(self._numbers), 5)
        (await self._people.post("/v1/submissions", json=made.body)).raise_for_status()
        self._standing.append(made.secrets)
        self._seen.done["submissions"] += 1
        if len(self._standing) > LISTED:
            body = asked(self._standing.popleft())
            (await self._people.post("/v1/receipts/withdraw", json=body)).raise_for_status()
            self._seen.done["withdrawals"] += 1


def verdict(seen: Seen) -> int:
    """Prints what each takes by sixths of the time, and says whether it is flat."""
    sixths: list[list[dict[str, float]]] = [[] for _ in range(6)]
    for at, taken in seen.memory:
        sixths[min(5, int(at / (seen.memory[-1][0] + 1) * 6))].append(taken)
    grown = []
    for name in seen.memory[0][1]:
        medians = [statistics.median(taken[name] for taken in some) / MIB for some in sixths]
        grown.append(medians[-1] / medians[1])
        print(f"{name}: {', '.join(f'{one:.1f}' for one in medians)} MiB by sixths of the time; × {grown[-1]:.3f}")
    quantiles = statistics.quantiles(seen.waited_s, n=100)
    print(f"{dict(seen.done)}; an answer takes {quantiles[49] * 1000:.0f} ms, p99 {quantiles[98] * 1000:.0f} ms")
    return int(max(grown) > FLAT)


def _taken(server: Server) -> float:
    """Gives the bytes that a server and what it started have, shared pages divided."""
    found = [server.pid]
    for pid in found:
        for task in Path(f"/proc/{pid}/task").iterdir():
            found += [int(child) for child in (task / "children").read_text().split()]
    return float(sum(_pss(Path(f"/proc/{pid}")) for pid in found))


def _altered(name: str, drawn: random.Random) -> bytes:
    with Image.open(io.BytesIO(photograph(name))) as opened:
        picture = opened.convert("RGB")
    left, top = (drawn.randrange(side // 5) for side in picture.size)
    picture = picture.crop((left, top, picture.width - drawn.randrange(40), picture.height - drawn.randrange(40)))
    out = io.BytesIO()
    picture.save(out, drawn.choice(("JPEG", "PNG", "WEBP")), quality=drawn.randrange(60, 95))
    return out.getvalue()


if __name__ == "__main__":
    os.environ.setdefault("SVT_LOG", "1")
    sys.exit(main())
