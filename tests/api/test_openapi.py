"""Schemathesis against our own OpenAPI: no 500, and no answer that the document does not announce."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from support.servers import ClearinghouseServer
from support.signing import Signer

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

    @settings(max_examples=120 if signed else 25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(schema[path][method].as_strategy())
    def ask(case: schemathesis.Case) -> None:
        if isinstance((case.query or {}).get("wait"), int):
            case.query["wait"] = min(case.query["wait"], 1)  # that readers wait: test_news.py
        answer = case.call(auth=signer if signed else None)
        case.validate_response(answer, checks=CHECKS)
        seen.add(answer.status_code)

    ask()
    assert seen
