"""Who is asking: HTTP Message Signatures (RFC 9421) with Ed25519, the same profile on both sides.

Covered: method, path, query, and the digest of the body where there is one; with `created`, a `nonce`, the key id and
the tag `takeback-1`. The authority is left out, since proxies rewrite it; a key belongs to one clearinghouse anyway.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from http_message_signatures import (
    HTTPMessageSignaturesException,
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    algorithms,
)

from takeback.errors import NotAuthorisedError

TAG = "takeback-1"
#: How far the two clocks may differ, both ways.
MAX_SKEW = timedelta(minutes=5)
_KEY_ID = re.compile(r';keyid="(?P<id>[A-Za-z0-9._-]{1,40})"')
_COVERED = ("@method", "@path", "@query")
_COVERED_WITH_BODY = (*_COVERED, "content-digest")


@dataclass(frozen=True, slots=True)
class Signed:
    """A verified request: which key signed it, and the nonce that must not come twice."""

    key_id: str
    nonce: str


class _Headers(dict[str, str]):
    """Header fields as the library wants them: a mapping with lower-case names."""


@dataclass
class _Message:
    method: str
    url: str
    headers: _Headers


class _OneKey(HTTPSignatureKeyResolver):
    def __init__(self, find: Callable[[str], Ed25519PublicKey | Ed25519PrivateKey | None]) -> None:
        self._find = find

    def resolve_public_key(self, key_id: str) -> Ed25519PublicKey | None:
        return self._find(key_id)  # type: ignore[return-value]  # verifying looks up public keys only

    def resolve_private_key(self, key_id: str) -> Ed25519PrivateKey | None:
        return self._find(key_id)  # type: ignore[return-value]  # signing looks up private keys only


def sign_request(
    *,
    method: str,
    url: str,
    body: bytes,
    key: Ed25519PrivateKey,
    key_id: str,
    created: datetime,
    nonce: bytes,
) -> Mapping[str, str]:
    """Gives the headers to add to a request. `url` is the whole address, with its query."""
    message = _Message(method, url, _Headers())
    signer = HTTPMessageSigner(signature_algorithm=algorithms.ED25519, key_resolver=_OneKey(lambda _: key))
    signer.sign(
        message,
        key_id=key_id,
        created=created,
        nonce=base64.urlsafe_b64encode(nonce).decode("ascii"),
        label="takeback",
        tag=TAG,
        covered_component_ids=_COVERED_WITH_BODY if body else _COVERED,
        body=body or None,
    )
    return {name.lower(): value for name, value in message.headers.items()}


def verify_request(
    *,
    method: str,
    url: str,
    headers: Iterable[tuple[str, str]],
    body: bytes,
    find_key: Callable[[str], Ed25519PublicKey | None],
    now: datetime,
) -> Signed:
    """Gives who signed the request, or raises NotAuthorisedError. The caller refuses a nonce that it has seen."""
    message = _Message(method, url, _Headers({name.lower(): value for name, value in headers}))
    verifier = HTTPMessageVerifier(signature_algorithm=algorithms.ED25519, key_resolver=_OneKey(find_key))
    try:
        results = verifier.verify(
            message,
            max_age=MAX_SKEW,
            expect_tag=TAG,
            require_components=_COVERED_WITH_BODY if body else _COVERED,
            body=body or None,
        )
        parameters = results[0].parameters
        key_id, nonce = str(parameters["keyid"]), results[0].nonce
        created = int(parameters["created"])
    except (HTTPMessageSignaturesException, KeyError, IndexError, ValueError, TypeError):
        raise _refusal() from None
    if not nonce or abs(now.timestamp() - created) > MAX_SKEW.total_seconds():
        raise _refusal()
    return Signed(key_id, nonce)


def key_id_of(signature_input: str) -> str | None:
    """Gives the key id that a Signature-Input header claims, so that the key can be fetched before verifying."""
    claimed = _KEY_ID.search(signature_input)
    return claimed["id"] if claimed else None


def _refusal() -> NotAuthorisedError:
    return NotAuthorisedError(
        "The request is not signed by a participant. Sign it with the key from `takeback participant invite` "
        "(HTTP Message Signatures, Ed25519), and check that this machine's clock is right."
    )
