"""Media that were stored for years, and a list of a running clearinghouse: every planted copy is found.

With TAKEBACK_TEST_DATA, among hundreds of photographs, films and hostile files, each reported by its reason.
"""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path

import pytest
from PIL import Image

from support.commands import run_command
from support.person import Person
from support.pictures import photograph, truncated
from support.servers import ClearinghouseServer
from support.waiting import eventually
from takeback import HashList, connect
from takeback.media import UnscannableReason

PICTURES = ("coffee.png", "chelsea.png", "rocket.jpg")


def copies(picture: bytes) -> dict[str, bytes]:
    """What reposting makes of a picture."""
    with Image.open(io.BytesIO(picture)) as opened:
        upright = opened.convert("RGB")
        small = upright.resize((upright.width * 2 // 3, upright.height * 2 // 3))
        made = {}
        for name, image, options in (
            ("small.jpg", small, {"quality": 80}),
            ("worse.jpg", upright, {"quality": 35}),
            ("other.webp", small, {"quality": 70}),
            ("mirrored.jpg", upright.transpose(Image.Transpose.FLIP_LEFT_RIGHT), {"quality": 85}),
        ):
            out = io.BytesIO()
            image.save(out, "WEBP" if name.endswith("webp") else "JPEG", **options)
            made[name] = out.getvalue()
    return {"same.bin": picture, **made}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A person lists pictures by their page; a platform syncs with the SDK. Gives the platform's data folder."""
    folder = tmp_path_factory.mktemp("platform")
    server = ClearinghouseServer(folder / "clearinghouse")
    server.start()
    person = Person(server.url)
    for name in PICTURES:
        assert person.send(photograph(name)).status_code == 201
    exchange, file = connect(server.invite("Old Photos")), folder / "data" / "lists" / "ours.db"
    file.parent.mkdir(parents=True)
    with exchange, HashList.open(file) as opened:
        eventually(lambda: opened.sync(exchange).entries == len(PICTURES))
    server.stop()
    return folder / "data"


def swept(data: Path, media: Path, name: str) -> dict[str, dict[str, object]]:
    """Plans, runs and exports, as an operator would; gives the export by key."""
    environment = {"TAKEBACK_DATA_DIR": str(data), "TAKEBACK_SWEEP_SHARD_FILES": "40"}
    output = data / f"{name}.ndjson"
    planned = run_command("sweep", "plan", str(media), "--name", name, "--json", env=environment)
    assert planned.exit_code == 0, planned.output
    ran = run_command("sweep", "run", name, "--json", env=environment)
    assert ran.exit_code == 0, ran.output
    far = json.loads(ran.stdout)
    assert far["files"] == far["files_done"] == json.loads(planned.stdout)["files"]
    assert run_command("sweep", "export", name, "--output", str(output), env=environment).exit_code == 0
    rows = [json.loads(line) for line in output.read_text().splitlines()]
    return {row["key"]: row for row in rows}


def plant(folder: Path) -> set[str]:
    planted = {}
    for name in PICTURES:
        planted |= {f"planted/{name}-{kind}": content for kind, content in copies(photograph(name)).items()}
    (folder / "planted").mkdir(parents=True)
    for key, content in planted.items():
        (folder / key).write_bytes(content)
    return set(planted)


def test_every_planted_copy_is_found(data: Path, tmp_path: Path) -> None:
    media = tmp_path / "media"
    planted = plant(media)
    (media / "broken.png").write_bytes(truncated(photograph("coffee.png")))
    (media / "other.png").write_bytes(photograph("astronaut.png"))
    found = swept(data, media, "few")
    assert {key for key, row in found.items() if row["findings"]} == planted
    assert found["broken.png"]["reason"] == "damaged"
    assert "other.png" not in found


def test_among_the_development_media_too_and_every_malformed_file_has_its_reason(
    data: Path, tmp_path: Path, test_data: Path
) -> None:
    media = tmp_path / "media"
    shutil.copytree(test_data, media)
    planted = plant(media)
    found = swept(data, media, "many")
    hits = {key for key, row in found.items() if row["findings"]}
    assert planted <= hits
    assert hits - planted == set(), "nothing else is near"
    reasons = {key: row["reason"] for key, row in found.items() if row["reason"] is not None}
    assert set(reasons.values()) <= {reason.value for reason in UnscannableReason}
    assert reasons["malformed/own__empty-a.jpg"] == "empty"
    assert reasons["malformed/own__bomb_40000x40000-a.png"] == "too-many-pixels"
    assert reasons["malformed/own__html_as-a.jpg"] == "unsupported-format"
    assert reasons["malformed/own__truncated_half-a.jpg"] == "damaged"
    # Whatever else is malformed ended with a hash or a reason: all was looked at, and no worker was lost.
    assert not {"worker-died", "worker-failed", "unreadable"} & set(reasons.values())
