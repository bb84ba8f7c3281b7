"""Answers of ill will: what they say to answer stands on another server (security.md A104)."""

from collections.abc import Callable

from app.accounts.models.account import Account
from federation.dereference.pace import MOST_IN_VAIN
from tests.federation.dereference.conftest import follow
from tests.support.clock import FakeClock
from tests.support.fediverse import note
from tests.support.lemmy import LemmyGroup, collection


def test_servers_whom_answers_only_name_are_hardly_asked(
    lemmy: LemmyGroup, anna: Account, read_all: Callable[[], int], clock: FakeClock
) -> None:
    victim = lemmy.fediverse.server("victim.test")
    thread = lemmy.thread("Val")
    writer = lemmy.fediverse.person("mal", lemmy.server.host)
    answers = [
        note(writer, inReplyTo=f"http://victim.test/notes/{number}") for number in range(200)
    ]
    path = thread["id"].removeprefix(lemmy.server.root)
    lemmy.refresh()
    lemmy.put(f"{path}/context", collection(f"{thread['id']}/context", answers))

    follow(anna, lemmy)
    read_all()

    assert 0 < victim.asked.total() <= MOST_IN_VAIN
