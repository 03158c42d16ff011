"""The platform's installation, for commands that sweep: settings, database, lists, engines."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from takeback.errors import InvalidInputError, NotFoundError, SettingsError
from takeback.model.sweep import Progress, Sweep
from takeback.participant.installation import open_database
from takeback.participant.lists.followed_lists import copy_of
from takeback.platform_settings import PlatformSettings
from takeback.settings import load_as
from takeback.storage.database import Database
from takeback.storage.platform import sweeps
from takeback.sweep.engines import Engine

T = TypeVar("T")

#: Folder of the lists' copies, in the data folder.
LISTS = "lists"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


@dataclass(frozen=True, slots=True)
class Installation:
    """What a command works on."""

    settings: PlatformSettings
    database: Database

    def named(self, name: str) -> str:
        """Gives the name of a new sweep, or raises InvalidInputError."""
        if not _NAME.fullmatch(name):
            raise InvalidInputError(
                field="--name", problem="is not one.", remedy="Use up to 40 lower-case letters, digits and hyphens."
            )
        return name

    def address(self, source: str) -> str:
        """Gives a source as any worker can open it: a folder by its whole path."""
        return source if "://" in source else str(Path(source).absolute())

    def lists(self, given: tuple[Path, ...]) -> tuple[str, ...]:
        """Gives the files of the lists to ask, by their whole paths."""
        followed = [copy_of(self.settings, one.name) for one in self.settings.lists]
        here = [file for file in followed if file.is_file()] or sorted((self.settings.data_path / LISTS).glob("*.db"))
        files = [file.absolute() for file in given or here]
        if not files:
            raise SettingsError("There is no list to ask. Sync one first, or name its file with --list.")
        if len({file.stem for file in files}) < len(files):
            raise InvalidInputError(field="--list", problem="Two files have one name.", remedy="Name them apart.")
        return tuple(str(file) for file in files)

    def lock(self, name: str) -> Path:
        """Gives the file that is locked while a sweep runs on this machine."""
        return self.settings.data_path / f"sweep-{name}.lock"

    async def sweep(self, name: str) -> Sweep:
        """Gives a sweep, or raises NotFoundError."""
        found = await self.database.read("sweep", lambda connection: sweeps.find(connection, name))
        if found is None:
            raise NotFoundError("There is no sweep of that name. `takeback sweep status` names them.")
        return found

    async def progress(self, name: str) -> Progress:
        """Gives how far a sweep is."""
        return await self.database.read("sweep", lambda connection: sweeps.progress(connection, name))


def with_installation(settings_file: Path | None, work: Callable[[Installation], Awaitable[T]]) -> T:
    """Runs `work` on the platform's installation, its database brought up to date first."""
    settings = load_as(PlatformSettings, settings_file)

    async def run() -> T:
        database = await open_database(settings)
        try:
            return await work(Installation(settings, database))
        finally:
            await database.close()

    return asyncio.run(run())


def engine_named(name: str, workers: int | None, scheduler: str | None) -> Engine:
    """Gives an engine; its packages are loaded only when it is wanted."""
    if name == "local" and scheduler:
        raise InvalidInputError(
            field="--scheduler", problem="fits no local engine.", remedy="Add --engine dask or ray."
        )
    if name == "dask":
        from takeback.sweep.engines.dask import DaskEngine  # noqa: PLC0415 - the extra `sweep`

        return DaskEngine(scheduler, workers)
    if name == "ray":
        from takeback.sweep.engines.ray import RayEngine  # noqa: PLC0415 - whoever wants it has it

        return RayEngine(scheduler, workers)
    from takeback.sweep.engines.local import LocalEngine  # noqa: PLC0415 - as the others

    return LocalEngine(workers)
