"""What a match leads to on one surface, in one region: rows of a file, read from the top. Pure, and tested as a table.

- The first row that fits decides. Behind the platform's own rows stands: hold.
- Messages in the EU, or of an unknown region, are not looked at unless a row names both `message` and the region: what
  the law allows there changes, and a platform must have decided it.
- `hide` and `remove` are done only where the match itself allows more than a hold: two families of evidence agree, and
  the list believes the entry. Otherwise it is a hold for a person to look.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from takeback.agent_settings import PolicyRow
from takeback.errors import SettingsError
from takeback.matching.policy import Match
from takeback.matching.thresholds import Grade
from takeback.model.hold import Surface
from takeback.model.tier import StrongestAction
from takeback.platform_settings import PlatformSettings

EU, UNKNOWN = "EU", "unknown"
#: The members of the European Union, ISO 3166-1 alpha-2.
EU_MEMBERS = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()  # noqa: SIM905 - to read
)
#: What stands behind every file's rows.
LAST_ROW = PolicyRow(name="hold-what-is-near", do="hold")
MESSAGES_IN_THE_EU = PolicyRow(name="no-messages-in-the-eu", do="off")


class Do(StrEnum):
    """What is to be done with content, the weakest first."""

    ALLOW = "allow"
    HOLD = "hold"
    HIDE = "hide"
    REMOVE = "remove"


_ORDER = {do: at for at, do in enumerate(Do)}


@dataclass(frozen=True, slots=True)
class Ruling:
    """What one row says of one match. In a dry run nothing is done."""

    row: str
    do: Do
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Policies:
    """The rows of one installation."""

    rows: tuple[PolicyRow, ...]
    stale: dict[Surface, bool]
    """Whether each surface is closed while a list is too old."""
    unscannable: dict[Surface, bool]
    """Whether each surface is closed to what cannot be read."""

    @classmethod
    def of(cls, settings: PlatformSettings) -> Policies:
        """Gives those of the settings; raises SettingsError for a row that names a list that there is not."""
        known = {one.name for one in settings.lists}
        if len(known) < len(settings.lists):
            raise SettingsError("lists: two have the same name. Give each its own.")
        for row in settings.policies:
            if unknown := set(row.lists) - known:
                raise SettingsError(f"policies: {row.name} names the list {min(unknown)}, which is not in `lists`.")
        closed = {
            what: {surface: getattr(settings, f"{what}_{surface}") == "fail-closed" for surface in Surface}
            for what in ("stale", "unscannable")
        }
        return cls(settings.policies, closed["stale"], closed["unscannable"])

    def looks_at(self, list_: str, surface: Surface, region: str | None) -> bool:
        """Says whether a list is asked at all about content of a surface and region."""
        return any(self._row(list_, surface, region, grade, 0).do != "off" for grade in Grade)

    def rule(self, match: Match, list_: str, surface: Surface, region: str | None) -> Ruling:
        """Gives what a match leads to."""
        row = self._row(list_, surface, region, match.grade, match.distance)
        if row.do == "off":
            return Ruling(row.name, Do.ALLOW, row.dry_run)
        wanted = Do(row.do)
        allowed = wanted if match.action is StrongestAction.REMOVE else min(wanted, Do.HOLD, key=_ORDER.__getitem__)
        return Ruling(row.name, allowed, row.dry_run)

    def _row(self, list_: str, surface: Surface, region: str | None, grade: Grade, distance: int) -> PolicyRow:
        guarded = surface is Surface.MESSAGE and (region is None or region in EU_MEMBERS)
        for row in self.rows:
            if guarded and not (row.surfaces and row.regions):
                continue
            if (
                _fits(row.lists, (list_,))
                and _fits(row.surfaces, (surface,))
                and _fits(row.regions, _names_of(region))
                and _fits(row.grades, (grade,))
                and distance <= row.within_bits
            ):
                return row
        return MESSAGES_IN_THE_EU if guarded else LAST_ROW


def strongest(rulings: Iterable[Ruling]) -> Ruling | None:
    """Gives the ruling that is carried out: the strongest that is no dry run; None where there is none."""
    return max((one for one in rulings if not one.dry_run), key=lambda one: _ORDER[one.do], default=None)


def strongest_tried(rulings: Iterable[Ruling]) -> Ruling | None:
    """Gives the strongest ruling of dry runs."""
    return max((one for one in rulings if one.dry_run), key=lambda one: _ORDER[one.do], default=None)


def _names_of(region: str | None) -> tuple[str, ...]:
    if region is None:
        return (UNKNOWN,)
    return (region, EU) if region in EU_MEMBERS else (region,)


def _fits(wanted: Sequence[str], given: Sequence[str]) -> bool:
    return not wanted or any(one in wanted for one in given)
