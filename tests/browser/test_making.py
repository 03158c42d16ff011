"""Making the fingerprints: many files, one that does not open, stopping, adding, and no network meanwhile."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Route, expect

from support.portal_page import PortalPage
from support.worker import worker_address


def test_a_hundred_files_and_no_more(page: PortalPage, pictures: list[Path]) -> None:
    page.begin()
    page.choose(pictures * 34)
    expect(page.page.get_by_role("listitem")).to_have_count(100)
    expect(page.page.get_by_role("button", name="Choose more pictures")).to_have_count(0)


def test_a_file_that_does_not_open_can_be_tried_again(page: PortalPage, pictures: list[Path]) -> None:
    """Between choosing and opening it was moved away; then it is back."""
    away = pictures[0].with_suffix(".away")

    def move(route: Route) -> None:
        pictures[0].rename(away)
        route.continue_()

    page.page.route(f"**{worker_address()}", move, times=1)
    page.begin()
    page.choose(pictures[:2])
    expect(page.tile(1)).to_contain_text("This file did not open.")
    expect(page.tile(2)).to_contain_text("We can find changed copies of it, too.")
    away.rename(pictures[0])
    page.press("Try again with picture 1")
    expect(page.page.get_by_text("We can find changed copies of it, too.")).to_have_count(2)


def test_what_never_opens_is_left_out(page: PortalPage, pictures: list[Path], tmp_path: Path) -> None:
    (tmp_path / "empty.jpg").write_bytes(b"")
    page.begin()
    page.choose([tmp_path / "empty.jpg", pictures[0]])
    expect(page.tile(1)).to_contain_text("This file did not open.")
    page.press("Next")
    expect(page.page.get_by_text("fingerprints of one picture will be sent.")).to_be_visible()


def test_more_can_be_added_and_the_same_is_not_taken_twice(page: PortalPage, pictures: list[Path]) -> None:
    page.begin()
    page.choose(pictures[:1])
    page.press("Choose more pictures")
    page.sees("Choose the pictures")
    page.press("Back")
    page.sees("Check")
    page.press("Choose more pictures")
    page.choose(pictures[:2])
    expect(page.page.get_by_role("listitem")).to_have_count(2)
    page.press("Back")
    page.sees("Choose the pictures")


def test_it_can_be_stopped(page: PortalPage, pictures: list[Path]) -> None:
    page.begin()
    page.page.get_by_label("Choose pictures").set_input_files([str(picture) for picture in pictures * 33])
    page.press("Stop")
    page.sees("Choose the pictures")
    page.choose(pictures[:1])
    expect(page.page.get_by_role("listitem")).to_have_count(1)


def test_the_network_may_go_while_it_works(page: PortalPage, pictures: list[Path]) -> None:
    page.begin()
    page.page.get_by_label("Choose pictures").set_input_files([str(picture) for picture in pictures * 20])
    expect(page.page.get_by_text(re.compile(r"^[1-9]\d* of 60 done"))).to_be_visible()  # the workers have come
    page.page.context.set_offline(True)
    page.sees("Check")
    expect(page.page.get_by_text("We can find changed copies of it, too.")).to_have_count(60)
    page.page.context.set_offline(False)
    page.send()


def test_workers_that_do_not_come_are_said_and_can_be_tried_again(page: PortalPage, pictures: list[Path]) -> None:
    page.page.route("**/assets/worker-*.js", lambda route: route.abort())
    page.begin()
    page.choose(pictures[:2])
    expect(page.page.get_by_text("This file did not open.")).to_have_count(2)
    page.page.unroute("**/assets/worker-*.js")
    page.press("Try again with picture 2")
    page.sees("Check")
    expect(page.tile(2)).to_contain_text("We can find changed copies of it, too.")


def test_what_one_worker_does_not_come_for_another_does(page: PortalPage, pictures: list[Path]) -> None:
    """As when the network goes between the first worker and the second."""
    came: list[Route] = []

    def all_but_the_second(route: Route) -> None:
        came.append(route)
        if len(came) == 2:
            route.abort()
        else:
            route.continue_()

    page.page.route(f"**{worker_address()}", all_but_the_second)
    page.begin()
    page.choose(pictures * 2)
    expect(page.page.get_by_text("We can find changed copies of it, too.")).to_have_count(len(pictures) * 2)
