"""A platform is killed while notices come in: what it acknowledged is kept, hidden, searched and clocked, once."""

from __future__ import annotations

import random
import sqlite3
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2

from support.notice_site import KEY, NoticeProcess
from support.notices import ADULT, at
from support.waiting import eventually
from takeback.wire.notice import notice_bytes

ROUNDS = 2
CLIENTS = 3


class Ledger:
    """What was acknowledged: number → secret of notices, and of those whose content the platform named."""

    def __init__(self) -> None:
        self.received: dict[str, tuple[str, int]] = {}
        self.named: set[str] = set()

    def use(self, url: str, first: int) -> None:
        """Sends notices and names content until the server is gone."""
        with httpx2.Client(base_url=url, timeout=10) as http:
            try:
                for id_ in range(first, first + 100_000):
                    receipt = http.post("/v1/notices", content=notice_bytes(at(ADULT, str(id_)))).json()
                    number = receipt["number"]
                    self.received[number] = (receipt["secret"], id_)
                    prints = [{"type": "sha256", "value": f"{id_:064x}"}]
                    body = {"contents": [{"id": f"found/{id_}", "fingerprints": prints}]}
                    address = f"/v1/notices/{number}/contents"
                    assert http.post(address, json=body, headers={"authorization": KEY}).status_code == 200
                    self.named.add(number)
            except httpx2.TransportError:
                return


def test_nothing_acknowledged_is_lost_between_receipt_and_hiding(tmp_path: Path) -> None:
    site, ledger = NoticeProcess(tmp_path), Ledger()
    site.start()
    try:
        for round_ in range(ROUNDS):
            enough = len(ledger.named) + random.randint(3, 12)
            with ThreadPoolExecutor(CLIENTS) as threads:
                firsts = [(round_ * CLIENTS + client + 1) * 1_000_000 for client in range(CLIENTS)]
                running = [threads.submit(ledger.use, site.url, first) for first in firsts]
                eventually(lambda enough=enough: len(ledger.named) > enough)
                site.kill9()
                for one in running:
                    one.result()
            site.start()
        with httpx2.Client(base_url=site.url, timeout=30) as http:
            for number in sorted(ledger.named):
                secret = {"secret": ledger.received[number][0]}

                def copies(number: str = number, secret: dict[str, str] = secret) -> bool:
                    return bool(http.post(f"/v1/notices/{number}/status", json=secret).json()["copies"] == 1)

                eventually(copies)
    finally:
        site.stop()
    check(site.data / "platform.db", ledger)


def check(file: Path, ledger: Ledger) -> None:
    """Looks into the database: each thing that had to happen did, and once."""
    with sqlite3.connect(file) as database:
        hidden = Counter(database.execute("SELECT because, content FROM instruction WHERE doing = 'hide'"))
        states = dict(database.execute("SELECT number, state FROM notice"))
        tasks = Counter(
            number for (number,) in database.execute("SELECT notice FROM notice_task WHERE kind != 'search'")
        )
        holds = dict(database.execute("SELECT id, state FROM hold"))
        contents = list(database.execute("SELECT notice, hold FROM notice_content"))
    for number, (_, id_) in ledger.received.items():
        assert states[number] == "open"
        assert hidden[number, f"post/{id_}"] == 1
        assert tasks[number] == 5  # four warnings, and the end
    for number in ledger.named:
        assert hidden[number, f"found/{ledger.received[number][1]}"] == 1
        assert hidden[number, "copy/1"] == 1
    assert all(count == 1 for count in hidden.values()), "nothing is hidden twice because of one notice"
    assert all(hold in holds for _, hold in contents), "whatever is hidden waits for a person"
