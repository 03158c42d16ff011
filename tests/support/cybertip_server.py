"""The CyberTipline's reporting service as it is published, on this machine: for tests of what speaks to it.

Written from its public documentation. It keeps reports in memory, checks every document against the rules, deletes what
was left open for too long, and can be told to fail at one call, before or after it did what it was asked.
"""

from __future__ import annotations

import base64
import hashlib
import itertools
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs
from xml.etree.ElementTree import Element, SubElement, tostring

from defusedxml.ElementTree import fromstring

from takeback.clock import ManualClock
from takeback.wire.cybertip_rules import faults

USER, PASSWORD = "esp", "correct horse"
#: An open report is deleted so long after it was opened and so long after it was last changed, whichever is later.
OPEN_FOR, UNCHANGED_FOR = timedelta(hours=24), timedelta(hours=1)
SUCCESS, SERVER_ERROR, UPLOAD_FAILED, UNAUTHENTICATED = 0, 1000, 1110, 2000
BAD, INVALID, MALFORMED, NO_REPORT, NO_FILE, RETRACTED, FINISHED = 4000, 4100, 4110, 5001, 5002, 5101, 5102


@dataclass
class Received:
    """One report as the service has it."""

    document: bytes
    opened_at: datetime
    changed_at: datetime
    files: dict[str, bytes] = field(default_factory=dict)
    described: dict[str, bytes] = field(default_factory=dict)
    state: str = "open"


class BrokenError(Exception):
    """The connection ends without an answer."""


@dataclass
class CyberTipServer:
    """The service. `calls` has every call in order; `break_at` breaks one, `lie_about_hash` answers another MD5."""

    clock: ManualClock = field(default_factory=lambda: ManualClock(datetime(2026, 11, 26, 12, tzinfo=UTC)))
    reports: dict[str, Received] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    #: A path, and whether the call is done before the connection breaks. Forgotten once it has broken.
    break_at: tuple[str, bool] | None = None
    lie_about_hash: bool = False
    #: A path whose next call is done but answered only when the test lets it; `reached` says that it is.
    stall_at: str | None = None
    reached: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)
    url: str = ""
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(4001))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def of_state(self, state: str) -> list[Received]:
        """Gives the reports of a state: open, finished or retracted."""
        return [one for one in self.reports.values() if one.state == state]

    def answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        """Gives status and body for one call."""
        with self._lock:
            self.calls.append(path)
            if headers.get("authorization") != f"Basic {base64.b64encode(f'{USER}:{PASSWORD}'.encode()).decode()}":
                return 401, _response(UNAUTHENTICATED)
            broken, done_first = self.break_at or ("", False)
            if path == broken and not done_first:
                self.break_at = None
                raise BrokenError
            answer = self._act(method, path, headers, body)
            if path == broken:
                self.break_at = None
                raise BrokenError
            stalled, self.stall_at = path == self.stall_at, None if path == self.stall_at else self.stall_at
        if stalled:
            self.reached.set()
            self.go_on.wait(60)
        return 200, answer

    def _act(self, method: str, path: str, headers: dict[str, str], body: bytes) -> bytes:
        self._expire()
        kind = headers.get("content-type", "")
        match method, path:
            case "GET", "/status":
                return _response(SUCCESS)
            case "POST", "/submit":
                return self._submit(body) if kind.startswith("text/xml") else _response(BAD)
            case "POST", "/upload":
                return self._upload(kind, body)
            case "POST", "/fileinfo":
                return self._describe(body) if kind.startswith("text/xml") else _response(BAD)
            case "POST", "/finish" | "/retract":
                return self._end(path, parse_qs(body.decode()).get("id", [""])[0])
        return _response(1210)

    def _expire(self) -> None:
        now = self.clock.now()
        for id_, one in list(self.reports.items()):
            if one.state == "open" and now > max(one.opened_at + OPEN_FOR, one.changed_at + UNCHANGED_FOR):
                del self.reports[id_]

    def _submit(self, body: bytes) -> bytes:
        if wrong := faults(body):
            return _response(MALFORMED if wrong == ["is not well-formed XML"] else INVALID)
        id_ = str(next(self._numbers))
        self.reports[id_] = Received(body, self.clock.now(), self.clock.now())
        return _response(SUCCESS, reportId=id_)

    def _upload(self, kind: str, body: bytes) -> bytes:
        parts = BytesParser().parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + body).get_payload()
        form = {part.get_param("name", header="content-disposition"): part.get_payload(decode=True) for part in parts}
        if set(form) != {"id", "file"}:
            return _response(BAD)
        report, refused = self._open_report(form["id"].decode())
        if report is None:
            return refused
        file = hashlib.sha256(f"{form['id']!r}{len(report.files)}".encode()).hexdigest()[:32]
        report.files[file], report.changed_at = form["file"], self.clock.now()
        md5 = hashlib.md5(b"other" if self.lie_about_hash else form["file"], usedforsecurity=False).hexdigest()
        self.lie_about_hash = False
        return _response(SUCCESS, reportId=form["id"].decode(), fileId=file, hash=md5)

    def _describe(self, body: bytes) -> bytes:
        if wrong := faults(body):
            return _response(MALFORMED if wrong == ["is not well-formed XML"] else INVALID)
        root = fromstring(body)
        report, refused = self._open_report(root.findtext("reportId", ""))
        if report is None:
            return refused
        file = root.findtext("fileId", "")
        if file not in report.files:
            return _response(NO_FILE)
        report.described[file], report.changed_at = body, self.clock.now()
        return _response(SUCCESS, reportId=root.findtext("reportId", ""))

    def _end(self, path: str, id_: str) -> bytes:
        report, refused = self._open_report(id_)
        if report is None:
            return refused
        report.state = {"/finish": "finished", "/retract": "retracted"}[path]
        if path == "/retract":
            return _response(SUCCESS, reportId=id_)
        done = Element("reportDoneResponse")
        SubElement(done, "responseCode").text = "0"
        SubElement(done, "reportId").text = id_
        files = SubElement(done, "files")
        for file in report.files:
            SubElement(files, "fileId").text = file
        return tostring(done, encoding="utf-8")

    def _open_report(self, id_: str) -> tuple[Received | None, bytes]:
        report = self.reports.get(id_)
        if report is None:
            return None, _response(NO_REPORT)
        ended = {"finished": FINISHED, "retracted": RETRACTED}.get(report.state)
        return (report, b"") if ended is None else (None, _response(ended))


def _response(code: int, **more: str) -> bytes:
    root = Element("reportResponse")
    SubElement(root, "responseCode").text = str(code)
    SubElement(root, "responseDescription").text = "Success" if code == SUCCESS else f"Error {code}"
    for name, text in more.items():
        SubElement(root, name).text = text
    return tostring(root, encoding="utf-8")


@contextmanager
def cybertip_server() -> Iterator[CyberTipServer]:
    """Runs the service on a free port until the block ends."""
    service = CyberTipServer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _any(self) -> None:
            length = int(self.headers.get("content-length", 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            try:
                status, body = service.answer(
                    self.command, self.path.removeprefix("/ispws"), headers, self.rfile.read(length)
                )
            except BrokenError:
                self.close_connection = True
                return
            with suppress(ConnectionError):  # whoever asked may have been killed
                self._send(status, body)

        def _send(self, status: int, body: bytes) -> None:
            self.send_response(status)
            if status == 401:
                self.send_header("WWW-Authenticate", 'Basic realm="ESP Web Services"')
            self.send_header("Content-Type", "text/xml; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Request-ID", f"call-{len(service.calls)}")
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = _any  # noqa: N815 - the names that the server looks for

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service.url = f"http://127.0.0.1:{server.server_port}/ispws"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
