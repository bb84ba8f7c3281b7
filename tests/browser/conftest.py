"""One filled server for all these tests, and browsers that watch what goes wrong."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page
from waitress.server import create_server

from app.core.settings import Settings
from app.factory import create_app
from tests.support import database
from tests.support.browser import PHRASE
from tests.support.chromium import CHROMIUM
from tests.support.feedserver import serve_feeds
from tests.support.server import free_port
from tests.support.town import Town, build_town

LANGUAGES = {"nl": "nl-NL", "en": "en-GB"}
ENGLISH = Path(__file__).resolve().parents[2] / "app/translations/en/LC_MESSAGES/messages.po"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what stands in this folder; skip it where there is no Chromium."""
    here = str(Path(__file__).parent)
    for item in items:
        if str(item.path).startswith(here):
            item.add_marker(pytest.mark.browser)
            if not CHROMIUM.exists():
                item.add_marker(pytest.mark.skip(reason=f"no Chromium at {CHROMIUM}"))


@dataclass
class Complaints:
    """What a browser said: lines of its console, errors of scripts, requests to elsewhere."""

    origin: str
    lines: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        """Listen to a tab from now on."""
        page.on("pageerror", lambda error: self.lines.append(str(error)))
        page.on("console", self._hear)
        page.on("request", lambda request: self._see(request.url))

    def _hear(self, line: ConsoleMessage) -> None:
        asked = line.page.url if line.page else ""
        expected = "Failed to load resource" in line.text and line.location["url"] == asked
        if line.type in {"error", "warning"} and not expected:
            self.lines.append(line.text)

    def _see(self, url: str) -> None:
        if not url.startswith((f"{self.origin}/", "data:")):
            self.lines.append(f"asked for {url}")


Open = Callable[..., BrowserContext]


@dataclass(frozen=True)
class Place:
    """A running server and what is in it."""

    origin: str
    town: Town


@pytest.fixture(scope="session")
def english() -> None:
    """Compile the catalogue when that was not done yet, or not since it changed."""
    compiled = ENGLISH.with_suffix(".mo")
    if compiled.exists() and compiled.stat().st_mtime >= ENGLISH.stat().st_mtime:
        return
    with ENGLISH.open("rb") as source, compiled.open("wb") as target:
        write_mo(target, read_po(source))


@pytest.fixture(scope="session")
def served(
    english: None, migrated: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Flask, str]]:
    """The application behind waitress, with a database of its own."""
    port = free_port()
    origin = f"http://127.0.0.1:{port}"
    data_dir = tmp_path_factory.mktemp("browser")
    settings = database.make_settings(data_dir, origin, database_url=migrated.database_url)
    if migrated.database_url:
        url = f"{migrated.database_url}_browser"
        settings = database.make_settings(data_dir, origin, database_url=url)
        database.renew_postgres(url, migrated.database_url)
    else:
        database.copy_sqlite(migrated.data_dir, data_dir)
    app = create_app(settings)
    app.extensions.pop("doorbell", None)
    server = create_server(app, host="127.0.0.1", port=port, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield app, origin
    server.close()
    thread.join(5)


@pytest.fixture(scope="session")
def place(served: tuple[Flask, str]) -> Iterator[Place]:
    """The server, filled."""
    app, origin = served
    with serve_feeds() as feeds:
        yield Place(origin, build_town(app, feeds))


@pytest.fixture(scope="session")
def keys(chromium: Browser, place: Place) -> dict[str, object]:
    """The cookies of who signed in, by name."""
    found: dict[str, object] = {"": None}
    for name in ("anna", "bram", "carla", "dirk"):
        with chromium.new_context(base_url=place.origin) as context:
            page = context.new_page()
            sign_in(page, name)
            found[name] = context.storage_state()
    return found


def sign_in(page: Page, name: str) -> None:
    """Sign in as people do."""
    page.goto("/inloggen")
    page.fill("main [type=email]", f"{name}@school.example")
    page.fill("main [type=password]", PHRASE)
    page.click("main [type=submit]")
    page.wait_for_url("/")


@pytest.fixture
def complaints(place: Place) -> Iterator[Complaints]:
    """What browsers said during the test; the test fails when it is not empty at the end."""
    heard = Complaints(place.origin)
    yield heard
    assert heard.lines == []


@pytest.fixture
def visit(
    chromium: Browser, place: Place, keys: dict[str, object], complaints: Complaints
) -> Iterator[Callable[..., Page]]:
    """Open a tab: `visit(path, name, language, width, scheme, has_script)`."""
    contexts: list[BrowserContext] = []

    def open_tab(path: str = "/", name: str = "", **wishes: object) -> Page:
        context = chromium.new_context(
            base_url=place.origin,
            storage_state=keys[name],  # type: ignore[arg-type]  # as Playwright gave it
            locale=LANGUAGES[str(wishes.get("language", "nl"))],
            color_scheme="dark" if wishes.get("is_dark") else "light",
            java_script_enabled=bool(wishes.get("has_script", True)),
            viewport={"width": int(str(wishes.get("width", 1280))), "height": 900},
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        complaints.watch(page)
        page.goto(path)
        return page

    yield open_tab
    for context in contexts:
        context.close()
