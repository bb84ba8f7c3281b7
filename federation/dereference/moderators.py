"""Who moderates a remote community, as its own server lists them (FEP-1b12)."""

from sqlalchemy import select

from app.accounts.models.account import Account, AccountState
from app.accounts.queries import find_account_by_uri
from app.core.db import session
from app.forum.models.community import Community
from app.forum.queries.communities import get_membership, list_moderators
from app.forum.services import memberships
from federation.errors import RefusedError
from federation.models.actor import Actor
from federation.vocab.collections import CollectionDocument

MAX_MODERATORS = 100


def keep_moderators(document: CollectionDocument) -> None:
    """Appoint whom the list of a remote community names, dismiss whom it names no longer.

    Ids or whole documents (NodeBB). Only people whom we know already: a moderator acts as the
    sender of some activity, so is known by then. Inside a unit of work; raises RefusedError for any
    other collection, and for a list that keeps its members on pages: nobody is dismissed by that.
    Of our people only who follows the community: no other server makes anybody here its member.
    """
    actor = session().scalar(select(Actor).where(Actor.moderators_url == document.uri))
    if actor is None or actor.community is None or actor.community.is_local:
        raise RefusedError("collection-of-no-use")
    if not document.members and document.first is not None:
        raise RefusedError("list-on-pages")
    community = actor.community
    named = set(document.member_uris[:MAX_MODERATORS])
    for account in list_moderators(community):
        if account.uri not in named:
            memberships.set_moderator(community, account, is_moderator=False, by=None)
    for uri in named:
        known = find_account_by_uri(uri)
        if known is not None and _may_be_named(known, community):
            memberships.set_moderator(community, known, is_moderator=True, by=None)


def _may_be_named(account: Account, community: Community) -> bool:
    if account.state != AccountState.ACTIVE:
        return False
    return not account.is_local or get_membership(account, community) is not None
