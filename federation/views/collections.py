"""Outbox, followers, moderators, featured, replies and context (federation.md section 4.1)."""

from flask import request
from werkzeug.wrappers import Response

from app.accounts.models.account import Account, AccountState
from app.accounts.queries import count_followers, find_local_account
from app.core.addresses import local_uri
from app.core.errors import InvalidInputError, NotFoundError
from app.forum.access import can_see_post
from app.forum.models.comment import Comment
from app.forum.models.community import Community
from app.forum.models.post import Post
from app.forum.queries.comments import get_comment, list_replies
from app.forum.queries.communities import get_visible_community, list_moderators
from app.forum.queries.posts import get_post, list_pinned
from federation.outbound.outbox import OutboxPage, count_listed, list_outbox
from federation.outbound.serializers.posted import serialize_post
from federation.outbound.threads import list_context
from federation.views.answers import answer_document
from federation.views.blueprint import blueprint
from federation.vocab.outgoing import Collection, CollectionPage

MAX_ROW_DIGITS = 18


def _local_community(name: str) -> Community:
    community = get_visible_community(name, None)
    if not community.is_local:
        raise NotFoundError("not ours")
    return community


def _local_person(name: str) -> Account:
    account = find_local_account(name)
    if account is None or account.state != AccountState.ACTIVE:
        raise NotFoundError("no such person")
    return account


@blueprint.get("/c/<name>/outbox")
def show_community_outbox(name: str) -> Response:
    """List what the community announced; the newest 50 inline, for Lemmy, and pages for all."""
    return _outbox(_local_community(name), is_inline=True)


@blueprint.get("/u/<name>/outbox")
def show_person_outbox(name: str) -> Response:
    """List what a person wrote, in pages."""
    return _outbox(_local_person(name), is_inline=False)


@blueprint.get("/outbox")
def show_instance_outbox() -> Response:
    """Return an empty list: the server says nothing, but PieFed wants the collection."""
    return answer_document(Collection(uri=local_uri("/outbox"), total_items=0, items=()))


@blueprint.get("/c/<name>/followers")
def show_community_followers(name: str) -> Response:
    """How many follow; who they are is theirs to tell. Lemmy wants exactly this shape."""
    community = _local_community(name)
    uri = f"{community.uri}/followers"
    return answer_document(
        Collection(
            uri=uri,
            total_items=community.member_count,
            items=(),
            ordered=False,
            first=CollectionPage(uri=f"{uri}?page=1", part_of=uri, ordered=False),
        )
    )


@blueprint.get("/u/<name>/followers")
def show_person_followers(name: str) -> Response:
    """How many follow a person; Mastodon needs `first` to show the number."""
    account = _local_person(name)
    return _counted(f"{account.uri}/followers", count_followers(account))


@blueprint.get("/u/<name>/following")
def show_person_following(name: str) -> Response:
    """Whom a person follows is theirs to tell."""
    return _counted(f"{_local_person(name).uri}/following", 0)


@blueprint.get("/c/<name>/following")
def show_community_following(name: str) -> Response:
    """Return an empty list: a community follows nobody."""
    return _counted(f"{_local_community(name).uri}/following", 0)


@blueprint.get("/c/<name>/moderators")
def show_moderators(name: str) -> Response:
    """Who moderates, as ids only (Lemmy, PieFed, Mbin)."""
    community = _local_community(name)
    uris = tuple(account.uri for account in list_moderators(community))
    uri = f"{community.uri}/moderators"
    return answer_document(Collection(uri=uri, total_items=len(uris), items=uris))


@blueprint.get("/c/<name>/featured")
def show_featured(name: str) -> Response:
    """List the pinned posts: ours in full, others by their id."""
    community = _local_community(name)
    pinned = list_pinned(None, community)
    items = tuple(serialize_post(post) if post.is_local else post.uri for post in pinned)
    uri = f"{community.uri}/featured"
    return answer_document(Collection(uri=uri, total_items=len(items), items=items))


@blueprint.get("/post/<public_id>/replies")
def show_post_replies(public_id: str) -> Response:
    """List the direct answers to a post, from wherever they came."""
    return _replies(_open_post(public_id))


@blueprint.get("/comment/<public_id>/replies")
def show_comment_replies(public_id: str) -> Response:
    """List the direct answers to a comment."""
    comment = get_comment(public_id)
    if not can_see_post(None, comment.post):
        raise NotFoundError("no such comment")
    return _replies(comment)


@blueprint.get("/post/<public_id>/context")
def show_context(public_id: str) -> Response:
    """List the whole thread by ids, oldest first (FEP-7888, FEP-f228)."""
    post = _open_post(public_id)
    items = (post.uri, *list_context(post))
    return answer_document(
        Collection(
            uri=f"{post.uri}/context",
            total_items=len(items),
            items=items,
            name=post.title,
            attributed_to=post.community.uri,
            audience=post.community.uri,
        )
    )


def _open_post(public_id: str) -> Post:
    post = get_post(public_id)
    if not post.is_local or not can_see_post(None, post):
        raise NotFoundError("no such post")
    return post


def _replies(posted: Post | Comment) -> Response:
    uri = f"{posted.uri}/replies"
    uris = tuple(reply.uri for reply in list_replies(posted))
    page = CollectionPage(uri=f"{uri}?page=1", part_of=uri, items=uris, ordered=False)
    return answer_document(Collection(uri=uri, total_items=len(uris), first=page, ordered=False))


def _counted(uri: str, count: int) -> Response:
    page = CollectionPage(uri=f"{uri}?page=1", part_of=uri)
    if request.args.get("page"):
        return answer_document(page)
    return answer_document(Collection(uri=uri, total_items=count, first=page.uri))


def _outbox(owner: Account | Community, *, is_inline: bool) -> Response:
    uri = f"{owner.uri}/outbox"
    if "page" in request.args:
        return answer_document(_outbox_page(owner, uri))
    first = list_outbox(owner, None) if is_inline else OutboxPage((), None)
    return answer_document(
        Collection(
            uri=uri,
            total_items=count_listed(owner),
            items=first.bodies if is_inline else None,
            first=f"{uri}?page=1",
        )
    )


def _outbox_page(owner: Account | Community, uri: str) -> CollectionPage:
    before = request.args.get("before", "")
    if before and not (before.isascii() and before.isdecimal() and len(before) <= MAX_ROW_DIGITS):
        raise InvalidInputError("before", "not a place in this list")
    found = list_outbox(owner, int(before) if before else None)
    query = f"?page=1&before={before}" if before else "?page=1"
    return CollectionPage(
        uri=uri + query,
        part_of=uri,
        items=found.bodies,
        next=f"{uri}?page=1&before={found.next_before}" if found.next_before else None,
    )
