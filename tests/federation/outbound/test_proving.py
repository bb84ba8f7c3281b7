"""What our actors say carries their proof, and keeps it wherever it is passed on (FEP-8b32)."""

import json
from typing import Any

import orjson
import pytest
from sqlalchemy import select

from app.accounts.models.account import Account
from app.core.db import session, unit_of_work
from app.forum.models.community import Community
from app.forum.services import comments, posts, votes
from federation.models.outbox_activity import OutboxActivity
from federation.outbound.proving import PROVEN, render_said
from federation.signatures.proofs import check_proofs
from federation.transport.actors import local_actor
from federation.transport.own_keys import list_key_methods
from federation.vocab.outgoing import Activity
from tests.federation.outbound.peers import Peers
from tests.support.clock import FakeClock
from tests.support.factories import make_account, make_post

Json = dict[str, Any]
ANNOUNCE = "http://ons.test/activities/announce/1"


def is_proven_by(document: Json, owner: Account | Community, clock: FakeClock) -> bool:
    with unit_of_work():
        methods = list_key_methods(local_actor(owner))
    keys = {method.uri: method.multikey for method in methods}
    return check_proofs(document, owner.uri, keys.get, now=clock()) is not None


def said(*types: str) -> list[Json]:
    rows = session().scalars(select(OutboxActivity).order_by(OutboxActivity.id))
    return [json.loads(row.body) for row in rows if row.type in types]


@pytest.fixture
def conversation(peers: Peers, anna: Account, toetsing: Community, clock: FakeClock) -> Account:
    """Somebody writes, changes, votes and takes back; a forum and a microblog follow."""
    peers.follower(toetsing, "lemmy.test", "lemmy")
    peers.follower(toetsing, "boost.test", "mastodon")
    carla = make_account("carla")
    post = make_post(toetsing, anna)
    with unit_of_work():
        draft = comments.CommentDraft(body_source="Met een portfolio.")
        comment = comments.publish_comment(carla, post, None, draft)
        votes.cast_vote(carla, post)
        comments.edit_comment(comment, comments.CommentDraft(body_source="Anders."), carla)
    with unit_of_work():
        votes.retract_vote(carla, post)
        comments.delete_comment(comment, carla)
        posts.delete_post(post, anna)
    return carla


def test_people_prove_what_they_do_and_communities_what_they_pass_on(
    conversation: Account, anna: Account, toetsing: Community, clock: FakeClock
) -> None:
    people = {anna.uri: anna, conversation.uri: conversation}
    acts = said("Create", "Update", "Like", "Undo", "Delete")

    for act in acts:
        if act["actor"] in people:
            assert is_proven_by(act, people[act["actor"]], clock), act["type"]
    assert {act["type"] for act in acts if act["actor"] in people} == {
        *("Create", "Update", "Like", "Undo", "Delete")
    }
    announces = said("Announce")
    assert announces
    for announce in announces:
        assert is_proven_by(announce, toetsing, clock)
        inner = announce["object"]
        if isinstance(inner, dict):
            assert is_proven_by(inner, people[inner["actor"]], clock), inner["type"]


def test_the_proof_stands_last_and_the_bytes_before_it_are_what_was_rendered(
    anna: Account, clock: FakeClock
) -> None:
    like = Activity(
        type="Like", uri="http://ons.test/activities/like/1", actor=anna.uri, object="x"
    )
    with unit_of_work():
        actor = local_actor(anna)
        proven = render_said(like, actor)
        bare = render_said(Activity(**{**_fields(like), "type": "Follow"}), actor)

    assert list(orjson.loads(proven))[-1] == "proof"
    assert next(iter(orjson.loads(proven))) == "@context"
    assert b'"proof"' not in bare
    assert proven.replace(b"Like", b"Follow").startswith(bare[:-1])


def test_an_inner_activity_keeps_its_bytes(toetsing: Community, clock: FakeClock) -> None:
    inner = b'{ "type":"Create","id":"https://a.test/1","n":1.50,"t":"\\u00e9" }'
    announce = Activity(
        type="Announce",
        uri="http://ons.test/activities/announce/1",
        actor=toetsing.uri,
        object=inner,
    )

    with unit_of_work():
        body = render_said(announce, local_actor(toetsing))

    assert inner in body
    assert is_proven_by(json.loads(body), toetsing, clock)


def test_what_has_no_canonical_form_goes_without_a_proof(
    toetsing: Community, clock: FakeClock
) -> None:
    inner = b'{"type":"Create","id":"https://a.test/1","n":12345678901234567890}'
    announce = Activity(
        type="Announce",
        uri="http://ons.test/activities/announce/1",
        actor=toetsing.uri,
        object=inner,
    )

    with unit_of_work():
        body = render_said(announce, local_actor(toetsing))

    assert inner in body
    assert b'"proof"' not in body


def test_who_proves_what_is_written_down() -> None:
    assert sorted((kind.value, verb) for kind, verb in PROVEN) == [
        ("community", "Announce"),
        ("person", "Create"),
        ("person", "Delete"),
        ("person", "Like"),
        ("person", "Undo"),
        ("person", "Update"),
    ]


def _fields(activity: Activity) -> Json:
    return {name: getattr(activity, name) for name in activity.__slots__}
