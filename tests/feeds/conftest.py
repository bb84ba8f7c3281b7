"""What tests of feeds share: a server on loopback and a way to fetch once."""

import pytest

from app.core.db import unit_of_work
from app.core.outgoing import http_client
from feeds.ingest.claims import make_job
from feeds.ingest.fetch import fetch_feed
from feeds.ingest.outcomes import record_all
from feeds.services.feeds import add_feed
from tests.support.feedserver import serve_feeds


@pytest.fixture
def server():
    with serve_feeds() as running:
        yield running


@pytest.fixture
def add(ctx):
    """Add a feed by its address."""

    def add_one(url, name="Netwerk Toetsen", path="/gids/netwerk-toetsen"):
        with unit_of_work():
            return add_feed(url, name, path)

    return add_one


@pytest.fixture
def fetch(ctx, clock):
    """Fetch a feed once, whatever its schedule, and return what came of it."""

    def fetch_one(feed):
        fetched = fetch_feed(http_client(), make_job(feed, clock()))
        record_all([fetched])
        return fetched

    return fetch_one
