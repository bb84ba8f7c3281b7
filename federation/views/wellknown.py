"""How others find us: WebFinger, host-meta, NodeInfo, security.txt (federation.md section 6)."""

from datetime import timedelta
from xml.sax.saxutils import escape

from flask import Response, request
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response as BaseResponse

from app.accounts.models.account import Account, AccountState
from app.accounts.queries import find_local_account
from app.core.addresses import is_local_host, local_host, local_path, local_uri
from app.core.clock import utcnow
from app.core.errors import NotFoundError
from app.core.settings import SOFTWARE_NAME, SOFTWARE_VERSION, current_settings
from app.forum.access import can_see_community
from app.forum.models.community import Community
from app.forum.queries.communities import find_community
from federation.discovery.handles import Handle, parse_handle
from federation.errors import MalformedError
from federation.outbound.statistics import count_usage, list_admins
from federation.views.answers import FRESH, answer_bytes, answer_jrd, answer_json
from federation.views.blueprint import blueprint
from federation.vocab.terms import ACTIVITY_JSON

NODEINFO = "http://nodeinfo.diaspora.software/ns/schema/"
APPLICATION = "https://www.w3.org/ns/activitystreams#Application"
TYPE_PROPERTY = "https://www.w3.org/ns/activitystreams#type"
SUBSCRIBE = "http://ostatus.org/schema/1.0/subscribe"
MAX_RESOURCE = 2048
SLASHES_OF_ROOT = 3


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
        return "Group"
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
    return {
        "subject": f"acct:{handle}",
        "aliases": [uri],
        "links": [
            {
                "rel": "self",
                "type": ACTIVITY_JSON,
                "href": uri,
                "properties": {TYPE_PROPERTY: kind},
            },
            {"rel": "http://webfinger.net/rel/profile-page", "type": "text/html", "href": uri},
            {"rel": SUBSCRIBE, "template": local_uri("/zoeken?q={uri}")},
        ],
    }


@blueprint.get("/.well-known/host-meta")
def show_host_meta() -> BaseResponse:
    """Say where WebFinger is, in XRD (RFC 6415)."""
    template = escape(local_uri("/.well-known/webfinger?resource={uri}"))
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0">'
        f'<Link rel="lrdd" template="{template}"/></XRD>\n'
    )
    return answer_bytes(body.encode("utf-8"), "application/xrd+xml; charset=utf-8")


@blueprint.get("/.well-known/host-meta.json")
def show_host_meta_json() -> BaseResponse:
    """Say where WebFinger is, in JSON."""
    template = local_uri("/.well-known/webfinger?resource={uri}")
    return answer_json({"links": [{"rel": "lrdd", "template": template}]})


@blueprint.get("/.well-known/nodeinfo")
def show_nodeinfo_index() -> BaseResponse:
    """List the NodeInfo documents; Lemmy takes the first, which is the flat one."""
    return answer_json(
        {
            "links": [
                {"rel": f"{NODEINFO}2.0", "href": local_uri("/nodeinfo/2.0")},
                {"rel": f"{NODEINFO}2.1", "href": local_uri("/nodeinfo/2.1")},
                {"rel": APPLICATION, "href": local_uri("/")},
            ]
        }
    )


@blueprint.get("/nodeinfo/<version>")
def show_nodeinfo(version: str) -> BaseResponse:
    """NodeInfo 2.0 with flat metadata (Lemmy), 2.1 with more (FEP-0151)."""
    if version not in {"2.0", "2.1"}:
        raise NotFoundError("no such version")
    settings, usage = current_settings(), count_usage()
    software = {"name": SOFTWARE_NAME, "version": SOFTWARE_VERSION}
    metadata: dict[str, object] = {"nodeName": settings.site_name}
    if version == "2.1":
        metadata |= {
            "federation": {"enabled": settings.federation.value != "off"},
            "staffAccounts": [account.uri for account in list_admins()],
            "languages": ["nl", "en"],
        }
    media_type = f'application/json; profile="{NODEINFO}{version}#"'
    return answer_json(
        {
            "version": version,
            "software": software,
            "protocols": ["activitypub"],
            "services": {"inbound": [], "outbound": []},
            "openRegistrations": False,
            "usage": {
                "users": {
                    "total": usage.people,
                    "activeMonth": usage.active_in_month,
                    "activeHalfyear": usage.active_in_half_year,
                },
                "localPosts": usage.posts,
                "localComments": usage.comments,
            },
            "metadata": metadata,
        },
        media_type,
    )


@blueprint.get("/api/v3/site")
def show_site() -> BaseResponse:
    """Tell PieFed who may act as administrator (federation.md section 1.4)."""
    settings = current_settings()
    admins = [
        {"person": {"actor_id": account.uri, "name": account.name}} for account in list_admins()
    ]
    return answer_json(
        {
            "site_view": {"site": {"name": settings.site_name, "actor_id": local_uri("/")}},
            "admins": admins,
            "version": SOFTWARE_VERSION,
        }
    )


@blueprint.get("/.well-known/security.txt")
def show_security_txt() -> Response:
    """Whom to tell about a leak (RFC 9116)."""
    settings = current_settings()
    contact = f"mailto:{settings.contact_email}" if settings.contact_email else local_uri("/over")
    expires = (utcnow() + timedelta(days=180)).strftime("%Y-%m-%dT00:00:00Z")
    body = f"Contact: {contact}\nExpires: {expires}\nPreferred-Languages: nl, en\n"
    response = Response(body, content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = FRESH
    return response
