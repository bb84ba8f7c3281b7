"""What a batch of activities is going to ask, asked at once before the first of them is applied.

Only questions by key that nearly every activity asks. What is not foreseen is asked later, so
nothing is decided here; answers are dropped as soon as they may have changed
(app/core/foresight.py, ADR 0017).
"""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress

from sqlalchemy.exc import InterfaceError, OperationalError

from app.accounts.models.account import Account
from app.accounts.queries import foresee_accounts
from app.core.db import session
from app.core.errors import AppError
from app.core.foresight import forget_everything
from app.forum.models.comment import Comment
from app.forum.models.post import Post
from app.forum.queries.comments import foresee_posted
from app.forum.queries.communities import foresee_communities
from app.forum.queries.reading import foresee_votes
from app.forum.queries.standings import foresee_standings
from app.forum.services.locking import hold_ahead
from app.moderation.queries import foresee_refused_hosts
from federation.dereference.orphans import foresee_orphans
from federation.dereference.withdrawals import foresee_withdrawals
from federation.errors import FederationError
from federation.inbound.subjects import community_of
from federation.models.followers import foresee_follower_inboxes
from federation.models.inbox_activity import InboxActivity
from federation.vocab.activities import ActivityDocument
from federation.vocab.objects import ObjectDocument
from federation.vocab.origin import host_of
from federation.vocab.parse import parse_activity, parse_json
from federation.vocab.terms import Kind

log = logging.getLogger(__name__)
MAX_INNER = 20
VOTES = frozenset({Kind.LIKE, Kind.DISLIKE})
NUL = "\x00"  # PostgreSQL has no such text


def read_ahead(rows: Sequence[InboxActivity]) -> Mapping[int, ActivityDocument]:
    """Return the activities of these rows by row id, without those that cannot be read.

    Afterwards, within this unit of work, what they will ask is known. Inside a unit of work.
    """
    documents = {row.id: document for row in rows if (document := _read(row)) is not None}
    try:
        with session().begin_nested():
            _foresee(rows, documents)
    except (OperationalError, InterfaceError):
        raise
    except Exception:  # whichever it is, it must not stand in the way of the others
        log.exception("asking ahead failed unexpectedly")
        forget_everything()
    return documents


def _foresee(rows: Sequence[InboxActivity], documents: Mapping[int, ActivityDocument]) -> None:
    acts = [act for document in documents.values() for act in _acts(document)]
    foresee_refused_hosts({row.signer_host for row in rows} | set(_hosts(acts)))
    people = _foresee_people(acts)
    _foresee_places(acts, people, _foresee_things(acts))


def _foresee_people(acts: Sequence[ActivityDocument]) -> dict[str, Account]:
    authors = (thing.attributed_to for thing in _objects(acts))
    wanted = _storable([*(act.actor for act in acts), *authors])
    foresee_communities(_storable(act.actor for act in acts if act.kind is Kind.ANNOUNCE))
    return {account.uri: account for account in foresee_accounts(wanted)}


def _foresee_things(acts: Sequence[ActivityDocument]) -> dict[str, Post | Comment]:
    ids = set(_storable(uri for act in acts for uri in _ids(act)))
    parents = _storable(thing.in_reply_to for thing in _objects(acts))
    found = foresee_posted(ids | set(parents))
    foresee_orphans(ids)
    foresee_withdrawals(ids | set(_storable(act.uri for act in acts)))
    return {thing.uri: thing for thing in found}


def _foresee_places(
    acts: Sequence[ActivityDocument],
    people: Mapping[str, Account],
    things: Mapping[str, Post | Comment],
) -> None:
    """Ask who follows where the things are, how the people stand there, and who voted.

    Where others write at the same time, the people and the things are held before that.
    """
    places = {community_of(thing).id for thing in things.values()}
    foresee_follower_inboxes(places)
    hold_ahead(people.values(), things.values())
    foresee_standings((account.id for account in people.values()), places)
    foresee_votes(
        (people[act.actor], things[uri])
        for act in acts
        if act.kind in VOTES and act.actor in people
        for uri in _ids(act)
        if uri in things
    )


def _read(row: InboxActivity) -> ActivityDocument | None:
    """Return what a row says, if it can be read; what is wrong is said when it is applied."""
    try:
        return parse_activity(parse_json(row.body))
    except (FederationError, AppError):
        return None


def _acts(document: ActivityDocument) -> Iterator[ActivityDocument]:
    """Yield an activity and those that it passes on."""
    yield document
    for thing in document.objects[:MAX_INNER]:
        if isinstance(thing, ActivityDocument):
            yield thing


def _hosts(acts: Iterable[ActivityDocument]) -> Iterator[str]:
    for act in acts:
        with suppress(FederationError):  # no plain address: refused when it is applied
            yield host_of(act.actor)


def _objects(acts: Iterable[ActivityDocument]) -> Iterator[ObjectDocument]:
    for act in acts:
        yield from (thing for thing in act.objects[:MAX_INNER] if isinstance(thing, ObjectDocument))


def _ids(act: ActivityDocument) -> Iterator[str]:
    """Yield the ids of what an activity is about."""
    for thing in act.objects[:MAX_INNER]:
        yield thing if isinstance(thing, str) else thing.uri


def _storable(uris: Iterable[str | None]) -> Iterator[str]:
    return (uri for uri in uris if uri and NUL not in uri)
