"""May this actor moderate here? Told by who is listed and who lives where (federation.md 3.6).

In our own communities it is who moderates in our rows, wherever they live. In a community elsewhere
its own server's people, as that server vouches for them, and whom its list of moderators names. The
list is read anew for every act, so that who was dismissed there does nothing more here.
"""

from app.accounts.models.account import Account
from app.accounts.queries import find_account_by_uri
from app.core.addresses import local_path
from app.forum import policy
from app.forum.models.community import Community
from app.forum.queries.standings import get_standing
from federation.errors import MissingError, RefusedError
from federation.inbound.context import InboxContext
from federation.inbound.subjects import get_sender
from federation.transport.actors import find_actor
from federation.vocab.activities import ActivityDocument

NOT_A_MODERATOR = "not-a-moderator"


def get_moderator(
    context: InboxContext, activity: ActivityDocument, community: Community, about: str
) -> Account:
    """Return who acts, if they moderate `community`; `about` is what the act is about.

    A group speaks only for what stands in it (A051). Raises RefusedError for whoever has no say,
    MissingError when the list of moderators must be read first.
    """
    sender = get_sender(activity)
    if context.announced_by not in {None, community}:
        raise RefusedError("object-of-another-group")
    if not community.is_local:
        _read_list(context, community, about)
    if not policy.can_moderate(get_standing(sender, community)):
        raise RefusedError(NOT_A_MODERATOR)
    return sender


def get_person(uri: str) -> Account:
    """Return the person with this id; raises MissingError for one elsewhere whom we do not know."""
    person = find_account_by_uri(uri)
    if person is not None:
        return person
    if local_path(uri) is not None:
        raise RefusedError("person-unknown")
    raise MissingError(uri)


def _read_list(context: InboxContext, community: Community, about: str) -> None:
    """Ask for the list of moderators, unless that was done for this act.

    When it cannot be had, who was on it last time still is. `about` may have been fetched since.
    """
    actor = find_actor(community)
    url = None if actor is None else actor.moderators_url
    if url is not None and context.fetched not in {url, about}:
        raise MissingError(url)
