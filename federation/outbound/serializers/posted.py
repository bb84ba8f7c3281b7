"""Posts and comments as AS2 Page, Note and Tombstone (federation.md sections 2.2, 2.3, 3.6)."""

from dataclasses import replace
from html import escape
from typing import TypeVar

from app.accounts.models.account import Account
from app.core.html import html_to_text
from app.core.visibility import Visibility
from app.forum.models.comment import Comment
from app.forum.models.community import Community
from app.forum.models.post import Post
from app.forum.queries.comments import list_attachments
from federation.outbound.hashtags import list_hashtags
from federation.outbound.mentions import list_mentioned
from federation.vocab.outgoing import Note, Page, Tombstone
from federation.vocab.outgoing_parts import (
    CollectionCount,
    File,
    Link,
    Mention,
    Picture,
    language_of,
)
from federation.vocab.terms import PUBLIC

SUMMARY_LENGTH = 500
Shown = TypeVar("Shown", Page, Note)


def mention_of(owner: Account | Community) -> Mention:
    """Return the Mention of a person or community."""
    return Mention(owner.uri, f"@{owner.handle}")


def thread_author_followers(author: Account) -> str:
    """Return the address of the followers of a local author."""
    return f"{author.uri}/followers"


def parent_author(comment: Comment, parent: Comment | None) -> Account:
    """Return who is answered: the author of the parent comment, or of the post."""
    return parent.author if parent is not None else comment.post.author


def serialize_post(post: Post) -> Page:
    """Return a post as Page: what GET serves and Create carries.

    One of another server stands so in the list of pinned posts, without what only its home knows.
    """
    is_ours = post.is_local
    mentioned = tuple(mention_of(one) for one in list_mentioned(post.body_html, post.author))
    return Page(
        uri=post.uri,
        attributed_to=post.author.uri,
        to=_open_to(post),
        cc=_also_to(post, mentioned),
        group=mention_of(post.community),
        name=post.title,
        summary=_summary(post),
        content=post.body_html or f"<p>{escape(post.title)}</p>",
        source=post.body_source or None,
        language=language_of(post.language),
        attachments=_attachments(post),
        mentions=mentioned,
        hashtags=list_hashtags(f"<p>{escape(post.title)}</p>{post.body_html}") if is_ours else (),
        url=post.url,
        context=f"{post.uri}/context" if is_ours else None,
        replies=f"{post.uri}/replies" if is_ours else None,
        likes=f"{post.uri}/likes" if is_ours else None,
        sensitive=post.is_sensitive,
        comments_enabled=not post.is_locked,
        published=post.published_at,
        updated=post.edited_at,
    )


def serialize_comment(comment: Comment, parent: Comment | None) -> Note:
    """Return a local comment as Note; `parent` is the comment it answers, if any."""
    answered = parent_author(comment, parent)
    group = comment.post.community
    people = [answered, *list_mentioned(comment.body_html, comment.author)]
    mentioned = tuple(mention_of(one) for one in people if one.id != comment.author_id)
    hrefs = dict.fromkeys(m.href for m in mentioned)
    return Note(
        uri=comment.uri,
        attributed_to=comment.author.uri,
        in_reply_to=parent.uri if parent is not None else comment.post.uri,
        to=(PUBLIC,) if comment.post.visibility == Visibility.PUBLIC else (group.uri,),
        cc=(group.uri, *hrefs, thread_author_followers(comment.author)),
        group=mention_of(group),
        content=comment.body_html,
        source=comment.body_source or None,
        language=language_of(comment.language),
        attachments=_attachments(comment),
        mentions=mentioned,
        hashtags=list_hashtags(comment.body_html),
        context=f"{comment.post.uri}/context"
        if comment.post.is_local
        else comment.post.context_uri,
        replies=f"{comment.uri}/replies",
        likes=f"{comment.uri}/likes",
        published=comment.published_at,
        updated=comment.edited_at,
    )


def with_count(document: Shown, posted: Post | Comment) -> Shown:
    """Return a document as it is served on request, with how many found it useful.

    What is delivered says only where that stands: its bytes stay the same while people vote.
    """
    likes = CollectionCount(f"{posted.uri}/likes", posted.vote_count)
    return replace(document, likes=likes)


def serialize_tombstone(posted: Post | Comment) -> Tombstone:
    """Return what stands in the place of something deleted or removed."""
    return Tombstone(
        uri=posted.uri,
        former_type="Page" if isinstance(posted, Post) else "Note",
        published=posted.published_at,
        deleted=posted.state_at,
    )


def _open_to(post: Post) -> tuple[str, ...]:
    """Put the community first: Lemmy takes the first address that resolves to a Group."""
    if post.visibility == Visibility.PUBLIC:
        return (post.community.uri, PUBLIC)
    return (post.community.uri,)


def _also_to(post: Post, mentioned: tuple[Mention, ...]) -> tuple[str, ...]:
    followers = (thread_author_followers(post.author),) if post.is_local else ()
    return (*followers, *(mention.href for mention in mentioned))


def _summary(post: Post) -> str:
    """Mastodon shows title and summary and never the content: a short text is its own summary."""
    if len(html_to_text(post.body_html)) <= SUMMARY_LENGTH:
        return post.body_html or f"<p>{escape(post.title)}</p>"
    return f"<p>{escape(post.excerpt)}</p>"


def _attachments(posted: Post | Comment) -> tuple[Link | Picture | File, ...]:
    """Return the link of a link post first (Lemmy takes it for the subject), then files."""
    found: list[Link | Picture | File] = []
    if isinstance(posted, Post) and posted.link_url:
        found.append(Link(posted.link_url))
    for one in list_attachments(posted):
        media_type = one.media_type or "application/octet-stream"
        if media_type.startswith("image/"):
            found.append(Picture(one.url, media_type, one.description or None))
        else:
            found.append(File(one.url, media_type, one.description or None))
    return tuple(found)
