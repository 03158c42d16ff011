"""Participants with stock clients, and entries on a running clearinghouse's list for them to find."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeVar

import httpx2
import msgspec
from threatexchange.exchanges.clients.ncmec.hash_api import NCMECHashAPI
from threatexchange.exchanges.clients.stopncii.api import StopNCIIAPI, StopNCIIEndpoint

from support import loops
from support.commands import run_command
from support.servers import ClearinghouseServer
from support.submissions import Made, asked, make
from support.waiting import eventually
from takeback.clearinghouse import participants
from takeback.clearinghouse.header_keys import HeaderKeys, give_header_keys
from takeback.clearinghouse.intake import take_in
from takeback.clearinghouse.keys import list_key, open_database, password_key
from takeback.clock import SystemClock
from takeback.model.channel import BY_HAND, Channel
from takeback.model.operator import Role
from takeback.model.participant import ParticipantState
from takeback.settings import load
from takeback.staff.operators import add_operator
from takeback.storage import participants as stored_participants
from takeback.storage.database import Database
from takeback.wire.credentials import Credentials
from takeback.wire.intake import SubmissionBody, submission

T = TypeVar("T")

TX = Path(sys.executable).with_name("tx")
#: The stock client knows a closed list of addresses: this puts ours in the place of one, and changes nothing else.
AT_OUR_ADDRESS = """
import os
from threatexchange.exchanges.clients.ncmec.hash_api import NCMECEnvironment as Env
from threatexchange.extensions.manifest import ThreatExchangeExtensionManifest
url = os.environ["CLEARINGHOUSE_BASE"]
Env.test_Industry._value_ = url
Env._value2member_map_[url] = Env.test_Industry
TX_MANIFEST = ThreatExchangeExtensionManifest()
"""


class Member:
    """A participant with a password and header keys, and its copies of the clients."""

    def __init__(
        self, server: ClearinghouseServer, name: str, folder: Path, state: ParticipantState = ParticipantState.ACTIVE
    ) -> None:
        self.folder, self.server = folder, server
        self.id, self.password, keys = on_database(server, lambda database: _joined(database, server, name, state))
        self.user, self.base = self.id, f"{server.url}/hashsharing"
        stopncii = f"{server.url}/stopncii/v1"
        self.keys = {
            "fetch_function_key": keys.fetch,
            "subscription_key": keys.subscription,
            "base_url_override": stopncii,
            "TX_STOPNCII_KEYS": f"{keys.fetch},{keys.subscription},{stopncii}",
        }
        self.http = httpx2.Client(base_url=self.base, auth=(self.user, self.password), timeout=30)
        headers = {
            "x-functions-key": self.keys["fetch_function_key"],
            "Ocp-Apim-Subscription-Key": self.keys["subscription_key"],
        }
        self.stopncii = httpx2.Client(base_url=self.keys["base_url_override"], headers=headers, timeout=30)

    def tx(self, *words: str) -> str:
        """Runs the command-line client."""
        (self.folder / "at_our_address.py").write_text(AT_OUR_ADDRESS)
        secret = f"{self.user}:{self.password}"
        environment = {
            **os.environ,
            "TZ": "UTC",
            "TX_STATEDIR": str(self.folder / "state"),
            "CLEARINGHOUSE_BASE": self.base,
            "TX_NCMEC_CREDENTIALS": secret,
            "TX_TAKEBACK_CREDENTIALS": secret,
            "TX_STOPNCII_KEYS": self.keys["TX_STOPNCII_KEYS"],
            "PYTHONPATH": str(self.folder),
        }
        done = subprocess.run([TX, *words], env=environment, capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout

    def matches(self, value: str) -> str:
        """Gives what the command-line client says of a bare PDQ value."""
        file = self.folder / "hash.txt"
        file.write_text(value)
        return self.tx("match", "-H", "-S", "pdq", "photo", str(file))

    def ncmec(self) -> NCMECHashAPI:
        """Gives the client's library for NCMEC's dialect."""
        address: Any = SimpleNamespace(value=self.base)
        return NCMECHashAPI(self.user, self.password, address)

    def stopncii_library(self) -> StopNCIIAPI:
        """Gives the client's library for StopNCII's dialect, with a key for each endpoint."""
        fetch = self.keys["fetch_function_key"]
        more = dict.fromkeys((StopNCIIEndpoint.SubmitHashes, StopNCIIEndpoint.SubmitFeedback), fetch)
        return StopNCIIAPI(self.keys["subscription_key"], fetch, more, self.keys["base_url_override"])


def on_database(server: ClearinghouseServer, work: Callable[[Database], Awaitable[T]]) -> T:
    """Runs a use case on a running clearinghouse's database, beside it."""

    async def whole() -> T:
        database = open_database(load(server.settings))
        try:
            return await work(database)
        finally:
            await database.close()

    return loops.run(whole())


async def _joined(
    database: Database, server: ClearinghouseServer, name: str, state: ParticipantState
) -> tuple[str, str, HeaderKeys]:
    """What `takeback participant invite`, `password` and `header-keys` do, without three processes."""
    key, clock = password_key(server.data), SystemClock()
    id_ = (await participants.invite(database, clock, name)).participant.id
    await put_in(database, id_, state)
    password = await participants.give_password(database, clock, id_, key)
    return id_, password, await give_header_keys(database, clock, id_, key)


async def put_in(database: Database, id_: str, state: ParticipantState) -> None:
    """Puts a participant in a state that two operators would otherwise have to decide about."""
    await database.run("put-in", lambda connection: stored_participants.set_state(connection, id_, state))


def invited(server: ClearinghouseServer, name: str) -> Credentials:
    """What `takeback participant invite` writes into a file, without a process."""
    new = on_database(server, lambda database: participants.invite(database, SystemClock(), name))
    assert new.private_key is not None
    key = list_key(server.data).public_key()
    return Credentials(server.url, new.participant.id, "test.example/list", new.private_key, key)


def own_pdq(made: Made) -> list[str]:
    """The pictures' own PDQ values, entry by entry."""
    prints = [one for entry in made.body["entries"] for one in entry["fingerprints"]]
    return [one["value"] for one in prints if one["type"] == "pdq" and "edit" not in one]


def listed(server: ClearinghouseServer, number: int, entries: int = 3) -> Made:
    """Sends a submission and waits until it is on the list."""
    made = make(number, entries)
    send(server, made)
    return made


def send(server: ClearinghouseServer, made: Made) -> None:
    """The same for one that is made already."""
    assert httpx2.post(f"{server.url}/v1/submissions", json=made.body, timeout=30).status_code == 201
    until_listed(server, made)


def until_listed(server: ClearinghouseServer, made: Made) -> None:
    """Waits until what was sent, or brought, is on the list."""
    with httpx2.Client(base_url=server.url, timeout=30) as http:

        def is_listed() -> bool:
            answer = http.post("/v1/receipts/status", json=asked(made.secrets[:1]))
            return bool(answer.json()["entries"][0]["state"] == "listed")

        eventually(is_listed)


def withdraw(server: ClearinghouseServer, *secrets: str) -> None:
    """Takes entries back, by their secrets."""
    answer = httpx2.post(f"{server.url}/v1/receipts/withdraw", json=asked(list(secrets)), timeout=30)
    assert answer.status_code == 204


def of_channel(server: ClearinghouseServer, made: Made, channel: Channel) -> None:
    """Takes a submission in by a channel: what is brought by hand as an operator does it, the rest without HTTP."""
    if channel not in BY_HAND:
        given = submission(msgspec.convert(made.body, SubmissionBody))
        on_database(server, lambda database: take_in(database, given, channel=channel))
        return
    file = server.folder / "fingerprints.json"
    file.write_bytes(msgspec.json.encode(made.body))
    brought(server, file, channel)


def brought(server: ClearinghouseServer, file: Path, channel: Channel) -> dict[str, int]:
    """Takes a file in by hand, for an operator of that channel; gives what the command says."""
    name = f"Takes in by {channel}"
    on_database(server, lambda database: add_operator(database, SystemClock(), name, Role.OPERATOR))
    words = ("entry", "take-in", str(file), "--channel", channel.value, "--operator", name, "--json")
    done = run_command(*words, "--settings", str(server.settings))
    assert done.exit_code == 0, done.output
    return msgspec.json.decode(done.output, type=dict[str, int])


def next_second() -> int:
    """Waits until the clock shows another second, and gives it: this dialect's times are whole ones."""
    begin = int(time.time())
    return eventually(lambda: (now := int(time.time())) > begin and now)
