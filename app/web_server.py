"""The web server of the embedded installation: waitress over the application."""

import resource
import signal
import sys
from types import FrameType
from typing import Final, NoReturn

from flask import Flask
from waitress.server import BaseWSGIServer, MultiSocketServer, create_server

from app.core.log import set_up_logging
from app.core.settings import Settings, SettingsError, load_settings
from app.core.single import start_drains
from app.factory import create_app
from app.lifeline import say_ready
from app.supervisor import CANNOT_START

THREADS: Final = 8
MAX_BODY_BYTES: Final = 3 * 1024 * 1024
BACKLOG: Final = 512
# Connections cost memory and a thread costs more: many may be open, none for long without a word,
# and none may fill the memory with a request that is not complete yet.
MAX_CONNECTIONS: Final = 1000
MAX_FILES: Final = 4096
IDLE_SECONDS: Final = 30
SWEEP_SECONDS: Final = 10
MAX_HEADER_BYTES: Final = 64 * 1024


def _leave(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


def _listen(
    app: Flask, settings: Settings, host: str, port: int
) -> MultiSocketServer | BaseWSGIServer:
    """Return a server that has its port; raises OSError or ValueError when it cannot have it."""
    return create_server(
        app,
        host=host,
        port=port,
        threads=THREADS,
        backlog=BACKLOG,
        ident="verbindplaats",
        max_request_body_size=MAX_BODY_BYTES,
        channel_timeout=IDLE_SECONDS,
        cleanup_interval=SWEEP_SECONDS,
        connection_limit=MAX_CONNECTIONS,
        asyncore_use_poll=True,  # select() ends at 1024 files
        max_request_header_size=MAX_HEADER_BYTES,
        inbuf_overflow=2 * MAX_HEADER_BYTES,
        # The application itself knows how many proxies to believe (ProxyFix, app.factory).
        clear_untrusted_proxy_headers=not settings.trusted_proxies,
    )


def _allow_connections() -> None:
    """Let this process open more files than the 1024 that most systems begin with."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MAX_FILES if hard == resource.RLIM_INFINITY else min(MAX_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def run_web(host: str, port: int, *, single: bool = False) -> None:
    """Serve until told to stop; the first page is made before anyone is told we are ready."""
    set_up_logging()
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, signal.SIG_IGN if not single else _leave)
    try:
        settings = load_settings()
    except SettingsError as error:
        _give_up(str(error))
    app = create_app(settings)
    _allow_connections()
    try:
        server = _listen(app, settings, host, port)
    except (OSError, ValueError) as error:
        _give_up(f"cannot listen on {host} port {port}: {error}")
    if single:
        start_drains(app)
    app.test_client().get("/", headers={"Host": settings.host})
    say_ready()
    server.run()


def _give_up(reason: str) -> NoReturn:
    """Say why, and that starting again cannot help."""
    sys.stderr.write(f"error: {reason}\n")
    sys.exit(CANNOT_START)
