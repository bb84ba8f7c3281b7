"""Answering who is who here, in every form of handle (RFC 7033, federation.md section 6)."""

from typing import Final

from flask import request
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response as BaseResponse

from app.accounts.models.account import Account, AccountState
from app.accounts.queries import find_local_account
from app.core.addresses import is_local_host, local_host, local_path, local_uri
from app.core.errors import NotFoundError
from app.forum.access import can_see_community
from app.forum.models.community import Community
from app.forum.queries.communities import find_community
from federation.discovery.descriptor import INTENT, SUBSCRIBE, TYPE_PROPERTY
from federation.discovery.handles import Handle, parse_handle
from federation.discovery.intents import Wish
from federation.errors import MalformedError
from federation.views.answers import answer_jrd
from federation.views.blueprint import blueprint
from federation.vocab.terms import ACTIVITY_JSON

PROFILE_PAGE: Final = "http://webfinger.net/rel/profile-page"
INTERACTION: Final = "/authorize_interaction?uri="
MAX_RESOURCE: Final = 2048
SLASHES_OF_ROOT: Final = 3
GROUP: Final = "Group"


@blueprint.get("/.well-known/webfinger")
def show_webfinger() -> BaseResponse:
    """Answer for people, communities and this server, in every form of handle (RFC 7033)."""
    resource = request.args.get("resource", "")
    if not resource or len(resource) > MAX_RESOURCE:
        raise BadRequest
    resource = _without_capitals(resource)
    if _is_instance(resource):
        return answer_jrd(
            _descriptor(f"{local_host()}@{local_host()}", local_uri("/"), "Application")
        )
    found = _find(resource)
    if found is None:
        raise NotFoundError("nobody here by that name")
    return answer_jrd(_descriptor(found.handle, found.uri, _kind(found)))


def _without_capitals(resource: str) -> str:
    """Return the resource in small letters, without the last slash: our names have no others."""
    small = resource.strip().lower().removeprefix("acct:")
    return small if small.count("/") <= SLASHES_OF_ROOT else small.rstrip("/")


def _kind(found: Account | Community) -> str:
    if isinstance(found, Community):
        return GROUP
    return "Service" if found.is_bot else "Person"


def _is_instance(resource: str) -> bool:
    handle = resource.lstrip("@")
    return handle == f"{local_host()}@{local_host()}" or local_path(resource) == "/"


def _find(resource: str) -> Account | Community | None:
    path = local_path(resource)
    if path is not None:
        for prefix, find in (("/u/", _find_person), ("/c/", _find_community)):
            if path.startswith(prefix):
                return find(path.removeprefix(prefix))
        return None
    try:
        handle = parse_handle(resource)
    except MalformedError:
        return None
    if not isinstance(handle, Handle) or not is_local_host(handle.host):
        return None
    return _find_community(handle.name) or _find_person(handle.name)


def _find_person(name: str) -> Account | None:
    account = find_local_account(name)
    return account if account is not None and account.state == AccountState.ACTIVE else None


def _find_community(name: str) -> Community | None:
    community = find_community(name)
    return community if community is not None and can_see_community(None, community) else None


def _descriptor(handle: str, uri: str, kind: str) -> dict[str, object]:
    """Return the JRD; the link to the actor comes first, Mastodon takes that one."""
    links: list[dict[str, object]] = [
        {"rel": "self", "type": ACTIVITY_JSON, "href": uri, "properties": {TYPE_PROPERTY: kind}},
        {"rel": PROFILE_PAGE, "type": "text/html", "href": uri},
        {"rel": SUBSCRIBE, "template": local_uri(f"{INTERACTION}{{uri}}")},
    ]
    if kind != GROUP:
        links += _intents()
    return {"subject": f"acct:{handle}", "aliases": [uri], "links": links}


def _intents() -> list[dict[str, object]]:
    """Return where our people act on what they found elsewhere (FEP-3b86)."""
    found = {
        "Follow": f"{{object}}&doe={Wish.FOLLOW}",
        "Create": f"{{inReplyTo}}&doe={Wish.ANSWER}",
        "Like": f"{{object}}&doe={Wish.VOTE}",
        "Announce": f"{{object}}&doe={Wish.SHARE}",
        "Object": "{object}",
    }
    return [
        {"rel": INTENT + verb, "template": local_uri(INTERACTION + query)}
        for verb, query in found.items()
    ]
