"""The whole story, over real HTTP. `test_in_a_real_browser.py` tells it again with a real browser and the real page."""

from __future__ import annotations

import json
import sqlite3

from support.moderator import Visitor
from support.person import Person
from support.pictures import half_size_jpeg, photograph
from support.servers import ClearinghouseServer, PhotoshareServer
from support.waiting import eventually

PICTURE = photograph("coffee.png")
COPY = half_size_jpeg(PICTURE)
SOMETHING_ELSE = photograph("rocket.jpg")


def test_a_fingerprint_travels_and_comes_back(clearinghouse: ClearinghouseServer, photoshare: PhotoshareServer):
    """A person lists a picture; a changed copy is held, confirmed and removed; the person sees it and withdraws."""
    person, uploader, moderator = Person(clearinghouse.url), Visitor(photoshare.url), Visitor(photoshare.url)
    moderator.sign_in(PhotoshareServer.PASSWORD)

    # A person fingerprints a picture on their own device and sends the fingerprints.
    assert person.send(PICTURE).json() == {"accepted": 1}
    eventually(lambda: person.status()["state"] == "listed", because="the entry is published")
    eventually(lambda: person.status()["fetched_by"] == 1, because="the platform syncs by itself")
    assert person.status()["removed_on"] == 0

    # Somebody uploads a smaller, re-encoded copy. Nobody gets to see it; the uploader learns nothing.
    assert "being checked" in uploader.upload(COPY)
    assert uploader.gallery() == []
    (held,) = moderator.held()
    assert uploader.client.get(f"{photoshare.url}/pictures/{held}").status_code == 404

    # Another picture is none of the list's business.
    assert "in the gallery" in uploader.upload(SOMETHING_ELSE)
    assert len(uploader.gallery()) == 1

    # A person looks and confirms; the copy is gone, and the one who sent the fingerprint can see it.
    moderator.decide(held, "confirm")
    assert moderator.held() == []
    eventually(lambda: person.status()["removed_on"] == 1, because="feedback reaches the receipt")
    assert person.status()["state"] == "listed"
    assert '"corroborated": 1' in clearinghouse.run("list", "stats", "--json")

    # The person takes it back, and the platform forgets.
    person.withdraw(0)
    assert person.status() == {"state": "unlisted"}
    replica = photoshare.log.parent / "data" / "list.db"
    eventually(lambda: _fingerprints_in(replica) == 0, because="the tombstone reaches the platform")
    assert "in the gallery" in uploader.upload(COPY)


def test_a_wrong_entry_harms_nobody_for_long(clearinghouse: ClearinghouseServer, photoshare: PhotoshareServer):
    """A lawful picture is listed by somebody else: it is held, a person looks, and it is shown for good."""
    stranger, owner, moderator = Person(clearinghouse.url), Visitor(photoshare.url), Visitor(photoshare.url)
    moderator.sign_in(PhotoshareServer.PASSWORD)
    stranger.send(PICTURE)
    eventually(lambda: stranger.status().get("fetched_by") == 1)

    owner.upload(COPY)
    (held,) = moderator.held()
    moderator.decide(held, "wrong")

    assert owner.gallery() == [held]
    eventually(lambda: '"wrong": 1' in clearinghouse.run("list", "stats", "--json"))
    assert stranger.status()["state"] == "listed"  # one voice is not two


def test_what_is_already_out_there_is_found_and_released(
    clearinghouse: ClearinghouseServer, photoshare: PhotoshareServer
):
    """A copy that was visible before the person came is held by the next sync, and released by a withdrawal."""
    person, visitor = Person(clearinghouse.url), Visitor(photoshare.url)
    visitor.upload(COPY)
    assert len(visitor.gallery()) == 1

    person.send(PICTURE)
    eventually(lambda: visitor.gallery() == [], because="an old picture is held when its entry is listed")

    person.withdraw(0)
    eventually(lambda: len(visitor.gallery()) == 1, because="a held picture is released when its entry is withdrawn")


def test_a_suspended_platform_gets_nothing_more(clearinghouse: ClearinghouseServer, photoshare: PhotoshareServer):
    """The operator shuts a platform out: nothing that is listed afterwards reaches it."""
    (row,) = json.loads(clearinghouse.run("participant", "list", "--json"))
    clearinghouse.run("participant", "suspend", row["id"])
    person = Person(clearinghouse.url)
    person.send(PICTURE)
    eventually(lambda: person.status()["state"] == "listed")
    eventually(lambda: "suspended" in photoshare.log_text(), because="the platform is told why")
    assert person.status()["services"] == 0
    assert person.status()["fetched_by"] == 0


def _fingerprints_in(replica: object) -> int:
    with sqlite3.connect(f"file:{replica}?mode=ro", uri=True) as database:
        return database.execute("SELECT count(*) FROM entry WHERE sha256 IS NOT NULL").fetchone()[0]
