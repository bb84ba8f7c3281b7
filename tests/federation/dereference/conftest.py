"""A group elsewhere, somebody here who follows it, and the reading of all that it has."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from app.accounts.models.account import Account
from app.core.db import session, unit_of_work
from app.forum.models.community import Community
from app.forum.queries.communities import find_community_by_uri
from app.forum.services import memberships
from federation.dereference.chase import Chase
from federation.dereference.history_tasks import read_history
from federation.transport.client import activity_client
from tests.support.clock import FakeClock
from tests.support.factories import make_account
from tests.support.fediverse import FakeFediverse
from tests.support.lemmy import LemmyGroup

MAX_ROUNDS = 400


@pytest.fixture
def lemmy(fediverse: FakeFediverse, clock: FakeClock) -> LemmyGroup:
    return LemmyGroup(fediverse)


@pytest.fixture
def anna(fediverse: FakeFediverse) -> Account:
    return make_account("anna")


@pytest.fixture
def read_all(clock: FakeClock) -> Callable[[], int]:
    """Read until nothing is due any more, second after second; returns how many seconds."""

    def run() -> int:
        for seconds in range(MAX_ROUNDS):
            if not read_history():
                session().rollback()  # the reading had sessions of its own: look anew
                session().expire_all()
                return seconds
            clock.advance(timedelta(seconds=1))
        raise AssertionError("the reading does not end")

    return run


def follow(account: Account, group: LemmyGroup) -> Community:
    """Let one of ours follow the group."""
    Chase(activity_client()).bring(group.uri)
    community = find_community_by_uri(group.uri)
    assert community is not None
    with unit_of_work():
        memberships.join_community(account, community)
    return community
