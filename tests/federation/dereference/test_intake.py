"""Nobody floods us by renting one domain and making up servers and people under it (A101)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.core.clock import utcnow
from app.core.db import session
from app.forum.models.post import Post
from federation.dereference import intake
from federation.dereference.intake import Intake, Newcomer
from federation.errors import RefusedError
from federation.vocab.origin import registered_domain
from tests.support.clock import FakeClock
from tests.support.factories import make_community
from tests.support.fediverse import FakeFediverse, activity, note, page
from tests.support.inbox import outcome

Settle = Callable[[], None]


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("a.b.evil.test", "evil.test"),
        ("evil.test", "evil.test"),
        ("www.nos.nl", "nos.nl"),
        ("x.school.ac.uk", "school.ac.uk"),
        ("school.ac.uk", "school.ac.uk"),
        ("ac.uk", "ac.uk"),
        ("localhost", "localhost"),
        ("localhost:8001", "localhost:8001"),
        ("127.0.0.1", "127.0.0.1"),
        ("127.0.0.1:8001", "127.0.0.1:8001"),
        ("[::1]", "[::1]"),
    ],
)
def test_hosts_are_counted_for_who_registered_them(host: str, domain: str) -> None:
    assert registered_domain(host) == domain


def test_a_domain_brings_four_hundred_actors_an_hour_whatever_their_hosts(
    clock: FakeClock,
) -> None:
    counts = Intake()
    for number in range(400):
        counts.take(Newcomer.ACTOR, f"x{number}.evil.test")

    with pytest.raises(RefusedError, match="too-many-actors-of-one-domain"):
        counts.take(Newcomer.ACTOR, "nieuw.evil.test")
    counts.take(Newcomer.ACTOR, "good.example")
    counts.take(Newcomer.POST, "nieuw.evil.test")
    clock.advance(timedelta(hours=1))
    counts.take(Newcomer.ACTOR, "nieuw.evil.test")


def test_people_of_endless_servers_are_turned_away_at_the_door(
    fediverse: FakeFediverse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(intake.PER_HOUR, Newcomer.ACTOR, 3)
    actors = [fediverse.person("mal", f"x{number}.evil.test") for number in range(5)]

    answers = [
        fediverse.deliver(activity("Like", one, "http://calm.test/x"), one) for one in actors
    ]

    assert [one.status_code for one in answers] == [202, 202, 202, 403, 403]


def test_whom_others_name_in_masses_keeps_nobody_of_their_server_out(
    fediverse: FakeFediverse, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    for kind in (Newcomer.ACTOR, Newcomer.BROUGHT):
        monkeypatch.setitem(intake.PER_HOUR, kind, 2)
    mal = fediverse.person("mal", "evil.test")
    for number in range(4):
        one = fediverse.person(f"p{number}", "victim.test")
        thing = fediverse.put(note(one))
        named = {**thing, "audience": mal.uri}
        fediverse.deliver(activity("Create", one, named), mal)
    settle()
    bob = fediverse.person("bob", "victim.test")

    answer = fediverse.deliver(activity("Like", bob, "http://calm.test/x"), bob)

    assert fediverse.server("victim.test").asked["/u/p0"] == 1
    assert answer.status_code == 202


def test_posts_of_one_domain_stop_at_the_limit(
    fediverse: FakeFediverse, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(intake.PER_HOUR, Newcomer.POST, 2)
    group = make_community("toetsing")
    for number in range(4):
        mal = fediverse.person("mal", f"x{number}.evil.test")
        fediverse.deliver(activity("Create", mal, page(mal, group.uri)), mal)
    settle()

    assert outcome() == ("refused", "too-many-posts-of-one-domain")
    assert session().scalar(select(func.count()).select_from(Post)) == 2


def test_a_repeat_of_what_is_known_is_no_newcomer(
    fediverse: FakeFediverse, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(intake.PER_HOUR, Newcomer.POST, 1)
    bob = fediverse.person("bob", "victim.test")
    thing = page(bob, make_community("toetsing").uri)

    for _ in range(3):
        fediverse.deliver(activity("Create", bob, thing), bob)
        settle()

    assert outcome() == ("done", None)


def test_edits_of_one_domain_stop_at_the_limit(
    fediverse: FakeFediverse, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(intake.PER_HOUR, Newcomer.EDIT, 2)
    mal = fediverse.person("mal", "evil.test")
    thing = page(mal, make_community("toetsing").uri)
    fediverse.deliver(activity("Create", mal, thing), mal)

    for minute in range(4):
        updated = (utcnow() + timedelta(minutes=minute + 1)).isoformat()
        edited = {**thing, "content": f"<p>{minute}</p>", "updated": updated}
        fediverse.deliver(activity("Update", mal, edited), mal)
    settle()

    post = session().scalars(select(Post)).one()
    assert post.body_html == "<p>1</p>"
    assert outcome() == ("refused", "too-many-edits-of-one-domain")
