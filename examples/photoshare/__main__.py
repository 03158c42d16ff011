"""Runs the site: `python -m photoshare --data DIR --credentials FILE --port N`."""

from __future__ import annotations

import argparse
import logging
import secrets
import socket
import sys
from pathlib import Path

import uvicorn

import takeback
from photoshare.moderation import Moderation
from photoshare.moderator import Moderator
from photoshare.pictures import Pictures
from photoshare.site import create_site
from photoshare.syncing import Syncing


def main() -> int:
    """Gives 0 when the site was stopped, 1 when something is in the way."""
    wanted = _arguments().parse_args()
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("httpx2").setLevel(logging.WARNING)
    try:
        _refuse_taken(wanted.host, wanted.port)
        _run(wanted)
    except (takeback.TakebackError, OSError) as error:
        print(f"photoshare: {error}", file=sys.stderr)
        return 1
    return 0


def _run(wanted: argparse.Namespace) -> None:
    wanted.data.mkdir(parents=True, exist_ok=True)
    exchange = takeback.connect(wanted.credentials)
    with takeback.HashList.open(wanted.data / "list.db") as hashlist:
        pictures = Pictures(wanted.data)
        moderation = Moderation(pictures, hashlist, takeback.Screen(hashlist))
        syncing = Syncing(moderation, exchange, wanted.sync_seconds)
        syncing.once()
        if wanted.seed and not pictures.undecided():
            for file in sorted(wanted.seed.iterdir()):
                moderation.upload(file.read_bytes())
        syncing.start()
        site = create_site(moderation, Moderator(wanted.data), _secret(wanted.data), on_stop=syncing.stop)
        uvicorn.run(
            site, host=wanted.host, port=wanted.port, access_log=False, server_header=False, log_level="warning"
        )
        pictures.close()


def _arguments() -> argparse.ArgumentParser:
    arguments = argparse.ArgumentParser(prog="photoshare", description=__doc__)
    arguments.add_argument("--data", type=Path, required=True, help="folder for pictures and the list")
    arguments.add_argument("--credentials", type=Path, required=True, help="file from `takeback participant invite`")
    arguments.add_argument("--host", default="127.0.0.1")
    arguments.add_argument("--port", type=int, default=8441)
    arguments.add_argument("--sync-seconds", type=float, default=300, help="how often to fetch the list (default: 300)")
    arguments.add_argument("--seed", type=Path, help="folder of pictures to begin the gallery with")
    return arguments


def _secret(folder: Path) -> bytes:
    file = folder / "session-secret"
    if not file.exists():
        file.touch(mode=0o600)
        file.write_bytes(secrets.token_bytes(32))
    return file.read_bytes()


def _refuse_taken(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise OSError(f"port {port} is taken; choose another with --port.") from None


if __name__ == "__main__":
    sys.exit(main())
