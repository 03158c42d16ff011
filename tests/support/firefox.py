"""A real Firefox, Debian's, driven by WebDriver BiDi, which it speaks by itself: no geckodriver, no other package.

It offers the few words of a Playwright page that `support.worker` needs; Playwright cannot drive this Firefox.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

_LISTENS = "WebDriver BiDi listening on "
_LONGEST_ANSWER_S = 600
#: It makes no calls of its own, and the test's own scripts may start workers.
_SETTINGS = {
    "dom.security.trusted_types.enabled": False,
    "security.csp.enable": False,
    "app.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,",
    "toolkit.telemetry.reportingpolicy.firstRun": False,
}


class FirefoxPage:
    """One tab."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._ids = count(1)
        self._ask("session.new", capabilities={})
        self._tab = self._ask("browsingContext.getTree")["contexts"][0]["context"]
        self._folder = tempfile.TemporaryDirectory()

    def goto(self, address: str) -> None:
        self._ask("browsingContext.navigate", context=self._tab, url=address, wait="complete")

    def evaluate(self, script: str, arg: Any = None) -> Any:
        """Calls a function of the page's, with and giving what JSON can say."""
        call = f"async (given) => JSON.stringify(await ({script})(JSON.parse(given)))"
        answer = self._ask(
            "script.callFunction",
            functionDeclaration=call,
            arguments=[{"type": "string", "value": json.dumps(arg)}],
            target={"context": self._tab},
            awaitPromise=True,
        )
        if answer["type"] != "success":
            raise RuntimeError(answer["exceptionDetails"]["text"])
        found = answer["result"].get("value")
        return None if found is None else json.loads(found)

    def set_input_files(self, selector: str, files: list[Any]) -> None:
        """Chooses files, by their paths or as Playwright has them in memory."""
        paths = [one if isinstance(one, str) else self._written(at, one["buffer"]) for at, one in enumerate(files)]
        found = self._ask("browsingContext.locateNodes", context=self._tab, locator={"type": "css", "value": selector})
        element = {"sharedId": found["nodes"][0]["sharedId"]}
        self._ask("input.setFiles", context=self._tab, element=element, files=paths)

    def _written(self, at: int, content: bytes) -> str:
        path = Path(self._folder.name) / f"{at}.bin"
        path.write_bytes(content)
        return str(path)

    def _ask(self, method: str, **params: Any) -> Any:
        asked = next(self._ids)
        self._connection.send(json.dumps({"id": asked, "method": method, "params": params}))
        while True:
            answer = json.loads(self._connection.recv(timeout=_LONGEST_ANSWER_S))
            if answer.get("id") != asked:
                continue  # an event
            if answer["type"] == "error":
                raise RuntimeError(f"{method}: {answer['error']}: {answer['message']}")
            return answer["result"]

    def close(self) -> None:
        self._ask("session.end")
        self._folder.cleanup()


@contextmanager
def firefox() -> Iterator[FirefoxPage]:
    """Runs a headless Firefox until the block ends."""
    executable = shutil.which("firefox-esr")
    assert executable, "Firefox is not installed; `scripts/setup firefox` installs it"
    with tempfile.TemporaryDirectory() as profile:
        lines = (f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in _SETTINGS.items())
        (Path(profile) / "user.js").write_text("".join(lines))
        process = subprocess.Popen(
            [executable, "--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            assert process.stderr
            said = (line for line in process.stderr if _LISTENS in line)
            address = next(said).split(_LISTENS)[1].strip()
            threading.Thread(target=process.stderr.read, daemon=True).start()  # or it waits for a reader
            with connect(f"{address}/session", max_size=None, open_timeout=30) as connection:
                page = FirefoxPage(connection)
                yield page
                page.close()
        finally:
            process.terminate()
            process.wait()
