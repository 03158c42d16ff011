"""What `make fuzz` runs for a while is current: each target takes each of its seeds."""

from __future__ import annotations

import importlib.util
from types import ModuleType

import pytest

from support.servers import ROOT
from takeback.media.sniff import film_format


def module(path: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.rsplit("/", 1)[-1], ROOT / f"{path}.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


SEEDS = module("scripts/fuzz")


@pytest.mark.parametrize(
    ("name", "seed"), SEEDS.media().items(), ids=lambda given: given if isinstance(given, str) else ""
)
def test_media(name: str, seed: bytes) -> None:
    target = module("tests/fuzz/fuzz_media")
    target.decode(seed)
    target.decode(seed[: len(seed) // 2])
    target.decode(target.FILM + seed[1:])
    if name in SEEDS.FILMS:
        target.of_film(seed[1:], str(film_format(seed[1:])))
    else:
        target.of_picture(seed[1:], quick=seed[:1] == target.QUICK)


@pytest.mark.parametrize("seed", SEEDS.bodies().values(), ids=list(SEEDS.bodies()))
def test_wire(seed: bytes) -> None:
    target = module("tests/fuzz/fuzz_wire")
    target.parse(seed)
    target.parse(seed[: len(seed) // 2])
