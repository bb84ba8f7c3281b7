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
    CommentApproved,
    CommentDeleted,
    CommentEdited,
    CommentHeld,
    CommentPublished,
    CommentRefused,
    CommentRemoved,
    CommentRestored,
)
from app.forum.models.comment import MAX_DEPTH, Comment
from app.forum.models.post import Post
from app.forum.origin import LOCAL, Origin, Remote
from app.forum.queries.comments import find_comment_by_uri
from app.forum.queries.standings import get_standing
from app.forum.services import states, texts
from app.forum.services.drafts import AttachmentDraft, CommentDraft
from app.forum.services.locking import lock_row

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
    lock_row(post)
    if isinstance(origin, Remote):
        known = find_comment_by_uri(origin.uri)
        if known is not None:
            return known
    _require_open(author, post, parent)
    text = texts.compose_text(draft)
    if not text.html and not draft.attachments and not isinstance(origin, Remote):
        raise InvalidInputError("body", _("Schrijf eerst iets."))
    must_wait = _must_wait(author, post, parent)
    place = _find_place(parent)
    comment = Comment(author=author, post=post, parent_id=None if place is None else place.id)
    comment.depth = 1 if place is None else place.depth + 1
    texts.stamp_origin(comment, origin, utcnow())
    _fill(comment, draft, text)
    session().add(comment)
    session().flush()
    texts.replace_attachments(comment, draft.attachments)
    if must_wait:
        states.mark_held(comment)
        session().flush()
        emit(CommentHeld(comment.id))
    else:
        _count_in(comment)
        emit(
            CommentPublished(comment.id, text.mentioned_ids, is_history=texts.is_history(origin))
        )
    return comment


def approve_comment(comment: Comment, by: Account) -> None:
    """Let everybody read a comment that was held or refused; silent for one that is shown.

    Raises ConflictError while what it answers is not shown itself.
    """
    if not states.begin_approval(comment, by):
        return
    if not comment.post.is_published or _is_withheld(comment.parent_id):
        raise ConflictError(_("Plaats eerst het bericht waarop dit een antwoord is."))
    states.mark_restored(comment, by)
    texts.stamp_approval(comment)
    _count_in(comment)
    emit(CommentApproved(comment.id, by.id))
    emit(CommentPublished(comment.id, texts.list_named_ids(comment), was_held=True))


def refuse_comment(comment: Comment, by: Account, reason: str) -> None:
    """Turn down a comment that is held, saying why; silent for any other."""
    lock_row(comment)
    if not comment.is_held:
        return
    states.require_moderator(by, comment.post.community)
    states.mark_refused(comment, by, reason)
    session().flush()
    emit(CommentRefused(comment.id, by.id, comment.state_reason or ""))


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
    _count_out(comment)
    states.mark_deleted(comment, by)
    texts.replace_attachments(comment, ())
    session().flush()
    if not was_withheld:
        emit(CommentDeleted(comment.id))


def remove_comment(comment: Comment, by: Account, reason: str) -> None:
    """Take a comment away as a moderator, saying why; silent for what is gone already."""
    lock_row(comment)
    if comment.is_held:
        refuse_comment(comment, by, reason)
    if not comment.is_published:
        return
    states.require_moderator(by, comment.post.community)
    _count_out(comment)
    states.mark_removed(comment, by, reason)
    session().flush()
    emit(CommentRemoved(comment.id, by.id, comment.state_reason or ""))


def restore_comment(comment: Comment, by: Account) -> None:
    """Bring a removed comment back; silent for one that is shown."""
    lock_row(comment)
    if comment.is_published:
        return
    if comment.is_withheld:
        approve_comment(comment, by)
        return
    states.require_moderator(by, comment.post.community)
    if comment.state == State.DELETED:
        raise ConflictError(_("De schrijver heeft deze reactie zelf verwijderd."))
    states.mark_restored(comment, by)
    comment.post.comment_count = Post.comment_count + 1
    session().flush()
    emit(CommentRestored(comment.id, by.id))


def _require_open(author: Account, post: Post, parent: Comment | None) -> None:
    standing = get_standing(author, post.community)
    if not policy.can_comment(standing, post):
        raise NotAllowedError(_("In deze groep kun je niet reageren."))
    if not policy.takes_answers(standing, post):
        raise ConflictError(_("Dit gesprek is gesloten. Er kan niemand meer reageren."))
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


def _is_withheld(comment_id: int | None) -> bool:
    return comment_id is not None and session().get_one(Comment, comment_id).is_withheld


def _find_place(parent: Comment | None) -> Comment | None:
    """Return what the new comment hangs under: the parent, unless that is too deep already."""
    while parent is not None and parent.depth >= MAX_DEPTH and parent.parent_id is not None:
        parent = session().get_one(Comment, parent.parent_id)
    return parent


def _fill(comment: Comment, draft: CommentDraft, text: texts.StoredText) -> None:
    comment.body_source = text.source
    comment.body_html = text.html
    comment.language = texts.checked_language(draft.language)


def _count_in(comment: Comment) -> None:
    post = comment.post
    post.comment_count = Post.comment_count + 1
    if post.last_comment_at is None or post.last_comment_at < comment.sort_at:
        post.last_comment_at = comment.sort_at
    community = post.community
    if community.active_at is None or community.active_at < comment.sort_at:
        community.active_at = comment.sort_at
    session().flush()


def _count_out(comment: Comment) -> None:
    if comment.is_published:
        comment.post.comment_count = Post.comment_count - 1
