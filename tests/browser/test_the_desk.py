"""The desk in a real browser, by keyboard alone: in with a passkey, the queue, a look, a decision, the next one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from browser.test_every_screen import nameless, violations
from browser.test_the_console import with_passkeys
from support.desk import DeskPeople, finding
from support.desk_server import COOKIE, DeskServer
from support.evidence import staffed
from support.pictures import photograph
from support.screens import Look
from takeback.clock import SystemClock
from takeback.model.hold import HoldState, Source
from takeback.model.instruction import Doing
from takeback.model.operator import Role
from takeback.model.review import Seen
from takeback.model.standing import EntryStanding
from takeback.participant.desk.appealing import file_appeal
from takeback.participant.holds.brakes import decide_entry
from takeback.storage.database import Database
from takeback.storage.platform import reviews


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskServer]:
    with DeskServer(tmp_path_factory.mktemp("desk"), desk_break_after_decisions=3) as running:
        running.seal("c-1", photograph("coffee.png"))
        running.people(_fill)
        running.on_database(lambda database: _confirm(database, running.settings.data_path))
        yield running


async def _fill(people: DeskPeople) -> None:
    """Two copies that are due, one more picture, one that was escalated, one that was decided and appealed."""
    ana = await people.person("Ana Example")
    await people.hold("h-due-1", cluster=1, copy="c-1", due_h=20, source=Source.NOTICE)
    await people.hold("h-due-2", cluster=1, account="user/2")
    await people.hold("h-next", cluster=2, findings=[finding("ef" * 16, distance=29, grade="probable")])
    await people.hold("h-grave", cluster=3, state=HoldState.ESCALATED)
    await people.hold("h-before", cluster=4)
    await people.decide(ana, "h-before", "as-listed")
    await file_appeal(people.database, SystemClock(), "post/h-before", "i-am-shown")
    for number, standing in enumerate((EntryStanding.CONFIRMED, EntryStanding.DECONFIRMED)):
        await decide_entry(people.database, people.clock, ana, "ours", f"{number:032x}", standing)


async def _confirm(database: Database, folder: Path) -> None:
    """Two copies of one picture that the child-safety role has confirmed and seen."""
    on = await staffed(database, folder, names=("Gil", "Hana", "Ivo"))
    for hold in ("h-grave-1", "h-grave-2"):
        await on.hold(hold, beside="h-grave-1", copy=True)
        await on.shown(hold=hold)


def tab_to(page: Page, name: str, *, role: str = "button") -> None:
    """Goes on by the Tab key until what has this name has the focus."""
    wanted = page.get_by_role(role, name=name, exact=True).first  # type: ignore[arg-type]
    expect(wanted).to_be_visible()
    for _ in range(80):
        if wanted.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{name} is not reached by keyboard")


def press(page: Page, name: str, *, role: str = "button") -> None:
    tab_to(page, name, role=role)
    page.keyboard.press("Enter")


def test_a_reviewer_comes_in_looks_and_decides_by_keyboard(chromium: Browser, desk: DeskServer) -> None:
    bo = desk.add("Bo Example", Role.OPERATOR)
    page, said = with_passkeys(chromium), []
    page.on("console", lambda message: said.append(message.text))
    pictures: list[str] = []
    page.on("request", lambda request: pictures.append(request.url) if "/picture/" in request.url else None)
    page.goto(f"{desk.url}/enrol#{desk.link(bo)}")
    press(page, "Go on")
    press(page, "Make my passkey")
    expect(page.get_by_role("status")).to_have_text("The passkey is registered. Sign in with it.")
    press(page, "Sign in with a passkey")
    expect(page.get_by_role("heading", level=1)).to_have_text("Today")

    press(page, "Queue", role="link")
    rows = page.get_by_role("row")
    expect(rows.nth(1)).to_contain_text("19 h")  # what is due is on top
    press(page, "Open the next one")
    expect(page.get_by_role("heading", level=1)).to_have_text("One hold")
    expect(page.get_by_text("One decision answers all 2 of them.")).to_be_visible()
    expect(page.get_by_text("likely the same picture, changed a little")).to_be_visible()
    assert pictures == [], "nobody has to see it"

    press(page, "Show it blurred")
    image = page.get_by_role("img", name="The picture that is held, as you asked to see it")
    expect(image).to_be_visible(timeout=30_000)  # a child process draws it
    assert image.evaluate("one => one.decode().then(() => [one.naturalWidth, one.naturalHeight])") == [320, 213]
    assert [one.rsplit("/", 1)[1] for one in pictures] == ["blurred"]

    tab_to(page, "It is of the kind that is listed.", role="radio")
    page.keyboard.press("Space")
    press(page, "Decide")
    expect(page.get_by_role("status")).to_have_text("Decided.")
    expect(page.get_by_text("It answered 2 contents:")).to_be_visible()
    expect(page.get_by_role("button", name="Open the next one")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("perhaps the same picture, changed much, or another one that is alike")).to_be_visible()
    expect(page.get_by_text("No copy of it is kept here.")).to_be_visible()
    press(page, "Skip it")
    expect(page.get_by_role("status")).to_contain_text("nobody asks why")
    assert said == [], "the policy of the pages is broken by nothing of ours"
    page.context.close()

    (decided,) = desk.on_database(
        lambda database: database.run("read", lambda c: reviews.of_cluster(c, (1).to_bytes(16, "big")))
    )
    assert (decided.by, decided.reason, decided.viewed) == (bo.id, "as-listed", Seen.BLURRED)
    told = desk.people(lambda people: people.told())
    assert told[-2:] == [("post/h-due-1", Doing.REMOVE), ("post/h-due-2", Doing.REMOVE)]


def test_a_report_is_built_and_proposed_by_keyboard_on_pages_for_everyone(chromium: Browser, desk: DeskServer) -> None:
    look = Look("dark", dark=True, width=320)
    context, wrong = look.context(chromium, reduced_motion="reduce"), []
    token = desk.token(desk.add("Cleo Example", Role.CHILD_SAFETY))
    context.add_cookies([{"name": COOKIE, "value": token, "url": desk.origin}])
    page = context.new_page()

    def check(name: str) -> None:
        wrong.extend(f"{name}: {one}" for one in faults_of(page, look))

    page.goto(f"{desk.url}/holds/h-grave-1")
    press(page, "Build a report about it and its copies", role="link")
    expect(page.get_by_role("heading", level=1)).to_have_text("Build a report")
    check("form")
    expect(page.get_by_role("radio", name="Somebody here has looked at the file itself.")).to_be_checked()
    tab_to(page, "Perhaps made by whoever is shown", role="checkbox")
    page.keyboard.press("Space")
    press(page, "Build it")
    expect(page.get_by_role("status")).to_contain_text("Nothing is sent")
    expect(page.get_by_role("cell", name="yes")).to_have_count(2)
    check("report")
    press(page, "Propose to send it to the authority")
    expect(page.get_by_role("status")).to_have_text("Proposed. Somebody else has to carry it out.")
    page.goto(f"{desk.url}/reports")
    check("reports")
    page.get_by_role("link", name="r-").first.click()
    press(page, "Take it back")
    expect(page.get_by_role("status")).to_have_text("It is taken back.")
    check("taken back")
    press(page, "Evidence", role="link")
    expect(page.get_by_role("heading", level=1)).to_have_text("Evidence")
    check("evidence")
    page.goto(f"{desk.url}/holds/h-grave-2/report")
    page.get_by_label("A child is in danger now").evaluate("one => { one.removeAttribute('maxlength'); }")
    page.get_by_label("A child is in danger now").fill("x" * 3_001)
    press(page, "Build it")
    expect(page.get_by_role("alert")).to_contain_text("urgent: has 3,001 characters")
    check("what is wrong")
    context.close()
    assert not wrong, "\n".join(wrong)


def faults_of(page: Page, look: Look) -> list[str]:
    """Gives what of a page is not for everyone: axe-core's findings, nameless controls, headings, width."""
    wrong = [*violations(page), *(f"a {role} without a name" for role in nameless(page))]
    if page.locator("h1").count() != 1:
        wrong.append("not one heading")
    if (width := page.evaluate("document.documentElement.scrollWidth")) > look.width:
        wrong.append(f"{width} px wide")
    return wrong


#: Name → address below /desk, and who opens it.
SCREENS = {
    "today": ("", Role.VIEWER),
    "queue": ("/queue", Role.OPERATOR),
    "hold": ("/holds/h-next", Role.OPERATOR),
    "decided": ("/holds/h-before", Role.OPERATOR),
    "escalated": ("/escalated", Role.CHILD_SAFETY),
    "appeals": ("/appeals", Role.OPERATOR),
    "brakes": ("/brakes", Role.OPERATOR),
    "negative": ("/negative", Role.ADMINISTRATOR),
    "proposals": ("/proposals", Role.ADMINISTRATOR),
    "undo": ("/proposals/new?kind=undo-decisions", Role.OPERATOR),
    "people": ("/operators", Role.ADMINISTRATOR),
    "account": ("/account", Role.VIEWER),
    "audit": ("/audit", Role.OPERATOR),
    "failed": ("/holds/nothing", Role.OPERATOR),
}


ALL_DAY = ("today", "queue", "hold")


@pytest.mark.parametrize("look", [Look("light"), Look("dark", dark=True, width=320)], ids=lambda look: look.name)
def test_every_screen_of_the_desk_is_for_everyone(chromium: Browser, desk: DeskServer, look: Look) -> None:
    tokens = {role: desk.token(desk.add(f"{role.value} {look.name}", role)) for role in Role}
    context, wrong = look.context(chromium, reduced_motion="reduce"), []
    page = context.new_page()

    def check(name: str) -> None:
        wrong.extend(f"{name}: {one}" for one in faults_of(page, look))

    def sign_in(role: Role) -> None:
        context.add_cookies([{"name": COOKIE, "value": tokens[role], "url": desk.origin}])

    # The narrow and dark look has all of them; the other one what is looked at all day.
    for name, (path, role) in SCREENS.items():
        if not look.dark and name not in ALL_DAY:
            continue
        sign_in(role)
        page.goto(desk.url + path)
        check(name)
    sign_in(Role.OPERATOR)
    page.goto(f"{desk.url}/appeals")
    page.get_by_role("link", name="a-").first.click()
    check("appeal")
    # An open hold with its picture and its copies, and the break that follows.
    id_ = f"h-{look.name}"
    for number in (1, 2):
        desk.people(lambda people, n=number: people.hold(f"{id_}-{n}", cluster=look.width, copy="c-1"))
    page.goto(f"{desk.url}/holds/{id_}-1")
    page.get_by_role("button", name="Open it").click()
    page.get_by_role("button", name="Show it blurred").click()
    page.get_by_role("img", name="The picture that is held").wait_for()
    check("open")
    for number in range(4):
        desk.people(lambda people, n=number: people.hold(f"{id_}-more-{n}", cluster=look.width * 10 + n))
        page.goto(f"{desk.url}/holds/{id_}-more-{number}")
        page.get_by_role("button", name="Open it").click()
        if page.get_by_role("heading", level=1).inner_text() == "Time for a break":
            break
        page.get_by_role("radio", name="Nothing in it is of that kind.").check()
        page.get_by_role("button", name="Decide", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Time for a break")
    check("break")
    context.close()
    assert not wrong, "\n".join(wrong)
