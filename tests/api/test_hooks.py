"""The hooks of three web frameworks, by the programs in examples/hooks: with an agent, and in the process itself."""

from __future__ import annotations

import importlib
import io
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest
from starlette.testclient import TestClient

import takeback
from support.agents import AgentServer, file_list
from support.pictures import half_size_jpeg, photograph
from support.servers import ROOT
from support.waiting import eventually
from takeback.exchanges.value_file import FileExchange
from takeback.fingerprints.types import FingerprintType
from takeback.hooks import Gate
from takeback.media import Fingerprinted, Fingerprinter
from takeback.model.agent_key import KeyRole

PICTURE = photograph("coffee.png")
LISTED, OTHER = half_size_jpeg(PICTURE), photograph("rocket.jpg")
EXAMPLES = ("checker", "fastapi_app", "flask_app")
WAYS = ("an agent", "the process itself")
Post = Callable[[bytes | None], tuple[int, object]]


@pytest.fixture(scope="module")
def list_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with Fingerprinter() as fingerprinter:
        made = fingerprinter.fingerprint(PICTURE)
    assert isinstance(made, Fingerprinted)
    value = next(one.hex for one in made.fingerprints if one.type is FingerprintType.PDQ)
    file = tmp_path_factory.mktemp("list") / "values.txt"
    file.write_text(f"pdq {value}\n")
    return file


@pytest.fixture(scope="module")
def agent(list_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[AgentServer]:
    folder = tmp_path_factory.mktemp("agent")
    server = AgentServer(folder, file_list(list_file, list_file.read_text().splitlines()))
    admin = server.client(server.key("admin", KeyRole.ADMIN))
    server.start()
    eventually(lambda: admin.get("/v1/status").json()["lists"][0]["fresh"])
    yield server
    server.stop()


@pytest.fixture(scope="module", params=WAYS)
def environment(
    request: pytest.FixtureRequest, agent: AgentServer, list_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """What the examples read, for one of the two ways."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / "examples" / "hooks"))
        if request.param == "an agent":
            patch.setenv("TAKEBACK_AGENT", agent.url)
            patch.setenv("TAKEBACK_AGENT_KEY", agent.key("examples"))
        else:
            list_ = tmp_path_factory.mktemp("own") / "list.db"
            with takeback.HashList.open(list_) as hashlist:
                hashlist.sync(FileExchange(list_file))
            patch.setenv("TAKEBACK_LIST", str(list_))
        yield request.param
    for name in EXAMPLES:
        sys.modules.pop(name, None)


def fresh(name: str) -> ModuleType:
    sys.modules.pop(name, None)
    return importlib.import_module(name)


def fastapi() -> tuple[ModuleType, Post]:
    example = fresh("fastapi_app")
    client = TestClient(example.app)

    def post(content: bytes | None) -> tuple[int, object]:
        answer = client.post("/upload", files=None if content is None else {"picture": content})
        return answer.status_code, answer.json() if answer.is_success else None

    return example, post


def flask() -> tuple[ModuleType, Post]:
    example = fresh("flask_app")
    client = example.app.test_client()

    def post(content: bytes | None) -> tuple[int, object]:
        form = {} if content is None else {"picture": (io.BytesIO(content), "upload")}
        answer = client.post("/upload", data=form, content_type="multipart/form-data")
        return answer.status_code, answer.json if answer.status_code == 200 else None

    return example, post


def django() -> tuple[ModuleType, Post]:
    example = importlib.import_module("django_app")  # its settings are of the process: only its gate is another
    example.GATE = importlib.import_module("checker").gate()
    example.published.clear()
    example.waiting.clear()
    from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: PLC0415 - after its settings
    from django.test import Client  # noqa: PLC0415

    def post(content: bytes | None) -> tuple[int, object]:
        form = {} if content is None else {"picture": SimpleUploadedFile("upload", content)}
        answer = Client().post("/upload", form)
        return answer.status_code, answer.json() if answer.status_code == 200 else None

    return example, post


@pytest.mark.parametrize("framework", [fastapi, flask, django], ids=["FastAPI", "Flask", "Django"])
def test_an_upload_is_shown_or_waits_for_a_person(
    request: pytest.FixtureRequest, environment: str, framework: Callable[[], tuple[ModuleType, Post]]
) -> None:
    assert environment in WAYS
    example, post = framework()
    request.addfinalizer(example.GATE.close)
    assert post(OTHER) == (200, {"picture": "shown"})
    assert post(LISTED) == (200, {"picture": "being checked"})
    assert post(b"no picture") == (200, {"picture": "shown"})  # fail-open, as the examples choose
    assert post(None)[0] == 400
    assert list(example.published.values()) == [OTHER, b"no picture"]  # whole, though it was read to be looked at
    assert list(example.waiting.values()) == [LISTED]


def test_with_an_agent_what_waits_waits_at_the_desk(agent: AgentServer) -> None:
    with takeback.Agent(agent.url, agent.key("desk")) as client:
        looked = Gate(client).look(LISTED, content="picture/1", surface="profile")
    assert (looked.publish, looked.reason, len(looked.hold or "")) == (False, "hold-what-is-near", 32)
    assert looked.matches[0].grade is takeback.Grade.STRONG


@pytest.mark.parametrize(("unanswered", "publish"), [("fail-open", True), ("fail-closed", False)])
def test_without_an_answer_the_site_has_chosen(tmp_path: Path, unanswered: str, publish: bool) -> None:
    away = Gate(takeback.Agent("http://127.0.0.1:9"), unanswered=unanswered)  # type: ignore[arg-type]
    assert (away.look(OTHER).publish, away.look(OTHER).reason) == (publish, "unavailable")
    with takeback.HashList.open(tmp_path / "list.db") as hashlist, takeback.Screen(hashlist) as screen:
        stale = Gate(screen, unanswered=unanswered).look(OTHER)  # type: ignore[arg-type]
    assert (stale.publish, stale.reason) == (publish, "stale-list")
