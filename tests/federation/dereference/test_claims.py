"""Another handle, another home: shown and followed when the other side agrees, and not else."""

from datetime import timedelta

import pytest

from app.accounts.models.account import Account
from app.accounts.queries import find_account_by_uri
from app.core.db import session, unit_of_work
from app.forum.queries.communities import find_community_by_uri
from federation.dereference.chase import Chase
from federation.dereference.claims import check_claims
from federation.dereference.lookup import find_known, look_up_actor
from federation.transport.client import activity_client
from tests.federation.inbound.handlers.moving import follow, followed, join, successor
from tests.support.clock import FakeClock
from tests.support.factories import make_account
from tests.support.fediverse import FakeFediverse, RemoteActor

CLAIM = "bo@kort.test"
TEN_MINUTES = timedelta(minutes=10)


def link_to(uri: str) -> dict[str, str]:
    return {"rel": "self", "type": "application/activity+json", "href": uri}


def read(uri: str) -> None:
    """Fetch somebody anew."""
    Chase(activity_client()).bring(uri)
    session().expire_all()


def shown(actor: RemoteActor) -> str:
    session().rollback()
    session().expire_all()
    owner = find_account_by_uri(actor.uri) or find_community_by_uri(actor.uri)
    assert owner is not None
    return owner.handle


@pytest.fixture
def bo(fediverse: FakeFediverse, clock: FakeClock) -> RemoteActor:
    """Bo, who lives at a long address and goes by a short one."""
    fediverse.server("kort.test").handles[CLAIM] = [link_to("http://ap.kort.test/u/1")]
    return fediverse.person("1", "ap.kort.test", webfinger=CLAIM)


class TestAnotherHandle:
    def test_it_is_shown_once_webfinger_leads_back(self, bo: RemoteActor) -> None:
        read(bo.uri)
        before = shown(bo)

        check_claims()

        assert (before, shown(bo)) == ("1@ap.kort.test", CLAIM)

    @pytest.mark.parametrize("leads_to", ["http://ap.kort.test/u/2", None])
    def test_it_is_not_shown_when_that_leads_elsewhere_or_nowhere(
        self, fediverse: FakeFediverse, bo: RemoteActor, leads_to: str | None
    ) -> None:
        links = [] if leads_to is None else [link_to(leads_to)]
        fediverse.server("kort.test").handles[CLAIM] = links
        read(bo.uri)

        check_claims()

        assert shown(bo) == "1@ap.kort.test"

    @pytest.mark.parametrize("claim", ["beatrix@ons.test", "geen handle", "x@y@kort.test"])
    def test_nobody_elsewhere_goes_by_a_name_of_ours(
        self, fediverse: FakeFediverse, bo: RemoteActor, claim: str
    ) -> None:
        make_account("beatrix")
        bo.document["webfinger"] = claim
        fediverse.put(bo.document)
        read(bo.uri)

        check_claims()

        assert shown(bo) == "1@ap.kort.test"

    def test_who_is_looked_up_by_it_is_shown_by_it_at_once_and_known_from_then_on(
        self, fediverse: FakeFediverse, bo: RemoteActor
    ) -> None:
        found = look_up_actor(f"@{CLAIM}")
        before = fediverse.fetches

        again = find_known(f"@{CLAIM.upper()}")

        assert isinstance(found, Account)
        assert (found.handle, found.page_name) == (CLAIM, "1@ap.kort.test")
        assert again == found
        assert fediverse.fetches == before

    def test_a_group_has_one_as_well(self, fediverse: FakeFediverse, clock: FakeClock) -> None:
        group = fediverse.group("tuin", "ap.kort.test", webfinger="tuin@kort.test")
        fediverse.server("kort.test").handles["tuin@kort.test"] = [link_to(group.uri)]

        look_up_actor("!tuin@kort.test")

        assert shown(group) == "tuin@kort.test"
        assert find_known("!tuin@kort.test") is not None

    def test_a_week_later_it_is_looked_up_again(
        self, fediverse: FakeFediverse, bo: RemoteActor, clock: FakeClock, app
    ) -> None:
        read(bo.uri)
        check_claims()
        fediverse.server("kort.test").handles[CLAIM] = [link_to("http://ap.kort.test/u/2")]
        app.extensions.pop("webfinger_memory")
        check_claims()
        meanwhile = shown(bo)
        clock.advance(timedelta(days=7))

        check_claims()

        assert (meanwhile, shown(bo)) == (CLAIM, "1@ap.kort.test")

    def test_a_handle_is_given_to_one(
        self, fediverse: FakeFediverse, bo: RemoteActor, clock: FakeClock, app
    ) -> None:
        read(bo.uri)
        check_claims()
        other = fediverse.person("2", "ap.kort.test", webfinger=CLAIM)
        fediverse.server("kort.test").handles[CLAIM] = [link_to(other.uri)]
        app.extensions.pop("webfinger_memory")

        look_up_actor(other.uri)
        check_claims()

        assert (shown(bo), shown(other)) == ("1@ap.kort.test", CLAIM)

    def test_a_server_that_does_not_answer_is_asked_the_next_day(
        self, fediverse: FakeFediverse, bo: RemoteActor, clock: FakeClock
    ) -> None:
        fediverse.server("kort.test").down = 503
        read(bo.uri)
        check_claims()
        fediverse.server("kort.test").down = 0
        check_claims()
        meanwhile = shown(bo)
        clock.advance(timedelta(days=1))

        check_claims()

        assert (meanwhile, shown(bo)) == ("1@ap.kort.test", CLAIM)

    def test_what_is_claimed_no_longer_is_shown_no_longer(
        self, fediverse: FakeFediverse, bo: RemoteActor
    ) -> None:
        read(bo.uri)
        check_claims()
        del bo.document["webfinger"]
        fediverse.put(bo.document)

        read(bo.uri)

        assert shown(bo) == "1@ap.kort.test"


class TestMovedWithoutAMove:
    @pytest.fixture
    def anna(self, fediverse: FakeFediverse, clock: FakeClock) -> Account:
        return make_account("anna")

    @pytest.fixture(params=["person", "group"])
    def old(
        self, request: pytest.FixtureRequest, fediverse: FakeFediverse, anna: Account
    ) -> RemoteActor:
        """Whom anna follows."""
        is_person = request.param == "person"
        made = (fediverse.person if is_person else fediverse.group)("tuin", "oud.test")
        (follow if is_person else join)(anna, made)
        return made

    def test_our_people_go_along_when_the_new_one_agrees(
        self, fediverse: FakeFediverse, old: RemoteActor, clock: FakeClock
    ) -> None:
        new = successor(fediverse, old)
        self.say_moved(fediverse, old, new.uri)
        check_claims()
        meanwhile = followed()
        session().rollback()
        clock.advance(TEN_MINUTES)

        check_claims()

        session().expire_all()
        assert (meanwhile, followed()) == ({old.uri}, {new.uri})

    def test_nobody_goes_where_the_new_one_knows_nothing_of_it(
        self, fediverse: FakeFediverse, old: RemoteActor, clock: FakeClock
    ) -> None:
        new = successor(fediverse, old, alsoKnownAs=[])
        self.say_moved(fediverse, old, new.uri)
        clock.advance(TEN_MINUTES)

        check_claims()

        session().expire_all()
        assert followed() == {old.uri}

    def test_a_new_one_that_does_not_answer_is_asked_the_next_day(
        self, fediverse: FakeFediverse, old: RemoteActor, clock: FakeClock
    ) -> None:
        new = successor(fediverse, old)
        fediverse.server("nieuw.test").down = 503
        self.say_moved(fediverse, old, new.uri)
        clock.advance(TEN_MINUTES)
        check_claims()
        fediverse.server("nieuw.test").down = 0
        clock.advance(timedelta(days=1))

        check_claims()

        session().expire_all()
        assert followed() == {new.uri}

    def test_whom_nobody_here_follows_costs_no_question(
        self, fediverse: FakeFediverse, clock: FakeClock
    ) -> None:
        lone = fediverse.person("lone", "oud.test")
        read(lone.uri)
        new = successor(fediverse, lone)
        self.say_moved(fediverse, lone, new.uri)
        before = fediverse.fetches
        clock.advance(TEN_MINUTES)

        check_claims()

        assert fediverse.fetches == before

    def say_moved(self, fediverse: FakeFediverse, old: RemoteActor, target: str) -> None:
        old.document["movedTo"] = target
        fediverse.put(old.document)
        read(old.uri)


def test_nothing_is_written_while_nothing_is_due(clock: FakeClock, ctx) -> None:
    with unit_of_work():
        pass

    check_claims()
