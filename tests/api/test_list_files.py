"""Files of the list over HTTP: for any cache, for nobody without the directory, and for the SDK's first copy."""

from __future__ import annotations

import re
import secrets
from pathlib import Path

import httpx2
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy.ext.asyncio import AsyncConnection

from support.exchange_simulator import md5, pdq, sha256
from support.members import invited, listed, on_database
from support.servers import ClearinghouseServer
from support.signing import Signer
from takeback.clearinghouse.keys import list_key
from takeback.clearinghouse.list_files import SEQUENCES
from takeback.clearinghouse.publishing import publish_waiting
from takeback.clock import SystemClock
from takeback.exchanges import takeback as module
from takeback.model.entry import ENTRY_ID_BYTES, Age, Kind, SubmittedEntry
from takeback.participant.hash_list import HashList
from takeback.participant.lists.index import MD5
from takeback.storage import entries
from takeback.storage.database import Database
from takeback.wire import list_files, signed
from takeback.wire.list_files import Directory

KEY = X25519PrivateKey.from_private_bytes(bytes(range(32)))
TARGET = f"/v1/files?after=0&key={KEY.public_key().public_bytes_raw().hex()}"


@pytest.fixture(scope="module", autouse=True)
def full(server: ClearinghouseServer) -> None:
    """More entries than one file goes over."""

    async def work(connection: AsyncConnection) -> None:
        new = [
            (
                secrets.token_bytes(ENTRY_ID_BYTES),
                SubmittedEntry(secrets.token_bytes(32), Kind.IMAGE, (md5(number), sha256(number), pdq(number << 128))),
                Age.UNDER_18,
            )
            for number in range(10**6, 10**6 + SEQUENCES + 50)
        ]
        await entries.add_waiting(connection, new)

    async def add(database: Database) -> None:
        await database.run("fill", work)
        await publish_waiting(database, SystemClock())

    on_database(server, add)


def directory(server: ClearinghouseServer, http: httpx2.Client, signer: Signer) -> Directory:
    answer = http.get(TARGET, headers=signer.headers("GET", TARGET))
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    signed.verify(answer.content, answer.headers[signed.HEADER], list_key(server.data).public_key())
    return list_files.directory(answer.content, KEY)


def test_a_file_is_for_any_cache(server: ClearinghouseServer, http: httpx2.Client, signer: Signer) -> None:
    (file, *_) = directory(server, http, signer).files
    for address in (file.text, file.names):
        answer = http.get(address)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "public, max-age=86400, immutable"
        assert answer.headers["content-type"] == "application/octet-stream"
        again = http.get(address, headers={"if-none-match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert http.get(address).content == answer.content
        assert signer.key_id.encode() not in answer.content
    assert signer.key_id not in file.text, "the text is for all"


@pytest.mark.parametrize(
    ("target", "status"),
    [
        (TARGET, 401),
        ("/v1/files/text/nothing-such", 404),
        ("/v1/files/names/p-1-0-2000-2000-00000000000000000000000000000000", 404),
    ],
)
def test_nobody_gets_anything_unasked(http: httpx2.Client, target: str, status: int) -> None:
    answer = http.get(target)
    assert answer.status_code == status
    assert "immutable" not in answer.headers.get("cache-control", "")


@pytest.mark.parametrize("key", ["", "0", "z" * 64])
def test_what_is_no_key_is_named(http: httpx2.Client, signer: Signer, key: str) -> None:
    target = f"/v1/files?after=0&key={key}"
    answer = http.get(target, headers=signer.headers("GET", target))
    assert (answer.status_code, answer.json()["field"]) == (400, "key")


def test_the_sdk_fills_a_first_copy_from_files(
    server: ClearinghouseServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    fetch = module.TakebackExchange._fetch

    def counted(self: module.TakebackExchange, method: str, target: str, *words: object) -> object:
        asked.append(re.sub(r"(/files/\w+)/.*|\?.*", r"\1", target))
        return fetch(self, method, target, *words)  # type: ignore[arg-type]

    monkeypatch.setattr(module.TakebackExchange, "_fetch", counted)
    made = listed(server, 7000, 1)
    exchange = module.TakebackExchange(invited(server, "Fills"))
    with HashList.open(tmp_path / "list.db") as list_, exchange:
        report = list_.sync(exchange)
        assert (report.began_again, report.entries) == (False, report.changes)
        assert list_.replica.filling() is None
        list_.require_fresh()
        value = bytes.fromhex(made.body["entries"][0]["fingerprints"][0]["value"])
        index = list_.index.current()
        found = index.within_many([one.ljust(32, b"\0") for one in (value, md5(10**6).value, md5(9).value)], of=MD5)
        assert [len(near) for near in found] == [1, 1, 0]
        assert len(index) >= report.entries
    assert asked[:3] == ["/v1/files", "/v1/files/names", "/v1/files/text"]
    assert asked[-1] == "/v1/changes"
    assert "/v1/snapshot" not in asked
