"""Bans: who may, what ends, what is refused from then on, and how it ends."""

from datetime import timedelta

import pytest
from flask.ctx import AppContext

from app.accounts.models.account import Account
from app.core.clock import utcnow
from app.core.db import unit_of_work
from app.core.errors import ConflictError, InvalidInputError, NotAllowedError
from app.core.events import Event
from app.core.visibility import State
from app.forum import events
from app.forum.models.ban import Ban
from app.forum.models.community import Community
from app.forum.origin import LOCAL, Origin, Remote
from app.forum.queries.bans import find_ban, find_barring_ban, list_bans
from app.forum.queries.communities import get_membership, list_moderators
from app.forum.queries.standings import get_standing
from app.forum.services import bans, comments, memberships, posts, votes
from app.forum.services.bans import BanTerms
from app.forum.vouching import vouched
from tests.support.clock import FakeClock
from tests.support.factories import make_account, make_comment, make_community, make_post

BLOCK = Remote("http://elders.test/block/1")
DAY = timedelta(days=1)
FOR_GOOD = BanTerms("Reclame")


def ban(
    by: Account | None,
    account: Account,
    community: Community | None,
    terms: BanTerms = FOR_GOOD,
    origin: Origin = LOCAL,
) -> Ban:
    with unit_of_work():
        return bans.ban_person(by, account, community, terms, origin)


def lift(by: Account | None, one: Ban, *, restores_posts: bool = False) -> None:
    with unit_of_work():
        bans.lift_ban(by, one, "Spijt", restores_posts=restores_posts)


@pytest.fixture
def otto(ctx: AppContext) -> Account:
    return make_account("otto")


@pytest.fixture
def anna(ctx: AppContext) -> Account:
    return make_account()


@pytest.fixture
def community(otto: Account) -> Community:
    return make_community(owner=otto)


def test_who_is_banned_takes_no_part_but_reads(
    community: Community, otto: Account, anna: Account
) -> None:
    mine, theirs = make_post(community, anna), make_post(community, otto)
    answer = make_comment(theirs, anna)
    with unit_of_work():
        memberships.join_community(anna, community)

    made = ban(otto, anna, community)

    assert get_standing(anna, community).is_banned
    assert get_membership(anna, community).state == "refused"
    for act in (
        lambda: make_post(community, anna),
        lambda: make_comment(theirs, anna),
        lambda: votes.cast_vote(anna, theirs),
        lambda: memberships.join_community(anna, community),
        lambda: posts.edit_post(mine, posts.PostDraft(title="Ha"), anna),
        lambda: comments.edit_comment(answer, comments.CommentDraft(body_source="Ha"), anna),
    ):
        with pytest.raises(NotAllowedError), unit_of_work():
            act()
    with unit_of_work():
        posts.delete_post(mine, anna)
    assert mine.state == State.DELETED
    assert not get_standing(anna, make_community("rekenen")).is_banned
    assert find_ban(anna, community) is find_barring_ban(anna, community) is made
    assert find_ban(anna, None) is None


def test_what_comes_later_from_who_was_banned_is_refused(
    community: Community, otto: Account
) -> None:
    eva = make_account("eva", host="elders.test")
    thread = make_post(community, otto)
    ban(otto, eva, community)
    old = Remote("http://elders.test/note/1", published=utcnow() - 9 * DAY)
    draft = comments.CommentDraft(body_html="<p>Oud</p>")

    with pytest.raises(NotAllowedError), unit_of_work():
        posts.publish_post(eva, community, posts.PostDraft(title="Oud"), old)
    with pytest.raises(NotAllowedError), unit_of_work():
        comments.publish_comment(eva, thread, None, draft, old)


def test_a_ban_ends_by_itself_at_its_time(
    community: Community, otto: Account, anna: Account, clock: FakeClock
) -> None:
    ban(otto, anna, community, BanTerms("Reclame", utcnow() + DAY))
    clock.advance(DAY - timedelta(seconds=1))
    before = get_standing(anna, community).is_banned, len(list_bans(community))

    clock.advance(timedelta(seconds=1))

    assert before == (True, 1)
    assert not get_standing(anna, community).is_banned
    assert (list_bans(community), find_ban(anna, community)) == ([], None)
    make_post(community, anna)


def test_a_ban_on_the_whole_server_counts_everywhere(
    community: Community, otto: Account, anna: Account
) -> None:
    beatrix = make_account("beatrix", admin=True)
    theirs = make_community("rekenen", host="elders.test")
    with unit_of_work():
        memberships.join_community(anna, community)

    made = ban(beatrix, anna, None)

    for place in (community, theirs, None):
        assert get_standing(anna, place).is_banned
    assert get_membership(anna, community).state == "refused"
    assert find_barring_ban(anna, theirs) is made
    assert find_ban(anna, community) is None
    for other in (otto, make_account("mo")):
        with pytest.raises(NotAllowedError):
            ban(other, make_account(f"p{other.id}"), None)


def test_a_server_speaks_for_its_own_people_only(otto: Account) -> None:
    beatrix = make_account("beatrix", admin=True)
    eva = make_account("eva", host="elders.test")
    host_admin = make_account("admin", host="elders.test")
    stranger = make_account("x", host="anders.test")

    for by, whom in ((stranger, eva), (host_admin, otto), (eva, eva)):
        with pytest.raises(NotAllowedError):
            ban(by, whom, None, BanTerms(""), BLOCK)
    made = ban(host_admin, eva, None, BanTerms(""), BLOCK)
    lift(host_admin, made)
    ours = ban(beatrix, eva, None)
    with pytest.raises(NotAllowedError):
        lift(host_admin, ours)
    with pytest.raises(ConflictError):
        ban(host_admin, eva, None, BanTerms("", utcnow() + DAY), Remote("http://elders.test/b/2"))

    assert find_ban(eva, None) is ours


def test_a_moderator_from_elsewhere_has_the_same_rights_here_and_none_next_door(
    community: Community, otto: Account, anna: Account
) -> None:
    eva = make_account("eva", host="elders.test")
    next_door = make_community("rekenen", owner=otto)
    post = make_post(community, anna)
    with unit_of_work():
        memberships.set_moderator(community, eva, is_moderator=True, by=otto)

    ban(eva, anna, community, BanTerms("", removes_posts=True), BLOCK)

    assert (post.state, post.state_by_id) == (State.REMOVED, eva.id)
    for whom, where in ((otto, community), (anna, next_door), (anna, None)):
        with pytest.raises(NotAllowedError):
            ban(eva, whom, where)


def test_bans_elsewhere_are_for_those_for_whom_the_group_answers(anna: Account) -> None:
    theirs = make_community("rekenen", host="elders.test")
    beatrix = make_account("beatrix", admin=True)
    eva = make_account("eva", host="elders.test")
    with unit_of_work():
        memberships.join_community(anna, theirs)

    with pytest.raises(NotAllowedError):
        ban(beatrix, anna, theirs)
    with pytest.raises(NotAllowedError):
        ban(eva, beatrix, theirs, BanTerms(""), BLOCK)
    with vouched(eva.id, theirs.id):
        ban(eva, beatrix, theirs, BanTerms(""), BLOCK)
    ban(None, anna, theirs, BanTerms(""), Remote("http://elders.test/block/2"))

    assert get_standing(anna, theirs).is_banned
    assert get_membership(anna, theirs).state == "refused"
    assert not get_standing(anna, None).is_banned


def test_a_moderator_who_is_banned_is_none_any_more(
    community: Community, otto: Account, anna: Account, heard: list[Event]
) -> None:
    with unit_of_work():
        memberships.set_moderator(community, anna, is_moderator=True, by=otto)
    heard.clear()

    made = ban(otto, anna, community)

    membership = get_membership(anna, community)
    assert list_moderators(community) == [otto]
    assert heard == [
        events.PersonBanned(made.id),
        events.MembershipRefused(membership.id),
        events.ModeratorsChanged(community.id, anna.id, is_moderator=False, by_id=otto.id),
    ]
    with pytest.raises(ConflictError), unit_of_work():
        memberships.set_moderator(community, anna, is_moderator=True, by=otto)


def test_the_same_ban_twice_is_one(
    community: Community, otto: Account, anna: Account, heard: list[Event]
) -> None:
    eva = make_account("eva", host="elders.test")
    first = ban(otto, anna, community)
    heard.clear()

    again = ban(otto, anna, community)
    block = ban(None, eva, community, BanTerms("x"), BLOCK)
    repeated = ban(None, eva, community, BanTerms("y", utcnow() + DAY), BLOCK)

    assert (again, repeated) == (first, block)
    assert heard == [events.PersonBanned(block.id)]


def test_other_terms_take_the_place_of_what_one_may_lift(
    community: Community, otto: Account, anna: Account
) -> None:
    mo, kees = make_account("mo"), make_account("kees")
    with unit_of_work():
        for one in (mo, kees):
            memberships.set_moderator(community, one, is_moderator=True, by=otto)
    first = ban(mo, anna, community, BanTerms("Reclame"))

    with pytest.raises(ConflictError):
        ban(kees, anna, community, BanTerms("Mild", utcnow() + DAY))
    with pytest.raises(NotAllowedError):
        lift(kees, first)
    second = ban(otto, anna, community, BanTerms("Mild", utcnow() + DAY))
    with pytest.raises(NotAllowedError):
        lift(mo, second)

    assert first.lifted_at is not None
    assert list_bans(community) == [second]


def test_a_ban_lifted_twice_is_lifted_once(
    community: Community, otto: Account, anna: Account, heard: list[Event]
) -> None:
    made = ban(otto, anna, community)
    heard.clear()

    lift(otto, made)
    lift(otto, made)

    assert heard == [events.BanLifted(made.id, otto.id, restores_posts=False, reason="Spijt")]
    make_post(community, anna)
    assert get_membership(anna, community) is None


def test_nobody_lifts_their_own_ban(community: Community, otto: Account) -> None:
    beatrix, second = make_account("beatrix", admin=True), make_account("zus", admin=True)
    made = ban(second, beatrix, None)

    with pytest.raises(NotAllowedError):
        lift(beatrix, made)
    with pytest.raises(NotAllowedError):
        ban(second, second, None)


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        (BanTerms(" "), "reason"),
        (BanTerms("x", expires_at=utcnow() - DAY), "expires_at"),
    ],
)
def test_a_ban_says_why_and_ends_later(
    community: Community, otto: Account, anna: Account, terms: BanTerms, field: str
) -> None:
    with pytest.raises(InvalidInputError) as caught:
        ban(otto, anna, community, terms)

    assert caught.value.field == field
    assert find_ban(anna, community) is None
