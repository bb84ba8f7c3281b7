"""Lists made to harm end within the budget (security.md A099, A101, A102, A104, A115, A117)."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.accounts.models.account import Account
from app.core.db import session, unit_of_work
from app.forum.models.comment import Comment
from app.forum.models.post import Post
from app.moderation.models.host_rule import HostRule, HostVerdict
from federation.dereference.backfill import MAX_ITEMS, MAX_PAGES, advance
from federation.dereference.history_tasks import read_history
from federation.dereference.pace import ACTORS_PER_SECOND, MOST_IN_VAIN
from federation.dereference.threads import MAX_ACTORS, MAX_THINGS
from federation.models.actor import Actor
from federation.models.backfill import BackfillState, CommunityBackfill, ThreadCheck
from federation.transport.client import activity_client
from tests.federation.dereference.conftest import follow
from tests.support.clock import FakeClock
from tests.support.fediverse import Answer, Json, RemoteServer, actor_document, key_pair, note, page
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


def test_victims_named_by_others_are_hardly_asked(
    lemmy: LemmyGroup, anna: Account, read_all: ReadAll, clock: FakeClock
) -> None:
    victim = lemmy.fediverse.server("victim.test")
    thread = lemmy.thread("Val")
    lemmy.refresh()
    path = thread["id"].removeprefix(lemmy.server.root)
    ids = [f"http://victim.test/notes/{number}" for number in range(5000)]
    lemmy.put(f"{path}/context", collection(f"{thread['id']}/context", ids))

    follow(anna, lemmy)
    read_all()

    assert 0 < victim.asked.total() <= MOST_IN_VAIN
    assert session().scalars(select(ThreadCheck.state)).one() == BackfillState.DONE


def test_new_people_come_ten_a_second(lemmy: LemmyGroup, anna: Account, clock: FakeClock) -> None:
    thread = lemmy.thread("Druk")
    authors = [lemmy.fediverse.person(f"p{number}", "druk.test") for number in range(35)]
    answers = [lemmy.fediverse.put(note(one, inReplyTo=thread["id"])) for one in authors]
    path = thread["id"].removeprefix(lemmy.server.root)
    lemmy.refresh()
    lemmy.put(f"{path}/context", collection(f"{thread['id']}/context", [a["id"] for a in answers]))
    follow(anna, lemmy)
    busy = lemmy.fediverse.server("druk.test")

    most, before = 0, 0
    for _ in range(60):
        while read_history():
            pass
        met = sum(busy.asked[f"/u/p{number}"] for number in range(35))
        most, before = max(most, met - before), met
        clock.advance(timedelta(seconds=1))

    assert most == ACTORS_PER_SECOND
    assert count(Comment) == 35


class Breeding(RemoteServer):
    """Every answer is by somebody new, on a page that is followed by another."""

    def _document(self, path: str, *, is_signed: bool) -> Answer:
        name = path.rpartition("/")[2]
        if path.startswith("/b/"):
            author = f"{self.root}/a/{name}"
            found: Json = {
                "type": "Note",
                "id": f"{self.root}{path}",
                "attributedTo": author,
                "inReplyTo": f"{self.root}/post/0",
                "content": "<p>x</p>",
                "to": ["https://www.w3.org/ns/activitystreams#Public"],
                "published": "2026-11-23T10:00:00Z",
            }
            return Answer(json.dumps(found).encode())
        if path.startswith("/a/"):
            uri = f"{self.root}{path}"
            document = actor_document("Person", uri, name, key_pair(0).public_pem)
            return Answer(json.dumps(document).encode())
        return super()._document(path, is_signed=is_signed)


def test_a_thread_that_breeds_people_ends_at_four_hundred(
    lemmy: LemmyGroup, anna: Account, read_all: ReadAll
) -> None:
    thread = lemmy.thread("Broed")
    lemmy.refresh()
    ids = [f"{lemmy.server.root}/b/{number}" for number in range(900)]
    path = thread["id"].removeprefix(lemmy.server.root)
    lemmy.put(f"{path}/context", collection(f"{thread['id']}/context", ids))
    lemmy.server.__class__ = Breeding

    follow(anna, lemmy)
    read_all()

    assert MAX_ACTORS - 20 <= count(Actor) <= MAX_ACTORS + 20
    assert session().scalars(select(ThreadCheck.state)).one() == BackfillState.DONE


class Flood(RemoteServer):
    """A thread list of endless pages, a thousand ids each."""

    def _listed(self, path: str, query: str, headers: dict[str, str]) -> Answer:
        if path != "/post/0/context":
            return super()._listed(path, query, headers)
        number = int(query.partition("=")[2] or 0)
        uri = f"{self.root}{path}"
        ids = [f"{self.root}/weg/{number}-{n}" for n in range(400)]
        body = collection(f"{uri}?page={number}", ids) | {"next": f"{uri}?page={number + 1}"}
        return Answer(json.dumps(body).encode())


def test_a_thread_without_end_is_read_for_a_thousand_items(
    lemmy: LemmyGroup, anna: Account, read_all: ReadAll
) -> None:
    lemmy.thread("Vloed")
    lemmy.refresh()
    lemmy.server.__class__ = Flood

    follow(anna, lemmy)
    read_all()

    assert lemmy.server.asked["/post/0/context"] == MAX_THINGS // 400 + 1
    assert session().scalars(select(ThreadCheck.state)).one() == BackfillState.DONE


@pytest.mark.parametrize("hops", [40, 10_000])
def test_a_chain_of_answers_is_climbed_for_fifty_hops(
    lemmy: LemmyGroup, anna: Account, read_all: ReadAll, hops: int
) -> None:
    thread = lemmy.thread("Ketting")
    lemmy.refresh()
    root, author = lemmy.server.root, lemmy.people[0].uri

    def link(number: int) -> Json:
        above = f"{root}/k/{number - 1}" if number else thread["id"]
        return note(lemmy.people[0], id=f"{root}/k/{number}", attributedTo=author, inReplyTo=above)

    for number in range(max(0, hops - 120), hops):
        lemmy.put(f"/k/{number}", link(number))
    path = thread["id"].removeprefix(root)
    last = f"{root}/k/{hops - 1}"
    lemmy.put(f"{path}/context", collection(f"{thread['id']}/context", [last]))

    follow(anna, lemmy)
    read_all()

    assert count(Comment) == (hops if hops <= 50 else 0)
    assert sum(n for asked, n in lemmy.server.asked.items() if asked.startswith("/k/")) <= 51


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


def test_a_server_we_refuse_is_not_asked(
    lemmy: LemmyGroup, anna: Account, read_all: ReadAll
) -> None:
    thread = lemmy.thread("Snoeien")
    bad = lemmy.fediverse.person("mal", "evil.test")
    answer = lemmy.fediverse.put(note(bad, inReplyTo=thread["id"]))
    path = thread["id"].removeprefix(lemmy.server.root)
    lemmy.refresh()
    lemmy.put(f"{path}/context", collection(f"{thread['id']}/context", [answer["id"]]))
    with unit_of_work():
        session().add(HostRule(host="evil.test", verdict=HostVerdict.BLOCKED))

    follow(anna, lemmy)
    read_all()

    assert lemmy.fediverse.server("evil.test").asked.total() == 0
    assert count(Comment) == 0


def test_a_post_from_the_future_stays_there(
    lemmy: LemmyGroup, anna: Account, read_all: ReadAll
) -> None:
    lemmy.thread("Morgen", age=-timedelta(days=3))
    lemmy.refresh()

    follow(anna, lemmy)
    read_all()

    assert (state(), count(Post)) == (BackfillState.DONE, 0)
