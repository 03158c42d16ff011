"""The clearinghouse under load, on both databases: intake, pages, a first sync, participants that poll, memory.

Figures of processor time are of the server alone and hold on a busy machine; those a second and p99 need a quiet one.
TAKEBACK_BENCH_SIZES=1e6 chooses how many entries the list has (default 1e5; what must be reached is for 1e6).
"""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import SimpleNamespace

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from threatexchange.exchanges.impl import ncmec_api

from report import Row, report
from timing import SIZES, turns_a_second

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from support.filling import fill
from support.members import invited, on_database
from support.postgres import postgres_server
from support.servers import ClearinghouseServer
from support.signing import Signer
from support.stock import Hma
from support.submissions import make
from takeback import HashList
from takeback.clearinghouse import participants
from takeback.clearinghouse.feed import page_bytes_for
from takeback.clearinghouse.keys import open_database, password_key
from takeback.clearinghouse.stretches import Stretches
from takeback.clock import SystemClock
from takeback.exchanges.takeback import TakebackExchange
from takeback.settings import Settings, load
from takeback.storage import list_state
from takeback.storage.database import Database
from takeback.wire import signed
from takeback.wire.json import encode

#: Submissions a second that intake must take, of ten entries.
MUST = {"sqlite": 200, "postgresql": 500}
ENTRIES, SUBMISSIONS = 10, 2_000
#: Persons who send at the same time.
CONNECTIONS = 64
PAGE = 1_000
#: Seconds in which an idle server uses less than a tenth of a core.
IDLE_S = 3
#: Participants of which each asks once.
POLLING = 100
TICKS = os.sysconf("SC_CLK_TCK")


def main() -> int:
    """Gives 0 when nothing that must be reached was missed."""
    size, rows = (SIZES or [100_000])[0], list[Row]()
    for name in MUST:
        with running(name, size) as server:
            rows.append(Row("this core, millions of turns", round(turns_a_second() / 1e6, 1), None, None, "/s"))
            rows += under_load(name, server)
            rows += pages(name, load(server.settings))
            rows += synced(name, server, size)
            rows += synced_by_stock_client(name, server, size)
            rows += polled(name, server)
            memory = int(status(server, "VmHWM")) / 1024
            rows.append(Row(f"{name} server's memory, most", round(memory), None, None, "MB", 300, "ours at most"))
    return report("clearinghouse", rows)


@contextmanager
def running(name: str, size: int) -> Iterator[ClearinghouseServer]:
    """Runs a server with a list of this many entries."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=Path(__file__).parent)))
        url = ""
        if name == "postgresql":
            url = stack.enter_context(postgres_server(waits_for_disk=True)).address.format("postgres")
        server = ClearinghouseServer(folder, publish_interval_s=1, database_url=url)
        with server.settings.open("a", encoding="utf-8") as file:
            file.write("intake_concurrency = 1000\nexchange_concurrency = 1000\nburst_entries = 1000000000\n")
        begin = time.perf_counter()
        asyncio.run(fill(load(server.settings), size))
        print(f"{name}: {size} entries in {time.perf_counter() - begin:.0f} s", file=sys.stderr)
        server.start()
        stack.callback(server.stop)
        settle(server)
        yield server


def settle(server: ClearinghouseServer) -> None:
    """Waits until the server has nothing to do: after its start it writes the list into the public log."""
    while True:
        before = cpu(server)
        time.sleep(IDLE_S)
        if cpu(server) - before < IDLE_S / 10:
            return


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
    """Making a page of a thousand changes with its signature: read and opened, and from memory."""

    async def measure() -> list[Row]:
        database, clock, key = open_database(settings), SystemClock(), Ed25519PrivateKey.generate()
        reader = (await participants.invite(database, clock, "Pages")).participant

        async def one(stretches: Stretches) -> float:
            begin = time.process_time()
            body = await page_bytes_for(
                *(database, clock, reader, stretches), list_id="bench", after=0, limit=PAGE, acknowledges=False
            )
            signed.sign(body, key)
            return (time.process_time() - begin) * 1000

        kept, none = Stretches(10**8), Stretches(0)
        await one(kept)
        cold = statistics.median([await one(none) for _ in range(31)])
        warm = statistics.median([await one(kept) for _ in range(61)])
        await database.close()
        return [
            Row(f"{name} page of {PAGE}, read", round(cold, 2), None, None, "ms", 10, "ours at most"),
            Row(f"{name} page of {PAGE}, kept", round(warm, 2), None, None, "ms", 2, "ours at most"),
        ]

    return asyncio.run(measure())


def synced(name: str, server: ClearinghouseServer, size: int) -> list[Row]:
    """A first sync by our SDK over HTTP, index and all."""
    before, begin = cpu(server), time.perf_counter()
    with HashList.open(server.folder / "list.db") as hashlist, TakebackExchange(invited(server, "First")) as exchange:
        entries = hashlist.sync(exchange).entries
    taken, used = time.perf_counter() - begin, cpu(server) - before
    assert entries >= size
    most = 30 * entries / 1e6
    return [
        Row(f"{name} first sync of {entries}", round(taken, 1), None, None, "s", round(most, 1), "ours at most"),
        Row(f"{name} first sync, server's processor", round(used, 1), None, None, "s"),
    ]


def synced_by_stock_client(name: str, server: ClearinghouseServer, size: int) -> list[Row]:
    """The same by the exchange for NCMEC of PyPI's `threatexchange`, as it is, up to values that can be matched."""

    async def joins(database: Database) -> tuple[str, str]:
        clock = SystemClock()
        id_ = (await participants.invite(database, clock, "Stock")).participant.id
        return id_, await participants.give_password(database, clock, id_, password_key(server.data))

    user, password = on_database(server, joins)
    # The client stays five seconds behind its clock, and knows the addresses of NCMEC alone.
    ncmec_api.time = SimpleNamespace(time=lambda: time.time() + 6)
    collab = ncmec_api.NCMECCollabConfig(name="bench", environment=None)
    collab.environment = SimpleNamespace(value=f"{server.url}/hashsharing")
    before, begin = cpu(server), time.perf_counter()
    client = Hma(ncmec_api.NCMECSignalExchangeAPI(collab, user, password), collab)
    client.fetch()
    values = len(client.values)
    taken, used = time.perf_counter() - begin, cpu(server) - before
    assert values >= size
    most = 180 * values / 1e6
    return [
        Row(f"{name} first sync by threatexchange", round(taken, 1), None, None, "s", round(most, 1), "ours at most"),
        Row(f"{name} the same, server's processor", round(used, 1), None, None, "s"),
    ]


def polled(name: str, server: ClearinghouseServer) -> list[Row]:
    """What a participant costs that asks once a minute while there is nothing new."""
    given = [invited(server, f"Polls {number}") for number in range(POLLING)]
    state = on_database(server, lambda database: database.read("head", list_state.read))
    target = f"/v1/changes?after={state.head}"
    polls = [request(target, b"", Signer(one.private_key, one.participant).headers("GET", target)) for one in given]
    before = cpu(server)
    asyncio.run(send(server, polls, None))
    poll = max(cpu(server) - before, 1 / TICKS) / len(polls)
    return [Row(f"{name} participants that poll, a core", round(60 / poll), None, None, "", 1000, "ours at least")]


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
