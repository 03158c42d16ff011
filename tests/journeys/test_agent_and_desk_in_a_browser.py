"""The story with a film and a photograph, all people in a real Chromium: the page, a platform's agent, its desk."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from browser.test_the_console import come_in, with_passkeys
from support.agents import AgentServer
from support.films import encoded, film, scenes
from support.pictures import half_size_jpeg, photograph
from support.portal_page import PortalPage
from support.servers import TAKEBACK, ClearinghouseServer
from support.waiting import eventually
from takeback.model.agent_key import KeyRole

#: What somebody posts again: smaller, by another encoder; and what has nothing to do with it.
SMALLER = [np.asarray(Image.fromarray(one).resize((320, 182))) for one in scenes(4)]
FILM_COPY = encoded(SMALLER, "mp4", "libx264", options={"crf": "30"})
PICTURE, OTHER = photograph("rocket.jpg"), photograph("retina.jpg")


@pytest.fixture
def agent(clearinghouse: ClearinghouseServer, tmp_path: Path) -> Iterator[AgentServer]:
    credentials = clearinghouse.invite("The platform")
    rows = f'sync_wait_s = 6\n[[lists]]\nname = "ours"\nkind = "takeback"\ncredentials = "{credentials}"\n'
    server = AgentServer(tmp_path / "agent", rows)
    yield server
    server.stop()


def test_a_film_and_a_picture_travel_through_agent_and_desk(
    chromium: Browser, clearinghouse: ClearinghouseServer, agent: AgentServer, tmp_path: Path
) -> None:
    uploads, site = agent.key("uploads"), agent.key("site", KeyRole.INSTRUCTIONS)
    agent.start()
    screens, reads = agent.client(uploads), agent.client(site)

    def look(content: bytes, id_: str) -> dict[str, Any]:
        return screens.post("/v1/screen", content=content, params={"content": id_, "region": "DE"}).json()

    # Somebody chooses a film and a photograph; their fingerprints are made in the page, and sent.
    film_file, picture_file = tmp_path / "VID_0001.webm", tmp_path / "IMG_0001.jpg"
    film_file.write_bytes(film("vp9.webm", 4))
    picture_file.write_bytes(PICTURE)
    person = PortalPage(chromium.new_context().new_page(), clearinghouse.url)
    person.begin()
    person.choose([film_file, picture_file])
    person.send()
    words = person.words()

    # The platform knows a moment later: both copies are held, and nothing else is.
    eventually(lambda: look(FILM_COPY, "post/film")["outcome"] == "matched")
    held = look(FILM_COPY, "post/film")
    assert (held["do"], held["kind"], held["matches"][0]["type"]) == ("hold", "video", "vpdq")
    eventually(lambda: look(half_size_jpeg(PICTURE), "post/picture")["do"] == "hold")
    assert look(OTHER, "post/other")["do"] == "allow"

    # A reviewer comes to the desk with a passkey, sees facts, asks for blurred stills of the film, and decides.
    reviewer = with_passkeys(chromium)
    come_in(reviewer, _link(agent, "Ana"))
    reviewer.get_by_role("link", name="Queue").click()
    kinds = set()
    for _ in range(2):
        reviewer.get_by_role("button", name="Open the next one").click()
        kinds.add(_decides(reviewer))
    assert kinds == {"film", "picture"}

    # The platform is told to remove both; the person sees it on the page, and takes both back.
    told = reads.get("/v1/instructions", params={"wait": 20}).json()["instructions"]
    assert sorted((one["content"], one["doing"]) for one in told) == [
        ("post/film", "remove"),
        ("post/picture", "remove"),
    ]
    again = PortalPage(chromium.new_context().new_page(), clearinghouse.url)
    again.come_back(words)
    for number in (1, 2):
        again.waits_to_read("Found and removed on at least 1 service.", number)
        again.take_back(number)
    eventually(lambda: look(FILM_COPY, "post/film-later")["outcome"] == "clear", because="nothing matches any more")
    eventually(lambda: look(half_size_jpeg(PICTURE), "post/picture-later")["outcome"] == "clear")


def _link(agent: AgentServer, name: str) -> str:
    command = [TAKEBACK, "desk", "operator", "add", name, "--role", "operator", "--json", "--settings", agent.file]
    return str(json.loads(subprocess.run(command, capture_output=True, check=True).stdout)["link"])


def _decides(reviewer: Page) -> str:
    """Looks at stills that are blurred, hears and sees nothing move, and decides; says what it was."""
    expect(reviewer.get_by_role("heading", level=1)).to_have_text("One hold")
    assert reviewer.locator("video, audio").count() == 0
    assert reviewer.locator("figure img").count() == 0, "nobody has to see it"
    reviewer.get_by_role("button", name="Show it blurred").click()
    image = reviewer.get_by_role("img", name="The picture that is held, as you asked to see it")
    expect(image).to_be_visible(timeout=30_000)
    assert image.evaluate("one => one.decode().then(() => one.naturalWidth)") > 0
    stills = reviewer.get_by_text("A few still frames. Nothing moves, nothing sounds.").is_visible()
    reviewer.get_by_role("radio", name="It is of the kind that is listed.").check()
    reviewer.get_by_role("button", name="Decide", exact=True).click()
    expect(reviewer.get_by_role("status")).to_have_text("Decided.")
    return "film" if stills else "picture"
