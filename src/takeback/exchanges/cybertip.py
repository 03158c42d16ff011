"""The CyberTipline over HTTP: opened, uploaded, described, finished (or retracted).

The status of HTTP says little: what an answer means stands in its body. Only calls that may be repeated are: asking,
describing, finishing and retracting. A report is never opened twice by itself, and a file never uploaded twice.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

import httpx2
import stamina

from takeback.closing import Closing
from takeback.errors import (
    ConflictError,
    InvalidInputError,
    NotAuthorisedError,
    NotFoundError,
    SettingsError,
    TakebackError,
    UnavailableError,
)
from takeback.exchanges.authority import Given
from takeback.model.report import Report, ReportedFile
from takeback.wire import cybertip as wire
from takeback.wire.cybertip_rules import faults

#: How often a call that may be repeated is tried.
TRIES = 3
#: Stand in a rehearsal for the ids that the service would give.
REHEARSED_REPORT, REHEARSED_FILE = "0", "0" * 32
_THIS_MACHINE = ("127.0.0.1", "::1", "localhost")
_UNAUTHORISED = {2000, 3000, 3100, 3300}
_UNKNOWN = {5001, 5002}
_RETRACTED, _FINISHED = 5101, 5102
_REFUSED = range(4000, 5000)


class CyberTipline(Closing):
    """One account at one address. `close` ends its connections.

    Raises SettingsError for an address without TLS, unless it is this machine's own: what is sent is a picture.
    """

    name = "cybertipline"

    def __init__(
        self, url: str, user: str, password: str, *, timeout_s: float, transport: httpx2.BaseTransport | None = None
    ) -> None:
        there = urlsplit(url)
        if there.scheme != "https" and there.hostname not in _THIS_MACHINE:
            raise SettingsError("cybertip_url: is no https:// address. Give the one that NCMEC gave.")
        self._client = httpx2.Client(
            base_url=url.rstrip("/"), auth=(user, password), timeout=timeout_s, transport=transport
        )

    def __repr__(self) -> str:
        return f"CyberTipline({str(self._client.base_url)!r})"

    def close(self) -> None:
        """Ends the connections."""
        self._client.close()

    def status(self) -> Given:
        """Asks whether the service is there and takes our credentials."""
        return self._again("GET", "/status")

    def rehearse(self, report: Report) -> Mapping[str, bytes]:
        """Gives the documents that would be sent, by file name. Raises InvalidInputError where a rule is broken."""
        made = {"report.xml": wire.report_bytes(report)}
        for place, file in enumerate(report.files, 1):
            made[f"file-{place}.xml"] = wire.file_bytes(file, report=REHEARSED_REPORT, theirs=REHEARSED_FILE)
        for name, document in made.items():
            _must_keep_rules(name, document)
        return made

    def open(self, report: Report) -> Given:
        """Opens a report and gives its id. Never repeated by itself."""
        answer, request = self._ask("POST", "/submit", content=_checked("report.xml", wire.report_bytes(report)))
        return Given(_needed(answer.report), request)

    def upload(self, theirs: str, content: Iterator[bytes], size: int) -> Given:
        """Uploads a file of `size` bytes, compares what was received with what was sent, and gives the file's id.

        Raises InvalidInputError where the service received something else: the report is then to be retracted.
        """
        digest, boundary = hashlib.md5(usedforsecurity=False), secrets.token_hex(16)
        before, after = _around_file(boundary, theirs)
        headers = {
            "content-type": f"multipart/form-data; boundary={boundary}",
            "content-length": str(len(before) + size + len(after)),
        }

        def body() -> Iterator[bytes]:
            yield before
            for chunk in content:
                digest.update(chunk)
                yield chunk
            yield after

        answer, request = self._ask("POST", "/upload", content=body(), headers=headers)
        if answer.hash != digest.hexdigest():
            raise InvalidInputError(
                field="file",
                problem="arrived as something else than was sent.",
                remedy="Retract the report and send it anew.",
            )
        return Given(_needed(answer.file), request)

    def describe(self, theirs: str, file_id: str, file: ReportedFile) -> Given:
        """Describes an uploaded file; saying it again changes nothing."""
        document = _checked("file.xml", wire.file_bytes(file, report=theirs, theirs=file_id))
        return self._again("POST", "/fileinfo", content=document)

    def finish(self, theirs: str) -> Given:
        """Finishes a report: from then on it stands. Raises ConflictError for one that is retracted."""
        return self._again("POST", "/finish", data={"id": theirs}, done=_FINISHED)

    def retract(self, theirs: str) -> Given:
        """Takes back a report that is not finished. Raises ConflictError for one that is."""
        return self._again("POST", "/retract", data={"id": theirs}, done=_RETRACTED)

    def _again(
        self,
        method: str,
        path: str,
        *,
        content: bytes | None = None,
        data: Mapping[str, str] | None = None,
        done: int | None = None,
    ) -> Given:
        for attempt in stamina.retry_context(on=UnavailableError, attempts=TRIES):
            with attempt:
                answer, request = self._ask(method, path, content=content, data=data, done=done)
                return Given(answer.report or "", request)
        raise UnavailableError("The CyberTipline was not asked.")

    def _ask(
        self,
        method: str,
        path: str,
        *,
        content: bytes | Iterator[bytes] | None = None,
        data: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        done: int | None = None,
    ) -> tuple[wire.Answer, str | None]:
        if isinstance(content, bytes):
            headers = {"content-type": wire.MEDIA_TYPE}
        try:
            answer = self._client.request(method, path, content=content, data=data, headers=headers)
        except httpx2.TransportError as error:
            raise UnavailableError(f"The CyberTipline did not answer ({type(error).__name__}).") from None
        request = answer.headers.get("request-id")
        if answer.status_code == httpx2.codes.UNAUTHORIZED:
            raise NotAuthorisedError("The CyberTipline does not take these credentials. Check cybertip_user.")
        if answer.status_code >= httpx2.codes.INTERNAL_SERVER_ERROR:
            raise UnavailableError(f"The CyberTipline answered {answer.status_code}.")
        said = wire.answer(answer.content)
        if said.code not in (0, done):
            raise _error(said, request)
        return said, request


def _around_file(boundary: str, theirs: str) -> tuple[bytes, bytes]:
    """Gives what stands in the form before a file and behind it: the report's id; the file's name says nothing."""
    before = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="id"\r\n\r\n{theirs}\r\n'
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="file"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    )
    return before.encode(), f"\r\n--{boundary}--\r\n".encode()


def _checked(name: str, document: bytes) -> bytes:
    _must_keep_rules(name, document)
    return document


def _must_keep_rules(name: str, document: bytes) -> None:
    if wrong := faults(document):
        raise InvalidInputError(
            field=name, problem=f"breaks the schema: {'; '.join(wrong)}.", remedy="Build the report anew without that."
        )


def _needed(id_: str | None) -> str:
    if id_ is None:
        raise UnavailableError("The answer carries no id. What was done is not known.")
    return id_


def _error(said: wire.Answer, request: str | None) -> TakebackError:
    """Gives the error of our tree that a code stands for. The service's description may repeat what was sent."""
    call = f" (their Request-ID is {request})" if request else ""
    if said.code in _UNAUTHORISED:
        return NotAuthorisedError(f"The CyberTipline does not let us do this: code {said.code}{call}.")
    if said.code in _UNKNOWN:
        return NotFoundError(f"The CyberTipline does not know this report (any more): code {said.code}{call}.")
    if said.code in (_RETRACTED, _FINISHED):
        ended = "retracted" if said.code == _RETRACTED else "finished"
        return ConflictError(f"The report is {ended} already: code {said.code}{call}.")
    if said.code in _REFUSED:
        return InvalidInputError(
            field="report",
            problem=f"is refused by the CyberTipline with code {said.code}{call}.",
            remedy="Compare it with the schema at its address /xsd.",
        )
    return UnavailableError(f"The CyberTipline could not do it: code {said.code}{call}.")
