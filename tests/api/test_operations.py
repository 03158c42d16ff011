"""What whatever watches over the server is told, and whom it tells nothing."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import httpx2

from support.servers import ClearinghouseServer, free_port
from support.submissions import make
from support.waiting import eventually


def test_it_lives_and_is_ready_and_tells_its_counts_on_a_port_of_their_own(tmp_path: Path) -> None:
    port = free_port()
    server = ClearinghouseServer(tmp_path, publish_interval_s=0.1)
    with server.settings.open("a", encoding="utf-8") as file:
        file.write(f"metrics_port = {port}\nheader_limit_bytes = 2000\n")
    server.start()
    try:
        with httpx2.Client(base_url=server.url) as http:
            assert http.get("/health").text == "ok"
            eventually(lambda: http.get("/ready").status_code == 200)
            assert http.get("/metrics").status_code == 404, "counts are nothing for the public"
            assert http.post("/v1/submissions", json=make(1).body).status_code == 201
            too_much = http.get("/health", headers={"x-long": "x" * 3000})
            assert (too_much.status_code, too_much.json()["code"]) == (413, "too-large")
        told = httpx2.get(f"http://127.0.0.1:{port}/metrics").text
        assert 'takeback_request_seconds_count{route="/v1/submissions",status="2xx"} 1.0' in told
        assert "takeback_publication_lag_seconds" in told
        assert "x-long" not in told
    finally:
        server.stop()


def test_it_stays_ready_beside_a_newer_program_until_the_database_says_no(tmp_path: Path) -> None:
    """A rolling upgrade: one process has taken the database further. Those of before serve, and may start anew."""
    server = ClearinghouseServer(tmp_path)
    server.start()
    try:
        ask = httpx2.Client(base_url=server.url)
        _by_hand(server, "UPDATE alembic_version SET version_num = 'later'")
        assert ask.get("/ready").status_code == 200
        assert ask.post("/v1/submissions", json=make(1).body).status_code == 201
        server.stop()
        server.start()
        eventually(lambda: ask.get("/ready").status_code == 200)

        _by_hand(server, "UPDATE program SET oldest = 'later'")
        answer = ask.get("/ready")
        assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (503, "unavailable", "5")
        assert ask.get("/health").status_code == 200

        _by_hand(server, "UPDATE alembic_version SET version_num = '0013'")
        assert ask.get("/ready").status_code == 503, "the database is behind the program"
    finally:
        server.stop()


def _by_hand(server: ClearinghouseServer, statement: str) -> None:
    with closing(sqlite3.connect(server.data / "clearinghouse.db", timeout=10)) as database, database:
        database.execute(statement)
