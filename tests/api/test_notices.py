"""Notices over HTTP: the portal's own file, the page without login, who may do what."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path

import httpx2
import pytest

from support.notice_site import KEY, NoticeSite
from support.notices import ADULT, CHILD, Media, at, settings
from takeback.model import notice as said
from takeback.model.hold import Content
from takeback.model.notice import missing_parts
from takeback.model.received_notice import Refusal
from takeback.participant.notices.texts import languages, texts_of
from takeback.wire.notice import notice as read_notice
from takeback.wire.notice import notice_bytes

VECTORS = json.loads((Path(__file__).parents[2] / "spec" / "vectors" / "notice.json").read_text(encoding="utf-8"))
FORM = {
    "law": "us-223a",
    "depicted": "under-18",
    "content": "picture",
    "links": "photos.example/p/77",
    "by": "depicted",
    "statements": "good-faith",
    "name": "J.",
    "email": "hidden@mail.example",
}
T = texts_of("en")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NoticeSite]:
    chosen = settings(tmp_path_factory.mktemp("notices"), notice_interval_s=0.1)
    with NoticeSite(chosen, Media([Content("post/copy")])) as running:
        yield running


@pytest.fixture(scope="module")
def http(site: NoticeSite) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=site.url, timeout=30) as client:
        yield client


def kept(page: httpx2.Response) -> dict[str, str]:
    """Gives number and secret from a receipt's page."""
    return {name: re.search(rf'id="{name}">([^<]+)<', page.text)[1] for name in ("number", "secret")}  # type: ignore[index]


@pytest.mark.parametrize("vector", VECTORS["read"], ids=lambda one: one["name"])
def test_the_portals_own_files_are_taken_in_and_what_is_missing_is_asked_for(
    http: httpx2.Client, vector: dict[str, object]
) -> None:
    body = json.dumps(vector["notice"]).encode()
    answer = http.post("/v1/notices", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 201
    receipt = answer.json()
    assert receipt["missing"] == vector["missing"] == [part.value for part in missing_parts(read_notice(body))]
    assert receipt["state"] == ("incomplete" if vector["missing"] else "open")
    assert ("due_at" in receipt) is not bool(vector["missing"])
    page = http.post("/notice/file", files={"file": ("letter.json", body, "application/json")})
    assert page.status_code == 201
    assert kept(page)["number"] != receipt["number"]


@pytest.mark.parametrize("vector", VECTORS["refused"], ids=lambda one: one["name"])
def test_what_is_no_notice_is_refused_with_its_field(http: httpx2.Client, vector: dict[str, object]) -> None:
    raw = vector["text"] if "text" in vector else json.dumps(vector["notice"])
    answer = http.post("/v1/notices", content=str(raw).encode(), headers={"content-type": "application/json"})
    assert answer.status_code in {400, 413}
    assert answer.json()["field"]
    pasted = http.post("/notice/file", data={"text": str(raw)})
    assert pasted.status_code in {400, 413}


def test_a_program_sends_completes_follows_and_takes_back(http: httpx2.Client) -> None:
    sent = http.post("/v1/notices", content=notice_bytes(replace(at(CHILD, "900"), email=None))).json()
    assert (sent["state"], sent["missing"]) == ("incomplete", ["contact"])
    address, opened = f"/v1/notices/{sent['number']}", {"secret": sent["secret"]}
    added = http.post(f"{address}/parts", json=opened | {"email": "j@mail.example"}).json()
    assert (added["state"], added["hidden"], added["missing"]) == ("open", 1, [])
    assert http.post(f"{address}/parts", json=opened | {"email": "j@mail.example"}).status_code == 409
    assert http.post(f"{address}/withdraw", json=opened).json()["state"] == "withdrawn"
    assert http.post(f"{address}/status", json=opened).json()["state"] == "withdrawn"
    wrong = [
        http.post(f"/v1/notices/{number}/status", json={"secret": secret})
        for number, secret in ((sent["number"], "0" * 16), ("AAAAA-AAAAA", sent["secret"]))
    ]
    assert [one.status_code for one in wrong] == [404, 404]
    assert wrong[0].json() == wrong[1].json()


def test_the_platform_names_content_and_copies_of_it_are_hidden(http: httpx2.Client) -> None:
    notice = replace(ADULT, places=(said.Place(account="@somebody", where=said.Where.STORY),))
    sent = http.post("/v1/notices", content=notice_bytes(notice)).json()
    fingerprints = [{"type": "sha256", "value": "ab" * 32}]
    body = {"contents": [{"id": "story/5", "kind": "image", "account": "user/3", "fingerprints": fingerprints}]}
    address = f"/v1/notices/{sent['number']}/contents"
    assert http.post(address, json=body).status_code == 401
    named = http.post(address, json=body, headers={"authorization": KEY}).json()
    assert [(one["id"], one["how"], one["hidden"]) for one in named["contents"]] == [("story/5", "named", True)]
    for _ in range(200):
        standing = http.post(f"/v1/notices/{sent['number']}/status", json={"secret": sent["secret"]}).json()
        if "searched_at" in standing:
            break
    assert (standing["hidden"], standing["copies"]) == (2, 1)


def test_the_form_asks_keeps_and_says_how_it_stands(http: httpx2.Client) -> None:
    page = http.get("/notice")
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    assert "<script" not in page.text
    assert "set-cookie" not in page.headers
    sent = http.post("/notice", data=FORM)
    assert sent.status_code == 201
    assert T["receipt"]["title"] in sent.text
    standing = http.post("/notice/status", data=kept(sent))
    assert T["status"]["states"]["open"] in standing.text
    assert T["status"]["hidden"] in standing.text
    gone = http.post("/notice/withdraw", data=kept(sent) | {"sure": "yes"})
    assert T["status"]["states"]["withdrawn"] in gone.text


def test_the_form_keeps_what_is_incomplete_and_asks_for_just_that(http: httpx2.Client) -> None:
    sent = http.post("/notice", data={**FORM, "depicted": "over-18", "email": "", "name": ""})
    assert sent.status_code == 201
    text = unescape(sent.text)
    parts = T["missing"]["parts"]
    assert all(parts[part] in text for part in ("consent", "signature", "contact"))
    assert parts["place"] not in text
    filled = kept(sent) | {"statements": ["good-faith", "no-consent"], "name": "A.", "email": "not an address"}
    wrong = http.post("/notice/parts", data=filled)
    assert (wrong.status_code, T["problems"]["email"] in wrong.text) == (400, True)
    done = http.post("/notice/parts", data=filled | {"email": "a@mail.example"})
    assert T["status"]["states"]["open"] in done.text


def test_a_child_in_the_european_union_needs_no_name_no_address_and_no_word_on_consent(http: httpx2.Client) -> None:
    sent = http.post("/notice", data={**FORM, "law": "eu-dsa-16", "name": "", "email": ""})
    assert T["missing"]["title"] not in sent.text
    unsure = http.post("/notice", data={**FORM, "law": "eu-dsa-16", "depicted": "unsure", "name": "", "email": ""})
    assert T["missing"]["title"] in unsure.text


@pytest.mark.parametrize(
    ("changed", "problem", "field"),
    [
        ({"links": "https://"}, "links", "links"),
        ({"email": "nobody"}, "email", "email"),
        ({"law": "mars"}, "choose", "law"),
        ({"name": "x" * 101}, "text", "name"),
        ({"links": "\n".join(f"photos.example/p/{one}" for one in range(21))}, "too-large", "links"),
    ],
    ids=["link", "address", "law", "name", "too many"],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(
    http: httpx2.Client, changed: dict[str, str], problem: str, field: str
) -> None:
    answer = http.post("/notice", data=FORM | changed)
    assert answer.status_code == 400
    assert T["problems"][problem].format(most=20) in unescape(answer.text)
    assert f'href="#{field}"' in answer.text
    assert f'id="{field}' in answer.text
    assert unescape(answer.text).count(FORM["name"] if field != "name" else changed["name"])


def test_a_button_beside_a_picture_brings_the_link_along(http: httpx2.Client) -> None:
    assert (
        "https://photos.example/p/5</textarea>"
        in http.get("/notice", params={"link": "https://photos.example/p/5"}).text
    )
    assert "javascript" not in http.get("/notice", params={"link": "javascript:alert(1)"}).text


@pytest.mark.parametrize("tag", languages())
def test_a_notice_is_given_and_followed_in_every_language(http: httpx2.Client, tag: str) -> None:
    texts, whole = texts_of(tag), f'<html lang="{tag}" dir="{texts_of(tag)["direction"]}">'
    form = http.get("/notice", headers={"accept-language": f"nl,{tag}-XX;q=0.9,en;q=0.1"})
    assert whole in form.text
    assert form.headers["vary"] == "accept-language"
    assert "set-cookie" not in form.headers
    action = re.search('<form method="post" action="([^"]+)"', form.text)
    assert action
    # From here on the address says it, whatever the browser prefers.
    sent = http.post(action[1], data=FORM | {"email": ""}, headers={"accept-language": "nl,fr,de"})
    assert sent.status_code == 201
    assert whole in sent.text
    assert texts["receipt"]["title"] in unescape(sent.text)
    done = http.post(f"{action[1]}/parts", data=kept(sent) | {"email": "hidden@mail.example"})
    standing = http.post(f"{action[1]}/status", data=kept(sent))
    for answer in (done, standing):
        assert whole in answer.text
        assert texts["status"]["states"]["open"] in unescape(answer.text)


def test_there_is_no_page_in_a_language_that_nobody_translated(http: httpx2.Client) -> None:
    assert [http.get(f"/notice/{tag}").status_code for tag in ("nl", "..", "en-GB", "de")] == [404, 404, 404, 200]
    assert http.post("/notice/nl/status", data={"number": "1", "secret": "1"}).status_code == 404


def test_every_reason_has_its_sentence() -> None:
    assert set(T["reasons"]) == set(Refusal)


def test_whoever_comes_too_often_is_told_when_to_come_again(tmp_path: Path) -> None:
    chosen = settings(tmp_path, notices_a_minute=2, proxy_address_header="x-seen-from")
    with NoticeSite(chosen) as site, httpx2.Client(base_url=site.url, headers={"x-seen-from": "1.1.1.1"}) as http:
        assert [http.post("/notice", data=FORM).status_code for _ in range(2)] == [201, 201]
        busy = http.post("/notice", data=FORM)
        assert (busy.status_code, T["problems"]["busy"] in busy.text) == (429, True)
        assert http.post("/v1/notices", content=notice_bytes(CHILD)).status_code == 429
        assert http.get("/notice").status_code == 200
        other = http.post("/notice", data=FORM, headers={"x-seen-from": "9.9.9.9"})
        assert other.status_code == 201


def test_nothing_of_a_person_is_on_disk(tmp_path: Path) -> None:
    """Neither who asked, nor what they wrote, nor their secret: only what is sealed, and what names nobody."""
    traces = {
        "user-agent": "Mozilla/5.0 (a phone that belongs to somebody)",
        "x-forwarded-for": "1.1.1.77",
        "cookie": "session=a-cookie-of-somebody",
        "referer": "https://a-site-of-somebody.example/",
        "accept-language": "xx-SOMEBODY;q=0.7,de",
    }
    form = {**FORM, "account": "@poster-of-it", "name": "Name Of Somebody", "email": "somebody@mail.example"}
    with NoticeSite(settings(tmp_path)) as site, httpx2.Client(base_url=site.url, headers=traces) as http:
        receipt = kept(http.post("/notice", data=form))
        assert http.post("/notice", data=form | {"email": "broken"}).status_code == 400
        assert http.post("/notice/status", data=receipt).status_code == 200
        assert http.post("/notice/status", data=receipt | {"secret": "0"}).status_code == 404
    everything = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert receipt["number"].encode() in everything
    written = (form["account"], form["name"], form["email"], "photos.example", receipt["secret"])
    for trace in (*traces.values(), *written):
        assert trace.encode() not in everything, f"{trace} is on disk"
