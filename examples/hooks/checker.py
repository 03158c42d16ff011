"""Which of the two ways an example looks at uploads: through an agent, or with a list in the process itself."""

from __future__ import annotations

import os
import threading
import time

import takeback
from takeback.hooks import Gate

SYNC_SECONDS = 300


def gate() -> Gate:
    """Gives the gate: TAKEBACK_AGENT and TAKEBACK_AGENT_KEY, or TAKEBACK_CREDENTIALS and TAKEBACK_LIST."""
    if "TAKEBACK_AGENT" in os.environ:
        return Gate(takeback.Agent(os.environ["TAKEBACK_AGENT"], os.environ["TAKEBACK_AGENT_KEY"]))
    hashlist = takeback.HashList.open(os.environ.get("TAKEBACK_LIST", "list.db"))
    if "TAKEBACK_CREDENTIALS" in os.environ:
        exchange = takeback.connect(os.environ["TAKEBACK_CREDENTIALS"])
        threading.Thread(target=sync_for_ever, args=(hashlist, exchange), daemon=True).start()
    return Gate(takeback.Screen(hashlist), unanswered="fail-closed")


def sync_for_ever(hashlist: takeback.HashList, exchange: takeback.Exchange) -> None:
    """Keeps the list fresh: with `wait_s`, what is withdrawn stops matching within a second."""
    while True:
        try:
            hashlist.sync(exchange, wait_s=50)
        except takeback.TakebackError as error:
            print(f"not synced: {error}")
            time.sleep(SYNC_SECONDS)
