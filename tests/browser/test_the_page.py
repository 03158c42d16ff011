"""The person's page, step by step, where the main journey does not go."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from support import films
from support.pictures import photograph
from support.portal_page import PortalPage
from support.servers import ClearinghouseServer
from support.worker import worker_address
from takeback.fingerprints.distance import hamming
from takeback.fingerprints.edits import Protection
from takeback.fingerprints.types import FingerprintType
from takeback.media import Fingerprinted, Fingerprinter

#: What such a browser does to the pixels that a page asks for.
NOISE = """{
  const context = OffscreenCanvasRenderingContext2D.prototype;
  const honest = context.getImageData;
  context.getImageData = function (...words) {
    const read = honest.apply(this, words);
    for (let at = 0; at < read.data.length; at += 97) read.data[at] ^= 1;
    return read;
  };
}
"""
DROP = """async ([contents, type]) => {
  const data = new DataTransfer();
  contents.forEach((content, at) => {
    const bytes = Uint8Array.from(atob(content), (character) => character.charCodeAt(0));
    data.items.add(new File([bytes], `${at}.png`, {type}));
  });
  const target = document.querySelector('.drop');
  for (const kind of ['dragover', 'drop']) {
    target.dispatchEvent(new DragEvent(kind, {dataTransfer: data, bubbles: true, cancelable: true}));
  }
}"""


@pytest.fixture
def pictures(tmp_path: Path) -> list[Path]:
    made = []
    for name in ("coffee.png", "rocket.jpg"):
        (tmp_path / name).write_bytes(photograph(name))
        made.append(tmp_path / name)
    return made


def noisy(route: Route) -> None:
    """Lets the worker through, changed into that of such a browser."""
    answer = route.fetch()
    route.fulfill(response=answer, body=NOISE + answer.text())


def posted(page: Page) -> list[bytes]:
    """Bodies that the page sends from now on."""
    bodies: list[bytes] = []
    page.on(
        "request", lambda request: bodies.append(request.post_data_buffer or b"") if request.method == "POST" else 0
    )
    return bodies


def test_pictures_can_be_dropped(page: PortalPage, pictures: list[Path]) -> None:
    page.begin()
    page.page.evaluate(DROP, [[base64.b64encode(p.read_bytes()).decode() for p in pictures], "image/png"])
    page.sees("Check")
    assert page.page.get_by_role("listitem").count() == 2


def test_an_iphone_picture_fetches_its_decoder(page: PortalPage, test_data: Path) -> None:
    asked: list[str] = []
    page.page.on("request", lambda request: asked.append(request.url))
    page.begin()
    page.choose([test_data / "formats" / "metadata-extra__cheers_1440x960.heic"])
    expect(page.page.get_by_text("We can find changed copies of it, too.")).to_be_visible()
    assert [url.split("/")[-1].split("-")[0] for url in asked if "heif" in url] == ["libheif"]


def test_a_browser_that_changes_pixels_is_found_out_and_helped(page: PortalPage, pictures: list[Path]) -> None:
    """Some browsers add noise to what a canvas gives back: the page notices, and decodes by itself."""

    page.page.route(f"**{worker_address()}", noisy)
    bodies = posted(page.page)
    page.begin()
    page.choose(pictures)
    expect(page.page.get_by_text("We can find changed copies of it, too.")).to_have_count(len(pictures))
    page.send()
    with Fingerprinter(protection=Protection.USUAL) as fingerprinter:
        for entry, picture in zip(json.loads(bodies[0])["entries"], pictures, strict=True):
            made = fingerprinter.fingerprint(picture)
            assert isinstance(made, Fingerprinted)
            assert [one["value"] for one in entry["fingerprints"]] == [one.hex for one in made.fingerprints]


def test_a_browser_that_cannot_be_helped_says_so(page: PortalPage, pictures: list[Path]) -> None:
    """The decoders do not come: exact fingerprints go alone, never a wrong one."""
    page.page.route(f"**{worker_address()}", noisy)
    page.page.route("**/*.wasm", lambda route: route.abort())
    page.begin()
    page.choose(pictures)
    expect(page.page.get_by_text("Your browser changes pictures to protect you.")).to_have_count(len(pictures))


def sent(page: PortalPage, film: Path) -> dict[str, Any]:
    """Chooses a film, sends it, and gives the entry that left the device."""
    bodies = posted(page.page)
    page.begin()
    page.choose([film])
    expect(page.page.get_by_role("button", name="Next")).to_be_visible()
    page.send()
    (entry,) = json.loads(bodies[0])["entries"]
    return dict(entry)


def types_of(entry: dict[str, Any]) -> list[str]:
    """The types of what was sent, without simulated edits."""
    return [one["type"] for one in entry["fingerprints"] if "edit" not in one]


def test_a_film_is_sent_with_its_frames(page: PortalPage, tmp_path: Path) -> None:
    (tmp_path / "clip.mp4").write_bytes(films.film())
    entry = sent(page, tmp_path / "clip.mp4")
    assert entry["kind"] == "video"
    with Fingerprinter() as server:
        made = server.fingerprint(tmp_path / "clip.mp4")
    assert isinstance(made, Fingerprinted)
    known = [(one.type.value, one.hex, one.quality, one.at) for one in made.fingerprints]
    assert [(f["type"], f["value"], f.get("quality"), f.get("at")) for f in entry["fingerprints"]] == known


def test_a_picture_that_moves_is_sent_with_its_frames(page: PortalPage, tmp_path: Path) -> None:
    (tmp_path / "moving.gif").write_bytes(films.animation(3.4))
    entry = sent(page, tmp_path / "moving.gif")
    assert entry["kind"] == "image"
    assert types_of(entry) == ["md5", "sha256", "pdq"] + ["vpdq"] * 4


def test_a_photograph_with_a_film_inside_is_sent_with_both(page: PortalPage, tmp_path: Path) -> None:
    (tmp_path / "motion.jpg").write_bytes(films.motion_photo(photograph("rocket.jpg"), films.film(seconds=2.5)))
    entry = sent(page, tmp_path / "motion.jpg")
    assert entry["kind"] == "image"
    assert types_of(entry) == ["md5", "sha256", "pdq"] + ["vpdq"] * 3


def test_a_film_that_cannot_be_looked_into_is_said(page: PortalPage, tmp_path: Path) -> None:
    (tmp_path / "clip.avi").write_bytes(films.film("mpeg4.avi"))
    page.begin()
    page.choose([tmp_path / "clip.avi"])
    expect(page.page.get_by_text("This device cannot look into this film.")).to_be_visible()


def without_decoder(route: Route) -> None:
    """Lets the film worker through, in a browser that shows films and does not take them apart."""
    answer = route.fetch()
    route.fulfill(response=answer, body="delete globalThis.VideoDecoder;" + answer.text())


def test_a_browser_that_only_shows_films_looks_at_what_it_shows(page: PortalPage, tmp_path: Path) -> None:
    """The page shows the film to nobody, second by second."""
    (tmp_path / "clip.mp4").write_bytes(films.film(seconds=2.5))
    page.page.route("**/film-worker-*.js", without_decoder)
    page.page.evaluate(
        """() => {
          const address = URL.createObjectURL;
          URL.createObjectURL = (file) => { window.shown = (window.shown ?? 0) + 1; return address(file); };
        }"""
    )
    entry = sent(page, tmp_path / "clip.mp4")
    with Fingerprinter() as server:
        made = server.fingerprint(tmp_path / "clip.mp4")
    assert isinstance(made, Fingerprinted)
    frames = {one.at: one.value for one in made.fingerprints if one.type is FingerprintType.VPDQ}
    seen = {one["at"]: bytes.fromhex(one["value"]) for one in entry["fingerprints"] if one["type"] == "vpdq"}
    assert seen.keys() == frames.keys()
    assert max(hamming(value, frames[at]) for at, value in seen.items()) <= 8
    assert page.page.evaluate("window.shown") == 1


def test_a_damaged_iphone_picture_is_said(page: PortalPage, tmp_path: Path) -> None:
    (tmp_path / "broken.heic").write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(500))
    page.begin()
    page.choose([tmp_path / "broken.heic"])
    expect(page.page.get_by_text("The file looks damaged.")).to_be_visible()


def test_every_picture_has_a_progress_bar(page: PortalPage, pictures: list[Path]) -> None:
    page.begin()
    page.page.evaluate(
        """() => new MutationObserver(() => {
          window.seen ??= new Set();
          for (const bar of document.querySelectorAll('progress')) window.seen.add(bar.labels[0].textContent);
        }).observe(document.body, {childList: true, subtree: true, attributes: true})"""
    )
    page.choose([pictures[0]] * 20)
    assert page.page.evaluate("[...window.seen].sort()") == sorted(f"Picture {n}" for n in range(1, 21))


def test_a_picture_can_be_left_out_and_shows_what_will_be_sent(page: PortalPage, pictures: list[Path]) -> None:
    bodies = posted(page.page)
    page.begin()
    page.choose(pictures)
    page.press("Leave out picture 1")
    page.press("Next")
    page.page.get_by_text("Show exactly what will be sent").click()
    shown = page.page.locator("pre")
    expect(shown).to_contain_text('"entries"')
    announced = json.loads(shown.inner_text())
    page.page.get_by_label("I agree that these fingerprints are sent").check()
    page.press("Send")
    page.sees("It is done")
    assert json.loads(bodies[0]) == announced
    assert len(announced["entries"]) == 1


def test_nothing_goes_without_agreement(page: PortalPage, pictures: list[Path]) -> None:
    page.begin()
    page.choose(pictures)
    page.press("Next")
    expect(page.page.get_by_role("button", name="Send")).to_be_disabled()


def test_a_lost_answer_is_sent_again_as_it_was(page: PortalPage, pictures: list[Path]) -> None:
    """The server takes it, the answer is lost, the person tries again: listed once, one receipt."""
    bodies = posted(page.page)

    def lose(route: Route) -> None:
        route.fetch()  # it arrives
        route.abort()  # its answer does not

    page.page.route("**/v1/submissions", lose, times=1)
    page.begin()
    page.choose(pictures)
    page.press("Next")
    page.page.get_by_label("I agree that these fingerprints are sent").check()
    page.press("Send")
    expect(page.page.get_by_text("It did not go through.")).to_be_visible()
    page.press("Try again")
    page.sees("It is done")
    assert len(bodies) == 2
    assert bodies[0] == bodies[1]


def test_all_can_be_taken_back_at_once(page: PortalPage, pictures: list[Path], portal: ClearinghouseServer) -> None:
    page.begin()
    page.choose(pictures)
    page.send()
    words = page.words()
    page.page.goto(portal.url)
    page.come_back(f"  {words.upper()} ")
    page.press("Take back all")
    page.press("No, keep it")
    expect(page.page.get_by_role("listitem")).to_have_count(2)
    page.press("Take back all")
    page.press("Yes, take it back")
    expect(page.page.get_by_text("Nothing is on the list for these words.")).to_be_visible()


def test_words_that_are_none_are_said(page: PortalPage) -> None:
    bodies = posted(page.page)
    page.come_back("six words that are not there")
    expect(
        page.page.get_by_text("These are not six words from our list, or not three numbers of ours.")
    ).to_be_visible()
    assert bodies == []


def test_it_works_without_a_mouse(page: PortalPage) -> None:
    """Focus begins at the heading of each step, and keys alone lead on."""
    expect(page.page.locator("h1")).to_be_focused()
    for screen in ("Are you safe right now?", "What do you have?", "Who are you?", "How old in the picture?"):
        page.page.keyboard.press("Tab")
        page.page.keyboard.press("Enter")
        page.sees(screen)
        expect(page.page.locator("h1")).to_be_focused()
    page.page.keyboard.press("Tab")
    page.page.keyboard.press("Space")
    page.sees("Choose the pictures")


def test_nothing_is_wider_than_a_small_phone(page: PortalPage, pictures: list[Path]) -> None:
    def fits() -> None:
        assert page.page.evaluate("document.documentElement.scrollWidth") <= 320

    fits()
    page.begin()
    fits()
    page.choose(pictures)
    fits()
    page.press("Next")
    page.page.get_by_text("Show exactly what will be sent").click()
    fits()
    page.page.get_by_label("I agree that these fingerprints are sent").check()
    page.press("Send")
    page.sees("It is done")
    page.words()
    fits()
    page.press("What comes next")
    fits()
    page.press("See how it stands")
    expect(page.page.get_by_role("listitem")).to_have_count(2)
    fits()
