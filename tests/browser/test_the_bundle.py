"""The build of the page: the same bytes wherever it is built, and their digest, which the clearinghouse publishes."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path

import httpx2
from playwright.sync_api import expect

from support.portal_page import PortalPage
from support.servers import ROOT, ClearinghouseServer

BUILT = ROOT / "src" / "takeback" / "apps" / "static" / "portal"
#: What the build reads.
SOURCES = ("web", "spec", "locale", "docs")


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_another_build_in_another_folder_is_the_same_to_the_byte(tmp_path: Path) -> None:
    for name in SOURCES:
        ignore = shutil.ignore_patterns("node_modules", "offline/generated")
        shutil.copytree(ROOT / name, tmp_path / "elsewhere" / name, ignore=ignore)
    web = tmp_path / "elsewhere" / "web"
    (web / "node_modules").symlink_to(ROOT / "web" / "node_modules", target_is_directory=True)
    for config in ("offline.config.ts", "vite.config.ts"):  # as `npm run build` does, which also checks types
        subprocess.run(["npx", "vite", "build", "--config", config], cwd=web, check=True, capture_output=True)
    again = files_of(tmp_path / "elsewhere" / "src" / "takeback" / "apps" / "static" / "portal")
    first = files_of(BUILT)
    assert again.keys() == first.keys()
    assert [path for path, content in first.items() if again[path] != content] == []


def test_the_digest_can_be_made_again_from_what_is_served(portal: ClearinghouseServer) -> None:
    said = httpx2.get(f"{portal.url}/v1/page").json()
    files = sorted((path, content) for path, content in files_of(BUILT).items() if not path.endswith((".br", ".gz")))
    made = {path: hashlib.sha256(content).hexdigest() for path, content in files}
    assert said["files"] == made
    manifest = "".join(f"{digest}  {path}\n" for path, digest in made.items())
    assert said["digest"] == hashlib.sha256(manifest.encode()).hexdigest()
    name = next(path for path in made if path.endswith(".js"))
    assert hashlib.sha256(httpx2.get(f"{portal.url}/{name}").content).hexdigest() == made[name]


def test_its_number_stands_at_the_foot_of_every_screen(page: PortalPage, portal: ClearinghouseServer) -> None:
    digest = httpx2.get(f"{portal.url}/v1/page").json()["digest"]
    number = page.page.get_by_text(f"Number of this page {digest[:8]}")
    for button in ("Start", "Somebody threatens me"):
        expect(number).to_be_visible()
        page.press(button)
    expect(page.page.get_by_text("All its files together have this number.")).to_be_hidden()
    number.click()
    expect(page.page.get_by_text("All its files together have this number.")).to_be_visible()
    expect(page.page.get_by_text(digest, exact=True)).to_be_visible()
    assert page.page.evaluate("document.documentElement.scrollWidth") <= 320
