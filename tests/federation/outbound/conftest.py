"""`anna` runs `toetsing` on our server; others follow it."""

from collections.abc import Callable

import pytest

from app.accounts.models.account import Account
from app.forum.models.community import Community
from tests.federation.outbound.peers import Peers, give_key
from tests.support.factories import make_account, make_community
from tests.support.fediverse import FakeFediverse


@pytest.fixture
def peers(fediverse: FakeFediverse, settle: Callable[[], None]) -> Peers:
    return Peers(fediverse, settle)


@pytest.fixture
def anna(fediverse: FakeFediverse) -> Account:
    account = make_account("anna")
    give_key(account, 1)
    return account


@pytest.fixture
def toetsing(anna: Account) -> Community:
    community = make_community("toetsing", owner=anna)
    give_key(community, 2)
    return community
