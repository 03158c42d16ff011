"""The public zone: the person's page, intake and the receipt. Write-only: nothing here reads the list."""

from __future__ import annotations

from typing import Any

from litestar import MediaType, Request, Response, Router, get, post

from takeback.apps.admission import INTAKE, ZONE
from takeback.apps.bundle import bundle_handler, bundle_of
from takeback.apps.dependencies import TheIntake, TheSettings
from takeback.apps.installed import TheClock, TheDatabase
from takeback.apps.limits import limit_guard
from takeback.apps.networks import Networks
from takeback.apps.page import page_routers
from takeback.apps.problems import answers
from takeback.apps.proof import ProofOfWork
from takeback.apps.public_pages import public_routers
from takeback.clearinghouse.keys import proof_key
from takeback.clearinghouse.links import use_link
from takeback.clearinghouse.receipts import status_of
from takeback.clearinghouse.retention import renew
from takeback.clearinghouse.withdrawal import keep, withdraw, withdraw_later
from takeback.clock import Clock
from takeback.errors import (
    ConflictError,
    InvalidInputError,
    ProofNeededError,
    TooCommonError,
    TooLargeError,
    TooManyRequestsError,
    UnavailableError,
)
from takeback.service import load_logo, load_service
from takeback.settings import Settings
from takeback.wire import intake as wire
from takeback.wire.json import encode
from takeback.wire.trust_rules import TrustRulesBody, trust_rules

#: Answers to status questions are padded to a multiple of this many bytes, so that their size tells nothing.
PAD_BYTES = 32_768

_ASKED = (InvalidInputError, TooLargeError, TooManyRequestsError, UnavailableError)
_NO_STORE = {"cache-control": "no-store"}


@post(
    "/v1/submissions",
    status_code=201,
    responses=answers(
        *(InvalidInputError, TooLargeError, ConflictError, TooCommonError),
        *(ProofNeededError, UnavailableError),
    ),
)
async def submit(request: Request[Any, Any, Any], data: wire.SubmissionBody, intake: TheIntake) -> wire.AcceptedBody:
    """Takes fingerprints in. Answers when every entry is on disk; sending the same again is safe.

    While very much comes in it asks for a proof of work, in the header `takeback-proof` (spec/intake.md).
    """
    accepted = await intake.ask(wire.submission(data))
    request.state.taken_in()
    return wire.AcceptedBody(accepted)


@get("/v1/trust-rules", sync_to_thread=False)
def rules() -> TrustRulesBody:
    """Says what moves an entry from tier to tier, and what each tier allows."""
    return trust_rules()


@post("/v1/receipts/status", status_code=200, responses=answers(*_ASKED))
async def receipt_status(data: wire.SecretsBody, database: TheDatabase, settings: TheSettings) -> wire.StatusBody:
    """Says how each entry stands whose secret is sent; unknown, expired and withdrawn answer alike."""
    return wire.status(await status_of(database, wire.secrets(data), settings))


@post("/v1/receipts/withdraw", status_code=204, responses=answers(InvalidInputError, TooLargeError, UnavailableError))
async def receipt_withdraw(data: wire.SecretsBody, database: TheDatabase) -> None:
    """Takes entries back. When this has answered, they are off the list."""
    await withdraw(database, wire.secrets(data))


@post("/v1/receipts/withdraw-later", status_code=204, responses=answers(*_ASKED))
async def receipt_withdraw_later(data: wire.SecretsBody, database: TheDatabase, clock: TheClock) -> None:
    """Takes entries back in a day or two. Until then nothing changes, and they can be kept."""
    await withdraw_later(database, clock, wire.secrets(data))


@post("/v1/receipts/keep", status_code=204, responses=answers(*_ASKED))
async def receipt_keep(data: wire.SecretsBody, database: TheDatabase) -> None:
    """Keeps entries that were to be taken back later."""
    await keep(database, wire.secrets(data))


@post("/v1/receipts/renew", status_code=204, responses=answers(*_ASKED))
async def receipt_renew(data: wire.SecretsBody, database: TheDatabase, clock: TheClock) -> None:
    """Has the time after which entries expire begin again."""
    await renew(database, clock, wire.secrets(data))


@post(
    "/v1/links/use",
    status_code=204,
    responses=answers(InvalidInputError, TooLargeError, ConflictError, UnavailableError),
)
async def link_use(data: wire.LinkBody, database: TheDatabase, clock: TheClock) -> None:
    """Uses a counsellor's link: once. Nothing is sent with it, and nothing is kept beside it."""
    await use_link(database, clock, wire.link_digest(data))


async def pad(response: Response[object]) -> Response[object]:
    """Pads a status answer with spaces, which JSON ignores."""
    body = encode(response.content)
    padded = body + b" " * (-len(body) % PAD_BYTES)
    return Response(padded, media_type=MediaType.JSON, status_code=response.status_code)


def portal_router(settings: Settings, clock: Clock) -> Router:
    """Gives the zone: the API, and the built page where there is one."""
    networks = Networks(clock, settings.proxy_address_header)
    proof = ProofOfWork(settings, clock, networks, proof_key(settings.data_path))
    limit = limit_guard(settings.receipt_questions_a_minute, clock, networks.of)
    asked = [receipt_status, receipt_withdraw_later, receipt_keep, receipt_renew]
    receipt_status.after_request = pad
    bundle = bundle_of(settings.portal_path)  # read once: nothing that is put there later is served either
    api = Router(
        "/",
        route_handlers=[
            Router("/", route_handlers=[submit], guards=[proof.guard]),
            Router("/", route_handlers=asked, guards=[limit]),
            *(receipt_withdraw, link_use, rules, bundle_handler(bundle)),  # taking back is never limited
        ],
        response_headers=_NO_STORE,
        request_max_body_size=settings.intake_body_limit_bytes,
        opt={ZONE: INTAKE},
    )
    service = load_service(settings.portal_file)
    logo = load_logo(settings.portal_file, service)
    pages = page_routers(settings.portal_path, service, bundle.digest) + public_routers(
        settings.portal_path, service, logo
    )
    return Router("/", route_handlers=[api, *pages])
