"""Keeps what can be found equal to what can be read: posts, comments and communities."""

from sqlalchemy import select

from app.accounts.models.account import Account
from app.core.db import session
from app.core.html import html_to_text
from app.core.visibility import State, Visibility, narrower
from app.forum.models.comment import Comment
from app.forum.models.community import Community
from app.forum.models.post import Post
from app.search.documents import Kind, SearchDocument
from app.search.index import put_document, remove_document


def index_post(post: Post) -> None:
    """Make a post findable, or unfindable when its text may not be shown."""
    if not post.is_published or post.community.state != State.PUBLISHED:
        remove_document(Kind.POST, post.public_id)
        return
    _put(Kind.POST, post, post)


def index_comment(comment: Comment) -> None:
    """Make a comment findable, or unfindable when its text or thread may not be shown."""
    post = comment.post
    if not comment.is_published or not post.is_published:
        remove_document(Kind.COMMENT, comment.public_id)
        return
    _put(Kind.COMMENT, comment, post)


def _put(kind: Kind, written: Post | Comment, thread: Post) -> None:
    put_document(
        SearchDocument(
            kind=kind,
            key=written.public_id,
            title=thread.title,
            text=html_to_text(written.body_html),
            url=f"/{kind}/{written.public_id}",
            at=written.sort_at,
            detail=thread.community.title,
            language=written.language,
            visibility=narrower(thread.visibility, thread.community.visibility),
            community_id=thread.community_id,
        )
    )


def index_thread(post: Post) -> None:
    """Index a post with all its comments anew, after it was taken away or brought back."""
    index_post(post)
    for comment in session().scalars(select(Comment).where(Comment.post_id == post.id)):
        index_comment(comment)


def index_community(community: Community) -> None:
    """Make a community findable."""
    if community.state != State.PUBLISHED:
        remove_document(Kind.COMMUNITY, community.public_id)
        return
    put_document(
        SearchDocument(
            kind=Kind.COMMUNITY,
            key=community.public_id,
            title=community.title,
            text=html_to_text(community.description_html),
            url=f"/c/{community.page_name}",
            at=community.created_at,
            detail=community.handle,
            language=community.language,
            visibility=Visibility(community.visibility),
            community_id=community.id,
        )
    )


def unindex_author(account: Account) -> None:
    """Make everything that `account` wrote unfindable, with the answers to their posts."""
    for public_id in session().scalars(select(Post.public_id).where(Post.author_id == account.id)):
        remove_document(Kind.POST, public_id)
    for public_id in session().scalars(
        select(Comment.public_id)
        .join(Post, Post.id == Comment.post_id)
        .where((Comment.author_id == account.id) | (Post.author_id == account.id))
    ):
        remove_document(Kind.COMMENT, public_id)
