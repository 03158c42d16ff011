"""An HTTP proxy that keeps every byte a browser sends, and lets nothing through but to one server."""

from __future__ import annotations

import http.client
import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import SplitResult, urlsplit


@dataclass(frozen=True)
class Sent:
    """One request as it was sent."""

    method: str
    address: SplitResult
    headers: dict[str, str]
    body: bytes


@dataclass
class Record:
    """Everything that was sent, as requests and as raw bytes."""

    proxy: str
    requests: list[Sent] = field(default_factory=list)
    raw: bytearray = field(default_factory=bytearray)


class _Tee(io.BufferedIOBase):
    def __init__(self, source: io.BufferedIOBase, copy: bytearray) -> None:
        self._source, self._copy = source, copy

    def read(self, size: int | None = -1, /) -> bytes:
        return self._kept(self._source.read(size))

    def readline(self, size: int | None = -1, /) -> bytes:
        return self._kept(self._source.readline(size))

    def _kept(self, got: bytes) -> bytes:
        self._copy.extend(got)
        return got


@contextmanager
def recording(server: str) -> Iterator[Record]:
    """Runs the proxy until the block ends. A browser uses it for every host when loopback is not bypassed."""
    allowed = urlsplit(server)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            super().setup()
            self.rfile = _Tee(self.rfile, record.raw)  # type: ignore[assignment]

        def forward(self) -> None:
            length = int(self.headers.get("content-length", 0))
            body = self.rfile.read(length)
            address = urlsplit(self.path)
            headers = {name.lower(): value for name, value in self.headers.items()}
            record.requests.append(Sent(self.command, address, headers, body))
            if address.netloc != allowed.netloc:
                self.send_error(502)
                return
            kept = {name: value for name, value in headers.items() if name != "proxy-connection"}
            path = address.path + (f"?{address.query}" if address.query else "")
            connection = http.client.HTTPConnection(address.netloc, timeout=60)
            connection.request(self.command, path, body, kept | {"connection": "close"})
            answer = connection.getresponse()
            content = answer.read()
            connection.close()
            self.send_response_only(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in ("connection", "transfer-encoding", "content-length"):
                    self.send_header(name, value)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_HEAD = do_OPTIONS = do_CONNECT = forward  # noqa: N815 - http.server's names

        def log_message(self, *_: object) -> None:
            pass

    proxy = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    record = Record(f"http://127.0.0.1:{proxy.server_port}")
    thread = threading.Thread(target=proxy.serve_forever)
    thread.start()
    try:
        yield record
    finally:
        proxy.shutdown()
        thread.join()
        proxy.server_close()
