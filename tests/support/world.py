"""Two or more whole instances in one process: each reaches the others as it would over the wire."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from app.core.db import unit_of_work
from app.core.outgoing import http_client
from app.core.settings import current_settings
from federation.dereference.tasks import fetch_due
from federation.inbound.tasks import apply_inbox
from federation.outbound.deliver import deliver_all_due
from tests.support.wsgi_adapter import WsgiAdapter

MAX_ROUNDS = 12


class World:
    """Connects applications; `settle` lets all that is due happen until it is quiet."""

    def __init__(self, *apps: Flask) -> None:
        self.apps = apps
        for app in apps:
            with app.app_context():
                for other in apps:
                    if other is not app:
                        http_client().mount(_base_url(other) + "/", WsgiAdapter(other.wsgi_app))

    def settle(self) -> None:
        """Apply, fetch and deliver on every instance, until nothing was done in a whole round."""
        for _ in range(MAX_ROUNDS):
            if not sum(self._round(app) for app in self.apps):
                return
        raise AssertionError("the instances keep each other busy")

    def _round(self, app: Flask) -> int:
        with app.app_context():
            done = apply_inbox.run()
            fetch_due.run()
            return int(done) + int(apply_inbox.run()) + deliver_all_due()


def _base_url(app: Flask) -> str:
    return str(app.config["VERBINDPLAATS"].base_url)


@contextmanager
def inside(app: Flask) -> Iterator[None]:
    """Be on this instance, in a unit of work."""
    with app.app_context(), unit_of_work():
        assert current_settings() is app.config["VERBINDPLAATS"]
        yield
