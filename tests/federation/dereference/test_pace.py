"""To where one server sends us: an end to it, and nobody pays for another (security.md A104)."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from app.accounts.models.account import Account
from federation.dereference import pace as module
from federation.dereference.intake import Intake, Newcomer
from federation.dereference.pace import MOST_IN_VAIN, Pace, RestingError, Toll, current_pace
from federation.errors import RefusedError
from tests.federation.dereference.conftest import follow
from tests.support.clock import FakeClock
from tests.support.fediverse import FakeFediverse, activity, note
from tests.support.lemmy import LemmyGroup, collection

VICTIM, EVIL, GOOD = "victim.test", "evil.test", "good.test"


@pytest.fixture
def pace(clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> Pace:
    monkeypatch.setattr(module, "PER_PAIR", 3)
    monkeypatch.setattr(module, "PER_ASKED", 5)
    monkeypatch.setattr(module, "PER_BRINGER", 7)
    return Pace(clock)


def send(pace: Pace, bringer: str, host: str) -> int:
    """Send us somewhere until it is enough; return how often that went."""
    for count in range(100):
        try:
            pace.send(bringer, host)
        except RestingError:
            return count
    return 100


def test_who_sends_us_too_often_keeps_no_other_from_it(pace: Pace) -> None:
    assert send(pace, EVIL, VICTIM) == 3
    assert send(pace, GOOD, VICTIM) == 2  # all together no more than one server is asked
    assert send(pace, "third.test", VICTIM) == 0
    assert send(pace, "third.test", "other.test") == 3


def test_one_that_sends_us_everywhere_is_followed_so_far(pace: Pace) -> None:
    ways = [send(pace, EVIL, f"v{number}.test") for number in range(4)]

    assert ways == [3, 3, 1, 0]


def test_hosts_under_one_domain_send_as_one(pace: Pace) -> None:
    ways = [send(pace, f"x{number}.evil.test", VICTIM) for number in range(3)]

    assert ways == [3, 0, 0]


def test_after_an_hour_it_goes_on(pace: Pace, clock: FakeClock) -> None:
    send(pace, EVIL, VICTIM)

    clock.advance(timedelta(hours=1))

    assert send(pace, EVIL, VICTIM) == 3


def test_the_server_that_is_read_is_not_counted(pace: Pace) -> None:
    toll = Toll(pace, home=EVIL)

    for _ in range(10):
        toll.pay(EVIL)


def test_a_step_sends_us_to_others_no_more_than_that(pace: Pace) -> None:
    toll = Toll(pace, home=EVIL)
    for _ in range(3):
        toll.pay(VICTIM)

    with pytest.raises(RestingError, match="enough-of-this-host"):
        toll.pay(VICTIM)

    assert toll.silent == VICTIM  # and not the home of what is read
    Toll(pace, home=GOOD).pay(VICTIM)


def test_what_one_sends_us_to_in_vain_is_still_read_for_others(pace: Pace) -> None:
    for _ in range(MOST_IN_VAIN):
        pace.note_in_vain(EVIL, VICTIM)

    with pytest.raises(RestingError, match="host-rests"):
        pace.check(VICTIM, EVIL)
    pace.check(VICTIM, GOOD)
    pace.check(VICTIM)


def test_who_asks_to_be_left_alone_is_left_alone_by_all(pace: Pace) -> None:
    pace.rest(VICTIM, 60)

    for bringer in (EVIL, GOOD):
        with pytest.raises(RestingError):
            pace.check(VICTIM, bringer)


def test_counts_do_not_grow_without_end(pace: Pace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_HOSTS", 50)

    for number in range(500):
        send(pace, f"e{number}.test", f"v{number}.test")
        pace.note_in_vain(f"e{number}.test", f"v{number}.test")

    assert len(pace._sent) <= 50
    assert len(pace._in_vain) <= 51


def test_lists_of_one_group_cost_a_third_server_no_more_than_its_share(
    lemmy: LemmyGroup,
    anna: Account,
    read_all: Callable[[], int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "PER_PAIR", 4)
    victim = lemmy.fediverse.server(VICTIM)
    thread = lemmy.thread("Val")
    writers = [lemmy.fediverse.person(f"w{number}", VICTIM) for number in range(10)]
    answers = [lemmy.fediverse.put(note(one, inReplyTo=thread["id"])) for one in writers]
    lemmy.refresh()
    path = thread["id"].removeprefix(lemmy.server.root)
    ids = [answer["id"] for answer in answers]
    lemmy.put(f"{path}/context", collection(f"{thread['id']}/context", ids))

    follow(anna, lemmy)
    read_all()

    assert victim.asked.total() == 4
    assert current_pace()._in_vain == {}  # our own restraint is nobody's failure


def test_what_activities_name_costs_a_third_server_no_more_either(
    fediverse: FakeFediverse, settle: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PER_PAIR", 4)
    mal = fediverse.person("mal", EVIL)
    for number in range(10):
        one = fediverse.person(f"p{number}", VICTIM)
        named = {**fediverse.put(note(one)), "audience": mal.uri}
        fediverse.deliver(activity("Create", one, named), mal)

    settle()

    assert fediverse.server(VICTIM).asked.total() == 4


def test_nobody_uses_up_what_another_may_bring_of_one_domain(clock: FakeClock) -> None:
    counts = Intake(clock)
    for _ in range(400):
        counts.take(Newcomer.BROUGHT, VICTIM, EVIL)
    with pytest.raises(RefusedError):
        counts.take(Newcomer.BROUGHT, VICTIM, f"nieuw.{EVIL}")

    counts.take(Newcomer.BROUGHT, VICTIM, GOOD)
    counts.take(Newcomer.ACTOR, VICTIM)
