"""The files in deploy/: what systemd says of the units, and what the others must never say."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
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


def test_compose_names_only_what_it_has() -> None:
    made = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
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


def test_the_container_runs_as_nobody_special() -> None:
    lines = (DEPLOY / "Containerfile").read_text("utf-8").splitlines()
    assert [line for line in lines if line.startswith("USER")][-1] == "USER 10001"
    assert not any(line.startswith("ADD") for line in lines)
