"""`takeback screen`: files on this machine against the lists of an agent's settings, or a running agent."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import msgspec
import rich_click as click
from rich.console import Console
from rich.progress import track

from takeback.cli.hashing import files_in
from takeback.cli.options import json_option, settings_option
from takeback.cli.terminal import on_one_line
from takeback.clock import SystemClock
from takeback.errors import InvalidInputError, StaleListError
from takeback.fingerprints.variants import Effort
from takeback.media import Limits
from takeback.model.hold import Surface
from takeback.participant.agent.answers import screened_body
from takeback.participant.agent.client import Agent
from takeback.participant.agent.policies import Policies
from takeback.participant.agent.uploads import Upload, Uploads
from takeback.participant.lists.followed_lists import FollowedLists
from takeback.platform_settings import PlatformSettings
from takeback.settings import load_as
from takeback.wire.screening import ScreenedBody

#: Exit code when something matched: of use in scripts, and no error.
MATCHED_EXIT_CODE = 10
_Look = Callable[[Path], ScreenedBody]


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE…", type=click.Path(path_type=Path))
@click.option("--agent", "address", help="A running agent's address; its key stands in TAKEBACK_AGENT_KEY.")
@click.option("--surface", type=click.Choice([one.value for one in Surface]), default="public", show_default=True)
@click.option("--region", help="ISO 3166-1 alpha-2 of where the content stands.")
@click.option("--jobs", type=click.IntRange(1, 64), default=os.cpu_count() or 1, help="Files looked at side by side.")
@settings_option
@json_option
def screen(
    files: tuple[Path, ...],
    address: str | None,
    surface: str,
    region: str | None,
    jobs: int,
    settings_file: Path | None,
    as_json: bool,
) -> None:
    """Look files up, and every file in folders: what is on the lists, and what the policy says. Nothing is held.

    Exit code 0: nothing matched; 10: something did; 8: a list is too old to be asked.

    \b
    takeback screen upload.jpg --settings agent.toml
    TAKEBACK_AGENT_KEY=… takeback screen pictures/ --agent http://127.0.0.1:8450 --json
    """
    found, stale, matched, unread = list(files_in(files)), False, False, 0
    errors = Console(stderr=True)
    at = Upload(Surface(surface), region)
    with _looking(address, settings_file, at, jobs) as look, ThreadPoolExecutor(jobs) as threads:
        rows = threads.map(lambda file: _looked(look, file), found)
        for file, answer in track(
            zip(found, rows, strict=True),
            "screening",
            len(found),
            console=errors,
            transient=True,
            disable=not errors.is_terminal,
        ):
            name = str(file.filename if isinstance(file, OSError) else file)
            if answer is None:
                unread += 1
                continue
            stale, matched = stale or bool(answer.stale), matched or bool(answer.matches)
            click.echo(_as_json(name, answer) if as_json else _as_text(name, answer))
    if unread:
        problem = f"{unread} of {len(found)} cannot be read; the others are done."
        raise InvalidInputError(field="FILE", problem=problem, remedy="Name files that this account may read.")
    if stale:
        raise StaleListError("A list is too old to be asked. `takeback agent status` says why.")
    if matched:
        raise SystemExit(MATCHED_EXIT_CODE)


@contextmanager
def _looking(address: str | None, settings_file: Path | None, at: Upload, jobs: int) -> Iterator[_Look]:
    if address:
        with Agent(address, os.environ.get("TAKEBACK_AGENT_KEY", "")) as agent:
            yield lambda file: agent.screen(file, surface=at.surface.value, region=at.region)
        return
    settings = load_as(PlatformSettings, settings_file)
    with FollowedLists(settings, SystemClock()) as lists:
        uploads = Uploads(lists, Policies.of(settings), Effort(settings.effort), Limits(children=jobs))
        try:
            yield lambda file: screened_body(uploads.of_file(file, at))
        finally:
            uploads.close()


def _looked(look: _Look, file: Path | OSError) -> ScreenedBody | None:
    if isinstance(file, OSError):
        return None
    try:
        return look(file)
    except OSError:
        return None


def _as_json(name: str, answer: ScreenedBody) -> str:
    return msgspec.json.encode({"file": name, **msgspec.to_builtins(answer)}).decode()


def _as_text(name: str, answer: ScreenedBody) -> str:
    lines = [
        f"{answer.do:<7} {on_one_line(name)}"
        + ("" if answer.outcome in ("clear", "matched") else f"  ({answer.outcome})")
    ]
    lines += [
        f"        {one.list} {one.entry}: {one.type}, {one.distance} of {one.threshold} bits, {one.grade}, "
        f"{one.tier}, at most {one.action}; {one.policy}: {one.do}{' (dry run)' if one.dry_run else ''}"
        for one in answer.matches
    ]
    lines += [f"        {name} is too old to be asked" for name in answer.stale]
    return "\n".join(lines)
