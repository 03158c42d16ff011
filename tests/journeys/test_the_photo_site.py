"""The example platform's own doors: what strangers cannot do there."""

from __future__ import annotations

import httpx2
import pytest

from support.moderator import Visitor
from support.person import Person
from support.pictures import half_size_jpeg, photograph, truncated
from support.servers import ClearinghouseServer, PhotoshareServer
from support.waiting import eventually

PICTURE = photograph("coffee.png")


def test_strangers_do_not_review(clearinghouse: ClearinghouseServer, photoshare: PhotoshareServer) -> None:
    person, stranger, moderator = Person(clearinghouse.url), Visitor(photoshare.url), Visitor(photoshare.url)
    person.send(PICTURE)
    eventually(lambda: person.status().get("fetched_by") == 1)
    stranger.upload(half_size_jpeg(PICTURE))
    moderator.sign_in(PhotoshareServer.PASSWORD)
    (held,) = moderator.held()

    stranger.sign_in("a guess")
    with httpx2.Client(base_url=photoshare.url, follow_redirects=False) as http:
        token = stranger._token("/review")
        assert "Held picture" not in http.get("/review").text
        assert http.get(f"/review/{held}/picture").status_code in (303, 401, 403, 404)
    for decision in ("confirm", "wrong"):
        answer = stranger.client.post(
            f"{photoshare.url}/review/{held}/{decision}", data={"_csrf_token": token}, follow_redirects=False
        )
        assert answer.status_code in (303, 401, 403)
    assert moderator.held() == [held]
    assert moderator.client.get(f"{photoshare.url}/review/{held}/picture").status_code == 200


@pytest.mark.parametrize("path", ["/upload", "/review/sign-in", "/review/" + "0" * 32 + "/confirm"])
def test_a_form_of_another_site_is_refused(photoshare: PhotoshareServer, path: str) -> None:
    answer = httpx2.post(f"{photoshare.url}{path}", data={"password": PhotoshareServer.PASSWORD})
    assert answer.status_code == 403


def test_what_cannot_be_read_is_held_for_a_person(photoshare: PhotoshareServer) -> None:
    visitor = Visitor(photoshare.url)
    assert "being checked" in visitor.upload(truncated(PICTURE))
    assert visitor.gallery() == []
