"""Who may open what: every route of the application, and everybody who could ask. A new route has to be put in here."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator
from enum import Enum
from pathlib import Path

import httpx2
import pytest

from support.console import COOKIE, ConsoleDesk
from support.members import invited, put_in
from support.servers import ClearinghouseServer
from support.signing import Signer
from takeback.apps.clearinghouse import create_app
from takeback.apps.public_pages import PAGES
from takeback.clearinghouse.header_keys import HeaderKeys, give_header_keys
from takeback.clearinghouse.keys import password_key
from takeback.clearinghouse.participants import give_password, leave
from takeback.clock import SystemClock
from takeback.model.operator import AUTHORITY_ROLES, Operator, Role
from takeback.model.participant import ParticipantState
from takeback.settings import Settings
from takeback.staff.operators import close_account
from takeback.staff.sessions import csrf_token
from takeback.storage.database import Database

LANGUAGES = ("en", "es", "fr", "de", "pt", "ar", "uk", "hi")


class Who(Enum):
    """For whom a route is."""

    ANYBODY = "anybody"
    SIGNATURE = "a participant that signs"
    PASSWORD = "a participant with a password"
    HEADER_KEYS = "a participant with two header keys"
    VIEWER = Role.VIEWER
    OPERATOR = Role.OPERATOR
    ADMINISTRATOR = Role.ADMINISTRATOR


#: Every route. What is for operators names the least role; whoever may more, may that too.
TABLE: dict[str, Who] = {
    # The process.
    "GET /health": Who.ANYBODY,
    "GET /ready": Who.ANYBODY,
    # The public log and figures.
    "GET /log/checkpoint": Who.ANYBODY,
    "GET /log/key": Who.ANYBODY,
    "GET /log/tile/{name:path}": Who.ANYBODY,
    "GET /v1/transparency": Who.ANYBODY,
    # The portal: pages, intake and the receipt.
    **{f"GET /{tag}": Who.ANYBODY for tag in ("", *LANGUAGES)},
    **{f"GET /{page}": Who.ANYBODY for page in PAGES if page != "imprint"},
    **{f"GET /{tag}/{page}": Who.ANYBODY for tag in LANGUAGES for page in PAGES if page != "imprint"},
    "GET /assets/{name:str}": Who.ANYBODY,
    "GET /bye": Who.ANYBODY,
    "GET /v1/page": Who.ANYBODY,
    "POST /v1/submissions": Who.ANYBODY,
    "POST /v1/receipts/status": Who.ANYBODY,
    "POST /v1/receipts/withdraw": Who.ANYBODY,
    "POST /v1/receipts/withdraw-later": Who.ANYBODY,
    "POST /v1/receipts/keep": Who.ANYBODY,
    "POST /v1/receipts/renew": Who.ANYBODY,
    "POST /v1/receipts/log": Who.ANYBODY,
    "POST /v1/links/use": Who.ANYBODY,
    "GET /v1/trust-rules": Who.ANYBODY,
    # Whoever wants to take part.
    "GET /join": Who.ANYBODY,
    "POST /join": Who.ANYBODY,
    "GET /join/{application:str}": Who.ANYBODY,
    "POST /join/{application:str}": Who.ANYBODY,
    "GET /test-pictures/{name:str}": Who.ANYBODY,
    "GET /v1/agreement": Who.ANYBODY,
    "POST /v1/applications": Who.ANYBODY,
    "GET /v1/applications/{application:str}": Who.ANYBODY,
    "POST /v1/applications/{application:str}/code": Who.ANYBODY,
    # The exchange.
    "GET /v1/changes": Who.SIGNATURE,
    "GET /v1/snapshot": Who.SIGNATURE,
    "GET /v1/files": Who.SIGNATURE,
    "GET /v1/files/text/{address:str}": Who.ANYBODY,  # who has the address was told it; what is there is sealed
    "GET /v1/files/names/{address:str}": Who.ANYBODY,
    "POST /v1/feedback": Who.SIGNATURE,
    "POST /v1/key": Who.SIGNATURE,
    "POST /v1/hits": Who.SIGNATURE,
    "POST /v1/agreement": Who.SIGNATURE,
    # Hash sharing.
    "GET /hashsharing/v2/status": Who.PASSWORD,
    "GET /hashsharing/v2/members": Who.PASSWORD,
    "GET /hashsharing/v2/entries": Who.PASSWORD,
    "GET /hashsharing/v2/feedback/{type_:str}/reasons": Who.PASSWORD,
    "PUT /hashsharing/v2/entries/{member:int}/{entry:str}/{type_:str}/feedback": Who.PASSWORD,
    # StopNCII's dialect, and look-ups.
    "GET /stopncii/v1/FetchHashes": Who.HEADER_KEYS,
    "POST /stopncii/v1/SubmitHashes": Who.HEADER_KEYS,
    "POST /stopncii/v1/SubmitFeedback": Who.HEADER_KEYS,
    "POST /arachnid/v1/pdq": Who.PASSWORD,
    "POST /arachnid/v1/media": Who.PASSWORD,
    "POST /arachnid/v1/url": Who.PASSWORD,
    # The console: its door and its files.
    "GET /console/sign-in": Who.ANYBODY,
    "POST /console/sign-in": Who.ANYBODY,
    "GET /console/enrol": Who.ANYBODY,
    "POST /console/enrol/open": Who.ANYBODY,
    "POST /console/enrol": Who.ANYBODY,
    "GET /console/style.css": Who.ANYBODY,
    "GET /console/passkey.js": Who.ANYBODY,
    "GET /console/icon.svg": Who.ANYBODY,
    # The console: counts, plots, and one's own account.
    "GET /console": Who.VIEWER,
    "GET /console/negative": Who.OPERATOR,
    "GET /console/statistics": Who.VIEWER,
    "GET /console/health": Who.VIEWER,
    "GET /console/participants": Who.VIEWER,
    "GET /console/participants/{id_:str}": Who.VIEWER,
    "GET /console/account": Who.VIEWER,
    "POST /console/account/passkeys": Who.VIEWER,
    "POST /console/account/passkeys/{id_:str}/remove": Who.VIEWER,
    "POST /console/sign-out": Who.VIEWER,
    # The console: what operators do.
    "GET /console/audit": Who.OPERATOR,
    "GET /console/suspended": Who.OPERATOR,
    "GET /console/proposals": Who.OPERATOR,
    "GET /console/proposals/new": Who.OPERATOR,
    "POST /console/proposals": Who.OPERATOR,
    "POST /console/proposals/{id_:str}/carry-out": Who.OPERATOR,
    "POST /console/proposals/{id_:str}/refuse": Who.OPERATOR,
    "POST /console/participants/{id_:str}/suspend": Who.OPERATOR,
    "POST /console/participants/{id_:str}/agreed": Who.OPERATOR,
    "GET /console/applications": Who.OPERATOR,
    "GET /console/applications/{id_:str}": Who.OPERATOR,
    "POST /console/applications/{id_:str}/verify": Who.OPERATOR,
    "POST /console/applications/{id_:str}/admit": Who.OPERATOR,
    "POST /console/applications/{id_:str}/refuse": Who.OPERATOR,
    "POST /console/suspended/release-held": Who.OPERATOR,
    "GET /console/entry": Who.OPERATOR,
    "GET /console/entry/{id_:str}": Who.OPERATOR,
    "POST /console/entry/{id_:str}/suspend": Who.OPERATOR,
    "GET /console/decoys": Who.OPERATOR,
    "POST /console/decoys": Who.OPERATOR,
    "POST /console/decoys/{id_:str}/withdraw": Who.OPERATOR,
    "POST /console/decoys/{id_:str}/found": Who.OPERATOR,
    # The console: who else may come in, how it is set up, and fingerprints.
    "GET /console/settings": Who.ADMINISTRATOR,
    "GET /console/operators": Who.ADMINISTRATOR,
    "POST /console/operators": Who.ADMINISTRATOR,
    "POST /console/operators/{id_:str}/enrol": Who.ADMINISTRATOR,
    "POST /console/operators/{id_:str}/role": Who.ADMINISTRATOR,
    "POST /console/operators/{id_:str}/close": Who.ADMINISTRATOR,
    "POST /console/entry/{id_:str}/fingerprints": Who.ADMINISTRATOR,
    "POST /console/participants/{id_:str}/leave": Who.ADMINISTRATOR,
    # Comes last: it ends the other sessions of the test.
    "POST /console/account/sign-out-others": Who.VIEWER,
}
#: What goes in place of a path's parts: nothing that exists.
PARTS = {"member": "1", "type_": "md5"}
Ask = Callable[[str, str], httpx2.Response]
#: What a participant asks with.
CREDENTIALS = ("signature", "password", "header keys")
#: One in the sandbox may ask for everything that an active one may: what it is shown are test entries. The others of
#: these may what anybody may.
SHUT_OUT = (ParticipantState.SUSPENDED, ParticipantState.LEFT)
CLOSED = "closed"
CALLERS = (
    "anonymous",
    *AUTHORITY_ROLES,
    *(f"{CLOSED} {role}" for role in AUTHORITY_ROLES),
    *(f"{state} {credential}" for state in ParticipantState for credential in CREDENTIALS),
)


def routes(folder: Path) -> set[str]:
    """Every route of the application as it is wired; of /schema, which the framework brings, none has a secret."""
    app = create_app(Settings(data_dir=str(folder)))
    every = {f"{method} {route.path}" for route in app.routes for method in getattr(route, "methods", ())}
    return {one for one in every if not one.startswith("OPTIONS ") and not one.split(" ")[1].startswith("/schema")}


def may(who: Who, caller: str) -> bool:
    """Says what the table means for one caller."""
    if who is Who.ANYBODY:
        return True
    if isinstance(who.value, Role):
        return caller in tuple(Role) and Role(caller).includes(who.value)
    state, _, credential = caller.partition(" ")
    asks_with = {Who.SIGNATURE: "signature", Who.PASSWORD: "password", Who.HEADER_KEYS: "header keys"}[who]
    return credential == asks_with and state not in SHUT_OUT


@pytest.fixture(scope="module")
def callers(server: ClearinghouseServer) -> Iterator[dict[str, Ask]]:
    """Everybody who could ask, by what they have."""
    desk = ConsoleDesk(server)
    desk.add("Nobody's administrator", Role.ADMINISTRATOR)
    operators = {role: desk.add(f"The {role} of the table", role) for role in AUTHORITY_ROLES}
    gone = {role: desk.add(f"The {role} who has left", role) for role in AUTHORITY_ROLES}
    for one in gone.values():
        desk.on_database(lambda database, id_=one.id: close_account(database, SystemClock(), id_))
    plain = httpx2.Client(base_url=server.url, timeout=30)

    def at_console(operator: Operator) -> Ask:
        tokens = iter(desk.tokens(operator, len(TABLE)))

        def ask(method: str, path: str) -> httpx2.Response:
            # A session of its own for every question: signing out ends one.
            token = next(tokens)
            headers = {"origin": desk.origin, "cookie": f"{COOKIE}={token}"}
            form = {"csrf": csrf_token(token)} if form_of(method, path) else None
            return plain.request(method, path, headers=headers, data=form)

        return ask

    def with_origin(headers: Callable[[str, str], dict[str, str]]) -> Ask:
        return lambda method, path: plain.request(
            method, path, headers={"origin": desk.origin, **headers(method, path)}, data=form_of(method, path)
        )

    def form_of(method: str, path: str) -> dict[str, str] | None:
        return {"csrf": "x"} if method == "POST" and "/console" in path else None

    def participant(state: ParticipantState) -> dict[str, Ask]:
        """One in a state, with everything that it could ask with: it was given that before."""
        given = invited(server, f"In the table, {state}")
        signer = Signer(given.private_key, given.participant)

        def signed(method: str, path: str) -> dict[str, str]:
            body = b"csrf=x" if form_of(method, path) else b""
            return dict(signer.headers(method, path, body))

        async def credentials(database: Database) -> tuple[str, HeaderKeys]:
            key = password_key(server.data)
            password = await give_password(database, SystemClock(), signer.key_id, key)
            keys = await give_header_keys(database, SystemClock(), signer.key_id, key)
            if state is ParticipantState.LEFT:
                await leave(database, SystemClock(), signer.key_id)
            else:
                await put_in(database, signer.key_id, state)
            return password, keys

        password, keys = desk.on_database(credentials)
        basic = base64.b64encode(f"{signer.key_id}:{password}".encode()).decode()
        header_keys = {"x-functions-key": keys.fetch, "ocp-apim-subscription-key": keys.subscription}
        return {
            f"{state} signature": with_origin(signed),
            f"{state} password": with_origin(lambda *_: {"authorization": f"Basic {basic}"}),
            f"{state} header keys": with_origin(lambda *_: header_keys),
        }

    yield {
        "anonymous": with_origin(lambda *_: {}),
        **{role.value: at_console(operator) for role, operator in operators.items()},
        **{f"{CLOSED} {role}": at_console(operator) for role, operator in gone.items()},
        **{caller: ask for state in ParticipantState for caller, ask in participant(state).items()},
    }
    plain.close()


def test_every_route_is_in_the_table(tmp_path: Path) -> None:
    assert routes(tmp_path) == set(TABLE)


@pytest.mark.parametrize("caller", CALLERS)
def test_each_caller_opens_what_the_table_says_and_nothing_else(callers: dict[str, Ask], caller: str) -> None:
    wrong = []
    for route, who in TABLE.items():
        method, path = route.split(" ")
        filled = re.sub(r"\{(\w+):\w+\}", lambda part: PARTS.get(part[1], "nothing-such"), path)
        answer = callers[caller](method, filled)
        to_the_door = answer.status_code == 303 and answer.headers["location"] == "/console/sign-in"
        let_in = answer.status_code not in (401, 403) and not to_the_door
        if answer.status_code >= 500 or let_in != may(who, caller):
            wrong.append(f"{route}: {answer.status_code} for {caller}, though it is for {who.name}")
    assert not wrong, "\n".join(wrong)
