"""The files of deploy/ at work: their nginx, run by a real one, before a clearinghouse with their settings."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from support.certificates import self_signed
from support.nginx import NGINX, own_folders, running
from support.servers import ROOT, ClearinghouseServer, free_port
from support.submissions import asked, make
from takeback.settings import load

DEPLOY = ROOT / "deploy"
#: Of three networks, all public: documentation's own addresses count as private ones.
ADDRESS, SAME_NETWORK, ELSEWHERE, PRETENDED = "93.184.215.14", "93.184.215.99", "93.184.216.34", "8.8.8.8"
#: In which the test says from where it comes: everything here comes from this machine.
COMES_FROM = "x-test-comes-from"

pytestmark = pytest.mark.skipif(not NGINX.exists(), reason="nginx is not installed")


@pytest.fixture
def behind(tmp_path: Path) -> Iterator[ClearinghouseServer]:
    """A clearinghouse with the header of the deployment, and few questions a minute."""
    shipped = load(DEPLOY / "systemd" / "clearinghouse.toml", {})
    server = ClearinghouseServer(tmp_path / "clearinghouse")
    with server.settings.open("a", encoding="utf-8") as file:
        file.write(
            f'proxy_address_header = "{shipped.proxy_address_header}"\n'
            "receipt_questions_a_minute = 3\nnetwork_submissions = 2\n"
        )
    server.start()
    yield server
    server.stop()


@pytest.fixture
def through(behind: ClearinghouseServer, tmp_path: Path) -> Iterator[httpx2.Client]:
    """Asks through the nginx of the deployment. What is changed is where things are, and nothing that it does."""
    port, plain = free_port(), free_port()
    certificate = self_signed(tmp_path)
    settings = (DEPLOY / "nginx.conf").read_text("utf-8")
    for here, there in {
        "clearinghouse:8440": behind.url.removeprefix("http://"),
        "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
        "listen 80;": f"listen 127.0.0.1:{plain};",
        "listen [::]:443 ssl http2;": "",
        "listen [::]:80;": "",
        "/etc/nginx/tls/certificate.pem": str(certificate),
        "/etc/nginx/tls/key.pem": str(certificate),
        "worker_processes auto;": "worker_processes 1;",
        # nginx itself believes the test, so that requests come from public addresses.
        "access_log off;": f"access_log off; set_real_ip_from 127.0.0.1; real_ip_header {COMES_FROM};"
        f" {own_folders(tmp_path)}",
    }.items():
        assert settings.count(here) == 1, here
        settings = settings.replace(here, there)
    trusted = ssl.create_default_context(cafile=certificate)
    with (
        httpx2.Client(base_url=f"https://localhost:{port}", verify=trusted, timeout=30) as client,
        running(settings, tmp_path, client),
    ):
        yield client


def test_networks_are_limited_behind_the_proxy_whatever_clients_say(
    through: httpx2.Client, behind: ClearinghouseServer
) -> None:
    header = load(DEPLOY / "systemd" / "clearinghouse.toml", {}).proxy_address_header

    def question(come_from: str, say: str) -> httpx2.Response:
        headers = [(COMES_FROM, come_from), (header, say), (header, say), ("x-forwarded-for", say)]
        return through.post("/v1/receipts/status", json=asked([]), headers=headers)

    def submission(number: int, come_from: str) -> int:
        headers = {COMES_FROM: come_from, header: PRETENDED}
        return through.post("/v1/submissions", json=make(number, 1).body, headers=headers).status_code

    sayings = (PRETENDED, "1.1.1.1", ELSEWHERE)
    assert [question(ADDRESS, say).status_code for say in sayings] == [200] * 3
    refused = question(SAME_NETWORK, "9.9.9.9")
    assert (refused.status_code, refused.json()["code"]) == (429, "too-many-requests")
    assert int(refused.headers["retry-after"]) >= 1
    assert question(ELSEWHERE, ADDRESS).status_code == 200, "whoever says that address takes nothing from its network"

    assert [submission(n, ADDRESS) for n in range(3)] == [201, 201, 429]
    assert submission(3, ELSEWHERE) == 201

    behind.stop()  # everything that it keeps is in its files now
    kept = b"".join(path.read_bytes() for path in behind.folder.parent.rglob("*") if path.is_file())
    for address in (ADDRESS, SAME_NETWORK, ELSEWHERE, PRETENDED):
        assert address.encode() not in kept
