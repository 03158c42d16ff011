"""The whole list in one answer: signed, and worth nothing unless all of it is."""

from __future__ import annotations

import io
import json
from pathlib import Path

import httpx2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from support.members import invited, listed, withdraw
from support.servers import ClearinghouseServer
from support.signing import Signer
from takeback.clearinghouse.keys import list_key
from takeback.errors import NotFoundError, UntrustedListError
from takeback.exchanges import takeback as module
from takeback.model.list_digest import digest_of
from takeback.participant.hash_list import HashList
from takeback.wire.list_files import Directory
from takeback.wire.snapshot import verified_pages

TARGET = "/v1/snapshot"


@pytest.fixture(scope="module")
def key(server: ClearinghouseServer) -> Ed25519PublicKey:
    return list_key(server.data).public_key()


def fetch(http: httpx2.Client, signer: Signer, encoding: str = "identity") -> httpx2.Response:
    answer = http.get(TARGET, headers={**signer.headers("GET", TARGET), "accept-encoding": encoding})
    assert answer.status_code == 200, answer.text
    return answer


def test_it_is_everything_that_is_listed(
    server: ClearinghouseServer, http: httpx2.Client, signer: Signer, key: Ed25519PublicKey
) -> None:
    made = listed(server, 6000, 5)
    withdraw(server, made.secrets[0])
    answer = fetch(http, signer)
    assert answer.headers["content-type"].startswith("application/x-ndjson")
    lines = [json.loads(line) for line in answer.content.splitlines()]
    assert lines[0]["format"] == "takeback-snapshot/1"
    assert [one["change"] for one in lines[1:-2]] == ["upsert"] * lines[-2]["head"]["entries"]
    pages = list(verified_pages(io.BytesIO(answer.content), key))
    entries = [change.entry for page in pages for change in page.changes]
    assert pages[-1].head == digest_of(entries)  # type: ignore[arg-type]  # all of them are upserts
    values = {one.hex for entry in entries for one in entry.fingerprints}  # type: ignore[union-attr]
    sent = [entry["fingerprints"][0]["value"] for entry in made.body["entries"]]
    assert values.isdisjoint(sent[:1])
    assert values >= set(sent[1:])


@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
def test_it_comes_in_the_encoding_that_is_taken(
    encoding: str, http: httpx2.Client, signer: Signer, key: Ed25519PublicKey
) -> None:
    answer = fetch(http, signer, encoding)
    assert answer.headers["content-encoding"] == encoding
    assert list(verified_pages(io.BytesIO(answer.content), key))[-1].complete


def test_one_that_is_not_whole_is_worth_nothing(
    server: ClearinghouseServer, http: httpx2.Client, signer: Signer, key: Ed25519PublicKey
) -> None:
    listed(server, 6010, 2)
    good = fetch(http, signer).content
    lines = good.splitlines(keepends=True)
    broken = {
        "nothing": b"",
        "cut off": good[: len(good) // 2],
        "without the signature": b"".join(lines[:-1]),
        "a line less": b"".join([*lines[:1], *lines[2:]]),
        "a line twice": b"".join([*lines[:2], *lines[1:]]),
        "another order": b"".join([lines[0], *reversed(lines[1:-2]), *lines[-2:]]),
        "another's": good.replace(signer.key_id.encode(), b"p-" + b"0" * 24),
        "more behind it": good + lines[1],
        "no JSON": b"<html>\n" * 3,
    }
    for content in broken.values():
        with pytest.raises(UntrustedListError):
            next(verified_pages(io.BytesIO(content), key))


def test_nobody_gets_it_without_a_signature(http: httpx2.Client) -> None:
    assert http.get(TARGET).status_code == 401


def test_the_sdk_begins_with_it_where_there_are_no_files(
    server: ClearinghouseServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed(server, 6020, 3)

    def none(*_: object) -> Directory:
        raise NotFoundError("There is nothing at this address.")

    monkeypatch.setattr(module.TakebackExchange, "directory", none)
    asked: list[str] = []
    ask = module.TakebackExchange._ask

    def counted(self: module.TakebackExchange, method: str, target: str, *words: object, **more: object) -> object:
        asked.append(target.split("?", maxsplit=1)[0])
        return ask(self, method, target, *words, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(module.TakebackExchange, "_ask", counted)
    exchange = module.TakebackExchange(invited(server, "Begins"))
    with HashList.open(tmp_path / "list.db") as list_, exchange:
        first = list_.sync(exchange)
        second = list_.sync(exchange)
    assert asked == ["/v1/snapshot", "/v1/changes", "/v1/changes"]
    assert (first.entries, first.began_again) == (second.entries, False)
    assert first.changes >= first.entries > 0
