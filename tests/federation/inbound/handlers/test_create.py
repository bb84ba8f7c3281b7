from collections.abc import Callable

from sqlalchemy import select

from app.core.db import session
from app.forum.queries.posts import find_post_by_uri
from federation.models.inbox_activity import InboxActivity, InboxState
from tests.support.factories import make_community
from tests.support.fediverse import FakeFediverse, activity, page

Settle = Callable[[], None]


def outcome() -> tuple[str, str | None]:
    """State and reason of the newest row."""
    session().expire_all()
    row = session().scalars(select(InboxActivity).order_by(InboxActivity.id.desc())).first()
    assert row is not None
    return row.state, row.reason


def test_page_to_our_community_starts_a_thread(fediverse: FakeFediverse, settle: Settle) -> None:
    community = make_community("toetsing")
    bob = fediverse.person("bob", "victim.test")
    thing = page(bob, community.uri, "Rubrics delen")

    answer = fediverse.deliver(activity("Create", bob, thing, cc=[community.uri]), bob)
    settle()

    assert answer.status_code == 202
    assert outcome() == (InboxState.DONE, None)
    post = find_post_by_uri(thing["id"])
    assert post is not None
    assert (post.title, post.community, post.author.uri) == ("Rubrics delen", community, bob.uri)
