"""Answering, changing answers, and taking them away."""

from flask_babel import gettext as _

from app.accounts.models.account import Account
from app.core.clock import utcnow
from app.core.db import session
from app.core.errors import ConflictError, InvalidInputError, NotAllowedError
from app.core.events import emit
from app.core.visibility import State
from app.forum import policy
from app.forum.events import (
    CommentDeleted,
    CommentEdited,
    CommentHeld,
    CommentPublished,
)
from app.forum.models.comment import MAX_DEPTH, Comment
from app.forum.models.post import Post
from app.forum.origin import LOCAL, Origin, Remote
from app.forum.queries.comments import find_comment_by_uri
from app.forum.queries.standings import get_standing
from app.forum.services import states, texts, verdicts
from app.forum.services.counting import count_in, count_out
from app.forum.services.drafts import AttachmentDraft, CommentDraft
from app.forum.services.locking import lock_for_writer, lock_row

__all__ = [
    "AttachmentDraft",
    "CommentDraft",
    "approve_comment",
    "delete_comment",
    "edit_comment",
    "publish_comment",
    "refuse_comment",
    "remove_comment",
    "restore_comment",
]

approve_comment = verdicts.approve
refuse_comment = verdicts.refuse
remove_comment = verdicts.remove
restore_comment = verdicts.restore


def publish_comment(
    author: Account,
    post: Post,
    parent: Comment | None,
    draft: CommentDraft,
    origin: Origin = LOCAL,
) -> Comment:
    """Answer a post or (`parent`) a comment; a known remote id gives the row there is, silently.

    An answer that would stand deeper than 50 is put beside the one it answers. Where a moderator
    looks first it is held: CommentHeld instead of CommentPublished. Raises NotAllowedError,
    ConflictError when the thread takes no answers, InvalidInputError("body").
    """
    lock_for_writer(author, post)
    if isinstance(origin, Remote):
        known = find_comment_by_uri(origin.uri)
        if known is not None:
            return known
    _require_open(author, post, parent)
    text = texts.compose_text(draft)
    if not text.html and not draft.attachments and not isinstance(origin, Remote):
        raise InvalidInputError("body", _("Schrijf eerst iets."))
    must_wait = _must_wait(author, post, parent)
    comment = Comment(author=author, post=post)
    _hang(comment, parent)
    texts.stamp_origin(comment, origin, utcnow())
    _fill(comment, draft, text)
    session().add(comment)
    (states.mark_held if must_wait else count_in)(comment)
    session().flush()  # one for the comment and the counts: this runs with all that comes in
    if draft.attachments:
        texts.replace_attachments(comment, draft.attachments)
    if must_wait:
        emit(CommentHeld(comment.id))
    else:
        emit(CommentPublished(comment.id, text.mentioned_ids, is_history=texts.is_history(origin)))
    return comment


def edit_comment(
    comment: Comment, draft: CommentDraft, by: Account, origin: Origin = LOCAL
) -> None:
    """Change the text; silent when nothing changed or a newer change is known."""
    lock_row(comment)
    if not policy.can_edit(get_standing(by, comment.post.community), comment):
        raise NotAllowedError(_("Alleen de schrijver kan deze reactie aanpassen."))
    if texts.is_older_than_known(comment, origin):
        return
    text = texts.compose_text(draft)
    if not text.html and not draft.attachments and not isinstance(origin, Remote):
        raise InvalidInputError("body", _("Schrijf eerst iets."))
    _fill(comment, draft, text)
    is_changed = session().is_modified(comment)
    if not texts.replace_attachments(comment, draft.attachments) and not is_changed:
        return
    texts.stamp_edit(comment, origin)
    session().flush()
    emit(CommentEdited(comment.id))


def delete_comment(comment: Comment, by: Account) -> None:
    """Take one's own comment back for good; a repeat is silent. The answers to it stay.

    Nothing is told of a comment that nobody was told of.
    """
    lock_row(comment)
    if comment.state == State.DELETED:
        return
    if not policy.can_delete(get_standing(by, comment.post.community), comment):
        raise NotAllowedError(_("Alleen de schrijver kan deze reactie verwijderen."))
    was_withheld = comment.is_withheld
    count_out(comment)
    states.mark_deleted(comment, by)
    texts.replace_attachments(comment, ())
    session().flush()
    if not was_withheld:
        emit(CommentDeleted(comment.id))


def _require_open(author: Account, post: Post, parent: Comment | None) -> None:
    standing = get_standing(author, post.community)
    if not policy.can_comment(standing, post):
        raise NotAllowedError(_("In deze groep kun je niet reageren."))
    if not policy.takes_answers(standing, post):
        raise ConflictError(
            _("Dit gesprek is gesloten. Er kan niemand meer reageren."), cause="thread-locked"
        )
    if parent is None:
        return
    if parent.post_id != post.id:
        raise ConflictError(_("Deze reactie hoort bij een ander gesprek."))
    is_known = parent.is_published or not author.is_local
    if not is_known or parent.state == State.REFUSED:
        raise ConflictError(_("De reactie waarop je antwoordt is weggehaald."))


def _must_wait(author: Account, post: Post, parent: Comment | None) -> bool:
    """Whether a new comment is held: its writer is new here, or what it answers is held itself."""
    if post.is_held or (parent is not None and parent.is_held):
        return True
    return states.must_wait(author, post.community)


def _hang(comment: Comment, parent: Comment | None) -> None:
    """Hang a new comment under its parent, or beside it when that is too deep already."""
    while parent is not None and parent.depth >= MAX_DEPTH and parent.parent_id is not None:
        parent = session().get_one(Comment, parent.parent_id)
    comment.parent_id = None if parent is None else parent.id
    comment.depth = 1 if parent is None else parent.depth + 1


def _fill(comment: Comment, draft: CommentDraft, text: texts.StoredText) -> None:
    comment.body_source = text.source
    comment.body_html = text.html
    comment.language = texts.checked_language(draft.language)
