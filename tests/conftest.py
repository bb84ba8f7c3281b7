"""Fixtures of the whole suite. Sockets are closed except to loopback."""

import contextvars
import gc
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.ctx import AppContext
from flask.testing import FlaskClient
from pytest_socket import socket_allow_hosts

from app.core.clock import push_clock
from app.core.db import db
from app.core.settings import Settings
from app.factory import create_app
from tests.support import database
from tests.support.clock import FakeClock
from tests.support.routing import compile_rules_once

MakeApp = Callable[..., Flask]
pytest_plugins = ["tests.support.chromium"]


def pytest_configure() -> None:
    """Run as from a terminal, also under nohup: programs that tests start hear every signal."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    compile_rules_once()


def pytest_collection_finish() -> None:
    """Look for garbage less often: every test leaves an application, and a look takes 0.1 s."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL only what touches a database runs: the rest is the same as on SQLite."""
    if not database.POSTGRES_URL:
        return
    left_out = [item for item in items if not _touches_database(item)]
    items[:] = [item for item in items if _touches_database(item)]
    config.hook.pytest_deselected(items=left_out)


def _touches_database(item: pytest.Item) -> bool:
    rooms = {"migrations", "processes", "commands"}  # make their databases themselves
    return "migrated" in getattr(item, "fixturenames", ()) or bool(rooms & set(item.path.parts))


def pytest_runtest_setup() -> None:
    """No test reaches beyond this machine."""
    socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)


@pytest.fixture(scope="session")
def worker_name(request: pytest.FixtureRequest) -> str:
    return getattr(request.config, "workerinput", {}).get("workerid", "main")


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory, worker_name: str) -> Settings:
    """Settings of a database that was built by migrating, once per worker."""
    folder = tmp_path_factory.mktemp("template")
    if database.POSTGRES_URL:
        url = database.worker_url(database.POSTGRES_URL, worker_name)
        database.create_postgres(url)
        settings = database.make_settings(folder, database_url=url)
    else:
        settings = database.make_settings(folder)
    database.migrate(settings)
    return settings


@pytest.fixture
def make_app(migrated: Settings, tmp_path: Path) -> Iterator[MakeApp]:
    """Make an application with a fresh database; `changes` are settings."""
    made: list[Flask] = []

    def make(base_url: str = database.BASE_URL, **changes: object) -> Flask:
        data_dir = tmp_path / f"data{len(made)}"
        if migrated.database_url:
            url = f"{migrated.database_url}_{len(made)}"
            database.renew_postgres(url, migrated.database_url)
            changes = {"database_url": url, **changes}
        else:
            database.copy_sqlite(migrated.data_dir, data_dir)
        database.share_compiled_templates(migrated.data_dir, data_dir)
        app = create_app(database.make_settings(data_dir, base_url, **changes))
        app.extensions.pop("doorbell", None)
        made.append(app)
        return app

    yield make
    for app in made:
        client = app.extensions.get("http_client")
        if client is not None:
            client.close()
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def app(make_app: MakeApp) -> Flask:
    """An application with a fresh, migrated database, known as http://ons.test."""
    return make_app()


@pytest.fixture
def ctx(app: Flask) -> Iterator[AppContext]:
    """The application's context; queries and services work inside it."""
    with app.app_context() as context:
        yield context


class FreshClient(FlaskClient):
    """A browser whose requests share nothing with the test, or with each other, but cookies."""

    def open(self, *args: object, **kwargs: object) -> object:
        return contextvars.Context().run(super().open, *args, **kwargs)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without a session, calling http://ons.test."""
    app.test_client_class = FreshClient
    browser = app.test_client()
    browser.environ_base["HTTP_HOST"] = "ons.test"
    return browser


@pytest.fixture
def clock() -> Iterator[FakeClock]:
    """A clock that stands still until the test moves it."""
    fake = FakeClock()
    pop = push_clock(fake)
    yield fake
    pop()
