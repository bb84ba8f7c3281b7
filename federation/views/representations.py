"""One URL, two forms: a hook serves ActivityStreams where the caller asks for it.

The HTML views know nothing of it. The table says how the row behind an endpoint is found.
"""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Final, TypeAlias
from urllib.parse import quote

from flask import Flask, Response, current_app, redirect, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from app.accounts.models.account import Account, AccountState
from app.accounts.queries import find_account_by_handle
from app.core.addresses import local_uri
from app.core.db import unit_of_work
from app.core.errors import NotFoundError
from app.core.negotiation import wants_activity
from app.core.visibility import State
from app.forum.access import can_see_post
from app.forum.models.comment import Comment
from app.forum.models.community import Community
from app.forum.models.post import Post
from app.forum.queries.comments import get_readable_comment
from app.forum.queries.communities import get_visible_community
from app.forum.queries.posts import get_post
from federation.models.actor import Actor
from federation.outbound.serializers.actors import (
    serialize_group,
    serialize_instance,
    serialize_person,
)
from federation.outbound.serializers.posted import (
    serialize_comment,
    serialize_post,
    serialize_tombstone,
    with_count,
)
from federation.outbound.threads import find_parent
from federation.transport.actors import find_actor, local_actor
from federation.views.answers import answer_document, answer_openly, status_of_tombstone
from federation.views.authority import install_authority, may_read
from federation.vocab.outgoing import ActorStub, Group, Person, Tombstone
from federation.vocab.terms import ACTIVITY_JSON

Representation: TypeAlias = Callable[..., BaseResponse]
SAFE_IN_PATH: Final = "/@:"  # no other of our paths' characters may stand in a header


def represent_instance() -> BaseResponse:
    """`/` is the actor of this server."""
    return answer_openly(serialize_instance(actor_of(None)))


def represent_person(page_name: str) -> BaseResponse:
    """`/u/<name>`: ours as Person, somebody else's by a redirect to the original."""
    handle, _, host = page_name.lstrip("@").partition("@")
    account = find_account_by_handle(handle, host or None)
    if account is None:
        raise NotFoundError("no such person")
    if not account.is_local:
        return redirect(account.uri, 302)
    if account.state == AccountState.DELETED:
        return answer_openly(_departed(account), HTTPStatus.GONE)
    person = serialize_person(account, actor_of(account))
    return _answer_actor(person, person.type)


def represent_community(name: str) -> BaseResponse:
    """`/c/<name>`: ours as Group, somebody else's by a redirect to the original."""
    community = get_visible_community(name, None)
    if not community.is_local:
        return redirect(community.uri, 302)
    return _answer_actor(serialize_group(community, actor_of(community)), "Group")


def represent_post(public_id: str) -> BaseResponse:
    """`/post/<id>` as Page or Tombstone."""
    post = get_post(public_id)
    _require_open(post)
    if not post.is_local:
        return redirect(post.uri, 302)
    if post.state != State.PUBLISHED:
        return _tombstone(post)
    return answer_document(with_count(serialize_post(post), post))


def represent_comment(public_id: str) -> BaseResponse:
    """`/comment/<id>` as Note or Tombstone."""
    comment = get_readable_comment(public_id, None)
    if not comment.is_local:
        return redirect(comment.uri, 302)
    if comment.state != State.PUBLISHED:
        return _tombstone(comment)
    document = serialize_comment(comment, find_parent(comment))
    return answer_document(with_count(document, comment))


REPRESENTATIONS: Final[Mapping[str, Representation]] = {
    "forum.show_home": represent_instance,
    "forum.show_community": represent_community,
    "forum.show_post": represent_post,
    "forum.show_comment": represent_comment,
    "accounts.show_profile": represent_person,
}


def actor_of(owner: Account | Community | None) -> Actor:
    """Return the actor of one of ours; made at the first look when it is not there yet."""
    actor = find_actor(owner)
    if actor is not None and actor.public_key is not None:
        return actor
    with unit_of_work():
        return local_actor(owner)


def _departed(account: Account) -> Tombstone:
    """Return what is left of a person; the key is there until housekeeping forgets it."""
    actor = find_actor(account)
    return Tombstone(
        uri=account.uri,
        former_type="Service" if account.is_bot else "Person",
        deleted=account.deleted_at,
        public_key_pem=None if actor is None else actor.public_key,
    )


def _require_open(post: Post) -> None:
    if not can_see_post(None, post):
        raise NotFoundError("no such post")


def _tombstone(posted: Post | Comment) -> Response:
    return answer_document(serialize_tombstone(posted), status_of_tombstone(posted.state_at))


def _answer_actor(actor: Person | Group, as2_type: str) -> Response:
    """Answer with an actor, or with its stub while documents are guarded and nobody signs."""
    return answer_document(actor) if may_read() else answer_openly(ActorStub.of(actor, as2_type))


def _represent() -> BaseResponse | None:
    if request.method not in {"GET", "HEAD"}:
        return None
    if request.endpoint is None and request.path.endswith("/"):
        return _represent_without_slash(request.path.rstrip("/"))
    representation = REPRESENTATIONS.get(request.endpoint or "")
    if representation is None or not wants_activity(request):
        return None
    return representation(**(request.view_args or {}))


def _represent_without_slash(path: str) -> BaseResponse | None:
    """Answer for an address with a slash too many (federation.md section 6).

    Programs get the document at once, as they follow one redirect at most; people are led on.
    """
    addresses = current_app.create_url_adapter(request)
    if addresses is None:
        return None
    try:
        endpoint, arguments = addresses.match(path, method="GET")
    except HTTPException:
        return None
    representation = REPRESENTATIONS.get(endpoint)
    if representation is None:
        return None
    if wants_activity(request):
        return representation(**arguments)
    return redirect(quote(path, safe=SAFE_IN_PATH), HTTPStatus.MOVED_PERMANENTLY)


def document_address() -> str:
    """Return where the machine form of the page that is asked for stands, "" when it has none."""
    if request.endpoint not in REPRESENTATIONS:
        return ""
    return local_uri(quote(request.path, safe=SAFE_IN_PATH))


def _point_to_document(response: Response) -> Response:
    """Tell readers of the page where its machine form is (federation.md section 1.6)."""
    is_page = response.status_code == HTTPStatus.OK and response.mimetype == "text/html"
    address = document_address() if is_page else ""
    if address:
        response.headers.add("Link", f'<{address}>; rel="alternate"; type="{ACTIVITY_JSON}"')
    return response


def install_representations(app: Flask) -> None:
    """Serve ActivityStreams on the pages that have such a form."""
    install_authority(app)
    app.before_request(_represent)
    app.after_request(_point_to_document)
    app.jinja_env.globals["document_address"] = document_address
