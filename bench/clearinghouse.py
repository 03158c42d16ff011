"""The clearinghouse under load, on both databases: intake, pages, a first sync, participants that poll, memory.

Figures of processor time are of the server alone and hold on a busy machine; those a second and p99 need a quiet one.
TAKEBACK_BENCH_SIZES=1e5 chooses how many entries the first sync has (default 1e5; the issue's is 1e6).
"""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from report import Row, report
from timing import SIZES

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from support.postgres import postgres_server
from support.servers import ClearinghouseServer
from support.signing import Signer
from support.submissions import make
from takeback import HashList, connect
from takeback.clearinghouse import participants
from takeback.clearinghouse.feed import page_bytes_for
from takeback.clearinghouse.intake import TOGETHER, take_in_all
from takeback.clearinghouse.keys import open_database
from takeback.clearinghouse.publishing import publish_waiting
from takeback.clearinghouse.stretches import Stretches
from takeback.clock import SystemClock
from takeback.settings import Settings, load
from takeback.storage.migrate import migrate
from takeback.wire import intake as wire
from takeback.wire import signed
from takeback.wire.json import decode, encode

#: Submissions a second that intake must take, of ten entries.
MUST = {"sqlite": 200, "postgresql": 500}
ENTRIES, CONNECTIONS, SUBMISSIONS = 10, 24, 2_000
PAGE = 1_000
TICKS = os.sysconf("SC_CLK_TCK")


def main() -> int:
    """Gives 0 when nothing that must be reached was missed."""
    rows: list[Row] = []
    for name in MUST:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=Path(__file__).parent)))
            url = ""
            if name == "postgresql":
                url = stack.enter_context(postgres_server()).address.format("postgres")
            server = ClearinghouseServer(folder, publish_interval_s=1, database_url=url)
            with server.settings.open("a", encoding="utf-8") as file:
                file.write("intake_concurrency = 1000\n")
            server.start()
            stack.callback(server.stop)
            rows += under_load(name, server)
            rows += pages(name, load(server.settings))
            rows += synced(name, server, (SIZES or [100_000])[0])
            memory = int(status(server, "VmHWM")) / 1024
            rows.append(Row(f"{name} server's memory, most", round(memory), None, None, "MB", 300, "ours at most"))
    return report("clearinghouse", rows)


def under_load(name: str, server: ClearinghouseServer) -> list[Row]:
    """As many submissions as it takes, then half as many as it must, at their times."""
    bodies = [request("/v1/submissions", encode(make(number, ENTRIES).body)) for number in range(SUBMISSIONS)]
    asyncio.run(send(server, bodies[:100], None))
    before = cpu(server)
    begin = time.perf_counter()
    asyncio.run(send(server, bodies[100:1_100], None))
    taken, used = time.perf_counter() - begin, (cpu(server) - before) / 1_000
    half = asyncio.run(send(server, bodies[1_100:], MUST[name] / 2))
    p99 = statistics.quantiles(half, n=100)[-1] * 1000
    return [
        Row(f"{name} intake", round(1_000 / taken), None, None, "/s", MUST[name], "ours at least"),
        Row(f"{name} intake, processor", round(used * 1000, 2), None, None, "ms", 1000 / MUST[name], "ours at most"),
        Row(f"{name} p99 at half that load", round(p99, 1), None, None, "ms", 100, "ours at most"),
    ]


async def send(server: ClearinghouseServer, requests: list[bytes], rate: float | None) -> list[float]:
    """Sends requests over a few connections, at once or so many a second; gives the seconds that each waited."""
    waiting: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
    host, port = server.url.removeprefix("http://").split(":")
    times: list[float] = []

    async def client() -> None:
        reader, writer = await asyncio.open_connection(host, int(port))
        while True:
            due, content = await waiting.get()
            if not content:
                break
            writer.write(content)
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 20"), head
            (length,) = (int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
            await reader.readexactly(length)
            times.append(time.perf_counter() - due)
        writer.close()

    clients = [asyncio.create_task(client()) for _ in range(CONNECTIONS)]
    begin = time.perf_counter()
    for number, content in enumerate(requests):
        due = begin if rate is None else begin + number / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        waiting.put_nowait((due if rate else time.perf_counter(), content))
    for _ in clients:
        waiting.put_nowait((0, b""))
    await asyncio.gather(*clients)
    return times


def pages(name: str, settings: Settings) -> list[Row]:
    """A page of a thousand changes with its signature: read and opened, and from memory."""

    async def measure() -> list[Row]:
        database, clock, key = open_database(settings), SystemClock(), Ed25519PrivateKey.generate()
        await publish_waiting(database, clock)
        reader = (await participants.invite(database, clock, "Pages")).participant

        async def one(stretches: Stretches) -> float:
            begin = time.process_time()
            body = await page_bytes_for(database, clock, reader, stretches, list_id="bench", after=0, limit=PAGE)
            signed.sign(body, key)
            return (time.process_time() - begin) * 1000

        kept, none = Stretches(10**8), Stretches(0)
        await one(kept)
        cold = statistics.median([await one(none) for _ in range(15)])
        warm = statistics.median([await one(kept) for _ in range(31)])
        await database.close()
        return [
            Row(f"{name} page of {PAGE}, read", round(cold, 2), None, None, "ms", 10, "ours at most"),
            Row(f"{name} page of {PAGE}, kept", round(warm, 2), None, None, "ms", 2, "ours at most"),
        ]

    return asyncio.run(measure())


def synced(name: str, server: ClearinghouseServer, size: int) -> list[Row]:
    """A first sync by our SDK over HTTP, and what a participant that polls costs."""
    asyncio.run(fill(load(server.settings), size))
    credentials = server.invite("First")
    before, begin = cpu(server), time.perf_counter()
    with HashList.open(server.folder / "list.db") as hashlist:
        entries = hashlist.sync(connect(credentials)).entries
        taken, used = time.perf_counter() - begin, cpu(server) - before
        cursor = hashlist.replica.position().cursor
    signer, target = Signer.of(credentials), f"/v1/changes?after={cursor}"
    polls = [request(target, b"", signer.headers("GET", target)) for _ in range(200)]
    before = cpu(server)
    asyncio.run(send(server, polls, None))
    poll = (cpu(server) - before) / len(polls)
    return [
        Row(f"{name} first sync of {entries}", round(taken, 1), None, None, "s", 30 * size / 1e6, "ours at most"),
        Row(f"{name} first sync, server's processor", round(used, 1), None, None, "s"),
        Row(
            f"{name} participants that poll, a core",
            round(60 / poll),
            None,
            None,
            "",
            1000,
            "ours at least",
        ),
    ]


async def fill(settings: Settings, size: int) -> None:
    """Puts entries on the list, by the use cases themselves."""
    database = open_database(settings)
    await migrate(database)
    for begin in range(0, size // ENTRIES, TOGETHER):
        numbers = range(10**6 + begin, 10**6 + min(begin + TOGETHER, size // ENTRIES))
        bodies = (decode(encode(make(number, ENTRIES).body), wire.SubmissionBody) for number in numbers)
        await take_in_all(database, [wire.submission(body) for body in bodies])
    await publish_waiting(database, SystemClock())
    await database.close()


def request(target: str, body: bytes, headers: dict[str, str] | object = None) -> bytes:
    """Gives the bytes of a request."""
    lines = [f"{'POST' if body else 'GET'} {target} HTTP/1.1", "host: bench", f"content-length: {len(body)}"]
    lines += ["content-type: application/json"] if body else []
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def cpu(server: ClearinghouseServer) -> float:
    """Gives the processor seconds that the server has used."""
    fields = Path(f"/proc/{server.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def status(server: ClearinghouseServer, what: str) -> str:
    """Gives a line of the kernel's own account of the server."""
    lines = Path(f"/proc/{server.pid}/status").read_text(encoding="ascii").splitlines()
    return next(line.split()[1] for line in lines if line.startswith(what))


if __name__ == "__main__":
    sys.exit(main())
