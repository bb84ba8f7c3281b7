"""What the town exchanges with other servers: how they do, what waits, what is looked for."""

from datetime import timedelta
from urllib.parse import urlencode

from app.accounts.models.account import Account
from app.core.clock import utcnow
from app.core.db import session, unit_of_work
from app.forum.models.community import Community
from app.forum.models.membership import Membership, MembershipState
from app.forum.models.post import Post
from app.forum.services.echoes import turn_down
from federation.models.actor import Actor, ActorKind
from federation.models.backfill import CommunityBackfill
from federation.models.delivery import DeliveryState
from federation.models.delivery_attempt import DeliveryAttempt
from federation.models.follow_request import FollowRequest
from federation.models.lookup import Lookup, LookupState
from federation.models.outbox_activity import Lane
from federation.models.peer import Dialect
from tests.federation.outbound.rows import add_delivery, add_peer
from tests.support.factories import make_account, make_community, make_post

HOST = "elders.test"


def add_exchange(bram: Account, question: Post) -> dict[str, str]:
    """Add servers, a group elsewhere that bram wishes to follow and wrote in, and his searches."""
    _add_servers()
    group = make_community("waiting", host=HOST)
    _ask_to_follow(bram, group)
    refused = make_post(group, bram, "Who knows a rubric?", "We look for one.")
    with unit_of_work():
        turn_down(refused, group, "Members only.")
    _move_away(make_account("gina", host=HOST, display_name="Gina"))
    return {
        "refused": f"/post/{refused.public_id}",
        "waiting": f"/c/{group.page_name}",
        "moved": f"/u/gina@{HOST}",
        "searching": _look_for(bram, "!rubrics@elders.test", LookupState.WAITING),
        "not_found": _look_for(bram, "!rubrix@elders.test", LookupState.FAILED),
        "from_home": "/vanaf-je-server?" + urlencode({"uri": question.uri, "doe": "nuttig"}),
        "intent": "/authorize_interaction?" + urlencode({"uri": question.uri, "doe": "antwoorden"}),
    }


def _add_servers() -> None:
    """One that refuses and keeps things waiting, one that is silent, one that changed its keys."""
    now = utcnow()
    add_peer(HOST, version="1.0", last_error="status 503", heard_at=now)
    add_peer("silent.test", failing_since=now - timedelta(days=2), failing_days=2)
    add_peer("odd.test", set_dialect=Dialect.MICROBLOG, quarantined_at=now)
    waiting = add_delivery(HOST, "one", Lane.CONTROL, attempts=1, last_error="status 503")
    given_up = add_delivery(
        HOST, "two", state=DeliveryState.DROPPED, done_at=now, last_status=400, last_error="no"
    )
    add_delivery("silent.test", "three", Lane.VOTES, made_at=now - timedelta(days=2))
    with unit_of_work():
        for row_id, status in ((waiting, 503), (given_up, 400), (given_up, None)):
            session().add(DeliveryAttempt(delivery_id=row_id, status=status, answer="busy"))


def _ask_to_follow(person: Account, group: Community) -> None:
    with unit_of_work():
        wish = Membership(
            account_id=person.id, community_id=group.id, state=MembershipState.REQUESTED
        )
        session().add(wish)
        session().flush()
        tomorrow = utcnow() + timedelta(days=1)
        session().add(FollowRequest(membership_id=wish.id, next_attempt_at=tomorrow))
        session().add(CommunityBackfill(community_id=group.id))


def _move_away(person: Account) -> None:
    with unit_of_work():
        actor = Actor(kind=ActorKind.PERSON, account_id=person.id, host=HOST)
        actor.moved_to, actor.moved_at = "http://other.test/u/gina", utcnow()
        session().add(actor)


def _look_for(person: Account, question: str, state: LookupState) -> str:
    with unit_of_work():
        row = Lookup(account_id=person.id, question=question, state=state, next_attempt_at=utcnow())
        session().add(row)
        session().flush()
        return f"/opzoeken/{row.public_id}"
