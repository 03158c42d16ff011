"""`takeback sweep`: media that were stored before they were listed, in folders and object storage."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import TypedDict, TypeVar, Unpack

import rich_click as click
from rich.console import Console
from rich.filesize import decimal
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from takeback.cli.options import json_option, settings_option
from takeback.cli.sweep_export import WRITERS, rows_of
from takeback.cli.sweep_installation import Installation, engine_named, with_installation
from takeback.clock import SystemClock
from takeback.errors import ConflictError, InvalidInputError
from takeback.fingerprints.variants import Effort
from takeback.model.hold import Surface
from takeback.model.sweep import Options, Sweep, SweepState
from takeback.model.sweep import Progress as HowFar
from takeback.participant.old_media import Holding
from takeback.storage.platform import sweeps
from takeback.sweep.planning import plan as plan_sweep
from takeback.sweep.running import Running, one_at_a_time, opened_lists, still_listed
from takeback.sweep.running import cancel as cancel_sweep
from takeback.sweep.running import run as run_sweep

F = TypeVar("F", bound=Callable[..., object])
CLOCK = SystemClock()
_NAME = click.argument("name", metavar="NAME")


def _how_to_run(command: F) -> F:
    """Adds what `run` and `resume` share."""
    for option in (
        click.option("--engine", type=click.Choice(["local", "dask", "ray"]), default="local", show_default=True),
        click.option("--workers", type=click.IntRange(1, 10_000), help="Default: one for each processor."),
        click.option("--scheduler", help="Address of a Dask scheduler or Ray cluster that runs. Default: starts one."),
        click.option("--holds/--report-only", help="Open a hold for each hit, or only report (default)."),
        settings_option,
        json_option,
    ):
        command = option(command)
    return command


@click.group()
def sweep() -> None:
    """Look through media that are stored: plan once, run, and resume whatever happened.

    \b
    takeback sweep plan /srv/media --name spring
    takeback sweep plan s3://bucket/uploads --name bucket --list lists/ours.db
    takeback sweep run spring                   only reports
    takeback sweep resume spring --holds        opens holds for what was found
    takeback sweep status
    takeback sweep export spring --what hits --format csv > hits.csv
    """


@sweep.command()
@click.argument("source", metavar="FOLDER|ADDRESS")
@click.option("--name", required=True, metavar="NAME", help="Up to 40 lower-case letters, digits and hyphens.")
@click.option(
    "--list",
    "lists",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A synced copy of a list; may be repeated. Default: all in `lists` of the data folder.",
)
@click.option(
    "--effort",
    type=click.Choice([one.value for one in Effort]),
    default=Effort.FIRST.value,
    show_default=True,
    help="How much is tried for each file (docs/recall.md).",
)
@click.option("--keep/--no-keep", default=True, show_default=True, help="Keep fingerprints, so that new entries find.")
@click.option(
    "--surface", type=click.Choice([one.value for one in Surface]), default=Surface.PUBLIC.value, show_default=True
)
@click.option("--region", metavar="XX", help="ISO 3166-1 alpha-2; messages need one: not everywhere may they be read.")
@settings_option
@json_option
def plan(
    source: str,
    name: str,
    lists: tuple[Path, ...],
    effort: str,
    keep: bool,
    surface: str,
    region: str | None,
    settings_file: Path | None,
    as_json: bool,
) -> None:
    """List what is stored and cut it into parts. Reads no file; one that was interrupted is begun anew."""
    if surface == Surface.MESSAGE.value and region is None:
        raise InvalidInputError(
            field="--region",
            problem="is missing.",
            remedy="Say where the people are whose messages these are: in some places they may not be read.",
        )

    async def work(here: Installation) -> HowFar:
        files = here.lists(lists)
        options = Options(files, Effort(effort), keep, Surface(surface), region)
        settings = here.settings
        size = {"files": settings.sweep_shard_files, "bytes_": settings.sweep_shard_bytes}
        return await plan_sweep(here.database, CLOCK, here.named(name), here.address(source), options, **size)

    planned = with_installation(settings_file, work)
    if as_json:
        click.echo(json.dumps({"name": name, **asdict(planned)}))
    else:
        size = decimal(planned.bytes)
        click.echo(f"{planned.files:,} files, {size}, in {planned.shards:,} parts. Next: takeback sweep run {name}")


class HowToRun(TypedDict):
    """What the options of `run` and `resume` say."""

    engine: str
    workers: int | None
    scheduler: str | None
    holds: bool
    settings_file: Path | None
    as_json: bool


@sweep.command()
@_NAME
@_how_to_run
def run(name: str, **how: Unpack[HowToRun]) -> None:
    """Do a sweep that was planned. Ctrl-C, a crash or `cancel` lose nothing: resume it."""
    _run(name, SweepState.PLANNED, how)


@sweep.command()
@_NAME
@_how_to_run
def resume(name: str, **how: Unpack[HowToRun]) -> None:
    """Do what is left of a sweep. With --holds, also open holds for what earlier runs only reported."""
    _run(name, None, how)


def _run(name: str, only: SweepState | None, how: HowToRun) -> None:
    async def work(here: Installation) -> HowFar:
        found = await here.sweep(name)
        if only is not None and found.state not in (only, SweepState.PLANNING):
            raise ConflictError("This sweep has begun. Use `takeback sweep resume`.")
        settings = here.settings
        holding = Holding.of(settings) if how["holds"] else None
        ages = {one.name: one.too_old_h for one in settings.lists}
        running = Running(settings.sweep_reads, settings.sweep_object_bytes, holding, ages)
        engine = engine_named(how["engine"], how["workers"], how["scheduler"])
        with one_at_a_time(here.lock(name)), closing(engine) as runs, _bar() as bar:
            task = bar.add_task("sweeping", total=None)

            def watch(far: HowFar) -> None:
                bar.update(task, total=far.files, completed=far.files_done, hits=far.hits, unread=far.unscannable)

            return await run_sweep(here.database, CLOCK, name, runs, running, watch)

    far = with_installation(how["settings_file"], work)
    if how["as_json"]:
        click.echo(json.dumps({"name": name, **asdict(far)}))
    else:
        click.echo(f"{far.files_done:,} of {far.files:,} files, {far.hits:,} hits, {far.unscannable:,} not to be read.")
    if far.shards_done < far.shards:
        raise ConflictError("The sweep was cancelled. `takeback sweep resume` goes on.")


@sweep.command()
@click.argument("name", required=False, metavar="[NAME]")
@settings_option
@json_option
def status(name: str | None, settings_file: Path | None, as_json: bool) -> None:
    """Show how far sweeps are, and how much of one worker's time is left."""

    async def work(here: Installation) -> list[tuple[Sweep, HowFar]]:
        all_ = await here.database.read("sweeps", sweeps.all_) if name is None else [await here.sweep(name)]
        return [(one, await here.progress(one.name)) for one in all_]

    found = with_installation(settings_file, work)
    if as_json:
        click.echo(json.dumps([_as_json(one, far) for one, far in found]))
        return
    table = Table("name", "state", "files", "of", "hits", "not read", "left for one worker")
    for one, far in found:
        counts = (f"{far.files_done:,}", f"{far.files:,}", f"{far.hits:,}", f"{far.unscannable:,}")
        table.add_row(one.name, one.state.value, *counts, _time(_left_s(far)))
    Console().print(table)


@sweep.command()
@_NAME
@click.option("--what", type=click.Choice(["hits", "unscannable", "all"]), default="all", show_default=True)
@click.option("--format", "format_", type=click.Choice(sorted(WRITERS)), default="ndjson", show_default=True)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Default: the terminal.")
@settings_option
def export(name: str, what: str, format_: str, output: Path | None, settings_file: Path | None) -> None:
    """Write what was found and what could not be read, and why. Entries that were withdrawn since are left out."""

    async def work(here: Installation) -> None:
        found = await here.sweep(name)
        with opened_lists(found.options) as lists:
            rows = rows_of(here.database, name, what, lambda findings: still_listed(findings, lists))
            if output is None:
                await WRITERS[format_](rows, sys.stdout)
                return
            with output.open("w", encoding="utf-8", newline="") as file:
                await WRITERS[format_](rows, file)

    with_installation(settings_file, work)


@sweep.command()
@_NAME
@settings_option
def cancel(name: str, settings_file: Path | None) -> None:
    """Have a running sweep stop. What it found stays, and `resume` goes on."""
    with_installation(settings_file, lambda here: cancel_sweep(here.database, CLOCK, name))


@sweep.command()
@_NAME
@settings_option
def erase(name: str, settings_file: Path | None) -> None:
    """Erase a sweep and what it found. Holds and fingerprints stay."""

    async def work(here: Installation) -> None:
        await here.sweep(name)
        with one_at_a_time(here.lock(name)):
            await here.database.run("erase sweep", lambda connection: sweeps.erase(connection, name))

    with_installation(settings_file, work)


def _bar() -> Progress:
    errors = Console(stderr=True)
    counts = TextColumn("{task.fields[hits]} hits, {task.fields[unread]} not read")
    columns = (TextColumn("sweeping"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    return Progress(*columns, counts, console=errors, transient=True, disable=not errors.is_terminal)


def _as_json(one: Sweep, far: HowFar) -> dict[str, object]:
    moments = {"planned_at": one.planned_at, "begun_at": one.begun_at, "ended_at": one.ended_at}
    written = {name: at and at.isoformat() for name, at in moments.items()}
    return {"name": one.name, "state": one.state.value, **written, **asdict(far), "worker_seconds_left": _left_s(far)}


def _left_s(far: HowFar) -> float | None:
    """Seconds of one worker, by what files took so far; None before the first part is done."""
    return far.worker_seconds / far.files_done * (far.files - far.files_done) if far.files_done else None


def _time(seconds: float | None) -> str:
    if seconds is None:
        return "–"
    hours, rest = divmod(int(seconds), 3600)
    return f"{hours} h {rest // 60} min" if hours else f"{rest // 60} min {rest % 60} s"
