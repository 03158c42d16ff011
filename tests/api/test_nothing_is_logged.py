"""Neither logs nor database hold an address, a browser, a fingerprint beyond the list, or anything of a person."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import httpx2

from support.servers import ClearinghouseServer
from support.submissions import asked, make
from support.waiting import eventually

BROWSER = "Mozilla/5.0 (a phone that belongs to somebody)"
ADDRESS = "203.0.113.77"
HEADERS = {
    "user-agent": BROWSER,
    "x-forwarded-for": ADDRESS,
    "forwarded": f"for={ADDRESS}",
    "cookie": "session=a-cookie-of-somebody",
    "referer": "https://a-site-of-somebody.example/",
    "accept-language": "xx-SOMEBODY",
}


def test_a_submission_leaves_its_fingerprints_and_nothing_else(tmp_path: Path) -> None:
    server = ClearinghouseServer(tmp_path, publish_interval_s=0.1)
    server.start()
    made, broken = make(1, 3), make(2, 1).body
    broken["entries"][0]["fingerprints"][0]["value"] = "ab" * 31
    with httpx2.Client(base_url=server.url, headers=HEADERS) as http:
        answers = [
            http.get("/"),
            http.post("/v1/submissions", json=made.body),
            http.post("/v1/submissions", json=broken),
            http.post("/v1/submissions", content=b"[" * 9000, headers={"content-type": "application/json"}),
            http.post("/v1/receipts/status", json=asked(made.secrets)),
            http.get(f"/v1/nothing/{made.secrets[0]}"),
            http.get("/v1/changes?after=0", headers={"signature-input": f'takeback=();keyid="{ADDRESS}"'}),
        ]
    assert [answer.status_code for answer in answers] == [200, 201, 400, 400, 200, 404, 401]
    assert all("set-cookie" not in answer.headers for answer in answers)
    eventually(lambda: _count(server, "SELECT count(*) FROM entry WHERE state = 'listed'") == 3)
    server.stop()

    files = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    for trace in (BROWSER, ADDRESS, "a-cookie-of-somebody", "a-site-of-somebody", "SOMEBODY"):
        found = [path.name for path, content in files.items() if trace.encode() in content]
        assert found == [], f"{trace} is in {found}"
    log = server.log_text()
    assert [line for line in log.splitlines() if "127.0.0.1" in line and "Listening" not in line] == []
    for entry in made.body["entries"]:
        assert entry["receipt"] not in log
        assert not any(one["value"] in log for one in entry["fingerprints"])
    everything = b"".join(files.values())
    for secret in made.secrets:
        assert secret.encode() not in everything
        assert bytes.fromhex(secret) not in everything, "only the digest of a secret is kept"


def _count(server: ClearinghouseServer, question: str) -> int:
    with sqlite3.connect(f"file:{server.data / 'clearinghouse.db'}?mode=ro", uri=True) as database:
        return int(database.execute(question).fetchone()[0])
