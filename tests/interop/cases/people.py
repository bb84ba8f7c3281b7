"""People who move, leave or change: rows 64, 66, 67."""

from typing import Any

from app.accounts.models.account import Account, AccountState
from app.accounts.models.following import FollowState
from app.accounts.queries import find_following
from app.accounts.services import followings
from app.accounts.services.deletion import delete_account
from app.accounts.services.profiles import ProfileDraft, edit_profile
from app.core.db import session
from app.forum.models.community import Community
from app.forum.services import communities
from federation.dereference.lookup import look_up_actor
from federation.dereference.moves import settle_move
from tests.interop.cases.case import Case
from tests.interop.stage import Stage
from tests.readers import lemmy


def move(stage: Stage) -> Account | Community:
    """Carla follows bob, who goes on as mia; bob follows anna, who goes on elsewhere."""
    bob = look_up_actor(stage.bob.uri)
    stage.does(followings.request_follow, stage.carla, bob)
    asked = stage.peer.shown.requests[-1]
    stage.says(stage.peer.reply("Accept", stage.bob, asked), stage.bob)
    stage.mia.document["alsoKnownAs"] = [stage.bob.uri]
    stage.bob.document["movedTo"] = stage.mia.uri
    for actor in (stage.mia, stage.bob):
        stage.fediverse.put(actor.document)
    stage.says(stage.peer.move(stage.bob, stage.mia.uri))
    stage.says(stage.peer.follow(stage.mia, stage.anna.uri), stage.mia)
    new = stage.fediverse.person("anna", "elders.test", alsoKnownAs=[stage.anna.uri])
    successor = look_up_actor(new.uri)
    stage.does(settle_move, stage.anna, successor, stage.anna)
    return successor


def both_go_along(stage: Stage, successor: Account | Community) -> None:
    """Carla follows mia in bob's place; there they know where anna is now."""
    former = find_following(stage.carla, stage.account(stage.bob))

    assert find_following(stage.carla, stage.account(stage.mia)) is not None
    assert former is None or former.state != FollowState.APPROVED
    assert stage.peer.shown.moves == {stage.anna.uri: successor.uri}
    assert stage.fetch(stage.anna.uri)["movedTo"] == successor.uri


def leave(stage: Stage) -> Any:
    """Bob writes and leaves; carla, whom they know, leaves too."""
    stage.follow()
    stage.says(stage.peer.follow(stage.mia, stage.carla.uri), stage.mia)
    thing = stage.asked()
    stage.says(stage.peer.depart(stage.bob))
    uri = stage.carla.uri
    stage.does(delete_account, stage.carla)
    return thing, uri


def both_are_gone(stage: Stage, done: Any) -> None:
    """What bob wrote is gone here; carla is gone there, and her key is still there to verify it."""
    thing, carla = done

    assert not stage.found(thing["id"]).is_published
    assert stage.account(stage.bob).state == AccountState.DELETED
    assert stage.peer.shown.departed == {carla}


def change(stage: Stage) -> None:
    """Bob has another name; so have anna and the community."""
    stage.follow(stage.anna.uri)
    stage.follow()
    stage.bob.document["name"] = "Bob de Vries"
    stage.fediverse.put(stage.bob.document)
    stage.says(stage.peer.renew(stage.bob))
    stage.does(edit_profile, stage.anna, ProfileDraft(display_name="Anna Jansen"))
    draft = communities.CommunityDraft(title="Toetsing en feedback")
    stage.does(communities.edit_community, stage.toetsing, draft, stage.anna)


def both_know(stage: Stage, _done: Any) -> None:
    """Each side shows the new names."""
    session().expire_all()
    shown = {uri: document["name"] for uri, document in stage.peer.shown.actors.items()}

    assert stage.account(stage.bob).shown_name == "Bob de Vries"
    assert shown[stage.anna.uri] == "Anna Jansen"
    assert shown[stage.toetsing.uri] == "Toetsing en feedback"
    for document in stage.peer.shown.actors.values():
        lemmy.read_document(document)


CASES = {
    64: Case(move, both_go_along),
    66: Case(leave, both_are_gone),
    67: Case(change, both_know),
}
