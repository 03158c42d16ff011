"""The recipe for nginx, run by a real one: a form reaches the site only when the agent lets it."""

from __future__ import annotations

import http.server
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from support.agents import AgentServer, file_list
from support.pictures import half_size_jpeg, photograph
from support.servers import ROOT, free_port
from support.waiting import eventually
from takeback.fingerprints.types import FingerprintType
from takeback.media import Fingerprinted, Fingerprinter
from takeback.model.agent_key import KeyRole

NGINX, NJS = shutil.which("nginx") or "/usr/sbin/nginx", Path("/usr/lib/nginx/modules/ngx_http_js_module.so")
RECIPE = ROOT / "examples" / "nginx"
PICTURE = photograph("coffee.png")

pytestmark = pytest.mark.skipif(
    not Path(NGINX).exists() or not NJS.exists(), reason="nginx with njs is not installed (libnginx-mod-http-js)"
)


class Site(http.server.BaseHTTPRequestHandler):
    """A site that keeps what reaches it."""

    got: list[bytes] = []  # noqa: RUF012 - of the whole test

    def do_POST(self) -> None:
        self.got.append(self.rfile.read(int(self.headers["content-length"])))
        self.send_response(201)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def agent(tmp_path: Path) -> Iterator[AgentServer]:
    with Fingerprinter() as fingerprinter:
        made = fingerprinter.fingerprint(PICTURE)
    assert isinstance(made, Fingerprinted)
    value = next(one.hex for one in made.fingerprints if one.type is FingerprintType.PDQ)
    server = AgentServer(tmp_path / "agent", file_list(tmp_path / "list.txt", [f"pdq {value}"]))
    admin = server.client(server.key("admin", KeyRole.ADMIN))
    server.start()
    eventually(lambda: admin.get("/v1/status").json()["lists"][0]["fresh"])
    yield server
    server.stop()


@pytest.fixture
def proxy(agent: AgentServer, tmp_path: Path) -> Iterator[str]:
    site = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    server = (RECIPE / "takeback.conf").read_text()
    for name, value in {
        "//AGENT/": f"//127.0.0.1:{agent.port}/",
        "//SITE": f"//127.0.0.1:{site.server_port}",
        "Bearer KEY": f"Bearer {agent.key('nginx')}",
    }.items():
        assert name in server
        server = server.replace(name, value)
    port, temporary = (
        free_port(),
        " ".join(
            f"{kind}_temp_path {tmp_path}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        ),
    )
    (tmp_path / "nginx.conf").write_text(
        f"load_module {NJS};\ndaemon off;\nuser root;\npid {tmp_path}/pid;\n"
        f"error_log {tmp_path}/error.log;\nevents {{}}\n"
        f"http {{\naccess_log off;\n{temporary}\njs_import takeback from {RECIPE}/takeback.js;\n"
        f"server {{\nlisten 127.0.0.1:{port};\n{server}\n}}\n}}\n"
    )
    process = subprocess.Popen([NGINX, "-c", str(tmp_path / "nginx.conf"), "-p", str(tmp_path)])
    url = f"http://127.0.0.1:{port}"

    def answers() -> bool:
        assert process.poll() is None, (tmp_path / "error.log").read_text()
        try:
            return httpx2.get(url).status_code > 0
        except httpx2.TransportError:
            return False

    eventually(answers)
    yield url
    process.terminate()
    process.wait(20)
    site.shutdown()
    site.server_close()


def test_a_form_reaches_the_site_only_when_the_agent_lets_it(proxy: str, agent: AgentServer) -> None:
    Site.got.clear()
    lawful, listed = photograph("rocket.jpg"), half_size_jpeg(PICTURE)
    text = {"title": "a rocket"}
    assert httpx2.post(f"{proxy}/upload", files={"picture": lawful}, data=text, timeout=30).status_code == 201
    (form,) = Site.got
    assert lawful in form
    assert b"a rocket" in form
    both = [("pictures", lawful), ("pictures", listed)]
    assert httpx2.post(f"{proxy}/upload", files=both, timeout=30).status_code == 422
    assert httpx2.post(f"{proxy}/_takeback", files=both, timeout=30).status_code == 404
    agent.stop()
    assert httpx2.post(f"{proxy}/upload", files={"picture": lawful}, timeout=30).status_code == 503
    assert len(Site.got) == 1
    agent.start()
