"""May this actor moderate here? Told by who is listed and by whose word it comes (section 3.6).

In our own communities it is who moderates in our rows, wherever they live. In a community elsewhere
it is the community itself, whom its list of moderators names, and its server's own actor. Others of
its server (Lemmy's administrators stand on no list) act by its word alone: inside its own Announce,
about what stands in it. That somebody lives on its server proves nothing. The list is read anew for
every act, so that who was dismissed there does nothing more here.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from app.accounts.models.account import Account
from app.accounts.queries import find_account_by_uri
from app.core.addresses import local_path
from app.forum import policy
from app.forum.models.community import Community
from app.forum.models.post import Post
from app.forum.queries.standings import get_standing
from app.forum.vouching import vouched
from federation.errors import MissingError, RefusedError
from federation.inbound.context import InboxContext
from federation.inbound.subjects import find_posted, get_sender
from federation.transport.actors import find_actor
from federation.vocab.activities import ActivityDocument
from federation.vocab.origin import origin_of, same_origin

NOT_A_MODERATOR = "not-a-moderator"


@contextmanager
def moderating(
    context: InboxContext, activity: ActivityDocument, community: Community, about: str
) -> Iterator[Account | None]:
    """Yield who acts, if they moderate `community`; None: that community elsewhere, itself.

    `about` is what the act is about. Inside, services take the person for a moderator whom the
    community answers for. A group speaks only for what stands in it (A051). Raises RefusedError for
    whoever has no say, MissingError when the list of moderators must be read first.
    """
    if context.announced_by not in {None, community}:
        raise RefusedError("object-of-another-group")
    if is_itself(activity, community):
        yield None
        return
    sender = get_sender(activity)
    if not community.is_local:
        read_list(context, community, about)
    with speaking(context, sender, community):
        if not policy.can_moderate(get_standing(sender, community)):
            raise RefusedError(NOT_A_MODERATOR)
        yield sender


def speaking(
    context: InboxContext, sender: Account, community: Community
) -> AbstractContextManager[None]:
    """Return inside of what `sender` speaks for `community`, if by its word: else nothing new."""
    if community.is_local or not same_origin(sender.uri, community.uri):
        return nullcontext()
    if context.announced_by is community or is_server_itself(sender):
        return vouched(sender.id, community.id)
    return nullcontext()


def is_itself(activity: ActivityDocument, community: Community) -> bool:
    """Whether a community elsewhere acts in its own name."""
    return not community.is_local and activity.actor == community.uri


def is_server_itself(account: Account) -> bool:
    """Whether somebody is the actor of a server elsewhere: no user has the root for an address."""
    if account.is_local:
        return False
    origin = origin_of(account.uri)
    return account.uri.removesuffix("/") == f"{origin.scheme}://{origin.host}"


def stands_with_us(uri: str) -> bool:
    """Whether a thread stands in a group of ours."""
    thing = find_posted(uri)
    return isinstance(thing, Post) and thing.community.is_local


def moderates_here(actor_uri: str, uri: str) -> bool:
    """Whether somebody elsewhere moderates the group of ours in which a thread stands."""
    thing, sender = find_posted(uri), find_account_by_uri(actor_uri)
    if sender is None or not isinstance(thing, Post) or not thing.community.is_local:
        return False
    return policy.can_moderate(get_standing(sender, thing.community))


def get_person(uri: str) -> Account:
    """Return the person with this id; raises MissingError for one elsewhere whom we do not know."""
    person = find_account_by_uri(uri)
    if person is not None:
        return person
    if local_path(uri) is not None:
        raise RefusedError("person-unknown")
    raise MissingError(uri)


def read_list(context: InboxContext, community: Community, about: str) -> None:
    """Ask for the list of moderators, unless that was done for this act.

    When it cannot be had, who was on it last time still is. `about` may have been fetched since.
    """
    actor = find_actor(community)
    url = None if actor is None else actor.moderators_url
    if url is not None and context.fetched not in {url, about}:
        raise MissingError(url)
