"""Changes of people and communities themselves: Update and Delete of actors."""

from app.accounts.events import AccountDeleted, ProfileEdited
from app.accounts.models.account import Account
from app.accounts.services.system import get_moderation_account
from app.core.clock import utcnow
from app.core.db import session
from app.forum.events import CommunityEdited
from app.forum.models.community import Community
from federation.models.delivery import DeliveryDialect
from federation.models.outbox_activity import Lane
from federation.outbound.acquaintances import acquaintances_of
from federation.outbound.activities.announce import Passing, is_announced, pass_on
from federation.outbound.audience import everyone_known, followers_of_community
from federation.outbound.fanout import Publication, drop_unsent, new_activity_uri, publish
from federation.outbound.serializers.actors import serialize_group, serialize_person
from federation.transport.actors import local_actor
from federation.vocab.outgoing import Activity
from federation.vocab.terms import PUBLIC


def edit_profile(event: ProfileEdited) -> None:
    """Tell all who know a person that name, text or addresses changed."""
    account = session().get_one(Account, event.account_id)
    if not account.is_local:
        return
    activity = Activity(
        type="Update",
        uri=new_activity_uri("Update"),
        actor=account.uri,
        object=serialize_person(account, local_actor(account)),
        to=(PUBLIC,),
        cc=(f"{account.uri}/followers",),
        published=utcnow(),
    )
    publish(_about(account, activity), acquaintances_of(account))


def edit_community(event: CommunityEdited) -> None:
    """Tell followers of a change, as a moderator's act and by the group itself."""
    community = session().get_one(Community, event.community_id)
    if not is_announced(community):
        return
    followers = followers_of_community(community)
    document = serialize_group(community, local_actor(community))
    own = Activity(
        type="Update",
        uri=new_activity_uri("Update"),
        actor=community.uri,
        object=document,
        to=(PUBLIC,),
        cc=(f"{community.uri}/followers",),
        published=utcnow(),
    )
    publish(_about(community, own), followers.for_dialect(DeliveryDialect.MICROBLOGS))
    moderator = _who_changed_it(event)
    act = Activity(
        type="Update",
        uri=new_activity_uri("Update"),
        actor=moderator.uri,
        object=document,
        to=(PUBLIC,),
        cc=(community.uri,),
        audience=community.uri,
        published=utcnow(),
    )
    row = publish(_about(moderator, act))
    pass_on(community, row.body, Passing(object_uri=community.uri, order_key=community.uri))


def _who_changed_it(event: CommunityEdited) -> Account:
    """Return a person of this server: forums take a change of a group from nobody else."""
    by = None if event.by_id is None else session().get_one(Account, event.by_id)
    return get_moderation_account() if by is None or not by.is_local else by


def delete_account(event: AccountDeleted) -> None:
    """Tell every server we know that a person left; the key stays, to verify it."""
    account = session().get_one(Account, event.account_id)
    if not account.is_local:
        return
    activity = Activity(
        type="Delete",
        uri=new_activity_uri("Delete"),
        actor=account.uri,
        object=account.uri,
        to=(PUBLIC,),
        remove_data=True,
    )
    drop_unsent(local_actor(account).id)
    publish(_about(account, activity), everyone_known())


def _about(owner: Account | Community, activity: Activity) -> Publication:
    return Publication(
        actor=owner,
        activity=activity,
        object_uri=owner.uri,
        order_key=owner.uri,
        lane=Lane.CONTROL,
    )
