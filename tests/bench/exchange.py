"""How fast activities come in, are applied and go out again."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select

from app.accounts.queries import find_local_account
from app.core.db import session, unit_of_work
from app.forum.models.community import Community
from app.forum.models.post import Post
from app.forum.queries.communities import find_community
from app.forum.services.posts import PostDraft, publish_post
from federation.models.delivery import Delivery, DeliveryState
from federation.models.inbox_activity import InboxActivity, InboxState
from tests.bench.figures import Figures
from tests.bench.load import Plan, run_load
from tests.bench.peers import Peers
from tests.bench.senders import Sender, prepare_posts
from tests.bench.server import Place

LOOK_EVERY_SECONDS = 0.05
PATIENCE_SECONDS = 120.0
UNFINISHED = (InboxState.WAITING, InboxState.FETCHING)


class ExchangeError(Exception):
    """Something did not come through; a figure would mean nothing."""


@dataclass(frozen=True)
class Exchange:
    """The measured server, with its database at hand, and the servers around it."""

    place: Place
    peers: Peers
    senders: Sequence[Sender]
    figures: Figures


def measure_inbox(exchange: Exchange, community_name: str, count: int) -> tuple[float, float]:
    """Post `count` activities about one community, and wait until all are applied.

    Returns how many were accepted, and how many applied, per second.
    """
    community = _community(community_name)
    targets = _targets(community, count)
    posts = prepare_posts(exchange.place, exchange.senders, community.uri, targets)
    before = _count_inbox(InboxState.DONE)
    started = time.perf_counter()
    outcome = run_load(Plan(exchange.place.port, posts, status=202))
    _await(lambda: _count_inbox(*UNFINISHED) == 0, "activities were not all applied")
    seconds = time.perf_counter() - started
    done = _count_inbox(InboxState.DONE) - before
    if done != count:
        raise ExchangeError(f"{done} of {count} activities were applied")
    await_quiet()
    return outcome.rate, count / seconds


def measure_fanout(exchange: Exchange, community_name: str, author: str, key: str) -> None:
    """Publish a post in a community that every peer follows; time the arrivals there."""
    await_quiet()
    exchange.peers.take_arrivals()
    with unit_of_work():
        person = find_local_account(author)
        assert person is not None
        draft = PostDraft(title="Wie gaat er mee?", body_source="Vrijdag om drie uur.")
        publish_post(person, _community(community_name), draft)
    await_quiet()
    arrivals = exchange.peers.take_arrivals()
    expected = len(exchange.peers.hosts)
    if len(arrivals) != expected:
        raise ExchangeError(f"{len(arrivals)} deliveries arrived instead of {expected}")
    exchange.figures.note(key, (expected - 1) / (max(arrivals) - min(arrivals)))


def await_quiet() -> None:
    """Wait until nothing waits to be sent."""
    _await(lambda: _count_waiting_deliveries() == 0, "deliveries kept waiting")


def _community(name: str) -> Community:
    community = find_community(name)
    assert community is not None
    return community


def _targets(community: Community, count: int) -> list[str]:
    """Return ids of posts in a community, each as often as needed."""
    posts = session().scalars(
        select(Post).where(Post.community_id == community.id).order_by(Post.id.desc())
    )
    uris = [post.uri for post in posts]
    return [uris[(n // 40) % len(uris)] for n in range(count)]


def _await(is_so: Callable[[], bool], otherwise: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        if time.monotonic() > deadline:
            raise ExchangeError(otherwise)
        time.sleep(LOOK_EVERY_SECONDS)


def _count_inbox(*states: InboxState) -> int:
    statement = select(func.count()).where(InboxActivity.state.in_(states))
    return _count(statement)


def _count_waiting_deliveries() -> int:
    statement = select(func.count()).where(Delivery.state == DeliveryState.WAITING)
    return _count(statement)


def _count(statement: Select[tuple[int]]) -> int:
    """Ask the running server's database, and hold no reading transaction afterwards."""
    try:
        return session().scalar(statement) or 0
    finally:
        session().rollback()
