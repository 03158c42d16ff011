"""Commands about staff, which are the same at a clearinghouse and at a platform's desk (`takeback desk operator`)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Protocol, TypeVar

import rich_click as click

from takeback.settings import StaffSettings
from takeback.staff.audit_search import Names
from takeback.staff.two_person import TwoPerson
from takeback.storage.database import Database

T = TypeVar("T")


class Staffed(Protocol):
    """One kind of installation. A group of commands puts one into click's context."""

    changes: TwoPerson
    names: Names

    def run(self, settings_file: Path | None, work: Callable[[StaffSettings, Database], Awaitable[T]]) -> T:
        """Runs `work` on its database, brought up to date first."""
        ...


class _Authority:
    """A clearinghouse."""

    def __init__(self) -> None:
        from takeback.clearinghouse import audit_names, two_person  # noqa: PLC0415 - a platform need not load it

        self.changes = two_person.OURS
        self.names: Names = audit_names.names_in

    def run(self, settings_file: Path | None, work: Callable[[StaffSettings, Database], Awaitable[T]]) -> T:
        """Runs it on the clearinghouse's."""
        from takeback.cli.database import with_database  # noqa: PLC0415 - a platform need not load it

        return with_database(settings_file, work)


class Platform:
    """A platform's desk."""

    def __init__(self) -> None:
        from takeback.participant import two_person  # noqa: PLC0415 - a clearinghouse loads no decoder
        from takeback.staff.audit_search import names_of_staff  # noqa: PLC0415

        self.changes = two_person.OURS
        self.names: Names = names_of_staff

    def run(self, settings_file: Path | None, work: Callable[[StaffSettings, Database], Awaitable[T]]) -> T:
        """Runs it on the platform's."""
        from takeback.cli.platform_database import with_platform  # noqa: PLC0415 - a clearinghouse loads no decoder

        return with_platform(settings_file, work)


def staffed() -> Staffed:
    """Gives the installation that the command is about: a clearinghouse, where no group said another."""
    context = click.get_current_context(silent=True)
    said = context and context.obj  # a group's goes to its commands
    return said if isinstance(said, Platform) else _Authority()
