"""Starting threads, changing them, and taking them away."""

from flask_babel import gettext as _
from sqlalchemy import case

from app.accounts.models.account import Account
from app.core.clock import utcnow
from app.core.db import session
from app.core.errors import ConflictError, InvalidInputError, NotAllowedError
from app.core.events import emit
from app.core.html import excerpt
from app.core.visibility import State
from app.forum import policy
from app.forum.events import (
    PostApproved,
    PostDeleted,
    PostEdited,
    PostHeld,
    PostLocked,
    PostPinned,
    PostPublished,
    PostRefused,
    PostRemoved,
    PostRestored,
)
from app.forum.models.community import Community
from app.forum.models.post import Post, PostKind
from app.forum.origin import LOCAL, Origin, Remote
from app.forum.queries.posts import find_post_by_uri
from app.forum.queries.standings import get_standing
from app.forum.services import states, texts
from app.forum.services.drafts import AttachmentDraft, PostDraft
from app.forum.services.locking import lock_row

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


def publish_post(
    author: Account, community: Community, draft: PostDraft, origin: Origin = LOCAL
) -> Post:
    """Start a thread; a remote id that is known already gives the row there is, and no event.

    Where a moderator looks first, the post is held: PostHeld instead of PostPublished. Raises
    NotAllowedError, or InvalidInputError for "title", "body" or "link_url".
    """
    lock_row(community)
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
    session().flush()
    texts.replace_attachments(post, draft.attachments)
    if must_wait:
        states.mark_held(post)
        session().flush()
        emit(PostHeld(post.id))
    else:
        _appear(post)
        is_history = texts.is_history(origin)
        emit(PostPublished(post.id, text.mentioned_ids, is_history=is_history))
    return post


def approve_post(post: Post, by: Account) -> None:
    """Let everybody read a post that was held or refused; silent for one that is shown."""
    if not states.begin_approval(post, by):
        return
    states.mark_restored(post, by)
    texts.stamp_approval(post)
    _appear(post)
    emit(PostApproved(post.id, by.id))
    emit(PostPublished(post.id, texts.list_named_ids(post), was_held=True))


def refuse_post(post: Post, by: Account, reason: str) -> None:
    """Turn down a post that is held, saying why; silent for any other."""
    lock_row(post)
    if not post.is_held:
        return
    states.require_moderator(by, post.community)
    states.mark_refused(post, by, reason)
    session().flush()
    emit(PostRefused(post.id, by.id, post.state_reason or ""))


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
    _count_out(post)
    states.mark_deleted(post, by)
    texts.replace_attachments(post, ())
    session().flush()
    if not was_withheld:
        emit(PostDeleted(post.id))


def remove_post(post: Post, by: Account, reason: str) -> None:
    """Take a post away as a moderator, saying why; silent for what is gone already."""
    lock_row(post)
    if post.is_held:
        refuse_post(post, by, reason)
    if not post.is_published:
        return
    states.require_moderator(by, post.community)
    _count_out(post)
    states.mark_removed(post, by, reason)
    session().flush()
    emit(PostRemoved(post.id, by.id, post.state_reason or ""))


def restore_post(post: Post, by: Account) -> None:
    """Bring a removed post back; silent for one that is shown."""
    lock_row(post)
    if post.is_published:
        return
    if post.is_withheld:
        approve_post(post, by)
        return
    states.require_moderator(by, post.community)
    if post.state == State.DELETED:
        raise ConflictError(_("De schrijver heeft dit bericht zelf verwijderd."))
    states.mark_restored(post, by)
    post.community.post_count = Community.post_count + 1
    session().flush()
    emit(PostRestored(post.id, by.id))


def pin_post(post: Post, by: Account, is_pinned: bool) -> None:  # noqa: FBT001  the state to reach
    """Keep a post on top of its community, or let it go; a repeat is silent."""
    states.require_steward(by, post.community)
    if not post.is_published:
        raise ConflictError(_("Dit bericht is weggehaald."))
    if post.is_pinned == is_pinned:
        return
    post.is_pinned = is_pinned
    post.changed_at = utcnow()
    session().flush()
    emit(PostPinned(post.id, by.id, is_pinned))


def lock_post(
    post: Post,
    by: Account,
    is_locked: bool,  # noqa: FBT001  the state to reach
    reason: str = "",
) -> None:
    """Close a thread for answers, or open it again; a repeat is silent."""
    states.require_steward(by, post.community)
    if not post.is_published:
        raise ConflictError(_("Dit bericht is weggehaald."))
    if post.is_locked == is_locked:
        return
    post.is_locked = is_locked
    post.changed_at = utcnow()
    session().flush()
    emit(PostLocked(post.id, by.id, is_locked, reason[: states.MAX_REASON]))


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


def _appear(post: Post) -> None:
    """Count a post that can be read from now on.

    History that comes in late does not make the community livelier.
    """
    community = post.community
    community.post_count = Community.post_count + 1
    if community.active_at is None or community.active_at < post.sort_at:
        community.active_at = post.sort_at
    session().flush()


def _count_out(post: Post) -> None:
    if post.is_published:
        post.community.post_count = case(
            (Community.post_count > 0, Community.post_count - 1), else_=0
        )
