"""People, communities and this server as AS2 actors (federation.md section 1)."""

from html import escape
from typing import Final
from urllib.parse import quote

from app.accounts.models.account import Account, AccountState
from app.core.addresses import local_host, local_uri
from app.core.html import html_to_text
from app.core.settings import current_settings
from app.forum.models.community import Community
from federation.models.actor import Actor
from federation.transport.own_keys import list_key_methods, public_key_pem
from federation.vocab.outgoing import Application, Group, Person
from federation.vocab.outgoing_parts import ProfileField, language_of
from federation.vocab.terms import JsonObject

DESCRIPTION_LENGTH: Final = 200
# Addresses of lists; the site speaks Dutch to everybody who reads its documents.
ADMINISTRATORS: Final = "/administrators"
TAGS: Final = "/tags"
ROLE: Final = "Rol"
ORGANISATION: Final = "Organisatie"
MOVED: Final = "→ verhuisd"
# One line about any installation; the site has no such setting of its own.
ABOUT: Final = (
    "Plek waar lerarenopleiders elkaar vragen stellen, netwerken vinden en nieuws volgen."
)


def serialize_person(account: Account, actor: Actor) -> Person:
    """Return a local person as Person; a suspended one keeps its keys and loses its profile."""
    uri = account.uri
    is_shown = account.state == AccountState.ACTIVE
    return Person(
        type="Service" if account.is_bot else "Person",
        uri=uri,
        preferred_username=account.name,
        webfinger=account.handle,
        name=account.shown_name if is_shown else account.name,
        summary=(account.bio_html or None) if is_shown else None,
        source=account.bio_source if is_shown else None,
        inbox=f"{uri}/inbox",
        outbox=f"{uri}/outbox",
        followers=f"{uri}/followers",
        following=f"{uri}/following",
        featured=f"{uri}/featured",
        featured_tags=f"{uri}{TAGS}",
        shared_inbox=local_uri("/inbox"),
        public_key_pem=public_key_pem(actor),
        assertion_methods=list_key_methods(actor),
        also_known_as=tuple(actor.also_known_as),
        moved_to=actor.moved_to,
        attachments=_profile_fields(account) if is_shown else (),
        discoverable=account.is_discoverable,
        indexable=account.is_discoverable,
        suspended=not is_shown,
        attribution_domains=(local_host(),),
        generator=local_uri("/"),
        published=account.created_at,
        updated=account.changed_at,
    )


def serialize_group(community: Community, actor: Actor) -> Group:
    """Return a local community as Group; one that moved says so to who knows no `movedTo`."""
    uri = community.uri
    return Group(
        uri=uri,
        preferred_username=community.name,
        webfinger=community.handle,
        name=community.title if actor.moved_to is None else f"{community.title} {MOVED}",
        summary=_group_summary(community, actor.moved_to),
        source=community.description_source or None,
        description=html_to_text(community.description_html)[:DESCRIPTION_LENGTH] or None,
        inbox=f"{uri}/inbox",
        outbox=f"{uri}/outbox",
        followers=f"{uri}/followers",
        following=f"{uri}/following",
        moderators=f"{uri}/moderators",
        featured=f"{uri}/featured",
        shared_inbox=local_uri("/inbox"),
        public_key_pem=public_key_pem(actor),
        assertion_methods=list_key_methods(actor),
        also_known_as=tuple(actor.also_known_as),
        moved_to=actor.moved_to,
        posting_restricted_to_mods=community.is_posting_restricted,
        languages=(language_of(community.language),),
        attribution_domains=(local_host(),),
        generator=local_uri("/"),
        published=community.created_at,
        updated=community.changed_at,
    )


def serialize_instance(actor: Actor) -> Application:
    """Return this server as Application; its inbox is the shared one (section 1.4)."""
    settings = current_settings()
    uri = local_uri("/")
    return Application(
        uri=uri,
        preferred_username=local_host(),
        webfinger=f"{local_host()}@{local_host()}",
        name=settings.site_name,
        summary=f"<p>{ABOUT}</p>",
        description=ABOUT,
        inbox=local_uri("/inbox"),
        outbox=local_uri("/outbox"),
        shared_inbox=local_uri("/inbox"),
        administrators=local_uri(ADMINISTRATORS),
        public_key_pem=public_key_pem(actor),
        assertion_methods=list_key_methods(actor),
        manually_approves_followers=True,
        discoverable=False,
        languages=(language_of(settings.locale),),
        published=actor.made_at,
    )


def list_expertise(account: Account) -> list[JsonObject]:
    """Return what a local person knows much about as hashtags, each with our page about it."""
    found: list[JsonObject] = []
    for term in account.expertise:
        name = "".join(c for c in term.title() if c.isalnum())
        if name:
            href = local_uri(f"/mensen?expertise={quote(term, safe='')}")
            found.append({"type": "Hashtag", "name": f"#{name}", "href": href})
    return found


def _profile_fields(account: Account) -> tuple[ProfileField, ...]:
    """Return what a person does and where, as lines of the profile (FEP-fb2a)."""
    lines = ((ROLE, account.role_title), (ORGANISATION, account.organisation))
    return tuple(ProfileField(name, escape(value)) for name, value in lines if value)


def _group_summary(community: Community, moved_to: str | None) -> str | None:
    """Return the text about a community; where it went stands first, for who reads only that."""
    if moved_to is None:
        return community.description_html or None
    address = escape(moved_to, quote=True)
    link = f'<p>{MOVED}: <a href="{address}">{address}</a></p>'
    return link + community.description_html
