"""Two instances tell the main stories: follow, ask, answer, vote, edit, delete, moderate, leave."""

from flask import Flask
from sqlalchemy import select

from app.accounts.models.account import Account
from app.accounts.queries import find_local_account
from app.accounts.services.deletion import delete_account
from app.core.db import session, unit_of_work
from app.core.outgoing import http_client
from app.core.visibility import State
from app.forum.models.comment import Comment
from app.forum.models.community import Community
from app.forum.models.membership import Membership, MembershipState
from app.forum.models.post import Post, PostKind
from app.forum.queries.communities import find_community
from app.forum.services import comments, memberships, posts, votes
from federation.dereference.lookup import look_up_actor
from federation.models.inbox_activity import InboxActivity, InboxState
from federation.transport.actors import local_actor, signing_key
from federation.transport.client import ActivityClient
from tests.support.factories import make_account, make_comment, make_community, make_post
from tests.support.world import World, inside


def settle_first(world: World) -> tuple[Flask, Flask]:
    """`anna` runs `toetsing` on ons; `bo` on buur follows it."""
    ons, buur = world.apps
    with ons.app_context():
        make_community("toetsing", owner=make_account("anna"))
    with buur.app_context():
        bo = make_account("bo")
        found = look_up_actor("!toetsing@ons.test")
        assert isinstance(found, Community)
        with inside(buur):
            memberships.join_community(session().get_one(Account, bo.id), _community(buur))
    world.settle()
    return ons, buur


def _community(app: Flask, name: str = "toetsing") -> Community:
    host = None if app.config["VERBINDPLAATS"].host == "ons.test" else "ons.test"
    found = find_community(name, host)
    assert found is not None
    return found


def _person(name: str) -> Account:
    found = find_local_account(name)
    assert found is not None
    return found


def _only_post() -> Post:
    return session().scalars(select(Post)).one()


def _refusals(app: Flask) -> list[str | None]:
    with app.app_context():
        bad = (InboxState.REFUSED, InboxState.FAILED)
        rows = session().scalars(select(InboxActivity).where(InboxActivity.state.in_(bad)))
        return [f"{row.type}: {row.reason}" for row in rows]


def test_a_follow_from_elsewhere_is_accepted_and_counted_on_both_sides(world: World) -> None:
    ons, buur = settle_first(world)

    with buur.app_context():
        membership = session().scalars(select(Membership)).one()
        assert membership.state == MembershipState.APPROVED
    with ons.app_context():
        assert _community(ons).member_count == 2
    assert _refusals(ons) == _refusals(buur) == []


def test_a_question_asked_at_home_appears_where_somebody_follows(world: World) -> None:
    ons, buur = settle_first(world)

    with ons.app_context():
        make_post(
            _community(ons), _person("anna"), "Hoe kalibreren jullie?", "Wij **zoeken** een vorm."
        )
    world.settle()

    with buur.app_context():
        copy = _only_post()
        assert copy.title == "Hoe kalibreren jullie?"
        assert "<strong>zoeken</strong>" in copy.body_html
        assert copy.author.handle == "anna@ons.test"
    page = buur.test_client().get("/c/toetsing@ons.test", headers={"Host": "buur.test"})
    assert "Hoe kalibreren jullie?" in page.text


def test_an_answer_typed_elsewhere_appears_on_our_page_and_ours_on_theirs(world: World) -> None:
    ons, buur = settle_first(world)
    with ons.app_context():
        make_post(_community(ons), _person("anna"))
    world.settle()

    with buur.app_context():
        make_comment(_only_post(), _person("bo"), "Wij doen het met zijn drieën.")
    world.settle()
    with ons.app_context():
        theirs = session().scalars(select(Comment)).one()
        make_comment(_only_post(), _person("anna"), "Mooi, hoe vaak?", theirs)
    world.settle()

    public_id = _public_id(ons)
    ours = ons.test_client().get(f"/post/{public_id}", headers={"Host": "ons.test"}).text
    assert "Wij doen het met zijn drieën." in ours
    assert "bo" in ours
    with buur.app_context():
        answers = session().scalars(select(Comment).order_by(Comment.id)).all()
        assert [answer.author.handle for answer in answers] == ["bo@buur.test", "anna@ons.test"]
        assert answers[1].parent_id == answers[0].id
    assert _refusals(ons) == _refusals(buur) == []


def _public_id(app: Flask) -> str:
    with app.app_context():
        return _only_post().public_id


def test_a_thread_started_elsewhere_is_announced_back_to_its_own_server(world: World) -> None:
    ons, buur = settle_first(world)

    with buur.app_context():
        make_post(_community(buur), _person("bo"), "Wie heeft een rubric?", kind=PostKind.QUESTION)
    world.settle()

    with ons.app_context():
        arrived = _only_post()
        assert arrived.author.handle == "bo@buur.test"
        assert arrived.community_id == _community(ons).id
    assert _refusals(ons) == _refusals(buur) == []


def test_a_vote_and_its_retraction_travel_both_ways(world: World) -> None:
    ons, buur = settle_first(world)
    with ons.app_context():
        make_post(_community(ons), _person("anna"))
    world.settle()

    with inside(buur):
        votes.cast_vote(_person("bo"), _only_post())
    world.settle()
    with ons.app_context():
        assert _only_post().vote_count == 1
    with inside(buur):
        votes.retract_vote(_person("bo"), _only_post())
    world.settle()

    with ons.app_context():
        assert _only_post().vote_count == 0
    with ons.app_context():
        make_account("carla")
    with inside(ons):
        votes.cast_vote(_person("carla"), _only_post())
    world.settle()
    with buur.app_context():
        assert _only_post().vote_count == 1
    assert _refusals(ons) == _refusals(buur) == []


def test_an_edit_and_a_deletion_by_the_author_reach_the_copy(world: World) -> None:
    ons, buur = settle_first(world)
    with buur.app_context():
        make_post(_community(buur), _person("bo"), "Titel met tikfuot")
    world.settle()

    with inside(buur):
        post = _only_post()
        draft = posts.PostDraft(title="Titel zonder tikfout", body_source="Beter.", kind=post.kind)
        posts.edit_post(post, draft, _person("bo"))
    world.settle()
    with ons.app_context():
        assert _only_post().title == "Titel zonder tikfout"
    with inside(buur):
        posts.delete_post(_only_post(), _person("bo"))
    world.settle()

    with ons.app_context():
        assert _only_post().state == State.DELETED
    page = ons.test_client().get(f"/post/{_public_id(ons)}", headers={"Host": "ons.test"})
    assert "Titel zonder tikfout" not in page.text
    assert _refusals(ons) == _refusals(buur) == []


def test_a_removal_by_a_moderator_reaches_the_author_and_can_be_undone(world: World) -> None:
    ons, buur = settle_first(world)
    with buur.app_context():
        make_post(_community(buur), _person("bo"))
    world.settle()

    with inside(ons):
        posts.remove_post(_only_post(), _person("anna"), "hoort in een andere groep")
    world.settle()

    with buur.app_context():
        assert _only_post().state == State.REMOVED
        assert _only_post().state_reason == "hoort in een andere groep"
    assert _refusals(buur) == []


def test_somebody_who_leaves_gets_nothing_more(world: World) -> None:
    ons, buur = settle_first(world)

    with inside(buur):
        memberships.leave_community(_person("bo"), _community(buur))
    world.settle()
    with ons.app_context():
        make_post(_community(ons), _person("anna"))
    world.settle()

    with ons.app_context():
        assert _community(ons).member_count == 1
    with buur.app_context():
        assert session().scalars(select(Post)).all() == []


def test_a_deleted_person_disappears_from_the_other_server(world: World) -> None:
    ons, buur = settle_first(world)
    with buur.app_context():
        make_post(_community(buur), _person("bo"), "Een vraag van bo")
    world.settle()

    with inside(buur):
        delete_account(_person("bo"))
    world.settle()

    with ons.app_context():
        gone = session().scalars(select(Account).where(Account.host == "buur.test")).one()
        assert gone.state == "deleted"
        assert _only_post().state != State.PUBLISHED
    page = ons.test_client().get("/c/toetsing", headers={"Host": "ons.test"})
    assert "Een vraag van bo" not in page.text


def test_everything_arrives_once_however_often_it_is_sent(world: World) -> None:
    ons, buur = settle_first(world)
    with buur.app_context():
        make_post(_community(buur), _person("bo"))
    world.settle()

    with ons.app_context():
        row = session().scalars(select(InboxActivity).where(InboxActivity.type == "Create")).one()
        body = row.body
    with buur.app_context():
        answer = _post_again(body)
    world.settle()

    assert answer == 202
    with ons.app_context():
        assert len(session().scalars(select(Post)).all()) == 1


def _post_again(body: bytes) -> int:
    """Deliver the same bytes a second time, as bo's server would after a lost answer."""
    with unit_of_work():
        actor = local_actor(_person("bo"))
    client = ActivityClient(http_client(), None)
    return client.post("http://ons.test/inbox", body, signing_key(actor)).status


def test_comments_removed_by_a_moderator_stay_as_a_stone_with_the_reason(world: World) -> None:
    ons, buur = settle_first(world)
    with ons.app_context():
        make_post(_community(ons), _person("anna"))
    world.settle()
    with buur.app_context():
        make_comment(_only_post(), _person("bo"), "Koop nu schoenen.")
    world.settle()

    with inside(ons):
        comment = session().scalars(select(Comment)).one()
        comments.remove_comment(comment, _person("anna"), "reclame")
    world.settle()

    with buur.app_context():
        copy = session().scalars(select(Comment)).one()
        assert copy.state == State.REMOVED
    page = ons.test_client().get(f"/post/{_public_id(ons)}", headers={"Host": "ons.test"}).text
    assert "Koop nu schoenen" not in page
    assert "reclame" in page
