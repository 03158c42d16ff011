"""`takeback notice`: the queue, one notice, a decision, exports, and who sends notices."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from support import loops
from support.commands import run_command
from support.notices import ADULT, CHILD, HELPER, at
from takeback.clock import SystemClock
from takeback.model.operator import Role
from takeback.participant.installation import open_database
from takeback.participant.notices.receiving import receive
from takeback.platform_settings import PlatformSettings
from takeback.settings import load_as
from takeback.staff.operators import add_operator


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A platform with three people, and its settings file."""
    folder = tmp_path_factory.mktemp("platform")
    file = folder / "platform.toml"
    file.write_text(
        f'data_dir = "{folder / "data"}"\nservice_name = "Example Photos"\n'
        '[[notice_places]]\nlink = "https://photos.example/p/{id}"\ncontent = "post/{id}"\n',
        encoding="utf-8",
    )

    async def people() -> None:
        database = await open_database(load_as(PlatformSettings, file, {}))
        for name, role in (("Ana", Role.OPERATOR), ("Cleo", Role.CHILD_SAFETY), ("Admin", Role.ADMINISTRATOR)):
            await add_operator(database, SystemClock(), name, role)
        await database.close()

    loops.run(people())
    return file


def sent(installation: Path, *notices: object) -> list[str]:
    """Sends notices in, and gives their numbers."""

    async def work() -> list[str]:
        settings = load_as(PlatformSettings, installation, {})
        database = await open_database(settings)
        made = [await receive(database, SystemClock(), settings, one) for one in notices]  # type: ignore[arg-type]
        await database.close()
        return [one.notice.number for one in made]

    return loops.run(work())


def said(installation: Path, *words: str) -> str:
    done = run_command("notice", *words, "--settings", str(installation))
    assert done.exit_code == 0, done.output
    return done.stdout


def test_the_queue_and_one_notice(installation: Path) -> None:
    open_, incomplete = sent(installation, at(ADULT, "1"), replace(at(ADULT, "2"), email=None))
    rows = {row["number"]: row for row in json.loads(said(installation, "list", "--json"))}
    assert (rows[open_]["state"], rows[incomplete]["state"]) == ("open", "incomplete")
    assert open_ in said(installation, "list")
    plain = said(installation, "show", open_)
    assert "mail.example" not in plain
    assert "photos.example" not in plain
    facts = json.loads(said(installation, "show", incomplete, "--json"))
    assert (facts["missing"], facts["contents"]) == (["contact"], [])
    letter = json.loads(said(installation, "show", open_, "--letter", "--operator", "Ana", "--json"))["letter"]
    assert letter["email"] == ADULT.email


def test_decisions_need_a_reason_and_the_right_person(installation: Path) -> None:
    adult, child = sent(installation, at(ADULT, "11"), at(CHILD, "12"))
    settings = ("--settings", str(installation))
    assert run_command("notice", "decide", adult, "--operator", "Ana", *settings).exit_code == 2
    assert run_command("notice", "decide", child, "--remove", "--operator", "Ana", *settings).exit_code == 3
    assert run_command("notice", "show", child, "--letter", "--operator", "Ana", *settings).exit_code == 3
    assert run_command("notice", "decide", "AAAAA-AAAAA", "--remove", "--operator", "Ana", *settings).exit_code == 4
    done = json.loads(said(installation, "decide", adult, "--refuse", "agreed", "--operator", "Ana", "--json"))
    assert (done["state"], done["reason"]) == ("refused", "agreed")
    assert run_command("notice", "decide", adult, "--refuse", "agreed", "--operator", "Ana", *settings).exit_code == 5
    said(installation, "decide", child, "--remove", "--operator", "Cleo")


def test_what_goes_to_regulators_names_nobody(installation: Path) -> None:
    (number,) = sent(installation, replace(at(ADULT, "21"), law=CHILD.law.EU))
    said(installation, "decide", number, "--remove", "--operator", "Ana")
    month = f"{SystemClock().now():%Y-%m}"
    report = json.loads(said(installation, "export", "--month", month, "--json"))
    assert report["by_law"]["eu-dsa-16"]["removed"] == 1
    table = list(csv.DictReader(io.StringIO(said(installation, "export", "--month", month, "--csv"))))
    assert table[0]["of"] == "all"
    assert int(table[0]["removed"]) == report["all"]["removed"]
    (line,) = said(installation, "statements", "--month", month).splitlines()
    statements = json.loads(line)["statements"]
    assert {one["category"] for one in statements} <= {
        "STATEMENT_CATEGORY_CYBER_VIOLENCE",
        "STATEMENT_CATEGORY_PROTECTION_OF_MINORS",
    }
    assert not any(word in line for word in ("mail.example", "photos.example", "post/21", number, "Ana"))
    assert run_command("notice", "export", "--month", "May", "--settings", str(installation)).exit_code == 2


def test_senders(installation: Path) -> None:
    helper, own = sent(installation, at(HELPER, "31"), at(ADULT, "32"))
    settings = ("--settings", str(installation))
    assert run_command("notice", "suspend", helper, "--days", "9", "--operator", "Ana", *settings).exit_code == 5
    said(installation, "warn", helper, "--operator", "Ana")
    said(installation, "suspend", helper, "--days", "9", "--operator", "Ana")
    assert json.loads(said(installation, "show", helper, "--json"))["notifier"]["suspended_until"]
    assert run_command("notice", "warn", own, "--operator", "Ana", *settings).exit_code == 5
    new = json.loads(said(installation, "flagger", "add", "Helpline", "--operator", "Admin", "--json"))
    assert run_command("notice", "flagger", "add", "X", "--operator", "Ana", *settings).exit_code == 3
    said(installation, "flagger", "close", new["id"], "--operator", "Admin")
    assert json.loads(said(installation, "flagger", "list", "--json"))[0]["closed_on"]


def test_the_text_to_embed(installation: Path) -> None:
    assert "decides within 48 hours" in said(installation, "text")
    assert "innerhalb von 48 Stunden" in said(installation, "text", "--language", "de")
    assert "\u2068Example Photos\u2069" in said(installation, "text", "--language", "ar")
