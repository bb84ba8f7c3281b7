"""Answers asked for ahead: they save the question, and never outlive what they rest on."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask.ctx import AppContext
from sqlalchemy import event, update

from app.accounts.models.account import Account, AccountState
from app.accounts.queries import find_account_by_uri, foresee_accounts
from app.core.clock import utcnow
from app.core.db import session, unit_of_work
from app.forum.models.ban import Ban
from app.forum.models.membership import Membership, MembershipState
from app.forum.queries.posts import find_post_by_uri, foresee_posts
from app.forum.queries.reading import find_vote, foresee_votes
from app.forum.queries.standings import foresee_standings, get_standing
from app.forum.services import votes
from app.moderation.models.host_rule import HostVerdict
from app.moderation.queries import foresee_refused_hosts, is_host_refused
from app.moderation.services.hosts import rule_host
from federation.dereference.withdrawals import (
    foresee_withdrawals,
    is_deleted_already,
    note_deletion,
)
from federation.models.actor import Actor, ActorKind
from federation.models.followers import foresee_follower_inboxes, list_follower_inboxes
from tests.support.factories import make_account, make_community, make_post

INBOX = "https://elders.example/inbox"
AWAY = "https://elders.example/u/bob"


@pytest.fixture(autouse=True)
def _inside(ctx: AppContext) -> None:
    """Run in the application's context."""


@contextmanager
def counted() -> Iterator[list[str]]:
    """Collect the statements that are sent meanwhile."""
    sent: list[str] = []
    engine = session().get_bind()

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def make_remote(uri: str = AWAY) -> Account:
    with unit_of_work():
        account = Account(name="bob", host="elders.example", remote_uri=uri)
        session().add(account)
    return account


def test_what_was_asked_ahead_is_not_asked_again() -> None:
    bob = make_remote()
    nobody = "https://elders.example/u/niemand"

    with unit_of_work():
        foresee_accounts([AWAY, nobody])
        with counted() as sent:
            found, missing = find_account_by_uri(AWAY), find_account_by_uri(nobody)

    assert found is bob
    assert missing is None
    assert sent == []


def test_what_was_asked_ahead_is_forgotten_with_the_unit_of_work() -> None:
    with unit_of_work():
        foresee_accounts([AWAY])
        before = find_account_by_uri(AWAY)
    bob = make_remote()

    assert before is None
    assert find_account_by_uri(AWAY) is bob


def test_outside_of_a_unit_of_work_nothing_is_noted() -> None:
    foresee_accounts([AWAY])
    with counted() as sent:
        find_account_by_uri(AWAY)

    assert len(sent) == 1


def test_who_comes_after_the_question_is_found() -> None:
    with unit_of_work():
        foresee_accounts([AWAY])
        session().add(Account(name="bob", host="elders.example", remote_uri=AWAY))
        found = find_account_by_uri(AWAY)

    assert found is not None


def test_who_came_and_was_rolled_back_is_not_there() -> None:
    with unit_of_work():
        foresee_accounts([AWAY])
        savepoint = session().begin_nested()
        session().add(Account(name="bob", host="elders.example", remote_uri=AWAY))
        session().flush()
        savepoint.rollback()
        found = find_account_by_uri(AWAY)

    assert found is None


def test_what_is_deleted_after_the_question_is_gone() -> None:
    post = make_post(make_community("toetsing"), make_account("anna"))
    uri = post.uri

    with unit_of_work():
        foresee_posts([uri])
        session().delete(post)
        session().flush()
        found = find_post_by_uri(uri)

    assert found is None


def test_a_ban_after_the_question_counts() -> None:
    community, anna = make_community("toetsing"), make_account("anna")

    with unit_of_work():
        foresee_standings([anna.id], [community.id])
        before = get_standing(anna, community)
        session().add(Ban(account_id=anna.id, community_id=community.id, made_at=utcnow()))
        session().flush()
        after = get_standing(anna, community)

    assert (before.is_banned, after.is_banned) == (False, True)


def test_a_statement_that_changes_many_rows_counts() -> None:
    community, anna = make_community("toetsing"), make_account("anna")

    with unit_of_work():
        foresee_standings([anna.id], [community.id])
        session().execute(update(Account).values(state=AccountState.SUSPENDED))
        after = get_standing(anna, community)

    assert after.is_active is False


def test_a_vote_after_the_question_is_found() -> None:
    community, anna = make_community("toetsing"), make_account("anna")
    post, bram = make_post(community, anna), make_account("bram")

    with unit_of_work():
        foresee_votes([(bram, post)])
        before = find_vote(bram, post)
        cast = votes.cast_vote(bram, post)
        after = find_vote(bram, post)

    assert before is None
    assert after is cast


def test_a_vote_from_before_the_question_is_found() -> None:
    community, anna = make_community("toetsing"), make_account("anna")
    post, bram = make_post(community, anna), make_account("bram")
    with unit_of_work():
        cast = votes.cast_vote(bram, post)

    with unit_of_work():
        foresee_votes([(bram, post)])
        found = find_vote(bram, post)

    assert found is cast


def test_a_server_that_is_refused_after_the_question_is_refused() -> None:
    with unit_of_work():
        foresee_refused_hosts(["spam.example"])
        before = is_host_refused("spam.example")
        rule_host("spam.example", HostVerdict.BLOCKED, "reclame", None)
        after = is_host_refused("spam.example")

    assert (before, after) == (False, True)


def test_a_deletion_after_the_question_is_remembered() -> None:
    thing = "https://elders.example/post/1"

    with unit_of_work():
        foresee_withdrawals([thing])
        before = is_deleted_already(thing)
        note_deletion(thing, AWAY)
        after = is_deleted_already(thing)

    assert (before, after) == (False, True)


def test_who_follows_after_the_question_is_reached() -> None:
    community, bob = make_community("toetsing"), make_remote()

    with unit_of_work():
        foresee_follower_inboxes([community.id])
        before = list_follower_inboxes(community.id)
        session().add_all(
            [
                Actor(kind=ActorKind.PERSON, account_id=bob.id, host=bob.host, inbox_url=INBOX),
                Membership(
                    account_id=bob.id, community_id=community.id, state=MembershipState.APPROVED
                ),
            ]
        )
        session().flush()
        after = list_follower_inboxes(community.id)

    assert (before, after) == ((), (INBOX,))
