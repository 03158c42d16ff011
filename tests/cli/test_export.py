"""`takeback list export`: files that the tools read, made by an administrator alone, and told by the audit."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from threatexchange.exchanges.impl.file_api import FileCollaborationConfig, LocalFileSignalExchangeAPI

from support.commands import run_command
from support.members import Member, of_channel, on_database, own_pdq
from support.servers import ClearinghouseServer
from support.stock import Hma
from support.submissions import make
from takeback.clearinghouse.publishing import publish_waiting
from takeback.clock import SystemClock
from takeback.model.channel import Channel
from takeback.model.operator import Operator, Role
from takeback.staff.operators import add_operator
from takeback.storage.database import Database
from takeback.storage.migrate import migrate

CLOCK = SystemClock()


@pytest.fixture(scope="module")
def clearinghouse(tmp_path_factory: pytest.TempPathFactory) -> ClearinghouseServer:
    """Its data: nothing has to run for a file."""
    server = ClearinghouseServer(tmp_path_factory.mktemp("export"))
    on_database(server, migrate)
    for number, channel in ((1, Channel.BROWSER), (2, Channel.HELPLINE), (3, Channel.TEST)):
        of_channel(server, make(number, 2), channel)
    film = make(4, 1)
    film.body["entries"][0] |= {"kind": "video", "fingerprints": film.body["entries"][0]["fingerprints"][:2]}
    of_channel(server, film, Channel.BROWSER)

    async def publish(database: Database) -> None:
        await publish_waiting(database, CLOCK)

    on_database(server, publish)
    return server


@pytest.fixture(scope="module")
def member(clearinghouse: ClearinghouseServer, tmp_path_factory: pytest.TempPathFactory) -> Member:
    return Member(clearinghouse, "Reads files", tmp_path_factory.mktemp("files"))


@pytest.fixture(scope="module")
def administrator(clearinghouse: ClearinghouseServer) -> Operator:
    return on_database(clearinghouse, lambda database: add_operator(database, CLOCK, "Ada", Role.ADMINISTRATOR))


def export(server: ClearinghouseServer, member: str, by: str, file_format: str, output: Path) -> tuple[int, str]:
    words = ("list", "export", "--participant", member, "--by", by, "--format", file_format, "--output", str(output))
    done = run_command(*words, "--settings", str(server.settings))
    return done.exit_code, done.stderr


def test_a_flat_file_is_read_by_tx(
    clearinghouse: ClearinghouseServer, member: Member, administrator: Operator, tmp_path: Path
) -> None:
    file = tmp_path / "list.txt"
    code, said = export(clearinghouse, member.id, administrator.id, "flat", file)
    assert code == 0, said
    assert "tx fetch --clear" in said
    assert file.stat().st_mode & 0o777 == 0o600
    film = make(4, 1).body["entries"][0]["fingerprints"][0]["value"]
    pictures = {f"pdq {value}" for number in (1, 2) for value in own_pdq(make(number, 2))}
    assert set(file.read_text().splitlines()) == {*pictures, f"video_md5 {film}"}
    collab = FileCollaborationConfig(name="files", filename=str(file))
    tx = Hma(LocalFileSignalExchangeAPI(collab), collab)
    tx.fetch()
    assert tx.values == {line.split()[1] for line in file.read_text().splitlines()}
    code, said = export(clearinghouse, member.id, administrator.id, "flat", file)
    assert (code, "--output" in said) == (2, True)
    with sqlite3.connect(f"file:{clearinghouse.data / 'clearinghouse.db'}?mode=ro", uri=True) as database:
        events = [row[0] for row in database.execute("SELECT event FROM audit_event")]
    assert events.count(f"{administrator.id}:{member.id}:export-flat") == 1


def test_vics_is_json_with_digests_and_no_claim(
    clearinghouse: ClearinghouseServer, member: Member, administrator: Operator, tmp_path: Path
) -> None:
    file = tmp_path / "list.json"
    code, said = export(clearinghouse, member.id, administrator.id, "vics", file)
    assert code == 0, said
    read = json.loads(file.read_text())
    assert read["@odata.context"].endswith("2.0.xml/CUSTOM/$metadata#Media")
    assert [one["MediaID"] for one in read["value"]] == [1, 2, 3, 4, 5]
    assert {one["Category"] for one in read["value"]} == {0}
    md5s = {e["fingerprints"][0]["value"].upper() for number in (1, 2) for e in make(number, 2).body["entries"]}
    assert {one["MD5"] for one in read["value"]} >= md5s
    values = {
        each["HashValue"] for one in read["value"] for each in one["AlternativeHashes"] if each["HashName"] == "PDQ"
    }
    assert values == {value for number in (1, 2) for value in own_pdq(make(number, 2))}


def test_only_an_administrator_makes_one(clearinghouse: ClearinghouseServer, member: Member, tmp_path: Path) -> None:
    async def add(database: Database) -> Operator:
        return await add_operator(database, CLOCK, "Olga", Role.OPERATOR)

    file = tmp_path / "list.txt"
    code, said = export(clearinghouse, member.id, on_database(clearinghouse, add).id, "flat", file)
    assert (code, "administrator" in said) == (3, True)
    assert not list(tmp_path.iterdir()), "and nothing of a file is left"
