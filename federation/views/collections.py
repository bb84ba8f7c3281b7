"""Outbox, followers, moderators, featured, replies and context (federation.md section 4.1)."""

from flask import request
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from app.accounts.models.account import Account, AccountState
from app.accounts.queries import count_followers, find_local_account
from app.accounts.services.system import MODERATION
from app.core.addresses import local_uri
from app.core.errors import NotFoundError
from app.forum.access import can_see_post
from app.forum.models.comment import Comment
from app.forum.models.community import Community
from app.forum.models.post import Post
from app.forum.queries.comments import get_readable_comment
from app.forum.queries.communities import get_visible_community, list_moderators
from app.forum.queries.posts import get_post
from federation.outbound.outbox import OutboxPage, count_listed, list_outbox
from federation.outbound.serializers.actors import ADMINISTRATORS, TAGS, list_expertise
from federation.outbound.serializers.posted import serialize_post
from federation.outbound.statistics import list_admins
from federation.outbound.threads import list_context, list_featured, list_replies
from federation.views.answers import answer_document, answer_openly
from federation.views.blueprint import blueprint
from federation.vocab.outgoing import Collection, CollectionPage

IDS_PAGE = 500
MAX_DIGITS = 10
MAX_NUMBER = 2**31  # what a row id can be


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
    return answer_openly(Collection(uri=local_uri("/outbox"), total_items=0, items=()))


@blueprint.get(ADMINISTRATORS)
def show_administrators() -> Response:
    """Who runs this server, as ids only (FEP-baf5)."""
    uris = tuple(account.uri for account in list_admins())
    uri = local_uri(ADMINISTRATORS)
    return answer_document(Collection(uri=uri, total_items=len(uris), items=uris))


@blueprint.get("/u/<name>/featured")
def show_person_featured(name: str) -> Response:
    """Return an empty list: people pin nothing, but Mastodon asks."""
    uri = f"{_local_person(name).uri}/featured"
    return answer_document(Collection(uri=uri, total_items=0, items=()))


@blueprint.get(f"/u/<name>{TAGS}")
def show_person_tags(name: str) -> Response:
    """List what a person knows much about, as hashtags (Mastodon's featuredTags)."""
    account = _local_person(name)
    items = tuple(list_expertise(account))
    uri = f"{account.uri}{TAGS}"
    return answer_document(Collection(uri=uri, total_items=len(items), items=items, ordered=False))


@blueprint.get("/c/<name>/followers")
def show_community_followers(name: str) -> Response:
    """How many follow; who they are is theirs to tell. Lemmy wants exactly this shape."""
    community = _local_community(name)
    uri, count = f"{community.uri}/followers", community.member_count
    page = CollectionPage(uri=f"{uri}?page=1", part_of=uri, ordered=False)
    if "page" in request.args:
        return answer_document(page)
    return answer_document(
        Collection(uri=uri, total_items=count, items=(), ordered=False, first=page)
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
    """Who moderates, as ids only (Lemmy, PieFed, Mbin).

    The server's own person is the last of them: PieFed takes its acts only from whom it finds here.
    """
    community = _local_community(name)
    own = find_local_account(MODERATION)
    moderators = [*list_moderators(community), *([] if own is None else [own])]
    uris = tuple(account.uri for account in moderators)
    uri = f"{community.uri}/moderators"
    return answer_document(Collection(uri=uri, total_items=len(uris), items=uris))


@blueprint.get("/c/<name>/featured")
def show_featured(name: str) -> Response:
    """List the pinned posts in full, as Lemmy wants them."""
    community = _local_community(name)
    items = tuple(serialize_post(post) for post in list_featured(community))
    uri = f"{community.uri}/featured"
    return answer_document(Collection(uri=uri, total_items=len(items), items=items))


@blueprint.get("/post/<public_id>/replies")
def show_post_replies(public_id: str) -> Response:
    """List the direct answers to a post, from wherever they came."""
    return _replies(_open_post(public_id))


@blueprint.get("/comment/<public_id>/replies")
def show_comment_replies(public_id: str) -> Response:
    """List the direct answers to a comment."""
    return _replies(_open_comment(public_id))


@blueprint.get("/post/<public_id>/likes")
def show_post_likes(public_id: str) -> Response:
    """Tell how many found a post useful; who, is theirs to tell."""
    return _likes(_open_post(public_id))


@blueprint.get("/comment/<public_id>/likes")
def show_comment_likes(public_id: str) -> Response:
    """Tell how many found a comment useful."""
    return _likes(_open_comment(public_id))


@blueprint.get("/post/<public_id>/context")
def show_context(public_id: str) -> Response:
    """List the whole thread by ids, oldest first (FEP-7888, FEP-f228)."""
    post = _open_post(public_id)
    uri, own = f"{post.uri}/context", (post.uri,) if post.is_published else ()
    items = (*own, *list_context(post))
    first = _page_of(uri, items, ordered=True)
    if "page" in request.args:
        return answer_document(first)
    return answer_document(
        Collection(
            uri=uri,
            total_items=len(items),
            items=first.items,
            first=f"{uri}?page=1",
            name=post.title if post.is_published else None,
            attributed_to=post.community.uri,
            audience=post.community.uri,
        )
    )


def _open_post(public_id: str) -> Post:
    post = get_post(public_id)
    if not post.is_local or not can_see_post(None, post):
        raise NotFoundError("no such post")
    return post


def _open_comment(public_id: str) -> Comment:
    comment = get_readable_comment(public_id, None)
    if not comment.is_local:
        raise NotFoundError("no such comment")
    return comment


def _likes(posted: Post | Comment) -> Response:
    uri = f"{posted.uri}/likes"
    return answer_document(Collection(uri=uri, total_items=posted.vote_count, ordered=False))


def _replies(posted: Post | Comment) -> Response:
    uri = f"{posted.uri}/replies"
    uris = list_replies(posted)
    page = _page_of(uri, uris, ordered=False)
    if "page" in request.args:
        return answer_document(page)
    return answer_document(Collection(uri=uri, total_items=len(uris), first=page, ordered=False))


def _page_of(uri: str, uris: tuple[str, ...], *, ordered: bool) -> CollectionPage:
    """Return the page that is asked for, the first when none is."""
    number = _number("page") or 1
    end = number * IDS_PAGE
    return CollectionPage(
        uri=f"{uri}?page={number}",
        part_of=uri,
        items=uris[end - IDS_PAGE : end],
        next=f"{uri}?page={number + 1}" if end < len(uris) else None,
        ordered=ordered,
    )


def _number(name: str) -> int | None:
    """Return a number in the query; a place in a list is at least 1."""
    text = request.args.get(name, "")
    if not text:
        return None
    is_number = text.isascii() and text.isdecimal() and len(text) <= MAX_DIGITS
    if not is_number or not 0 < int(text) < MAX_NUMBER:
        raise BadRequest
    return int(text)


def _counted(uri: str, count: int) -> Response:
    page = CollectionPage(uri=f"{uri}?page=1", part_of=uri)
    if "page" in request.args:
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
    before = _number("before")
    found = list_outbox(owner, before)
    query = f"?page=1&before={before}" if before else "?page=1"
    return CollectionPage(
        uri=uri + query,
        part_of=uri,
        items=found.bodies,
        next=f"{uri}?page=1&before={found.next_before}" if found.next_before else None,
    )
