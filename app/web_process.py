"""The web child of the embedded server: waitress over the application."""

import signal
import sys
from types import FrameType
from typing import Final

from waitress.server import create_server

from app.core.log import set_up_logging
from app.core.settings import load_settings
from app.core.single import start_drains
from app.factory import create_app
from app.lifeline import hold_lifeline, say_ready

THREADS: Final = 8
MAX_BODY_BYTES: Final = 3 * 1024 * 1024
BACKLOG: Final = 512


def _leave(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


def run_web(host: str, port: int, *, single: bool = False) -> None:
    """Serve until told to stop; the first page is made before anyone is told we are ready."""
    hold_lifeline()
    set_up_logging()
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, signal.SIG_IGN if not single else _leave)
    app = create_app(load_settings())
    server = create_server(
        app,
        host=host,
        port=port,
        threads=THREADS,
        backlog=BACKLOG,
        ident="verbindplaats",
        max_request_body_size=MAX_BODY_BYTES,
        channel_timeout=60,
        connection_limit=500,
    )
    if single:
        start_drains(app)
    app.test_client().get("/", headers={"Host": app.config["VERBINDPLAATS"].host})
    say_ready()
    server.run()


if __name__ == "__main__":
    run_web(sys.argv[1], int(sys.argv[2]), single="--single" in sys.argv)
