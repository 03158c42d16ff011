"""Runs the program: `PYTHONPATH=examples python -m mastodon`, with the names below in its environment."""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import uvicorn

import takeback
from mastodon.following import Following
from mastodon.looking import Looking
from mastodon.moderation import Moderation
from mastodon.server import ACTIONS, Server
from mastodon.store import Store
from mastodon.webhook import create_app

#: What has to be said, and what it is.
NEEDED = {
    "MASTODON_URL": "the server, as https://social.example",
    "MASTODON_TOKEN": "an application's token with the scopes that server.py names",
    "MASTODON_WEBHOOK_SECRET": "the signing secret that Mastodon shows beside the webhook",
    "MASTODON_STORAGE": "the folder public/system of Mastodon; reading is enough",
    "TAKEBACK_AGENT": "the agent, as http://127.0.0.1:8450",
    "TAKEBACK_SCREEN_KEY": "a key of the agent with the role screen",
    "TAKEBACK_INSTRUCTIONS_KEY": "another with the role instructions",
}
#: What may be said beside it: what is done to an account, where this program keeps its place, and where it listens.
USUAL = {
    "MASTODON_ON_HIDE": "sensitive",
    "MASTODON_ON_REMOVE": "suspend",
    "MASTODON_DATA": "mastodon.db",
    "MASTODON_PORT": "8452",
    "MASTODON_RETRY_S": "30",
}


def main() -> int:
    """Gives 1 when something is missing."""
    said = {**USUAL, **os.environ}
    if missing := [f"{name}: {what}" for name, what in NEEDED.items() if not said.get(name)]:
        return _refused("please set", *missing)
    actions = {"hide": said["MASTODON_ON_HIDE"], "remove": said["MASTODON_ON_REMOVE"]}
    if unknown := set(actions.values()) - {*ACTIONS, "none"}:
        return _refused(f"there is no action {min(unknown)}; there are", *ACTIONS, "none")
    storage = Path(said["MASTODON_STORAGE"])
    if not (storage / "media_attachments" / "files").is_dir():
        return _refused("MASTODON_STORAGE: has no folder media_attachments/files")
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("httpx2").setLevel(logging.WARNING)  # it would write down every address, and so every id

    store, retry_s = Store(Path(said["MASTODON_DATA"])), float(said["MASTODON_RETRY_S"])
    server = Server(said["MASTODON_URL"], said["MASTODON_TOKEN"])
    moderation = Moderation(store, server, {doing: what for doing, what in actions.items() if what != "none"})
    screens = takeback.Agent(said["TAKEBACK_AGENT"], said["TAKEBACK_SCREEN_KEY"])
    instructs = takeback.Agent(said["TAKEBACK_AGENT"], said["TAKEBACK_INSTRUCTIONS_KEY"])
    looking = Looking(store, screens, moderation, storage, retry_s=retry_s)
    for run in (looking.run, Following(store, instructs, moderation, retry_s=retry_s).run):
        threading.Thread(target=_or_end, args=(run,), daemon=True).start()
    app = create_app(said["MASTODON_WEBHOOK_SECRET"], store, looking.tell)
    port = int(said["MASTODON_PORT"])
    uvicorn.run(app, host="127.0.0.1", port=port, access_log=False, server_header=False, log_level="warning")
    return 0


def _refused(why: str, *lines: str) -> int:
    print(f"mastodon: {why}", *lines, sep="\n  ", file=sys.stderr)
    return 1


def _or_end(run: Callable[[], None]) -> None:
    """Ends the program when a thread fails by a mistake of ours: a service manager starts it again, where it was."""
    try:
        run()
    except BaseException:
        logging.getLogger("mastodon").exception("ended by a mistake")
        os._exit(1)


if __name__ == "__main__":
    sys.exit(main())
