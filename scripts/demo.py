"""Starts the whole story on this machine: a clearinghouse with the person's page, and a photo site that takes part.

Everything is real: the server, the databases, the signatures, the pictures. With --check it walks the path by itself in
headless Chromium, with data of its own, and exits.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from demo_pictures import lay_out

ROOT = Path(__file__).resolve().parent.parent
TAKEBACK = Path(sys.executable).with_name("takeback")
PORTAL_PORT = 8440
SITE_PORT = 8441
#: Seconds that a server may take to answer for the first time, and to stop.
START_SECONDS = 60
STOP_SECONDS = 10


class DemoError(Exception):
    """The demo cannot go on; the message says what to do."""


def main() -> int:
    """Gives 0 after Ctrl-C or a passed check, 1 when something is in the way."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--check", action="store_true", help="walk the path in headless Chromium and exit")
    arguments.add_argument("--data", type=Path, default=ROOT / ".demo", help="folder for everything it keeps")
    arguments.add_argument("--portal-port", type=int, default=PORTAL_PORT)
    arguments.add_argument("--site-port", type=int, default=SITE_PORT)
    wanted = arguments.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        if wanted.check:
            with tempfile.TemporaryDirectory(prefix="takeback-demo-") as folder:
                return check(Path(folder))
        return run(wanted.data, wanted.portal_port, wanted.site_port)
    except DemoError as error:
        print(f"demo: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. `make demo` goes on with the same data.")
        return 0


def run(folder: Path, portal_port: int, site_port: int) -> int:
    """Serves until Ctrl-C."""
    with story(folder, portal_port, site_port) as (portal, site, password):
        print(f"""
  Takeback is running. Nothing leaves this machine.

  The person's page     {portal}
  A photo site          {site}
  Its review page       {site}/review      password: {password}

  What to try
  1. Open the photo site. A cup of coffee hangs in its gallery.
  2. Open the person's page and choose  {folder / "pictures"}
     The fingerprints are made in your browser. Write down the six words.
  3. A few seconds later the coffee is gone from the gallery: held for a person to look.
     Upload a smaller copy from  {folder / "copies"}  and it is held, too.
  4. On the review page, look and confirm. The receipt (six words) now says where it was removed.
  5. Withdraw with the six words: the photo site forgets the fingerprints.

  Ctrl-C stops everything.
""")
        while True:
            signal.pause()


def check(folder: Path) -> int:
    """Walks the same path by itself."""
    sys.path.insert(0, str(ROOT / "tests"))
    from support.walk import walk_the_path  # noqa: PLC0415 - needs Playwright, which only the check installs

    with story(folder, free_port(), free_port()) as (portal, site, password):
        for step in walk_the_path(
            portal=portal, site=site, password=password, pictures=folder / "pictures", copies=folder / "copies"
        ):
            print(f"  ✓ {step}", flush=True)
    print("The whole path works.")
    return 0


@contextmanager
def story(folder: Path, portal_port: int, site_port: int) -> Iterator[tuple[str, str, str]]:
    """Runs clearinghouse and photo site; gives their addresses and the review password."""
    for port, option in ((portal_port, "--portal-port"), (site_port, "--site-port")):
        refuse_taken(port, option)
    lay_out(folder)
    portal, site = f"http://127.0.0.1:{portal_port}", f"http://127.0.0.1:{site_port}"
    settings = folder / "clearinghouse.toml"
    settings.write_text(
        f'data_dir = "{folder / "clearinghouse"}"\nlist_id = "demo.example/list"\npublic_url = "{portal}"\n'
        f'host = "127.0.0.1"\nport = {portal_port}\npublish_interval_s = 2\n',
        encoding="utf-8",
    )
    with ExitStack() as stack:
        clearinghouse = [TAKEBACK, "serve", "clearinghouse", "--settings", settings]
        stack.enter_context(server(clearinghouse, folder / "clearinghouse.log", f"{portal}/health"))
        credentials = folder / "photoshare-credentials.json"
        if not credentials.exists():
            subprocess.run(
                [TAKEBACK, "participant", "invite", "Photoshare", "--settings", settings, "--output", credentials],
                check=True,
                stdout=subprocess.DEVNULL,
            )
        password = site_password(folder)
        photoshare = [
            *(sys.executable, "-m", "photoshare", "--data", folder / "photoshare", "--credentials", credentials),
            *("--port", str(site_port), "--sync-seconds", "2", "--seed", folder / "gallery"),
        ]
        environment = {"PYTHONPATH": str(ROOT / "examples"), "PHOTOSHARE_PASSWORD": password}
        stack.enter_context(server(photoshare, folder / "photoshare.log", f"{site}/health", environment))
        yield portal, site, password


@contextmanager
def server(
    command: list[object], log: Path, ready: str, environment: dict[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Runs a server until the block ends; its output goes to `log`."""
    with log.open("ab") as output:
        process = subprocess.Popen(  # its own session: Ctrl-C reaches this script first, which then stops it in order
            [str(word) for word in command],
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(environment or {})},
            start_new_session=True,
        )
    try:
        wait_until_ready(process, log, ready)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until_ready(process: subprocess.Popen[bytes], log: Path, ready: str) -> None:
    """Returns when the address answers; raises DemoError when the process ends or takes too long."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise DemoError(f"a server stopped at once. The last lines of {log}:\n{tail(log)}")
        try:
            with urllib.request.urlopen(ready, timeout=2):  # noqa: S310 - an address of this machine
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise DemoError(f"{ready} did not answer within {START_SECONDS} seconds. See {log}.")


def tail(log: Path, lines: int = 15) -> str:
    """Gives the end of a log."""
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])


def refuse_taken(port: int, option: str) -> None:
    """Raises DemoError when something else listens on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise DemoError(
                f"port {port} is taken. Is another `make demo` running? Stop it, or choose another port:\n"
                f"      {Path(sys.executable).relative_to(ROOT)} scripts/demo.py {option} {port + 100}"
            ) from None


def free_port() -> int:
    """Gives a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def site_password(folder: Path) -> str:
    """Gives the demo site's review password, the same at every start."""
    file = folder / "review-password.txt"
    if not file.exists():
        file.write_text(os.urandom(6).hex(), encoding="ascii")
        file.chmod(0o600)
    return file.read_text(encoding="ascii")


if __name__ == "__main__":
    if not TAKEBACK.exists() or not shutil.which("node"):
        print("demo: start it with `make demo`, which sets up what it needs.", file=sys.stderr)
        sys.exit(1)
    sys.exit(main())
