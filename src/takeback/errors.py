"""Every error that Takeback raises on purpose, in one tree, and what each one means at the edges.

    TakebackError
    ├── InvalidInputError        the caller's data is wrong; names the field and the remedy
    │   ├── TooLargeError        the body, file or batch is over a named limit
    │   └── TooCommonError       a pattern or public picture that very many files share: it cannot be listed
    ├── NotAuthorisedError       no valid signature
    │   └── SuspendedError       valid, but the operator has suspended this participant
    ├── NotFoundError            no such thing here, or not for you
    ├── MethodNotAllowedError    the path exists, the HTTP method does not
    ├── ConflictError            it contradicts what is already kept
    ├── UnavailableError         a network, database or service did not answer; try again
    │   └── TooManyRequestsError too often; says when to come back
    │       └── ProofNeededError much comes in at once; solve the challenge that comes with it and send again
    ├── UntrustedListError       a page or replica does not prove what it claims; nothing of it was kept
    ├── StaleListError           the replica is too old to be asked
    ├── IndexFileError           the file of a search index is damaged or of another version; it is made anew
    ├── SealedFileError          a sealed file is damaged, or its key is another one
    ├── SettingsError            a setting, file or key of this installation is missing or wrong
    └── NativeCoreError          the C core is missing or does not fit this package

A message names the field and the remedy, and never holds a fingerprint, a file name, an address or a credential.
Anything outside this tree is a bug: a bare 500 without user data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar


class TakebackError(Exception):
    """The root. Never raised itself; catch it to catch everything that Takeback raises on purpose."""

    code: ClassVar[str]


class InvalidInputError(TakebackError):
    """The caller's data is wrong. Nothing of it was kept."""

    code = "invalid-input"

    def __init__(self, *, field: str, problem: str, remedy: str) -> None:
        super().__init__(f"{field}: {problem} {remedy}")
        self.field = field
        self.problem = problem
        self.remedy = remedy


class TooLargeError(InvalidInputError):
    """A body, file or batch is over a named limit."""

    code = "too-large"


class TooCommonError(InvalidInputError):
    """A fingerprint belongs to a pattern or public picture that very many files share. Nothing was kept."""

    code = "too-common"


class NotAuthorisedError(TakebackError):
    """The request carries no valid signature of a participant."""

    code = "not-authorised"


class SuspendedError(NotAuthorisedError):
    """The signature is valid, but the operator has suspended this participant."""

    code = "suspended"


class NotFoundError(TakebackError):
    """There is no such thing here, or not for this caller."""

    code = "not-found"


class MethodNotAllowedError(TakebackError):
    """The path exists, but not with this HTTP method."""

    code = "method-not-allowed"


class ConflictError(TakebackError):
    """The request contradicts what is already kept."""

    code = "conflict"


class UnavailableError(TakebackError):
    """A network, database or service did not answer in time. Trying again may help."""

    code = "unavailable"


class TooManyRequestsError(UnavailableError):
    """Too many requests in a short time. `retry_after_s` says after how many seconds the next one is taken."""

    code = "too-many-requests"

    def __init__(self, message: str, retry_after_s: int) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class ProofNeededError(TooManyRequestsError):
    """Much comes in at once: send the solution of `challenge` with the same request (spec/intake.md)."""

    code = "proof-needed"

    def __init__(self, message: str, challenge: Mapping[str, object]) -> None:
        super().__init__(message, 0)
        self.challenge = challenge


class UntrustedListError(TakebackError):
    """A page or replica does not prove what it claims. Nothing of it was kept."""

    code = "untrusted-list"


class StaleListError(TakebackError):
    """The replica is too old to be asked: answering would match withdrawn entries and miss new ones."""

    code = "stale-list"


class IndexFileError(TakebackError):
    """The file of a search index is damaged or of another version. It holds nothing of its own: delete it."""

    code = "index-file"


class SealedFileError(TakebackError):
    """A sealed file is damaged or cut off, or its key is another one. Nothing of it may be taken as whole."""

    code = "sealed-file"


class SettingsError(TakebackError):
    """A setting, file or key of this installation is missing or wrong."""

    code = "settings"


class NativeCoreError(TakebackError):
    """The C core is missing or does not fit this package."""

    code = "native-core"


@dataclass(frozen=True, slots=True)
class Edge:
    """What one error code means to an HTTP client and to a shell."""

    status: int
    exit_code: int
    title: str


#: The one table from code to the edges. `spec/errors.md` is generated from it (scripts/write_reference.py).
EDGES: dict[str, Edge] = {
    InvalidInputError.code: Edge(400, 2, "A field is not as it should be"),
    TooLargeError.code: Edge(413, 2, "Over a limit"),
    TooCommonError.code: Edge(422, 2, "Too many files look like this"),
    NotAuthorisedError.code: Edge(401, 3, "No valid signature"),
    SuspendedError.code: Edge(403, 3, "Suspended by the operator"),
    NotFoundError.code: Edge(404, 4, "Not found"),
    MethodNotAllowedError.code: Edge(405, 4, "Method not allowed"),
    ConflictError.code: Edge(409, 5, "Contradicts what is already kept"),
    UnavailableError.code: Edge(503, 6, "Not available now"),
    TooManyRequestsError.code: Edge(429, 6, "Too many requests"),
    ProofNeededError.code: Edge(429, 6, "A proof of work is needed"),
    UntrustedListError.code: Edge(502, 7, "The list does not prove what it claims"),
    StaleListError.code: Edge(503, 8, "The list is too old to be asked"),
    IndexFileError.code: Edge(500, 9, "The index file cannot be used"),
    SealedFileError.code: Edge(500, 9, "A sealed file does not open"),
    SettingsError.code: Edge(500, 9, "This installation is not set up correctly"),
    NativeCoreError.code: Edge(500, 9, "The C core is missing or does not fit"),
}
