"""The files in deploy/: what systemd says of the units, and what the others must never say."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from support.postgres import TOLD
from takeback.cli.main import cli
from takeback.settings import Settings, load
from takeback.staff.site import Site

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
#: The settings of both deployments, as the program reads them.
BY_SYSTEMD = load(DEPLOY / "systemd" / "clearinghouse.toml", {})
BY_COMPOSE = load(None, COMPOSE["services"]["clearinghouse"]["environment"])
#: systemd's own measure, of ten; above 2 it begins to call a service exposed.
MOST_EXPOSED = 2.0


@pytest.mark.parametrize("unit", sorted(DEPLOY.glob("systemd/*.service")), ids=lambda path: path.name)
def test_systemd_finds_the_units_hardened(unit: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("this machine has no systemd-analyze")
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", "--no-pager", unit],
        capture_output=True,
        text=True,
        check=False,
    )
    found = re.search(r"Overall exposure level for \S+: ([\d.]+)", done.stdout)
    assert found, done.stderr
    assert float(found[1]) <= MOST_EXPOSED
    assert "Unknown" not in done.stderr


def test_nobody_is_written_down_by_the_proxy() -> None:
    lines = [line.split("#")[0].strip() for line in (DEPLOY / "nginx.conf").read_text("utf-8").splitlines()]
    assert [line for line in lines if line.startswith("access_log")] == ["access_log off;"]
    assert [line for line in lines if line.startswith("error_log")] == ["error_log /dev/stderr crit;"]
    assert 'proxy_set_header X-Forwarded-For "";' in lines
    assert 'proxy_set_header User-Agent "";' in lines


def test_the_header_that_the_proxy_writes_is_the_one_that_is_believed() -> None:
    """Where no address comes through, no network is limited; where a client can write it, none is either."""
    settings = (DEPLOY / "nginx.conf").read_text("utf-8")
    written = re.findall(r"^ *proxy_set_header (\S+) \$remote_addr;$", settings, re.MULTILINE)
    assert len(written) == 1
    assert settings.count("proxy_pass ") == settings.count("proxy_set_header Host "), "one place, with all headers"
    for deployed in (BY_SYSTEMD, BY_COMPOSE):
        assert deployed.proxy_address_header == written[0].lower()
        assert deployed.proxy_address_header.startswith("takeback-"), "a name that no other proxy writes"


@pytest.mark.parametrize("deployed", [BY_SYSTEMD, BY_COMPOSE], ids=["systemd", "compose"])
def test_passkeys_belong_to_a_host_with_tls(deployed: Settings) -> None:
    site = Site.of(deployed)
    assert site.secure
    assert deployed.public_url == site.origin, "nginx.conf serves one host"


def test_the_unit_reads_the_settings_beside_it() -> None:
    unit = (DEPLOY / "systemd" / "takeback-clearinghouse.service").read_text("utf-8")
    assert "--settings /etc/takeback/clearinghouse.toml" in unit
    assert f"StateDirectory={BY_SYSTEMD.data_path.name}" in unit


def test_compose_names_only_what_it_has() -> None:
    made = COMPOSE
    for service in made["services"].values():
        assert set(service.get("networks", [])) <= set(made["networks"])
        assert set(service.get("secrets", [])) <= set(made["secrets"])
        assert set(service.get("depends_on", [])) <= set(made["services"])
        named = {volume.split(":")[0] for volume in service["volumes"]}
        assert all(one in made["volumes"] or one.startswith("./") for one in named)
        for local in (one for one in named if one.endswith(".conf")):
            assert (DEPLOY / local).is_file()
    assert made["networks"]["inside"]["internal"], "database and clearinghouse reach nothing outside"
    assert "ports" not in made["services"]["clearinghouse"]


def test_only_the_operators_commands_and_the_proxy_reach_outside() -> None:
    """`participant verify` asks an applicant's domain, and sends letters. What runs for ever reaches nothing."""
    services = COMPOSE["services"]
    outside = {name for name, one in services.items() if "outside" in one["networks"]}
    assert outside == {"operator", "proxy"}
    assert not COMPOSE["networks"]["outside"].get("internal")
    operator, clearinghouse = services["operator"], services["clearinghouse"]
    assert operator["profiles"] == ["operator"], "it is not started with the others"
    assert operator.keys() & {"restart", "ports"} == set()
    same = operator.keys() - {"profiles", "command", "networks"}
    assert {key: operator[key] for key in same} == {key: clearinghouse[key] for key in same}


def test_the_container_hands_words_on_with_the_databases_address(tmp_path: Path) -> None:
    service = COMPOSE["services"]["operator"]
    secret, program = tmp_path / "database-url", tmp_path / "takeback"
    secret.write_text("postgresql+psycopg://takeback:p@database/takeback\n")
    program.write_text('#!/bin/sh\nprintf "%s\\n" "$TAKEBACK_DATABASE_URL" "$@"\n')
    program.chmod(0o700)
    words = [str(word).replace("$$", "$") for word in service["entrypoint"]]
    words[2] = (
        words[2].replace("/run/secrets/database-url", str(secret)).replace("/opt/takeback/bin/takeback", str(program))
    )
    said = subprocess.run([*words, "operator", "add", "Ana Example"], capture_output=True, text=True, check=True)
    assert said.stdout.splitlines() == [secret.read_text().strip(), "operator", "add", "Ana Example"]


def test_the_commands_of_the_page_about_deploying_parse() -> None:
    page = (DEPLOY.parent / "docs" / "deploy.md").read_text("utf-8")
    commands = re.findall(r"(?:run --rm operator|^takeback) (.+?)(?: --settings \S+)?$", page, re.MULTILINE)
    assert {" ".join(shlex.split(one)[:2]) for one in commands} >= {"operator add", "participant verify"}
    for command in commands:
        done = CliRunner().invoke(cli, [*shlex.split(command), "--help"])
        assert done.exit_code == 0, done.output


def test_the_container_runs_as_nobody_special() -> None:
    lines = (DEPLOY / "Containerfile").read_text("utf-8").splitlines()
    assert [line for line in lines if line.startswith("USER")][-1] == "USER 10001"
    assert not any(line.startswith("ADD") for line in lines)


def test_postgresql_is_told_what_the_page_says_and_what_was_measured() -> None:
    page = (DEPLOY.parent / "docs" / "deploy.md").read_text("utf-8")
    told = dict(word.split("=") for word in COMPOSE["services"]["database"]["command"] if "=" in word)
    assert told == TOLD == dict(re.findall(r"^(\w+) = (\S+) +#", page, re.MULTILINE))
