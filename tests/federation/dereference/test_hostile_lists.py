"""Lists made to harm end within the budget (security.md A099, A101, A102, A104, A115, A117)."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.accounts.models.account import Account
from app.core.db import session
from app.forum.models.comment import Comment
from app.forum.models.post import Post
from app.forum.queries.communities import list_moderators
from federation.dereference.backfill import MAX_ITEMS, MAX_PAGES, advance
from federation.models.actor import Actor
from federation.models.backfill import BackfillState, CommunityBackfill, ThreadCheck
from federation.transport.client import activity_client
from tests.federation.dereference.conftest import follow
from tests.support.fediverse import Answer, FakeFediverse, RemoteServer, page
from tests.support.lemmy import LemmyGroup, collection

ReadAll = Callable[[], int]
OUTBOX = "/c/tuin/outbox"


def state() -> str:
    session().expire_all()
    return str(session().scalars(select(CommunityBackfill.state)).one())


def count(model: type[Post | Comment | Actor | ThreadCheck]) -> int:
    return session().scalar(select(func.count(model.id))) or 0


class Endless(RemoteServer):
    """Answers every page of the outbox, and says that there is another."""

    def _listed(self, path: str, query: str, headers: dict[str, str]) -> Answer:
        if path != OUTBOX:
            return super()._listed(path, query, headers)
        number = int(query.partition("=")[2] or 0)
        uri = f"{self.root}{OUTBOX}"
        body = collection(f"{uri}?page={number}", []) | {"next": f"{uri}?page={number + 1}"}
        return Answer(json.dumps(body).encode())


def pages(lemmy: LemmyGroup) -> int:
    return lemmy.server.asked[OUTBOX]


def test_a_million_pages_end_after_five_hundred(
    lemmy: LemmyGroup, anna: Account, read_all: ReadAll
) -> None:
    lemmy.server.__class__ = Endless

    follow(anna, lemmy)
    read_all()

    assert state() == BackfillState.DONE
    assert pages(lemmy) == MAX_PAGES


@pytest.mark.parametrize("name", ["next", "first"])
@pytest.mark.parametrize(
    "target",
    ["http://lemmy.test/c/tuin/outbox", "http://ons.test/c/x/outbox", "http://evil.test/o"],
)
def test_a_page_that_points_to_itself_to_us_or_to_others_is_the_last(
    lemmy: LemmyGroup, anna: Account, read_all: ReadAll, name: str, target: str
) -> None:
    evil = lemmy.fediverse.server("evil.test")
    lemmy.put(OUTBOX, collection(f"{lemmy.uri}/outbox", [], **{name: target}))

    follow(anna, lemmy)
    read_all()

    assert (state(), pages(lemmy), evil.asked.total()) == (BackfillState.DONE, 1, 0)


def test_a_circle_of_two_pages_is_read_once(
    lemmy: LemmyGroup, anna: Account, read_all: ReadAll
) -> None:
    uri = f"{lemmy.uri}/outbox"
    lemmy.put(OUTBOX, collection(uri, [], next=f"{uri}?page=2"))
    lemmy.put(f"{OUTBOX}?page=2", collection(f"{uri}?page=2", [], next=uri))

    follow(anna, lemmy)
    read_all()

    assert (state(), pages(lemmy)) == (BackfillState.DONE, 2)


@pytest.mark.parametrize("depth", [20, 1000])
def test_pages_within_pages_are_no_more_than_one(
    lemmy: LemmyGroup, anna: Account, read_all: ReadAll, depth: int
) -> None:
    uri = f"{lemmy.uri}/outbox"
    nested = ""
    for number in range(depth, 0, -1):
        inner = f', "next": {nested}' if nested else ""
        nested = f'{{"type":"OrderedCollectionPage","id":"{uri}?page={number}"{inner}}}'
    body = f'{{"type":"OrderedCollection","id":"{uri}","totalItems":1,"first":{nested}}}'
    lemmy.server.answers[OUTBOX] = Answer(body.encode())

    follow(anna, lemmy)
    read_all()

    assert state() == BackfillState.DONE
    assert pages(lemmy) <= 2


def test_a_page_of_a_million_items_is_not_loaded(
    lemmy: LemmyGroup, anna: Account, read_all: ReadAll
) -> None:
    body = {"type": "OrderedCollection", "id": "http://lemmy.test/x", "orderedItems": ["x"] * 10**6}
    lemmy.put(OUTBOX, body)

    follow(anna, lemmy)
    read_all()

    row = session().scalars(select(CommunityBackfill)).one()
    assert (row.state, row.seen) == (BackfillState.DONE, 0)


def test_of_many_items_two_hundred_are_taken(
    lemmy: LemmyGroup, anna: Account, read_all: ReadAll
) -> None:
    ids = [lemmy.thread(f"Nummer {number}")["id"] for number in range(MAX_ITEMS + 30)]
    lemmy.put(OUTBOX, collection(f"{lemmy.uri}/outbox", ids))

    follow(anna, lemmy)
    read_all()

    assert (state(), count(Post)) == (BackfillState.DONE, MAX_ITEMS)


def test_a_step_makes_at_most_a_hundred_requests(lemmy: LemmyGroup, anna: Account) -> None:
    ids = [lemmy.thread(f"Nummer {number}")["id"] for number in range(150)]
    lemmy.put(OUTBOX, collection(f"{lemmy.uri}/outbox", ids))
    follow(anna, lemmy)
    row = session().scalars(select(CommunityBackfill)).one()
    costs = []
    while row.state == BackfillState.WAITING and row.step != "threads":
        before = lemmy.fediverse.fetches
        advance(row.id, activity_client())
        costs.append(lemmy.fediverse.fetches - before)

    assert max(costs) == 100
    assert count(Post) == 150


def test_what_is_its_own_author_parent_and_thread_is_refused(
    lemmy: LemmyGroup, anna: Account, read_all: ReadAll
) -> None:
    uri = f"{lemmy.server.root}/zelf"
    same = dict.fromkeys(("id", "attributedTo", "inReplyTo", "context", "audience"), uri)
    lemmy.fediverse.put({**page(lemmy.people[0], lemmy.uri), **same})
    own = lemmy.thread("Eigen lijst", context=f"{lemmy.server.root}/post/0")
    lemmy.refresh()
    lemmy.put(OUTBOX, collection(f"{lemmy.uri}/outbox", [uri, lemmy.announce(uri), own]))

    follow(anna, lemmy)
    read_all()

    assert (state(), count(Post)) == (BackfillState.DONE, 1)
    assert lemmy.server.asked["/zelf"] <= 2


def test_pins_lead_no_further_than_the_group_itself(
    lemmy: LemmyGroup, anna: Account, read_all: ReadAll
) -> None:
    other = lemmy.fediverse.group("a", "diep.test", featured="http://diep.test/c/a/featured")
    lemmy.put("/c/tuin/featured", collection(f"{lemmy.uri}/featured", [other.uri]))

    follow(anna, lemmy)
    read_all()

    assert lemmy.fediverse.server("diep.test").asked["/c/a/featured"] == 0
    assert state() == BackfillState.DONE


def test_a_post_from_the_future_stays_there(
    lemmy: LemmyGroup, anna: Account, read_all: ReadAll
) -> None:
    lemmy.thread("Morgen", age=-timedelta(days=3))
    lemmy.refresh()

    follow(anna, lemmy)
    read_all()

    assert (state(), count(Post)) == (BackfillState.DONE, 0)


def test_a_list_with_the_id_of_anothers_appoints_nobody_there(
    fediverse: FakeFediverse, lemmy: LemmyGroup, anna: Account, read_all: ReadAll
) -> None:
    community = follow(anna, lemmy)
    read_all()
    before = [account.uri for account in list_moderators(community)]
    mal = fediverse.person("mal", "evil.test")
    evil = LemmyGroup(fediverse, host="evil.test")
    evil.server.put("/c/tuin/moderators", collection(f"{lemmy.uri}/moderators", [mal.uri]))

    follow(anna, evil)
    read_all()

    assert before
    assert [account.uri for account in list_moderators(community)] == before
