"""Putting right who of us follows somebody elsewhere, by that server's own list (FEP-8fcf).

Whom the list does not name is no follower there any more: the follow is ended and asked for anew,
so that it counts again only when the other side says so. Whom it names although he follows no
longer is taken back once more; a request that waits for an answer is thereby answered. Of both
only so many at a time: whatever a list says, it makes us write and send no more than that.
"""

from datetime import timedelta
from itertools import islice
from typing import Final

from celery import shared_task
from sqlalchemy import select

from app.accounts.events import FollowEnded
from app.accounts.models.account import Account, AccountState
from app.accounts.models.following import Following
from app.accounts.queries import find_account_by_uri, find_following
from app.accounts.services import followings
from app.core.addresses import local_path
from app.core.clock import utcnow
from app.core.columns import new_public_id
from app.core.db import session, unit_of_work
from app.core.errors import AppError
from app.core.events import emit
from app.forum.events import MembershipEnded
from app.forum.models.community import Community
from app.forum.models.membership import MemberRole, Membership, MembershipState
from app.forum.queries.communities import get_membership
from app.forum.services import memberships
from federation.dereference.turns import one_at_a_time
from federation.errors import FederationError, MalformedError, UnavailableError
from federation.models.follower_check import FollowerCheck
from federation.models.followers import list_followers_here
from federation.transport.client import ActivityClient, activity_client
from federation.vocab.parse_fields import as_list, is_address

LEASE: Final = timedelta(seconds=60)
AT_ONCE: Final = 10
TRIES: Final = 3
TRY_AGAIN_AFTER: Final = timedelta(minutes=10)
MOST_LISTED: Final = 20_000
MOST_ASKED_ANEW: Final = 200
MOST_TAKEN_BACK: Final = 50


@shared_task(name="federation.dereference.follower_checks.check_followers")
@one_at_a_time
def check_followers() -> None:
    """Fetch the lists that differ from ours, and put right what is wrong here."""
    client = activity_client()
    for check_id, url in _claim():
        try:
            listed = _fetch_list(client, url)
        except FederationError as error:
            _put_off(check_id, may_retry=isinstance(error, UnavailableError))
        else:
            _put_right(check_id, listed)


def _claim() -> list[tuple[int, str]]:
    now = utcnow()
    with unit_of_work():
        checks = session().scalars(
            select(FollowerCheck)
            .where(FollowerCheck.next_attempt_at <= now)
            .where(FollowerCheck.lease_until.is_(None) | (FollowerCheck.lease_until < now))
            .order_by(FollowerCheck.next_attempt_at)
            .limit(AT_ONCE)
            .with_for_update(skip_locked=True)
        )
        found = []
        for check in checks:
            check.lease_until = now + LEASE
            found.append((check.id, check.url))
        return found


def _fetch_list(client: ActivityClient, url: str) -> set[str]:
    """Return the ids in a list; raises MalformedError for what is no list in one piece."""
    document = client.get_document(url).raw
    items = document.get("orderedItems", document.get("items"))
    if items is None or "first" in document or "next" in document:
        raise MalformedError("items", "not a whole list")
    uris = as_list(items)
    if len(uris) > MOST_LISTED:
        raise MalformedError("items", "too many")
    return {uri for uri in uris if isinstance(uri, str) and is_address(uri)}


def _put_off(check_id: int, *, may_retry: bool) -> None:
    with unit_of_work():
        check = session().get(FollowerCheck, check_id)
        if check is None:  # the actor is gone, and its check with it
            return
        check.attempts, check.lease_until = check.attempts + 1, None
        again = may_retry and check.attempts < TRIES
        check.next_attempt_at = utcnow() + TRY_AGAIN_AFTER if again else None


def _put_right(check_id: int, listed: set[str]) -> None:
    with unit_of_work():
        check = session().get(FollowerCheck, check_id)
        if check is None:
            return
        check.next_attempt_at = check.lease_until = None
        owner = check.actor.account or check.actor.community
        assert owner is not None
        ours = list_followers_here(owner)
        for uri in sorted(ours.keys() - listed)[:MOST_ASKED_ANEW]:
            _ask_anew(ours[uri])
        strangers = (uri for uri in sorted(listed - ours.keys()) if local_path(uri) is not None)
        for uri in islice(strangers, MOST_TAKEN_BACK):
            follower = find_account_by_uri(uri)
            if follower is not None and follower.is_local and follower.state == AccountState.ACTIVE:
                _answer(follower, owner)


def _ask_anew(row: Membership | Following) -> None:
    """End a follow of which the other side knows nothing, and ask for it again."""
    try:
        with session().begin_nested():
            if isinstance(row, Following):
                follower, followed = row.follower, row.followed
                followings.end_follow(follower, followed)
                followings.request_follow(follower, followed)
            elif row.role == MemberRole.MEMBER:  # who moderates there stays
                account, community = row.account, row.community
                memberships.end_membership(row)
                memberships.join_community(account, community)
    except AppError:
        return  # he may not follow there any more; nothing has changed


def _answer(follower: Account, owner: Account | Community) -> None:
    """Take a yes for somebody who waits for it; take back once more for who has left."""
    if isinstance(owner, Community):
        membership = get_membership(follower, owner)
        if membership is None:
            emit(MembershipEnded(follower.id, owner.id, new_public_id(), None))
        elif membership.state == MembershipState.REQUESTED:
            memberships.approve_membership(membership)
        return
    following = find_following(follower, owner)
    if following is None:
        emit(FollowEnded(follower.id, owner.id, new_public_id(), None))
    else:
        followings.approve_follow(following)
