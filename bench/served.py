"""Two servers that answer `POST /v1/screen` over one list: our agent, and `threatexchange` behind the same server.

Started by `screen.py` as a program: `served.py ours|peer FOLDER PORT EFFORT`. The folder holds the list's copy, and its
values in `values.npy`.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx2
import numpy as np
import uvicorn
from litestar import Litestar, Request, get, post
from threatexchange.signal_type.pdq.signal import PdqSignal

from lists import NOW, fill, opened
from memory import _pss
from report import Row
from takeback.agent_settings import FileList
from takeback.apps.agent.app import create_agent
from takeback.clock import ManualClock
from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.participant.lists.followed_lists import copy_of
from takeback.platform_settings import PlatformSettings

ROUNDS, UPLOADS, BATCH, BATCHES = 3, 12, 4_096, 8
#: What the issue asks for.
UPLOADS_TIMES, LOOKUPS_A_SECOND, MEMORY_TIMES = 3, 40_000, 5
#: A file that holds nothing but this line is the list as the copy has it.
AS_IT_IS = b"# as it is\n"


def settings(folder: Path, effort: str) -> PlatformSettings:
    """Those of an agent whose one list is filled already."""
    (folder / "list.txt").write_bytes(AS_IT_IS)
    return PlatformSettings(
        data_dir=str(folder),
        lists=(FileList(name="bench", path=str(folder / "list.txt")),),
        effort=effort,
        development=True,
        screens_a_minute=10**9,
        lookups_a_minute=10**9,
    )


def filled(folder: Path, values: np.ndarray) -> None:
    """Puts one entry for each value on the list that the agent will serve."""
    path = copy_of(settings(folder, "plain"), "bench")
    path.parent.mkdir(parents=True)
    with opened(path) as hashlist:
        fill(hashlist, [(Fingerprint(FingerprintType.PDQ, bytes(value), 100),) for value in values])
        hashlist.replica.keep_foreign_place(hashlib.sha256(AS_IT_IS).hexdigest())
        hashlist.index.settle()
    np.save(folder / "values.npy", values)


def rows(folder: Path, upload: bytes, name: str) -> list[Row]:
    """Gives the cases over HTTP: uploads a processor second, look-ups a second, memory."""
    (folder / "empty").mkdir()
    filled(folder / "empty", np.load(folder / "values.npy")[:1])
    with running("peer", folder / "empty") as peer, running("ours", folder / "empty") as ours:
        empty = [server.memory() for server in (ours, peer)]
    with running("peer", folder) as peer, running("ours", folder) as ours, running("ours", folder, "first") as looks:
        sizes = [server.memory() - before for server, before in zip((ours, peer), empty, strict=True)]
        plain, theirs = in_turns([ours, peer], lambda server: server.uploads(upload))
        more, _ = in_turns([looks, peer], lambda server: server.uploads(upload))
        bodies = batches(strong_only=True)
        ours.lookups(bodies)
        begin, strong = ours.cpu(), max(ours.lookups(bodies) for _ in range(ROUNDS))
        a_core = round(ROUNDS * BATCH * BATCHES / (ours.cpu() - begin))
        every = ours.lookups(batches(strong_only=False)[:2])
    mega = 1024 * 1024
    memory = Row(
        f"memory of a server for {name} entries",
        round(sizes[0] / mega),
        round(sizes[1] / mega),
        round(sizes[1] / sizes[0], 2),
        "MiB",
        MEMORY_TIMES,
    )
    return [
        Row(f"POST 3 MP JPEG, {name} entries, a core", plain, theirs, round(plain / theirs, 2), "/s", UPLOADS_TIMES),
        Row(f"POST 3 MP JPEG, effort first, {name}, a core", more, theirs, round(more / theirs, 2), "/s"),
        Row(f"fingerprints, strong, {name} entries", strong, None, None, "/s", LOOKUPS_A_SECOND, "ours at least"),
        Row(f"fingerprints, strong, {name} entries, a core", a_core, None, None, "/s"),
        Row(f"fingerprints, with probable, {name} entries", every, None, None, "/s"),
        memory,
    ]


def in_turns(servers: Sequence[Server], work: Callable[[Server], float]) -> list[float]:
    """Gives the median of each, turn by turn."""
    found: list[list[float]] = [[] for _ in servers]
    for _ in range(ROUNDS):
        for server, one in zip(servers, found, strict=True):
            one.append(work(server))
    return [round(float(np.median(one)), 1) for one in found]


def batches(*, strong_only: bool) -> list[bytes]:
    """Bodies of look-ups of values that are not listed."""
    rng = np.random.default_rng(8)
    bits = np.argsort(rng.random((BATCH * BATCHES, 256)), axis=1) < 128
    hexes = [value.tobytes().hex() for value in np.packbits(bits, axis=1)]
    items = [{"fingerprints": [{"type": "pdq", "value": value}]} for value in hexes]
    parts = (items[at : at + BATCH] for at in range(0, len(items), BATCH))
    return [json.dumps({"items": part, "strong_only": strong_only}).encode() for part in parts]


class Server:
    """One of the two, running."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self._process, self._port = process, port
        self._client = httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=120)

    def uploads(self, upload: bytes) -> float:
        """Gives uploads a second of processor time of the server and what it started."""
        self._client.post("/v1/screen", content=upload).raise_for_status()
        begin = self.cpu()
        for _ in range(UPLOADS):
            self._client.post("/v1/screen", content=upload).raise_for_status()
        return UPLOADS / (self.cpu() - begin)

    def lookups(self, bodies: Sequence[bytes]) -> float:
        """Gives look-ups a second by the clock, two requests at a time; whoever asks runs on the same machine."""

        def ask(body: bytes) -> None:
            answer = self._client.post("/v1/screen/batch", content=body, headers={"content-type": "application/json"})
            answer.raise_for_status()

        begin = time.perf_counter()
        with ThreadPoolExecutor(2) as threads:
            list(threads.map(ask, bodies))
        return round(len(bodies) * BATCH / (time.perf_counter() - begin))

    def memory(self) -> int:
        """Gives the bytes that it has, shared pages divided."""
        return sum(_pss(Path(f"/proc/{pid}")) for pid in self._tree())

    def cpu(self) -> float:
        """Gives the processor seconds that it and what it started have taken."""
        ticks = 0
        for pid in self._tree():
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def _tree(self) -> list[int]:
        found = [self._process.pid]
        for pid in found:
            for task in Path(f"/proc/{pid}/task").iterdir():
                found += [int(child) for child in (task / "children").read_text().split()]
        return found


@contextmanager
def running(kind: str, folder: Path, effort: str = "plain") -> Iterator[Server]:
    """Runs one of the two until the block ends."""
    port = {"peer": 8761, "ours": 8762 if effort == "plain" else 8763}[kind]
    process = subprocess.Popen([sys.executable, __file__, kind, folder, str(port), effort])
    try:
        while True:
            assert process.poll() is None, f"{kind} has ended"
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5)
                break
            except OSError:
                time.sleep(0.2)
        yield Server(process, port)
    finally:
        process.terminate()
        process.wait(30)


def peer_app(folder: Path) -> Litestar:
    """What a platform would write around the library: hash the file, query the index."""
    values = np.load(folder / "values.npy")
    index = PdqSignal.get_index_cls().build([(value.tobytes().hex(), at) for at, value in enumerate(values)])

    @get("/health", sync_to_thread=False)
    def health() -> str:
        return "ok"

    @post("/v1/screen", status_code=200, request_max_body_size=None)
    async def screen(request: Request) -> dict[str, list[int]]:
        body = await request.body()
        value = PdqSignal.hash_from_bytes(body)
        return {"matches": [one.metadata for one in index.query(value)] if value else []}

    return Litestar([health, screen], openapi_config=None)


def main() -> None:
    """Serves until it is stopped."""
    kind, folder, port, effort = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    app = peer_app(folder) if kind == "peer" else create_agent(settings(folder, effort), ManualClock(NOW))
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="error", access_log=False)


if __name__ == "__main__":
    main()
