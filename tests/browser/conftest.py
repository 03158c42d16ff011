"""A clearinghouse that serves the real page under its real headers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext

from support.languages import with_pseudo_languages
from support.pictures import photograph
from support.portal_page import PortalPage
from support.servers import ClearinghouseServer


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClearinghouseServer]:
    server = ClearinghouseServer(Path(tmp_path_factory.mktemp("portal")))
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def phone(chromium: Browser) -> Iterator[BrowserContext]:
    """A small phone. The page keeps nothing in it (test_leaving.py), so tests can share it."""
    context = chromium.new_context(viewport={"width": 320, "height": 640})
    yield context
    context.close()


@pytest.fixture
def page(phone: BrowserContext, portal: ClearinghouseServer) -> Iterator[PortalPage]:
    """The page in a tab of its own."""
    yield PortalPage(phone.new_page(), portal.url)
    phone.set_offline(False)
    for tab in phone.pages:
        tab.close()


@pytest.fixture
def pictures(tmp_path: Path) -> list[Path]:
    """Three photographs."""
    made = []
    for name in ("coffee.png", "rocket.jpg", "chelsea.png"):
        (tmp_path / name).write_bytes(photograph(name))
        made.append(tmp_path / name)
    return made


#: What an operator may say, in one file.
OPERATOR = """
name = "Picture help Ruritania"
exit_address = "https://dull.example/"
logo = "logo.svg"
[[help_lines]]
name = "Line <b>for</b> all"
phone = "+44 20 7946 0000"
hours = "Day and night"
[[help_lines]]
name = "Chat & talk"
country = "DE"
chat = "https://chat.example/now"
[[country_pages]]
country = "DE"
name = "An authority"
address = "https://authority.example/"
[legal.en]
imprint = "The foundation\\n\\n1 Example Street <script>alert(1)</script>"
privacy = "Whom to ask."
"""


@pytest.fixture(scope="session")
def in_pseudo_languages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the built page with the pseudo-languages."""
    return with_pseudo_languages(Path(tmp_path_factory.mktemp("built")) / "page")


@pytest.fixture(scope="session")
def operated(tmp_path_factory: pytest.TempPathFactory, in_pseudo_languages: Path) -> Iterator[ClearinghouseServer]:
    """A service with an operator's file, a participant, and the pseudo-languages."""
    folder = Path(tmp_path_factory.mktemp("operated"))
    (folder / "portal.toml").write_text(OPERATOR, encoding="utf-8")
    (folder / "logo.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', encoding="utf-8")
    server = ClearinghouseServer(folder, portal_dir=str(in_pseudo_languages), portal_file=str(folder / "portal.toml"))
    server.start()
    server.invite("A <photo> site")
    yield server
    server.stop()
