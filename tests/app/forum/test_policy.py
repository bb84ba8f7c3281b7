"""Policies are pure: rows are made without a database."""

import pytest

from app.core.visibility import State, Visibility
from app.forum import policy
from app.forum.models.community import Community
from app.forum.models.post import Post
from app.forum.standing import ANONYMOUS, Standing

STRANGER = Standing(account_id=1, is_active=True, is_local=True)
REMOTE = Standing(account_id=2, is_active=True)
MEMBER = Standing(account_id=3, is_active=True, is_local=True, is_member=True)
MODERATOR = Standing(account_id=4, is_active=True, is_local=True, is_member=True, is_moderator=True)
OWNER = Standing(
    account_id=5,
    is_active=True,
    is_local=True,
    is_member=True,
    is_moderator=True,
    is_owner=True,
)
ADMIN = Standing(account_id=6, is_active=True, is_local=True, is_admin=True)
SUSPENDED = Standing(account_id=7, is_local=True, is_member=True, is_moderator=True, is_owner=True)
EVERYONE = {
    "anonymous": ANONYMOUS,
    "stranger": STRANGER,
    "remote": REMOTE,
    "member": MEMBER,
    "moderator": MODERATOR,
    "owner": OWNER,
    "admin": ADMIN,
    "suspended": SUSPENDED,
}


def make_community(**fields: object) -> Community:
    values = {
        "state": State.PUBLISHED,
        "visibility": Visibility.PUBLIC,
        "is_posting_restricted": False,
        "requires_membership": False,
        **fields,
    }
    return Community(**values)


def make_post(community: Community | None = None, **fields: object) -> Post:
    values = {
        "state": State.PUBLISHED,
        "visibility": Visibility.PUBLIC,
        "is_locked": False,
        "author_id": 99,
        **fields,
    }
    return Post(community=community or make_community(), **values)


def who_may(decide: object) -> set[str]:
    return {name for name, who in EVERYONE.items() if decide(who)}


def test_owners_and_admins_manage() -> None:
    assert who_may(policy.can_manage) == {"owner", "admin"}


def test_moderators_owners_and_admins_moderate() -> None:
    assert who_may(policy.can_moderate) == {"moderator", "owner", "admin"}


@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        (None, {"moderator", "owner", "admin"}),
        ("elders.test", {"moderator", "owner"}),
    ],
)
def test_pinning_elsewhere_is_for_the_moderators_there(host: str | None, allowed: set[str]) -> None:
    community = make_community(host=host)

    assert who_may(lambda who: policy.can_steer(who, community)) == allowed


@pytest.mark.parametrize(
    ("visibility", "allowed"),
    [
        (
            Visibility.PUBLIC,
            {"stranger", "remote", "member", "moderator", "owner", "admin"},
        ),
        (Visibility.LOCAL, {"stranger", "member", "moderator", "owner", "admin"}),
        (Visibility.MEMBERS, {"member", "moderator", "owner", "admin"}),
    ],
)
def test_who_takes_part_depends_on_the_audience(visibility: Visibility, allowed: set[str]) -> None:
    community = make_community(visibility=visibility)
    post = make_post(community, visibility=visibility)

    assert who_may(lambda who: policy.can_join(who, community)) == allowed
    assert who_may(lambda who: policy.can_post(who, community)) == allowed
    assert who_may(lambda who: policy.can_comment(who, post)) == allowed
    assert who_may(lambda who: policy.can_vote(who, post, visibility)) == allowed


def test_a_post_may_be_meant_for_fewer_than_its_community() -> None:
    post = make_post(visibility=Visibility.MEMBERS)

    assert "stranger" not in who_may(lambda who: policy.can_comment(who, post))


def test_a_community_that_is_gone_takes_nothing() -> None:
    community = make_community(state=State.REMOVED)

    assert not who_may(lambda who: policy.can_join(who, community))
    assert not who_may(lambda who: policy.can_post(who, community))
    assert not who_may(lambda who: policy.can_comment(who, make_post(community)))


def test_whether_somebody_elsewhere_may_post_elsewhere_is_for_that_server_to_say():
    community = make_community(is_posting_restricted=True, host="elders.example")

    assert policy.can_post(REMOTE, community)
    assert not policy.can_post(STRANGER, community)


def test_restricted_posting_leaves_moderators() -> None:
    community = make_community(is_posting_restricted=True)

    assert who_may(lambda who: policy.can_post(who, community)) == {"moderator", "owner", "admin"}


def test_membership_may_be_required() -> None:
    community = make_community(requires_membership=True)
    allowed = {"member", "moderator", "owner", "admin"}

    assert who_may(lambda who: policy.can_post(who, community)) == allowed
    assert who_may(lambda who: policy.can_comment(who, make_post(community))) == allowed


def test_a_members_community_inside_an_open_post_stays_closed() -> None:
    post = make_post(make_community(visibility=Visibility.MEMBERS))

    assert "stranger" not in who_may(lambda who: policy.can_comment(who, post))


@pytest.mark.parametrize(
    ("state", "is_locked", "allowed"),
    [
        (State.PUBLISHED, False, set(EVERYONE)),
        (State.PUBLISHED, True, {"moderator", "owner", "admin"}),
        (State.DELETED, False, set()),
        (State.REMOVED, False, set()),
    ],
)
def test_closed_threads_take_only_the_word_of_moderators(
    state: State, is_locked: bool, allowed: set[str]
) -> None:
    post = make_post(state=state, is_locked=is_locked)

    assert who_may(lambda who: policy.takes_answers(who, post)) == allowed


@pytest.mark.parametrize(
    ("who", "author_id", "state", "may_edit", "may_delete"),
    [
        (MEMBER, 3, State.PUBLISHED, True, True),
        (MEMBER, 3, State.REMOVED, False, True),
        (MEMBER, 3, State.DELETED, False, False),
        (MEMBER, 4, State.PUBLISHED, False, False),
        (ADMIN, 3, State.PUBLISHED, False, False),
        (SUSPENDED, 7, State.PUBLISHED, False, True),
    ],
)
def test_only_the_writer_changes_a_text(
    who: Standing, author_id: int, state: State, may_edit: bool, may_delete: bool
) -> None:
    post = make_post(author_id=author_id, state=state)

    assert policy.can_edit(who, post) is may_edit
    assert policy.can_delete(who, post) is may_delete


@pytest.mark.parametrize(
    ("author_id", "state", "allowed"),
    [(99, State.PUBLISHED, True), (3, State.PUBLISHED, False), (99, State.REMOVED, False)],
)
def test_nobody_votes_for_oneself_or_for_what_is_gone(
    author_id: int, state: State, allowed: bool
) -> None:
    post = make_post(author_id=author_id, state=state)

    assert policy.can_vote(MEMBER, post, Visibility.PUBLIC) is allowed
