"""How others find us: host-meta, NodeInfo, security.txt (federation.md section 6)."""

from datetime import timedelta
from xml.sax.saxutils import escape

from flask import Response
from werkzeug.wrappers import Response as BaseResponse

from app.accounts.models.account import Account
from app.core.addresses import local_uri
from app.core.clock import utcnow
from app.core.errors import NotFoundError
from app.core.settings import SOFTWARE_NAME, SOFTWARE_VERSION, Federation, current_settings
from federation.outbound.serializers.actors import ABOUT
from federation.outbound.statistics import count_usage, list_admins
from federation.views.answers import FRESH, answer_bytes, answer_json
from federation.views.blueprint import blueprint
from federation.views.representations import actor_of
from federation.vocab.render_parts import write_time

NODEINFO = "http://nodeinfo.diaspora.software/ns/schema/"
APPLICATION = "https://www.w3.org/ns/activitystreams#Application"


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
    """NodeInfo 2.0 with flat metadata (Lemmy), 2.1 with more (FEP-0151).

    Nobody registers here without an invitation or an address of a known organisation, so
    registrations are never open (app/accounts/services/admission.py).
    """
    if version not in {"2.0", "2.1"}:
        raise NotFoundError("no such version")
    settings, usage = current_settings(), count_usage()
    is_rich = version == "2.1"
    software = {"name": SOFTWARE_NAME, "version": SOFTWARE_VERSION}
    content = {
        "version": version,
        "software": software | ({"homepage": local_uri("/over")} if is_rich else {}),
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
        "metadata": {"nodeName": settings.site_name} | (_rich_metadata() if is_rich else {}),
    }
    return answer_json(content, f'application/json; profile="{NODEINFO}{version}#"')


def _rich_metadata() -> dict[str, object]:
    """Return what directories of servers show besides numbers (FEP-0151)."""
    settings = current_settings()
    links = {name: local_uri(f"/{name}") for name in ("huisregels", "privacy", "over")}
    return {
        "nodeDescription": ABOUT,
        "staffAccounts": [account.uri for account in list_admins()],
        "federation": {"enabled": settings.federation != Federation.OFF},
        "features": ["groups", "directory", "feeds"],
        "languages": ["nl", "en"],
        "links": links,
        **({"maintainer": {"email": settings.contact_email}} if settings.contact_email else {}),
    }


@blueprint.get("/api/v3/site")
def show_site() -> BaseResponse:
    """Tell PieFed who may act as administrator (federation.md section 1.4).

    In the shape of Lemmy's own answer, as far as readers use it: directories of communities read
    name and counts.
    """
    settings, usage = current_settings(), count_usage()
    site = {
        "id": 1,
        "name": settings.site_name,
        "description": ABOUT,
        "actor_id": local_uri("/"),
        "inbox_url": local_uri("/inbox"),
        "published": write_time(actor_of(None).made_at),
    }
    counts = {
        "users": usage.people,
        "posts": usage.posts,
        "comments": usage.comments,
        "users_active_month": usage.active_in_month,
        "users_active_half_year": usage.active_in_half_year,
    }
    return answer_json(
        {
            "site_view": {
                "site": site,
                "local_site": {"registration_mode": "Closed", "private_instance": False},
                "counts": counts,
            },
            "admins": [{"person": _person(account)} for account in list_admins()],
            "version": SOFTWARE_VERSION,
            "all_languages": [],
            "discussion_languages": [],
        }
    )


def _person(account: Account) -> dict[str, object]:
    return {
        "actor_id": account.uri,
        "name": account.name,
        "display_name": account.shown_name,
        "local": True,
        "admin": True,
    }


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
