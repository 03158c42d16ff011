"""The page in languages that nobody speaks: what comes out plain does not come from a catalogue."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from support.servers import ROOT

BUILT = ROOT / "src" / "takeback" / "apps" / "static" / "portal"
ACCENTED, RIGHT_TO_LEFT = "en-XA", "ar-XB"


def with_pseudo_languages(folder: Path) -> Path:
    """Copies what is built and adds the pages of the two pseudo-languages."""
    shutil.copytree(BUILT, folder)
    command = ["npx", "vite-node", "languages/add-pseudo.ts", str(folder)]
    subprocess.run(command, cwd=ROOT / "web", check=True, capture_output=True)
    return folder


def texts_of(page: Page) -> Any:
    """Gives the sentences that stand in the page, in its language."""
    return json.loads(page.locator("#texts").text_content() or "")


def plain_words(text: str) -> list[str]:
    """Gives words of what is shown that no catalogue gave: two plain letters or more in a row.

    The number of the page is made of letters, too.
    """
    return re.findall("[A-Za-z]{2,}", re.sub(r"\b[0-9a-f]{8,64}\b", "", text))
