"""What was said under an id: the activity that an Undo names without embedding it.

Told by the bytes that came in, which are kept for 30 days; a ban that is in force is known for
longer. Who may undo it is for the handlers to ask: here nothing is judged.
"""

from typing import Final

from sqlalchemy import func, select

from app.core.addresses import local_path
from app.core.db import session
from app.forum.models.ban import Ban
from app.forum.queries.bans import find_ban_by_uri
from federation.errors import MalformedError
from federation.inbound.context import InboxContext
from federation.inbound.forwarding import FORWARDED
from federation.models.inbox_activity import InboxActivity
from federation.vocab.activities import ActivityDocument
from federation.vocab.origin import host_of, origin_of, same_origin
from federation.vocab.parse import parse_activity, parse_json
from federation.vocab.terms import Kind

LOOKED_THROUGH: Final = 50
LONGEST: Final = 32_768
"""How many of a group's newest Announces are searched, and how long ones, in bytes: a group may
name a hundred ids at once, and nobody else should wait for that."""


def find_said(context: InboxContext, uri: str) -> ActivityDocument | None:
    """Return the activity with this id: as it came, as the same group passed it on, or the ban."""
    if local_path(uri) is not None:
        return None
    found = _find_sent(uri)
    if found is None and context.announced_by is not None:
        found = _find_announced(context.sender_uri, uri)
    if found is None and (ban := find_ban_by_uri(uri)) is not None:
        found = _as_block(ban, uri)
    return found


def _find_sent(uri: str) -> ActivityDocument | None:
    """Return what its actor sent; what others brought without proof is nobody's word."""
    try:
        host = host_of(uri)
    except MalformedError:
        return None
    row = session().scalar(
        select(InboxActivity).where(
            InboxActivity.signer_host == host,
            InboxActivity.activity_uri == uri,
            InboxActivity.verified_by != FORWARDED,
            InboxActivity.body != b"",
        )
    )
    said = None if row is None else _read(row.body)
    is_own = said is not None and row is not None and said.actor == row.signer_uri
    return said if is_own else None


def _find_announced(group_uri: str, uri: str) -> ActivityDocument | None:
    bodies = session().scalars(
        select(InboxActivity.body)
        .where(
            InboxActivity.signer_host == host_of(group_uri),
            InboxActivity.signer_uri == group_uri,
            InboxActivity.type == "Announce",
            func.length(InboxActivity.body).between(1, LONGEST),
        )
        .order_by(InboxActivity.id.desc())
        .limit(LOOKED_THROUGH)
    )
    spellings = (uri.encode(), uri.replace("/", "\\/").encode())  # PHP escapes slashes
    for body in bodies:
        if any(spelling in body for spelling in spellings):
            outer = _read(body)
            found = None if outer is None else _pick(outer, uri)
            if found is not None:
                return found
    return None


def _pick(outer: ActivityDocument, uri: str) -> ActivityDocument | None:
    """Return the one with this id among what is passed on."""
    for thing in outer.objects:
        if isinstance(thing, ActivityDocument) and thing.uri == uri:
            return thing if same_origin(thing.actor, uri) else None
    return None


def _read(body: bytes) -> ActivityDocument | None:
    try:
        return parse_activity(parse_json(body))
    except MalformedError:
        return None


def _as_block(ban: Ban, uri: str) -> ActivityDocument | None:
    """Return a ban as the Block it came as."""
    if ban.by is None:
        return None
    origin = origin_of(ban.by.uri)
    target = f"{origin.scheme}://{origin.host}/" if ban.community is None else ban.community.uri
    return ActivityDocument(
        uri=uri,
        type="Block",
        kind=Kind.BLOCK,
        actor=ban.by.uri,
        objects=(ban.account.uri,),
        target=target,
    )
