"""What a group had before somebody here followed it is read: posts, pins, moderators, threads."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import func, select

from app.accounts.models.account import Account
from app.core.clock import utcnow
from app.core.db import session, unit_of_work
from app.forum.models.comment import Comment
from app.forum.models.community import Community
from app.forum.models.post import Post
from app.forum.queries.communities import list_moderators
from app.forum.services import memberships
from app.notifications.models import Notification
from federation.models.backfill import BackfillState, CommunityBackfill, ThreadCheck
from federation.models.outbox_activity import OutboxActivity
from tests.federation.dereference.conftest import follow
from tests.support.lemmy import LemmyGroup, collection

ReadAll = Callable[[], int]


def backfill_of(community: Community) -> CommunityBackfill:
    session().expire_all()
    row = session().scalar(
        select(CommunityBackfill).where(CommunityBackfill.community_id == community.id)
    )
    assert row is not None
    return row


def titles() -> list[str]:
    return list(session().scalars(select(Post.title).order_by(Post.sort_at.desc())))


def test_a_follow_brings_posts_pins_moderators_and_threads(
    lemmy: LemmyGroup, anna: Account, read_all: ReadAll
) -> None:
    first = lemmy.thread("Snoeien", age=timedelta(days=2))
    lemmy.thread("Zaaien")
    answer = lemmy.comment(first)
    lemmy.comment(first, answer)
    lemmy.pinned = [lemmy.thread("Huisregels", age=timedelta(days=700))]
    lemmy.refresh()

    community = follow(anna, lemmy)
    read_all()

    row = backfill_of(community)
    assert (row.state, row.reason, row.taken) == (BackfillState.DONE, None, 3)
    assert titles() == ["Zaaien", "Snoeien", "Huisregels"]
    pinned = session().scalars(select(Post.title).where(Post.is_pinned.is_(True))).all()
    assert pinned == ["Huisregels"]
    assert {one.name for one in list_moderators(community)} == {"lid0", "lid1"}
    nested = session().scalars(select(Comment).order_by(Comment.depth)).all()
    assert [comment.depth for comment in nested] == [1, 2]


def test_what_is_read_keeps_its_dates_and_tells_nobody(
    lemmy: LemmyGroup, anna: Account, read_all: ReadAll
) -> None:
    mention = {"type": "Mention", "href": anna.uri, "name": f"@{anna.handle}"}
    old = lemmy.thread("Snoeien", age=timedelta(days=30), tag=[mention])
    lemmy.comment(old, tag=[mention])
    lemmy.refresh()
    said = session().scalar(select(func.count(OutboxActivity.id)))

    follow(anna, lemmy)
    read_all()

    post = session().scalars(select(Post)).one()
    assert utcnow() - post.sort_at > timedelta(days=29)
    assert post.comment_count == 1
    assert session().scalars(select(Notification)).all() == []
    assert session().scalar(select(func.count(OutboxActivity.id))) == (said or 0) + 1  # the Follow


def test_an_empty_outbox_object_is_no_fault(
    lemmy: LemmyGroup, anna: Account, read_all: ReadAll
) -> None:
    lemmy.pinned = [lemmy.thread("Huisregels")]
    lemmy.refresh()
    lemmy.put("/c/tuin/outbox", {})

    community = follow(anna, lemmy)
    read_all()

    row = backfill_of(community)
    assert (row.state, row.reason) == (BackfillState.DONE, "list-empty")
    assert titles() == ["Huisregels"]


def test_pages_are_read_as_far_back_as_ninety_days(
    lemmy: LemmyGroup, anna: Account, read_all: ReadAll
) -> None:
    for age in (1, 80, 100, 200):
        lemmy.thread(f"{age} dagen", age=timedelta(days=age))
    outbox = f"{lemmy.uri}/outbox"
    lemmy.refresh()
    lemmy.put("/c/tuin/outbox", collection(outbox, [], first=f"{outbox}?page=1"))
    for number, thread in enumerate(lemmy.threads, start=1):
        page = collection(f"{outbox}?page={number}", [lemmy.announce(lemmy.create(thread))])
        page |= {"type": "OrderedCollectionPage", "next": f"{outbox}?page={number + 1}"}
        lemmy.put(f"/c/tuin/outbox?page={number}", page)

    follow(anna, lemmy)
    read_all()

    assert titles() == ["1 dagen", "80 dagen", "100 dagen"]


def test_ids_objects_creates_and_batches_are_all_read_and_foreign_items_skipped(
    lemmy: LemmyGroup, anna: Account, read_all: ReadAll
) -> None:
    wrapped, bare, created, listed, batched = (
        lemmy.thread(name) for name in ("wrapped", "bare", "created", "listed", "batched")
    )
    other = LemmyGroup(lemmy.fediverse, name="werk", host="elders.test")
    foreign = other.thread("foreign")
    items = [
        lemmy.announce(wrapped),
        bare,
        lemmy.create(created),
        listed["id"],
        lemmy.announce("x") | {"object": [lemmy.create(batched)]},
        other.announce(other.create(foreign)),
        lemmy.announce({"type": "Like", "id": "http://lemmy.test/l/1", "object": bare["id"]}),
        7,
        {"type": ["Page", 3]},
        None,
    ]
    lemmy.put("/c/tuin/outbox", collection(f"{lemmy.uri}/outbox", items))

    follow(anna, lemmy)
    read_all()

    assert set(titles()) == {"wrapped", "bare", "created", "listed", "batched"}


def test_leaving_ends_the_reading(lemmy: LemmyGroup, anna: Account, read_all: ReadAll) -> None:
    lemmy.thread("Snoeien")
    lemmy.refresh()
    community = follow(anna, lemmy)
    with unit_of_work():
        memberships.leave_community(anna, community)

    read_all()

    row = backfill_of(community)
    assert (row.state, row.reason, row.finished_at) == (BackfillState.DONE, "not-followed", None)
    assert titles() == []
    assert session().scalars(select(ThreadCheck)).all() == []
