"""The recipe for nginx, run by a real one: a form reaches the site only when the agent lets it."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from support.agents import AgentServer, file_list
from support.nginx import NGINX, own_folders, running
from support.pictures import half_size_jpeg, photograph
from support.servers import ROOT, free_port
from support.waiting import eventually
from takeback.fingerprints.types import FingerprintType
from takeback.media import Fingerprinted, Fingerprinter
from takeback.model.agent_key import KeyRole

NJS = Path("/usr/lib/nginx/modules/ngx_http_js_module.so")
RECIPE = ROOT / "examples" / "nginx"
PICTURE = photograph("coffee.png")

pytestmark = pytest.mark.skipif(
    not NGINX.exists() or not NJS.exists(), reason="nginx with njs is not installed (libnginx-mod-http-js)"
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
    url = f"http://127.0.0.1:{free_port()}"
    settings = (
        f"load_module {NJS};\nerror_log {tmp_path}/error.log;\nevents {{}}\n"
        f"http {{\naccess_log off;\n{own_folders(tmp_path)}\njs_import takeback from {RECIPE}/takeback.js;\n"
        f"server {{\nlisten {url.removeprefix('http://')};\n{server}\n}}\n}}\n"
    )
    with httpx2.Client(base_url=url) as asking, running(settings, tmp_path, asking):
        yield url
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
