"""The operator's commands around participants: one story, and what they print."""

from __future__ import annotations

import json
from pathlib import Path

from support import loops
from support.commands import run_command
from support.joining import applying, two_operators, verified
from takeback.clearinghouse import two_person
from takeback.clearinghouse.keys import open_database
from takeback.clock import SystemClock
from takeback.settings import Settings
from takeback.storage.database import Database
from takeback.storage.migrate import migrate
from takeback.wire.credentials import credentials


def in_database(folder: Path, work):
    async def whole():
        database = open_database(Settings(data_dir=str(folder / "data")))
        try:
            await migrate(database)
            return await work(database)
        finally:
            await database.close()

    return loops.run(whole())


def test_a_participants_life_by_command(tmp_path: Path) -> None:
    text = tmp_path / "agreement.txt"
    text.write_text("takeback-1\nBe kind.\n")

    def takeback(*words: str):
        folders = {"TAKEBACK_DATA_DIR": str(tmp_path / "data"), "TAKEBACK_AGREEMENT_FILE": str(text)}
        environment = {**folders, "COLUMNS": "200"}
        return run_command("participant", *words, env=environment)

    def run(*words: str) -> str:
        done = takeback(*words)
        assert done.exit_code == 0, done.stderr
        return done.stdout

    async def prepared(database: Database):
        both = await two_operators(database, SystemClock())
        return both, await verified(database, SystemClock(), Settings(), applying())

    (_, bo), application = in_database(tmp_path, prepared)
    (waiting,) = json.loads(run("apply-list", "--json"))
    assert (waiting["id"], waiting["domain"], waiting["types"]) == (
        application.id,
        "photos.example",
        ["md5", "sha256", "pdq", "vpdq"],
    )
    proposal = run("admit", application.id, "--types", "md5", "--operator", "Ana").strip()
    in_database(tmp_path, lambda database: two_person.carry_out(database, SystemClock(), bo, proposal))
    (row,) = json.loads(run("list", "--json"))
    assert (row["state"], row["types"], row["agreement"]["regions"]) == ("sandbox", ["md5"], "DE,FR")
    for file in ("one.json", "two.json"):
        run("key", row["id"], "--overlap-days", "3", "--output", str(tmp_path / file))
    keys = {
        credentials((tmp_path / file).read_bytes()).private_key.private_bytes_raw() for file in ("one.json", "two.json")
    }
    assert len(keys) == 2
    (row,) = json.loads(run("list", "--json"))
    assert row["old_key_ends_at"]
    assert row["agreement"]["current"]
    text.write_text("takeback-2\nBe kind, and quick.\n")
    assert "another version of the agreement than takeback-2: Example Photos." in takeback("list").stderr
    assert not json.loads(run("list", "--json"))[0]["agreement"]["current"]
    assert takeback("agreed", row["id"], "--version", "takeback-1").exit_code == 5
    run("agreed", row["id"], "--version", "takeback-2")
    assert takeback("list").stderr == ""
    again = takeback("invite", "By myself")
    assert (again.exit_code, "Two operators" in again.stderr) == (5, True)
    run("leave", row["id"], "--yes")
    assert "left" in run("list")
