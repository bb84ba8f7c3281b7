"""A changed profile goes to all who hold a copy, also where nobody follows the person."""

import pytest
from flask.ctx import AppContext

from app.accounts.models.account import Account
from app.accounts.services.followings import request_follow
from app.core.db import session, unit_of_work
from app.core.visibility import Visibility
from app.forum.models.community import Community
from app.forum.services.memberships import join_community
from federation.dereference.lookup import look_up_actor
from federation.models.delivery import Delivery, DeliveryState
from federation.outbound.acquaintances import acquaintances_of
from tests.support.factories import make_account, make_comment, make_community, make_post
from tests.support.fediverse import FakeFediverse


@pytest.fixture
def anna(ctx: AppContext) -> Account:
    return make_account("anna")


def someone(fediverse: FakeFediverse, host: str) -> Account:
    found = look_up_actor(fediverse.person("bo", host).uri)
    assert isinstance(found, Account)
    return found


def join(fediverse: FakeFediverse, host: str, community: Community) -> None:
    with unit_of_work():
        join_community(someone(fediverse, host), community, f"http://{host}/f/1")


def inboxes(account: Account) -> set[str]:
    session().expire_all()
    return set(acquaintances_of(account).inboxes)


def test_followers_know_a_person(fediverse: FakeFediverse, anna: Account) -> None:
    with unit_of_work():
        request_follow(someone(fediverse, "volger.test"), anna, "http://volger.test/f/1")
    someone(fediverse, "vreemd.test")

    assert inboxes(anna) == {"http://volger.test/inbox"}


@pytest.mark.parametrize("is_answer", [False, True])
def test_readers_of_communities_in_which_somebody_wrote_know_that_person(
    fediverse: FakeFediverse, anna: Account, is_answer: bool
) -> None:
    bert = make_account("bert")
    tuin, veld = make_community("tuin", owner=bert), make_community("veld", owner=bert)
    join(fediverse, "lezer.test", tuin)
    join(fediverse, "elders.test", veld)

    post = make_post(tuin, bert if is_answer else anna)
    if is_answer:
        make_comment(post, anna)

    assert inboxes(anna) == {"http://lezer.test/inbox"}


def test_what_is_said_behind_closed_doors_makes_nobody_known(
    fediverse: FakeFediverse, anna: Account
) -> None:
    kamer = make_community("kamer", owner=anna)
    join(fediverse, "lezer.test", kamer)
    make_post(kamer, anna)

    with unit_of_work():
        session().get_one(Community, kamer.id).visibility = Visibility.MEMBERS

    assert inboxes(anna) == set()


def test_servers_that_took_a_text_know_the_writer(fediverse: FakeFediverse, anna: Account) -> None:
    bo = someone(fediverse, "genoemd.test")
    make_post(make_community("tuin", owner=anna), anna, body=f"Dag @{bo.handle}")
    untold = inboxes(anna)

    with unit_of_work():
        for row in session().query(Delivery).all():
            row.state = DeliveryState.DONE

    assert untold == set()
    assert inboxes(anna) == {"http://genoemd.test/inbox"}
