"""Threads made to harm end within the budget (security.md A101, A104, A115)."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.accounts.models.account import Account
from app.core.db import session, unit_of_work
from app.forum.models.comment import Comment
from app.moderation.models.host_rule import HostRule, HostVerdict
from federation.dereference.history_tasks import read_history
from federation.dereference.pace import ACTORS_PER_SECOND, MOST_IN_VAIN
from federation.dereference.threads import MAX_ACTORS, MAX_THINGS
from federation.models.actor import Actor
from federation.models.backfill import BackfillState, ThreadCheck
from tests.federation.dereference.conftest import follow
from tests.support.clock import FakeClock
from tests.support.fediverse import Answer, Json, RemoteServer, actor_document, key_pair, note
from tests.support.lemmy import LemmyGroup, collection

ReadAll = Callable[[], int]


def count(model: type[Comment | Actor]) -> int:
    return session().scalar(select(func.count(model.id))) or 0


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
