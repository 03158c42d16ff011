"""Imports modules so that atheris sees which lines of them an input reaches."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import atheris

SOURCE = Path(__file__).resolve().parents[2] / "src"


def load(*modules: str, packages: tuple[str, ...]) -> None:
    """Imports the modules, with everything of these packages instrumented.

    From their folder: atheris cannot see into what the finder of an editable install gives.
    """
    sys.meta_path[:] = [finder for finder in sys.meta_path if not type(finder).__name__.startswith("ScikitBuild")]
    sys.path.insert(0, str(SOURCE))
    with atheris.instrument_imports(include=list(packages)):
        for module in modules:
            importlib.import_module(module)
