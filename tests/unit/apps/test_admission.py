"""Who gets in when there is too much to do."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from support import loops
from takeback import metrics
from takeback.apps.admission import EXCHANGE, INTAKE, ZONE, Admission
from takeback.errors import TooLargeError, UnavailableError
from takeback.settings import Settings

SETTINGS = Settings(exchange_concurrency=2, intake_concurrency=3, header_limit_bytes=100)


def scope(zone: str | None, headers: list[tuple[bytes, bytes]] | None = None) -> Any:
    opt = {} if zone is None else {ZONE: zone}
    return {"route_handler": SimpleNamespace(opt=opt), "headers": headers or [], "path_template": f"/{zone}"}


async def nothing(*_: object) -> Any:
    return None


def test_pages_are_refused_first_and_intake_goes_on() -> None:
    """Two of the exchange are inside: the third is refused at once, and a person's submission is not."""

    async def story() -> None:
        leave, inside = asyncio.Event(), []

        async def app(asked: Any, *_: object) -> None:
            inside.append(asked["path_template"])
            await leave.wait()

        door = Admission(SETTINGS)(app)
        running = [asyncio.create_task(door(scope(EXCHANGE), nothing, nothing)) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(UnavailableError, match="too much"):
            await door(scope(EXCHANGE), nothing, nothing)
        running += [asyncio.create_task(door(scope(INTAKE), nothing, nothing)) for _ in range(3)]
        await asyncio.sleep(0)
        assert inside == ["/exchange"] * 2 + ["/intake"] * 3
        with pytest.raises(UnavailableError):
            await door(scope(INTAKE), nothing, nothing)
        leave.set()
        await asyncio.gather(*running)
        await door(scope(EXCHANGE), nothing, nothing)  # there is room again

    before = metrics.REFUSED.labels(EXCHANGE)._value.get()
    loops.run(story())
    assert metrics.REFUSED.labels(EXCHANGE)._value.get() == before + 1


def test_a_failure_gives_its_room_back() -> None:
    async def story() -> None:
        async def app(*_: object) -> None:
            raise ValueError

        door = Admission(SETTINGS)(app)
        for _ in range(5):
            with pytest.raises(ValueError):  # noqa: PT011 - the test's own
                await door(scope(EXCHANGE), nothing, nothing)

    loops.run(story())


def test_headers_have_a_limit() -> None:
    with pytest.raises(TooLargeError):
        loops.run(Admission(SETTINGS)(nothing)(scope(None, [(b"x", b"y" * 100)]), nothing, nothing))
