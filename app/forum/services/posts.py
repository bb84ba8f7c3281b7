"""Starting threads, changing them, and taking them away."""

from flask_babel import gettext as _

from app.accounts.models.account import Account
from app.core.clock import utcnow
from app.core.db import session
from app.core.errors import ConflictError, InvalidInputError, NotAllowedError
from app.core.events import emit
from app.core.html import excerpt
from app.core.visibility import State
from app.forum import policy
from app.forum.events import (
    PostDeleted,
    PostEdited,
    PostHeld,
    PostLocked,
    PostPinned,
    PostPublished,
)
from app.forum.marking_events import PostMarked
from app.forum.models.community import Community
from app.forum.models.post import Post, PostKind
from app.forum.origin import LOCAL, Origin, Remote
from app.forum.queries.posts import find_post_by_uri
from app.forum.queries.standings import get_standing
from app.forum.services import states, texts, verdicts
from app.forum.services.counting import count_in, count_out
from app.forum.services.drafts import AttachmentDraft, PostDraft
from app.forum.services.locking import lock_for_writer, lock_row

__all__ = [
    "AttachmentDraft",
    "PostDraft",
    "approve_post",
    "delete_post",
    "edit_post",
    "lock_post",
    "pin_post",
    "publish_post",
    "refuse_post",
    "remove_post",
    "restore_post",
]

EXCERPT_LENGTH = 240

approve_post = verdicts.approve
refuse_post = verdicts.refuse
remove_post = verdicts.remove
restore_post = verdicts.restore


def publish_post(
    author: Account, community: Community, draft: PostDraft, origin: Origin = LOCAL
) -> Post:
    """Start a thread; a remote id that is known already gives the row there is, and no event.

    Where a moderator looks first, the post is held: PostHeld instead of PostPublished. Raises
    NotAllowedError, or InvalidInputError for "title", "body" or "link_url".
    """
    lock_for_writer(author, community)
    if isinstance(origin, Remote):
        known = find_post_by_uri(origin.uri)
        if known is not None:
            return known
    if not policy.can_post(get_standing(author, community), community):
        raise NotAllowedError(_("In deze groep kun je geen gesprek beginnen."))
    must_wait = states.must_wait(author, community)
    text = texts.compose_text(draft)
    post = Post(author=author, community=community, visibility=community.visibility)
    texts.stamp_origin(post, origin, utcnow())
    _fill(post, draft, text, origin)
    session().add(post)
    (states.mark_held if must_wait else count_in)(post)
    session().flush()
    if draft.attachments:
        texts.replace_attachments(post, draft.attachments)
    if must_wait:
        emit(PostHeld(post.id))
    else:
        is_history = texts.is_history(origin)
        emit(PostPublished(post.id, text.mentioned_ids, is_history=is_history))
    return post


def edit_post(post: Post, draft: PostDraft, by: Account, origin: Origin = LOCAL) -> None:
    """Change title, text, link or kind; silent when nothing changed or a newer change is known."""
    lock_row(post)
    if not policy.can_edit(get_standing(by, post.community), post):
        raise NotAllowedError(_("Alleen de schrijver kan dit bericht aanpassen."))
    if texts.is_older_than_known(post, origin):
        return
    _fill(post, draft, texts.compose_text(draft), origin)
    is_changed = session().is_modified(post)
    if not texts.replace_attachments(post, draft.attachments) and not is_changed:
        return
    texts.stamp_edit(post, origin)
    session().flush()
    emit(PostEdited(post.id))


def delete_post(post: Post, by: Account) -> None:
    """Take one's own post back for good; a repeat is silent. The answers stay.

    Nothing is told of a post that nobody was told of.
    """
    lock_row(post)
    if post.state == State.DELETED:
        return
    if not policy.can_delete(get_standing(by, post.community), post):
        raise NotAllowedError(_("Alleen de schrijver kan dit bericht verwijderen."))
    was_withheld = post.is_withheld
    count_out(post)
    states.mark_deleted(post, by)
    texts.replace_attachments(post, ())
    session().flush()
    if not was_withheld:
        emit(PostDeleted(post.id))


def pin_post(
    post: Post,
    by: Account | None,
    is_pinned: bool,  # noqa: FBT001  the state to reach
    reason: str = "",
) -> None:
    """Keep a post on top of its community, or let it go; a repeat is silent.

    `by` is None where its community elsewhere says so itself.
    """
    lock_row(post)
    if by is not None:
        states.require_steward(by, post.community)
    if not post.is_published:
        raise ConflictError(_("Dit bericht is weggehaald."))
    if post.is_pinned == is_pinned:
        return
    post.is_pinned = is_pinned
    post.changed_at = utcnow()
    session().flush()
    emit(
        PostPinned(post.id, None if by is None else by.id, is_pinned, states.cleaned_reason(reason))
    )


def lock_post(
    post: Post,
    by: Account | None,
    is_locked: bool,  # noqa: FBT001  the state to reach
    reason: str = "",
) -> None:
    """Close a thread for answers, or open it again; a repeat is silent.

    `by` is None where its community elsewhere says so itself.
    """
    lock_row(post)
    if by is not None:
        states.require_steward(by, post.community)
    if not post.is_published:
        raise ConflictError(_("Dit bericht is weggehaald."))
    if post.is_locked == is_locked:
        return
    post.is_locked = is_locked
    post.changed_at = utcnow()
    session().flush()
    emit(
        PostLocked(post.id, None if by is None else by.id, is_locked, states.cleaned_reason(reason))
    )


def mark_post(
    post: Post,
    by: Account | None,
    is_sensitive: bool,  # noqa: FBT001  the state to reach
) -> None:
    """Say that a post is for the wary, or is not; a repeat is silent.

    `by` is None where its community elsewhere says so itself.
    """
    lock_row(post)
    if by is not None:
        states.require_steward(by, post.community)
    if not post.is_published:
        raise ConflictError(_("Dit bericht is weggehaald."))
    if post.is_sensitive == is_sensitive:
        return
    post.is_sensitive = is_sensitive
    post.changed_at = utcnow()
    session().flush()
    emit(PostMarked(post.id, None if by is None else by.id, is_sensitive))


def _fill(post: Post, draft: PostDraft, text: texts.StoredText, origin: Origin) -> None:
    post.title = texts.checked_title(draft.title, origin)
    post.kind = draft.kind
    post.link_url = texts.checked_link(draft.link_url, origin)
    if post.kind == PostKind.LINK and post.link_url is None:
        if not isinstance(origin, Remote):
            raise InvalidInputError("link_url", _("Vul het adres in waar je naar verwijst."))
        post.kind = PostKind.DISCUSSION
    post.body_source = text.source
    post.body_html = text.html
    post.excerpt = excerpt(text.html, EXCERPT_LENGTH)
    post.language = texts.checked_language(draft.language)
    post.is_sensitive = draft.is_sensitive
    if isinstance(origin, Remote) and origin.context is not None:
        post.context_uri = origin.context
