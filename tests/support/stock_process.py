"""One fetch of the stock client of NCMEC's dialect, in a process of its own, in the time zone of its environment.

`python -m support.stock_process BASE USER PASSWORD SECONDS` fetches from a checkpoint on and prints, as JSON, the next
checkpoint and each key with its value, or null where it is deleted.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from threatexchange.exchanges.impl.ncmec_api import NCMECCheckpoint

from support.stock import ncmec_exchange, without_delay


def in_time_zone(zone: str, base: str, user: str, password: str, since: int) -> subprocess.CompletedProcess[str]:
    """Runs such a process in a time zone."""
    environment = {**os.environ, "TZ": zone, "PYTHONPATH": str(Path(__file__).parents[1])}
    command = [sys.executable, "-m", __name__, base, user, password, str(since)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)


def main(base: str, user: str, password: str, since: str) -> None:
    """Fetches once."""
    without_delay(pytest.MonkeyPatch())
    client = ncmec_exchange(base, user, password)
    client.checkpoint = NCMECCheckpoint(int(since))
    client.fetch()
    told = {key: None if one.deleted else one.fingerprints.get("pdq") for key, one in client.told.items()}
    sys.stdout.write(json.dumps({"checkpoint": client.checkpoint.get_entries_max_ts, "told": told}))


if __name__ == "__main__":
    main(*sys.argv[1:])
