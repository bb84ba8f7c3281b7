"""Somebody here typed a handle or pasted an address: find it, fetching what is not known yet.

For pages and commands. These functions use the network and open units of work of their own: call
them outside of one.
"""

from contextlib import suppress

from flask_babel import gettext as _

from app.accounts.models.account import Account
from app.accounts.queries import find_account_by_handle, find_account_by_webfinger
from app.core.addresses import is_local_host, local_path
from app.core.errors import AppError, NotFoundError, UnavailableError
from app.forum.models.comment import Comment
from app.forum.models.community import Community
from app.forum.models.post import Post
from app.forum.queries.comments import find_posted_by_uri
from app.forum.queries.communities import find_community, find_community_by_webfinger
from app.moderation.queries import is_host_refused
from federation.dereference.actors import find_owner, find_remote_actor
from federation.dereference.chase import Chase
from federation.dereference.claims import confirm_handle
from federation.dereference.objects import Placing
from federation.discovery.handles import Handle, parse_handle
from federation.discovery.webfinger import list_candidates
from federation.errors import FederationError
from federation.errors import UnavailableError as PeerUnavailableError
from federation.transport.client import ActivityClient, activity_client
from federation.vocab.origin import host_of
from federation.vocab.terms import Kind

MAX_CANDIDATES = 2


def look_up_actor(text: str) -> Account | Community:
    """Return the person or community that a handle or address stands for.

    Raises NotFoundError when there is none, UnavailableError when its server does not answer.
    """
    try:
        handle = parse_handle(text)
        known = _known_here(handle)
        return known if known is not None else _fetch_actor(activity_client(), handle)
    except FederationError as error:
        raise _explained(error) from error


def find_known(text: str) -> Account | Community | Post | Comment | None:
    """Return what a handle or an address stands for when no other server need be asked.

    Raises NotFoundError for what is neither, and for what is missing among ours.
    """
    try:
        handle = parse_handle(text)
        posted = find_posted_by_uri(handle) if isinstance(handle, str) else None
        found = posted or _known_here(handle)
        if found is None and isinstance(handle, str) and local_path(handle) is not None:
            raise NotFoundError(_("Op dit adres is niets gevonden."))
    except FederationError as error:
        raise _explained(error) from error
    return found


def look_up_anew(text: str) -> Account | Community:
    """Return whom a handle or address stands for, as the own server describes it now.

    Raises NotFoundError or UnavailableError.
    """
    try:
        handle = parse_handle(text)
        known = _known_here(handle)
        if known is not None and known.is_local:
            return known
        return _fetch_actor(activity_client(), handle if known is None else known.uri)
    except FederationError as error:
        raise _explained(error) from error


def look_up_posted(uri: str) -> Post | Comment:
    """Return the post or comment at an address, with its thread's start and its community.

    Raises NotFoundError or UnavailableError.
    """
    try:
        known = find_posted_by_uri(uri)
        if known is None and local_path(uri) is None:
            host_of(uri)
            chase = Chase(activity_client(), placing=Placing(wants_group=True))
            known = find_posted_by_uri(chase.bring(uri))
    except FederationError as error:
        raise _explained(error) from error
    if known is None:
        raise NotFoundError(_("Dit bericht bestaat niet."))
    return known


def _known_here(handle: Handle | str) -> Account | Community | None:
    """Return who needs no fetch: ours, and remote ones whose document we have."""
    if isinstance(handle, str):
        owner = find_owner(handle)
    elif is_local_host(handle.host):
        owner = find_community(handle.name) or find_account_by_handle(handle.name, None)
        if owner is None:
            raise NotFoundError(_("Niemand heet hier zo."))
    else:
        owner = _remote_by_handle(handle)
    if owner is None or owner.is_local:
        return owner
    return owner if find_remote_actor(owner.uri) is not None else None


def _remote_by_handle(handle: Handle) -> Account | Community | None:
    """Return who has this name at this host, else who goes by this handle (FEP-2c59)."""
    address = f"{handle.name}@{handle.host}"
    community = find_community(handle.name, handle.host) or find_community_by_webfinger(address)
    if community is not None or handle.wanted is Kind.GROUP:
        return community
    named = find_account_by_handle(handle.name, handle.host)
    return named or find_account_by_webfinger(address)


def _fetch_actor(client: ActivityClient, handle: Handle | str) -> Account | Community:
    if isinstance(handle, Handle) and is_host_refused(handle.host):
        raise NotFoundError(_("Met deze server wisselen we niets uit."))
    uris = (handle,) if isinstance(handle, str) else list_candidates(client, handle)
    chase = Chase(client)
    for uri in uris[:MAX_CANDIDATES]:
        owner = find_owner(chase.bring(uri))
        if owner is not None and _is_wanted(owner, handle):
            with suppress(PeerUnavailableError):
                confirm_handle(client, owner)
            return owner
    raise NotFoundError(_("Op dit adres staat geen persoon of groep."))


def _is_wanted(owner: Account | Community, handle: Handle | str) -> bool:
    """Whether this is what was typed: with a `!` a person will not do."""
    is_group_wanted = isinstance(handle, Handle) and handle.wanted is Kind.GROUP
    return isinstance(owner, Community) or not is_group_wanted


def _explained(error: FederationError) -> AppError:
    if isinstance(error, PeerUnavailableError):
        return UnavailableError(_("De andere server antwoordt nu niet."), cause=error.reason)
    return NotFoundError(_("Daar is niets te vinden dat we kunnen lezen."), cause=error.reason)
