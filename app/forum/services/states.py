"""Published, deleted by its writer, removed by a moderator: the three states of what is posted."""

from flask_babel import gettext as _

from app.accounts.models.account import Account
from app.core.clock import utcnow
from app.core.errors import NotAllowedError
from app.core.html import clean_text
from app.core.visibility import State
from app.forum import policy
from app.forum.models.comment import Comment
from app.forum.models.community import Community
from app.forum.models.post import Post
from app.forum.queries.standings import get_standing

MAX_REASON = 1000


def mark_deleted(thing: Post | Comment, by: Account | None) -> None:
    """Take a text back for good: nothing of it is kept but its place."""
    _mark(thing, State.DELETED, by, None)
    thing.body_source = ""
    thing.body_html = ""
    if isinstance(thing, Post):
        thing.title = ""
        thing.excerpt = ""
        thing.link_url = None


def mark_removed(thing: Post | Comment, by: Account, reason: str) -> None:
    """Hide a text; it is kept, so that a moderator can bring it back."""
    _mark(thing, State.REMOVED, by, clean_text(reason, max_length=MAX_REASON))


def mark_restored(thing: Post | Comment, by: Account) -> None:
    """Show a removed text again."""
    _mark(thing, State.PUBLISHED, by, None)


def require_moderator(by: Account, community: Community) -> None:
    """Raise NotAllowedError unless `by` looks after `community`, or after this server."""
    if not policy.can_moderate(get_standing(by, community)):
        raise NotAllowedError(_("Alleen moderators van deze groep kunnen dit."))


def require_steward(by: Account, community: Community) -> None:
    """Raise NotAllowedError unless `by` may pin and close threads in `community`."""
    if not policy.can_steer(get_standing(by, community), community):
        raise NotAllowedError(_("Alleen moderators van deze groep kunnen dit."))


def _mark(thing: Post | Comment, state: State, by: Account | None, reason: str | None) -> None:
    now = utcnow()
    thing.state = state
    thing.state_at = now
    thing.state_by_id = None if by is None else by.id
    thing.state_reason = reason
    thing.changed_at = now
