"""Changes of people and communities, and leaving for good."""

import json

from sqlalchemy import select

from app.accounts.events import ProfileEdited
from app.accounts.models.account import Account
from app.accounts.services.deletion import delete_account
from app.core.db import session, unit_of_work
from app.core.events import emit
from app.forum.models.community import Community
from app.forum.services import communities
from federation.models.delivery import Delivery, DeliveryState
from tests.federation.outbound.peers import Peers, give_key
from tests.support.factories import make_account, make_post
from tests.support.fediverse import ACTIVITY_JSON


def test_a_changed_profile_goes_to_followers_as_an_update_of_the_person(
    peers: Peers, anna: Account
) -> None:
    peers.follower(anna, "masto.test", "mastodon")

    with unit_of_work():
        session().get_one(Account, anna.id).display_name = "Anna B."
        emit(ProfileEdited(anna.id))

    (update,) = peers.got("masto.test")
    assert update["type"] == "Update"
    assert update["object"]["name"] == "Anna B."
    assert update["object"]["publicKey"]["owner"] == anna.uri


def test_a_changed_community_speaks_for_itself_to_microblogs_and_by_a_person_to_forums(
    peers: Peers, anna: Account, toetsing: Community
) -> None:
    peers.follower(toetsing, "lemmy.test", "lemmy")
    peers.follower(toetsing, "masto.test", "mastodon")

    with unit_of_work():
        draft = communities.CommunityDraft(title="Toetsen", description="Nieuw.")
        communities.edit_community(session().get_one(Community, toetsing.id), draft, anna)

    (wrapped,) = peers.got("lemmy.test")
    assert wrapped["object"]["actor"] == anna.uri
    assert wrapped["object"]["object"]["name"] == "Toetsen"
    (own,) = peers.got("masto.test")
    assert (own["type"], own["actor"]) == ("Update", toetsing.uri)


def test_who_leaves_is_deleted_on_every_server_once_and_can_still_be_verified(
    peers: Peers, anna: Account, toetsing: Community
) -> None:
    carla = make_account("carla")
    give_key(carla, 3)
    peers.follower(toetsing, "lemmy.test", "lemmy")
    peers.follower(toetsing, "small.test", "snac", endpoints={})
    second = peers.fediverse.person("zoe", "small.test", endpoints={})
    peers.ask(second, toetsing)
    peers.forget()

    with unit_of_work():
        delete_account(session().get_one(Account, carla.id))

    for host in ("lemmy.test", "small.test"):
        (delete,) = peers.got(host)
        assert (delete["type"], delete["actor"], delete["object"]) == (
            "Delete",
            carla.uri,
            carla.uri,
        )
    gone = peers.fediverse.client.get(carla.uri, headers={"Accept": ACTIVITY_JSON})
    assert gone.status_code == 410
    assert json.loads(gone.data)["type"] == "Tombstone"
    assert gone.content_type == ACTIVITY_JSON
    assert peers.fediverse.client.get(delete["id"]).status_code == 200


def test_what_somebody_said_and_is_not_sent_yet_does_not_overtake_the_departure(
    peers: Peers, anna: Account, toetsing: Community
) -> None:
    carla = make_account("carla")
    give_key(carla, 3)
    peers.follower(carla, "masto.test", "mastodon")
    make_post(toetsing, carla)

    with unit_of_work():
        delete_account(session().get_one(Account, carla.id))

    assert peers.kinds("masto.test") == ["Delete"]
    dropped = select(Delivery.last_error).where(Delivery.state == DeliveryState.DROPPED)
    assert session().scalars(dropped).all() == ["actor-left"]
