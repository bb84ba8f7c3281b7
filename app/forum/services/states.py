"""The states of what is posted: shown, taken back, taken away; held at first, or refused."""

from flask_babel import gettext as _

from app.accounts.models.account import Account
from app.core.clock import utcnow
from app.core.db import session
from app.core.errors import ConflictError, NotAllowedError
from app.core.html import clean_text
from app.core.visibility import State
from app.forum import policy
from app.forum.models.comment import Comment
from app.forum.models.community import Community
from app.forum.models.post import Post
from app.forum.queries.holding import is_newcomer
from app.forum.queries.standings import get_standing
from app.forum.services.locking import lock_row

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


def mark_removed(thing: Post | Comment, by: Account | None, reason: str) -> None:
    """Hide a text; it is kept, so that a moderator can bring it back."""
    _mark(thing, State.REMOVED, by, cleaned_reason(reason))


def mark_held(thing: Post | Comment) -> None:
    """Keep a new text from all but its writer and the moderators."""
    _mark(thing, State.HELD, None, None)


def mark_refused(thing: Post | Comment, by: Account | None, reason: str) -> None:
    """Turn a held text down; it is kept, so that a moderator can think better of it."""
    _mark(thing, State.REFUSED, by, cleaned_reason(reason))


def mark_restored(thing: Post | Comment, by: Account | None) -> None:
    """Show a removed text again, or a held one for the first time."""
    _mark(thing, State.PUBLISHED, by, None)


def cleaned_reason(reason: str) -> str:
    """Return why a moderator did something as it is kept and shown: plain and not endless."""
    return clean_text(reason, max_length=MAX_REASON)


def must_wait(author: Account, community: Community) -> bool:
    """Whether what `author` writes in `community` is held until a moderator approves it."""
    if not community.is_premoderated:
        return False
    is_new = is_newcomer(author, community)
    return policy.must_wait(get_standing(author, community), community, is_newcomer=is_new)


def begin_approval(thing: Post | Comment, by: Account) -> bool:
    """Lock a withheld text for its approval by `by`; False when somebody approved it before.

    Raises NotAllowedError, or ConflictError for what its writer took back.
    """
    require_moderator(by, thing.community if isinstance(thing, Post) else thing.post.community)
    lock_row(thing)
    session().refresh(thing, ["state"])
    if not thing.is_published and not thing.is_withheld:
        raise ConflictError(_("De schrijver heeft dit zelf verwijderd."))
    return not thing.is_published


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
