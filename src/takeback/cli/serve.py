"""`takeback serve`: run a server."""

from __future__ import annotations

import ctypes
import socket
import sys
from contextlib import suppress
from pathlib import Path

import msgspec
import rich_click as click
import uvicorn
from litestar import Litestar

from takeback import log, metrics
from takeback.apps.clearinghouse import Zone, create_app
from takeback.apps.slow_senders import protocol_in_time
from takeback.cli.options import settings_option
from takeback.errors import SettingsError
from takeback.platform_settings import PlatformSettings
from takeback.settings import Settings, load, load_as

#: For how long a thread may keep others from Python, in seconds: requests are answered while a database's thread works.
SWITCH_S = 0.001
#: glibc's name for the number of places from which memory is given out (mallopt(3)).
_M_ARENA_MAX = -8


@click.group()
def serve() -> None:
    """Run a server. Ctrl-C stops it."""


@serve.command()
@settings_option
@click.option("--host", help="Address to listen on (default: 127.0.0.1).")
@click.option("--port", type=click.IntRange(0, 65_535), help="Port to listen on (default: 8440).")
@click.option("--only", type=click.Choice([zone.value for zone in Zone]), help="Serve one trust zone alone.")
def clearinghouse(settings_file: Path | None, host: str | None, port: int | None, only: str | None) -> None:
    """Run a clearinghouse: the person's page, intake, the exchange for participants, and the operators' console.

    \b
    takeback serve clearinghouse
    takeback serve clearinghouse --settings /etc/takeback.toml
    TAKEBACK_DATABASE_URL=postgresql+psycopg:///takeback takeback serve clearinghouse
    TAKEBACK_CONSOLE=false takeback serve clearinghouse
    takeback serve clearinghouse --only console --port 8441

    Terminate TLS in front of it, and keep addresses out of that proxy's logs.
    """
    _share_memory()
    settings = load(settings_file)
    settings = msgspec.structs.replace(
        settings, host=host or settings.host, port=settings.port if port is None else port
    )
    _serve(create_app(settings, only=Zone(only) if only else None), settings)


@serve.command()
@settings_option
@click.option("--host", help="Address to listen on (default: 127.0.0.1).")
@click.option("--port", type=click.IntRange(0, 65_535), help="Port to listen on (default: 8450).")
@click.option("--development", is_flag=True, help="Let programs on this machine ask without a key.")
@click.option("--only", type=click.Choice(["agent", "desk"]), help="Serve the agent or its reviewers' desk alone.")
def agent(settings_file: Path | None, host: str | None, port: int | None, development: bool, only: str | None) -> None:
    """Run a platform's agent: it follows lists, and says of uploads what is known of them. Reviewers come in at /desk.

    \b
    takeback serve agent --settings agent.toml
    takeback agent key add "upload service" --settings agent.toml
    curl --oauth2-bearer KEY --data-binary @upload.jpg http://127.0.0.1:8450/v1/screen

    docs/agent.md shows the file. Nothing is asked of it without a key; it never fetches an address that it was given.
    """
    from takeback.apps.agent.app import create_agent  # noqa: PLC0415 - the clearinghouse loads no decoder
    from takeback.apps.desk.alone import create_desk  # noqa: PLC0415 - nor does this

    settings = load_as(PlatformSettings, settings_file)
    settings = msgspec.structs.replace(
        settings,
        host=host or settings.host,
        port=settings.port if port is None else port,
        development=development or settings.development,
    )
    _serve(create_desk(settings) if only == "desk" else create_agent(settings, desk=only is None), settings)


def _share_memory() -> None:
    """Has all threads take memory from one place. Else what one has freed stays its own: a sixth more for a server."""
    with suppress(OSError, AttributeError):  # another library gives memory out
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 1)


def _serve(app: Litestar, settings: Settings | PlatformSettings) -> None:
    log.configure()
    listener = _listener(settings.host, settings.port)
    click.echo(f"Listening on http://{settings.host}:{listener.getsockname()[1]}  (Ctrl-C stops)", err=True)
    if settings.metrics_port:
        _serve_metrics(settings.metrics_port)
    config = uvicorn.Config(
        app,
        http=protocol_in_time(settings.request_timeout_s),
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        date_header=False,
        limit_concurrency=settings.connection_limit,
        timeout_keep_alive=settings.keep_alive_s,
        timeout_graceful_shutdown=settings.stop_grace_s,
    )
    sys.setswitchinterval(SWITCH_S)
    uvicorn.Server(config).run(sockets=[listener])


def _listener(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise SettingsError(
            f"Port {port} on {host} cannot be used: {error.strerror}. Stop what uses it, or choose another with --port."
        ) from None
    return listener


def _serve_metrics(port: int) -> None:
    try:
        metrics.serve(port)
    except OSError as error:
        raise SettingsError(f"metrics_port: {port} cannot be used: {error.strerror}. Choose another.") from None
