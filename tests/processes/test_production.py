"""The same program on PostgreSQL, Redis and gunicorn, by settings alone; the broker may die."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.processes.conftest import MakeServer
from tests.support.database import POSTGRES_URL, create_postgres
from tests.support.production import Production, Redis
from tests.support.server import Server, wait_until

pytestmark = [
    pytest.mark.processes,
    pytest.mark.skipif(not POSTGRES_URL, reason="VERBINDPLAATS_TEST_DATABASE_URL is not set"),
    pytest.mark.skipif(shutil.which("redis-server") is None, reason="no redis-server here"),
]


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    made = Redis(tmp_path)
    made.start()
    yield made
    made.kill()


@pytest.fixture
def national(tmp_path: Path, redis: Redis, worker_name: str) -> Iterator[Production]:
    url = f"{POSTGRES_URL}_production_{worker_name}"
    create_postgres(url)
    server = Production(tmp_path / "landelijk", url, redis)
    server.start()
    yield server
    server.end()


@pytest.fixture
def region(make_server: MakeServer, national: Production) -> Server:
    """An embedded instance whose bo follows the community of the national one."""
    national.run("user", "add", "anna", "--email", "anna@school.test")
    national.run("community", "add", "toetsing", "--title", "Toetsing", "--owner", "anna")
    region = make_server("regio")
    region.start()
    region.run("user", "add", "bo", "--email", "bo@school.test")
    region.run("follow", f"!toetsing@127.0.0.1:{national.port}", "--as", "bo")
    members = "/c/toetsing/followers"
    wait_until(lambda: '"totalItems":2' in national.get(members, "application/activity+json")[1])
    return region


def ask(national: Production, title: str) -> str:
    words = ("post", "add", "toetsing", "--as", "anna", "--title", title)
    return national.last_line(*words, text="Hallo.")


def page(national: Production) -> str:
    return f"/c/toetsing@127.0.0.1:{national.port}"


def test_it_federates_with_an_embedded_instance(national: Production, region: Server) -> None:
    uri = ask(national, "Hoe toetsen jullie?")
    wait_until(lambda: region.sees(page(national), "Hoe toetsen jullie?"), 30)
    region.run("comment", "add", uri, "--as", "bo", text="Met een portfolio.")

    path = uri.removeprefix(national.base_url)
    wait_until(lambda: national.sees(path, "Met een portfolio."), 30)


def test_nothing_is_lost_when_broker_worker_scheduler_or_web_are_killed(
    national: Production, region: Server, redis: Redis
) -> None:
    titles = [f"Vraag {number}" for number in range(5)]

    ask(national, titles[0])
    redis.kill()
    ask(national, titles[1])
    redis.start()
    for role, title in zip(("worker", "scheduler", "web"), titles[2:], strict=True):
        ask(national, title)
        national.kill(role)

    def arrived(title: str) -> bool:
        return region.get(page(national))[1].count(f">{title}<") == 1

    wait_until(lambda: all(arrived(title) for title in titles), 90)
