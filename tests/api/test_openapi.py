"""Schemathesis against our own OpenAPI: no 500, and no answer that the document does not announce."""

from __future__ import annotations

import os

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from support.dialects import document
from support.members import Member
from support.servers import ClearinghouseServer
from support.signing import Signer

#: The dialects of stock clients, which are not in our own document.
DIALECTS = {
    ("GET", "/hashsharing/v2/status"),
    ("GET", "/hashsharing/v2/members"),
    ("GET", "/hashsharing/v2/entries"),
    ("GET", "/hashsharing/v2/feedback/{type_}/reasons"),
    ("PUT", "/hashsharing/v2/entries/{member}/{entry}/{type_}/feedback"),
    ("GET", "/stopncii/v1/FetchHashes"),
    ("POST", "/stopncii/v1/SubmitHashes"),
    ("POST", "/stopncii/v1/SubmitFeedback"),
    ("POST", "/arachnid/v1/pdq"),
    ("POST", "/arachnid/v1/media"),
    ("POST", "/arachnid/v1/url"),
}
#: What may be answered to anything there, but for 200.
REFUSALS = {400, 404, 405, 413, 429}
#: Of each operation, in the suite; `make fuzz` draws more.
EXAMPLES = int(os.environ.get("TAKEBACK_EXAMPLES", "40"))
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
OPERATIONS = {
    ("POST", "/v1/submissions"),
    ("POST", "/v1/receipts/status"),
    ("POST", "/v1/receipts/withdraw"),
    ("POST", "/v1/receipts/withdraw-later"),
    ("POST", "/v1/receipts/keep"),
    ("POST", "/v1/receipts/renew"),
    ("GET", "/v1/trust-rules"),
    ("POST", "/v1/receipts/log"),
    ("POST", "/v1/links/use"),
    ("GET", "/v1/transparency"),
    ("GET", "/v1/page"),
    ("GET", "/v1/changes"),
    ("GET", "/v1/snapshot"),
    ("GET", "/v1/files"),
    ("GET", "/v1/files/text/{address}"),
    ("GET", "/v1/files/names/{address}"),
    ("POST", "/v1/feedback"),
    ("POST", "/v1/hits"),
    ("POST", "/v1/key"),
    ("GET", "/v1/agreement"),
    ("POST", "/v1/agreement"),
    ("POST", "/v1/applications"),
    ("GET", "/v1/applications/{application}"),
    ("POST", "/v1/applications/{application}/code"),
}


@pytest.fixture(scope="session")
def schema(server: ClearinghouseServer) -> schemathesis.BaseSchema:
    return schemathesis.openapi.from_url(f"{server.url}/schema/openapi.json")


def test_the_document_describes_every_address(schema: schemathesis.BaseSchema) -> None:
    described = {(found.ok().method.upper(), found.ok().path) for found in schema.get_all_operations()}
    assert described == OPERATIONS


@pytest.mark.parametrize("signed", [True, False], ids=["signed", "unsigned"])
@pytest.mark.parametrize(("method", "path"), sorted(OPERATIONS))
def test_every_answer_is_announced(
    schema: schemathesis.BaseSchema, signer: Signer, method: str, path: str, signed: bool
) -> None:
    seen = set()

    @settings(
        max_examples=EXAMPLES if signed else EXAMPLES // 2, deadline=None, suppress_health_check=list(HealthCheck)
    )
    @given(schema[path][method].as_strategy())
    def ask(case: schemathesis.Case) -> None:
        if isinstance((case.query or {}).get("wait"), int):
            case.query["wait"] = min(case.query["wait"], 1)  # that readers wait: test_news.py
        answer = case.call(auth=signer if signed else None)
        case.validate_response(answer, checks=CHECKS)
        seen.add(answer.status_code)

    ask()
    assert seen


@pytest.fixture(scope="module")
def dialects(server: ClearinghouseServer, tmp_path_factory: pytest.TempPathFactory) -> schemathesis.BaseSchema:
    made = schemathesis.openapi.from_dict(document(tmp_path_factory.mktemp("dialects")))
    made.config.update(base_url=server.url)
    return made


def test_the_document_for_tests_describes_every_dialect(dialects: schemathesis.BaseSchema) -> None:
    assert {(found.ok().method.upper(), found.ok().path) for found in dialects.get_all_operations()} == DIALECTS


@pytest.mark.parametrize(("method", "path"), sorted(DIALECTS))
def test_whatever_a_stock_client_asks_is_answered(
    dialects: schemathesis.BaseSchema, member: Member, method: str, path: str
) -> None:
    """With a password, or with the two header keys: nothing breaks, and every refusal is a problem document."""
    headers = dict(member.stopncii.headers) if path.startswith("/stopncii") else {}
    auth = None if headers else (member.user, member.password)
    names = ("x-functions-key", "ocp-apim-subscription-key")
    keys = {name: value for name, value in headers.items() if name in names}
    seen = set()

    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
    @given(dialects[path][method].as_strategy())
    def ask(case: schemathesis.Case) -> None:
        answer = case.call(auth=auth, headers=keys)
        assert answer.status_code == 200 or answer.status_code in REFUSALS, answer.status_code
        if answer.status_code != 200:
            assert answer.headers["content-type"][0].startswith("application/problem+json")
        seen.add(answer.status_code)

    ask()
    assert seen - {429}
