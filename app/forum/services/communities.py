"""Making communities, changing them, and keeping up with those of other servers."""

from dataclasses import dataclass

from flask_babel import gettext as _

from app.accounts.models.account import Account
from app.accounts.models.handle import HandleKind
from app.accounts.services.registration import reserve_handle
from app.core.clock import utcnow
from app.core.db import session
from app.core.errors import ConflictError, InvalidInputError, NotAllowedError
from app.core.events import emit
from app.core.html import clean_html, clean_text, safe_url
from app.core.markdown import render_markdown
from app.core.visibility import State
from app.forum import policy
from app.forum.events import CommunityClosed, CommunityEdited, CommunityFounded
from app.forum.models.community import Community
from app.forum.models.membership import MemberRole, Membership, MembershipState
from app.forum.queries.communities import find_community_by_uri
from app.forum.queries.standings import get_standing
from app.forum.services.indexing import index_community
from app.forum.services.mentions import link_mention
from app.forum.services.texts import checked_language, clean_source

MAX_TITLE = 200
MAX_DESCRIPTION = 10_000
MAX_DESCRIPTION_HTML = 50_000


@dataclass(frozen=True)
class CommunityDraft:
    """What the people who look after a community decide about it."""

    title: str
    description: str = ""
    language: str = "nl"
    is_posting_restricted: bool = False
    requires_membership: bool = False
    is_premoderated: bool = False


@dataclass(frozen=True)
class RemoteCommunity:
    """What another server tells about a community of its own."""

    uri: str
    name: str
    host: str
    title: str
    url: str | None = None
    description_html: str = ""
    language: str = ""
    is_posting_restricted: bool = False


def found_community(
    name: str, title: str, owner: Account | None, description: str = ""
) -> Community:
    """Make a community here, with `owner` as its first member.

    Who may ask for one is judged where the wish comes in: the page is for administrators. Raises
    InvalidInputError for a bad or taken name, a bad title or description.
    """
    reserve_handle(name, HandleKind.COMMUNITY)
    community = Community(name=name, title=_checked_title(title))
    _describe(community, description)
    session().add(community)
    session().flush()
    if owner is not None:
        membership = Membership(
            account=owner,
            community=community,
            state=MembershipState.APPROVED,
            role=MemberRole.OWNER,
            approved_at=utcnow(),
        )
        session().add(membership)
        community.member_count = 1
        session().flush()
    emit(CommunityFounded(community.id))
    return community


def edit_community(community: Community, draft: CommunityDraft, by: Account) -> None:
    """Change what a community says about itself; nothing is told when nothing changed."""
    if not community.is_local:
        raise ConflictError(_("Deze groep wordt op een andere server beheerd."))
    if not policy.can_manage(get_standing(by, community)):
        raise NotAllowedError(_("Alleen wie deze groep beheert, kan haar aanpassen."))
    community.title = _checked_title(draft.title)
    _describe(community, draft.description)
    community.language = checked_language(draft.language)
    community.is_posting_restricted = draft.is_posting_restricted
    community.requires_membership = draft.requires_membership
    community.is_premoderated = draft.is_premoderated
    if session().is_modified(community):
        community.changed_at = utcnow()
        session().flush()
        emit(CommunityEdited(community.id, by.id))


def upsert_remote_community(told: RemoteCommunity) -> Community:
    """Store or refresh a community of another server; all texts are cleaned here."""
    community = find_community_by_uri(told.uri)
    if community is None:
        community = Community(remote_uri=told.uri, name=told.name, host=told.host.lower())
        session().add(community)
    if community.is_local:
        raise ConflictError(_("Deze groep staat op deze server."))
    community.name = told.name
    community.host = told.host.lower()
    community.remote_url = safe_url(told.url) if told.url else None
    community.title = clean_text(told.title, max_length=MAX_TITLE) or told.name
    community.description_source = ""
    community.description_html = clean_html(told.description_html, max_length=MAX_DESCRIPTION_HTML)
    community.language = checked_language(told.language)
    community.is_posting_restricted = told.is_posting_restricted
    if session().is_modified(community):
        community.changed_at = utcnow()
        session().flush()
        index_community(community)
    return community


def close_remote_community(community: Community) -> None:
    """Keep that a community elsewhere is no more; its threads are not shown either, silent twice.

    Memberships stay, in case it comes back.
    """
    if community.is_local or community.state == State.DELETED:
        return
    _set_state(community, State.DELETED)
    emit(CommunityClosed(community.id))


def reopen_remote_community(community: Community) -> None:
    """Show a community elsewhere again that had been closed."""
    if not community.is_local and community.state == State.DELETED:
        _set_state(community, State.PUBLISHED)


def _set_state(community: Community, state: State) -> None:
    community.state = state
    community.changed_at = utcnow()
    session().flush()
    index_community(community)


def _checked_title(title: str) -> str:
    cleaned = clean_text(title, max_length=MAX_TITLE + 1)
    if not cleaned:
        raise InvalidInputError("title", _("Geef de groep een naam."))
    if len(cleaned) > MAX_TITLE:
        raise InvalidInputError(
            "title", _("Maak de naam korter: hooguit %(max)d tekens.", max=MAX_TITLE)
        )
    return cleaned


def _describe(community: Community, description: str) -> None:
    if len(description) > MAX_DESCRIPTION:
        raise InvalidInputError(
            "description",
            _("Maak de beschrijving korter: hooguit %(max)d tekens.", max=MAX_DESCRIPTION),
        )
    source = clean_source(description)
    community.description_source = source
    community.description_html = render_markdown(source, mentions=link_mention).html
