"""Whether what our people write in communities of other servers has arrived there."""

from datetime import timedelta

from flask_babel import gettext as _

from app.accounts.models.account import Account
from app.core.clock import utcnow
from app.core.db import session
from app.core.errors import ConflictError, NotAllowedError
from app.core.events import emit
from app.core.html import clean_text
from app.forum.events import CommentSentAgain, CommentTurnedDown, PostSentAgain, PostTurnedDown
from app.forum.models.comment import Comment
from app.forum.models.community import Community
from app.forum.models.post import Post
from app.forum.services.locking import lock_row

SEND_AGAIN_AFTER = timedelta(minutes=10)
MAX_REASON = 500


def note_echo(thing: Post | Comment, by: Community) -> None:
    """Keep that the community a text of ours is meant for has passed it on; a repeat is silent."""
    if thing.is_local and thing.echoed_at is None and _community_of(thing).id == by.id:
        thing.echoed_at = utcnow()
        thing.turned_down = None
        session().flush()


def turn_down(thing: Post | Comment, by: Community, reason: str) -> None:
    """Keep why the community a text of ours is meant for would not have it, and tell the writer.

    What it passed on before stays as it is: that is taken away with a removal.
    """
    if not thing.is_local or thing.echoed_at is not None or _community_of(thing).id != by.id:
        return
    told = clean_text(reason, max_length=MAX_REASON)
    if thing.turned_down == told:
        return
    thing.turned_down = told
    session().flush()
    if isinstance(thing, Post):
        emit(PostTurnedDown(thing.id))
    else:
        emit(CommentTurnedDown(thing.id))


def send_again(thing: Post | Comment, by: Account) -> None:
    """Send a text of one's own once more to the community that has not passed it on.

    Raises NotAllowedError for another's text, ConflictError when that is of no use (yet).
    """
    lock_row(thing)
    if not thing.is_local or thing.author_id != by.id:
        raise NotAllowedError(_("Alleen de schrijver kan dit opnieuw sturen."))
    if _community_of(thing).is_local or thing.echoed_at is not None or not thing.is_published:
        raise ConflictError(_("Dit hoef je niet opnieuw te sturen."))
    if utcnow() - thing.published_at < SEND_AGAIN_AFTER:
        raise ConflictError(_("Wacht nog even. Na tien minuten kun je het opnieuw sturen."))
    thing.turned_down = None
    session().flush()
    emit(PostSentAgain(thing.id) if isinstance(thing, Post) else CommentSentAgain(thing.id))


def _community_of(thing: Post | Comment) -> Community:
    return thing.community if isinstance(thing, Post) else thing.post.community
