"""Two ways on which a person sees that nothing leaves: aeroplane mode, where the network is off, and practice."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Request, expect
from skimage import data

from support import films
from support.pictures import photograph
from support.portal_page import PortalPage
from support.tiffs import by_pillow


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """A photograph, a film, and a kind of file that needs a worker of its own."""
    scan = by_pillow(Image.fromarray(data.astronaut()))
    made = {"rocket.jpg": photograph("rocket.jpg"), "clip.mp4": films.film(seconds=2.5), "scan.tif": scan}
    for name, content in made.items():
        (tmp_path / name).write_bytes(content)
    return [tmp_path / name for name in made]


def fits(page: PortalPage) -> None:
    assert page.page.evaluate("document.documentElement.scrollWidth") <= 320


def fly(page: PortalPage) -> None:
    """Chooses the way with the network off, and turns it off."""
    page.press("Do it with the network off")
    expect(page.page.get_by_text("Turn on aeroplane mode now.")).to_be_visible()
    fits(page)
    page.page.context.set_offline(True)
    expect(page.page.get_by_text("Nothing can be sent now.")).to_be_visible()
    page.press("Next")
    page.sees("Choose the pictures")


def asked_for(page: PortalPage) -> list[Request]:
    """What the page asks the network for, from now on."""
    requests: list[Request] = []
    page.page.context.on("request", lambda request: requests.append(request))  # noqa: PLW0108 - Playwright marks it
    return requests


def test_everything_is_made_without_a_network(page: PortalPage, files: list[Path]) -> None:
    """The server is away from before the choice until the person agrees; then one request goes, and it is the list."""
    page.begin()
    fly(page)
    requests = asked_for(page)
    page.choose(files)
    expect(page.page.get_by_text("We can find changed copies of it, too.")).to_have_count(len(files))
    page.press("Choose more pictures")
    page.press("Back")
    page.press("Next")
    expect(page.page.get_by_text("The network is off. Turn it on again now.")).to_be_visible()
    page.page.get_by_text("Show exactly what will be sent").click()
    announced = json.loads(page.page.locator("pre").inner_text())
    page.page.get_by_label("I agree that these fingerprints are sent").check()
    expect(page.page.get_by_role("button", name="Send")).to_be_disabled()
    fits(page)
    assert [request.url for request in requests] == []

    page.page.context.set_offline(False)
    expect(page.page.get_by_role("button", name="Send")).to_be_enabled()
    assert [request.url for request in requests] == []
    page.press("Send")
    page.sees("It is done")
    (sent,) = (request for request in requests if request.method == "POST")
    assert json.loads(sent.post_data or "") == announced
    page.look()
    expect(page.page.get_by_role("listitem")).to_have_count(len(files))


def test_what_did_not_come_is_said_before_the_network_goes(page: PortalPage) -> None:
    page.page.route("**/assets/film-worker-*.js", lambda route: route.abort(), times=2)
    page.begin()
    page.press("Do it with the network off")
    expect(page.page.get_by_text("Something did not come.")).to_be_visible()
    page.page.unroute("**/assets/film-worker-*.js")
    page.press("Try again")
    expect(page.page.get_by_text("Turn on aeroplane mode now.")).to_be_visible()


def test_stopping_leads_back_to_fetching(page: PortalPage, files: list[Path]) -> None:
    page.begin()
    fly(page)
    page.page.get_by_label("Choose pictures").set_input_files([str(file) for file in files[:1] * 100])
    page.page.context.set_offline(False)
    page.press("Stop")
    page.sees("With the network off")
    page.press("Go on, the network is still on")
    page.choose(files[:1])


def test_practice_goes_the_whole_way_and_sends_nothing(page: PortalPage) -> None:
    requests = asked_for(page)
    page.press("Try it first. Nothing is sent")
    for answer in ("Yes, I am safe", "The picture or video", "It is me in the picture", "Under 18"):
        expect(page.page.get_by_text("Practice. Nothing is sent.")).to_be_visible()
        fits(page)
        page.answer(answer)
    expect(page.page.get_by_role("img", name="A drawing of a house")).to_be_visible()
    fits(page)
    page.press("Use this drawing")
    page.sees("Check")
    expect(page.tile(1)).to_contain_text("We can find changed copies of it, too.")
    page.press("Next")
    page.page.get_by_label("I agree that these fingerprints are sent").check()
    page.press("Send, in practice")
    page.sees("It is done")
    expect(page.page.get_by_text("They open nothing.")).to_be_visible()
    assert len(page.words().split()) == 6
    page.look()
    expect(page.tile(1)).to_contain_text("Fetched by 2 of 3 services.")
    page.take_back(1)
    expect(page.page.get_by_text("Nothing is on the list for these words.")).to_be_visible()
    # The parts of the page itself come when they are wanted; beyond those there is not one request.
    assert [request.url for request in requests if "/assets/" not in request.url] == []
    assert {request.method for request in requests} == {"GET"}
    assert not any(request.post_data for request in requests)
    page.press("Back")
    page.sees("Help with a picture of you")
    expect(page.page.get_by_text("Practice. Nothing is sent.")).to_have_count(0)
