"""Another server's list of who of us follows there, when it is not ours (FEP-8fcf)."""

from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import select

from app.accounts.models.account import Account
from app.accounts.models.following import Following, FollowState
from app.accounts.services import followings
from app.core.db import session, unit_of_work
from federation.dereference import follower_checks
from federation.dereference.actors import find_owner
from federation.dereference.follower_checks import check_followers
from federation.inbound.receive import gate
from federation.inbound.synchronization import Lookers
from federation.models.follower_check import FollowerCheck
from federation.models.followers import digest_of
from federation.models.outbox_activity import OutboxActivity
from tests.support.clock import FakeClock
from tests.support.factories import make_account
from tests.support.fediverse import FakeFediverse, RemoteActor, activity

HOST = "masto.test"
_numbers = count()


@pytest.fixture
def mia(fediverse: FakeFediverse) -> RemoteActor:
    """Somebody elsewhere whom we know."""
    followers = f"http://{HOST}/u/mia/followers"
    mia = fediverse.person("mia", HOST, followers=followers)
    tell(fediverse, mia, None)
    return mia


@pytest.fixture
def anna(mia: RemoteActor, fediverse: FakeFediverse) -> Account:
    """Follows mia, as both sides once agreed."""
    anna = make_account("anna")
    with unit_of_work():
        followings.approve_follow(followings.request_follow(anna, owner(mia)))
    return anna


def owner(actor: RemoteActor) -> Account:
    found = find_owner(actor.uri)
    assert isinstance(found, Account)
    return found


def tell(
    fediverse: FakeFediverse, mia: RemoteActor, listed: list[str] | None, **other: str
) -> None:
    """Mia says something; `listed` is what her server believes of her followers here."""
    number = next(_numbers)
    note = {"type": "Note", "id": f"{mia.uri}/n{number}", "attributedTo": mia.uri, "content": "x"}
    headers = {}
    if listed is not None:
        url = f"{mia.uri}/followers"
        told = {
            "collectionId": url,
            "url": f"{url}_synchronization",
            "digest": digest_of(listed),
            **other,
        }
        headers = {"Collection-Synchronization": ", ".join(f'{k}="{v}"' for k, v in told.items())}
        fediverse.put({"id": f"{url}_synchronization", "type": "Collection", "items": listed})
    gate().lookers = Lookers()  # as if this came ten minutes later
    answer = fediverse.deliver(activity("Create", mia, note), mia, headers=headers)
    assert answer.status_code == 202
    session().rollback()


def checks() -> list[FollowerCheck]:
    session().expire_all()
    return list(session().scalars(select(FollowerCheck)))


def said() -> list[str]:
    return list(session().scalars(select(OutboxActivity.type).order_by(OutboxActivity.id)))


def test_lists_that_agree_cost_nothing(
    fediverse: FakeFediverse, mia: RemoteActor, anna: Account
) -> None:
    tell(fediverse, mia, [anna.uri])

    assert checks() == []


def test_a_follow_the_other_side_does_not_know_is_asked_for_anew(
    fediverse: FakeFediverse, mia: RemoteActor, anna: Account
) -> None:
    before = len(said())
    tell(fediverse, mia, [])

    check_followers()

    assert said()[before:] == ["Undo", "Follow"]
    (following,) = session().scalars(select(Following))
    assert following.state == FollowState.REQUESTED
    assert checks()[0].next_attempt_at is None


def test_who_follows_no_longer_is_taken_back_once_more(
    fediverse: FakeFediverse, mia: RemoteActor
) -> None:
    ben = make_account("ben")
    tell(fediverse, mia, [ben.uri, "http://elsewhere.test/u/eve"])

    check_followers()

    assert said() == ["Undo"]


def test_a_list_of_everybody_here_makes_us_send_so_much_and_no_more(
    fediverse: FakeFediverse, mia: RemoteActor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follower_checks, "MOST_TAKEN_BACK", 3)
    people = [make_account(f"mens{number}").uri for number in range(6)]
    tell(fediverse, mia, people)

    check_followers()

    assert said() == ["Undo"] * 3


def test_a_request_that_the_list_answers_is_granted(
    fediverse: FakeFediverse, mia: RemoteActor
) -> None:
    ben = make_account("ben")
    with unit_of_work():
        followings.request_follow(ben, owner(mia))
    tell(fediverse, mia, [ben.uri])

    check_followers()

    (following,) = session().scalars(select(Following))
    assert following.state == FollowState.APPROVED


def test_a_list_is_fetched_at_most_once_an_hour(
    fediverse: FakeFediverse, mia: RemoteActor, anna: Account, clock: FakeClock
) -> None:
    for _ in range(3):
        tell(fediverse, mia, [])
        check_followers()
    asked = fediverse.server(HOST).asked["/u/mia/followers_synchronization"]

    clock.advance(timedelta(hours=1))
    tell(fediverse, mia, [anna.uri])
    check_followers()

    assert asked == 1
    assert fediverse.server(HOST).asked["/u/mia/followers_synchronization"] == 2


@pytest.mark.parametrize(
    "other",
    [
        {"url": "http://victim.test/list"},
        {"url": "http://ons.test/u/anna"},
        {"collectionId": "http://masto.test/u/eve/followers"},
    ],
)
def test_a_header_about_somebody_else_or_another_server_is_passed_over(
    fediverse: FakeFediverse, mia: RemoteActor, anna: Account, other: dict[str, str]
) -> None:
    tell(fediverse, mia, [], **other)

    assert checks() == []


def test_a_list_that_cannot_be_had_changes_nothing(
    fediverse: FakeFediverse, mia: RemoteActor, anna: Account, clock: FakeClock
) -> None:
    tell(fediverse, mia, [])
    fediverse.server(HOST).down = 503

    for _ in range(5):
        check_followers()
        clock.advance(timedelta(minutes=20))

    assert checks()[0].attempts == 3
    (following,) = session().scalars(select(Following))
    assert following.state == FollowState.APPROVED


def test_a_list_in_pages_is_not_believed_to_be_whole(
    fediverse: FakeFediverse, mia: RemoteActor, anna: Account
) -> None:
    tell(fediverse, mia, [])
    url = f"{mia.uri}/followers_synchronization"
    fediverse.put({"id": url, "type": "Collection", "items": [], "first": f"{url}?page=1"})

    check_followers()

    (following,) = session().scalars(select(Following))
    assert following.state == FollowState.APPROVED


def test_what_is_remembered_of_headers_is_bounded_and_forgotten() -> None:
    lookers = Lookers()

    assert lookers.may_look("a")
    assert not lookers.may_look("a")
    for number in range(10_001):
        lookers.may_look(str(number))

    assert lookers.may_look("a")


def test_what_is_no_address_is_no_follower(
    fediverse: FakeFediverse, mia: RemoteActor, anna: Account
) -> None:
    before = len(said())
    tell(fediverse, mia, [anna.uri, f"{anna.uri}\x00", "http://ons.test/u/\x00", "anna"])

    check_followers()

    assert said()[before:] == []
    assert checks()[0].next_attempt_at is None
