"""Leave to quote what our people wrote (FEP-044f): an Accept, and a stamp that others can check."""

from typing import Final

from sqlalchemy import select

from app.accounts.models.account import Account
from app.core.db import session
from federation.events import QuoteRequested
from federation.models.actor import Actor
from federation.models.outbox_activity import OutboxActivity
from federation.outbound.fanout import new_activity_uri, tell_one
from federation.transport.actors import local_actor
from federation.vocab.json_text import parse_json
from federation.vocab.outgoing import Activity
from federation.vocab.render import render_bytes
from federation.vocab.stamps import QuoteAuthorization
from federation.vocab.terms import JsonValue

STAMP: Final = "QuoteAuthorization"
LOOKED_THROUGH: Final = 100
"""How many stamps of one text are searched for one that was given before."""


def answer_request(event: QuoteRequested) -> None:
    """Accept with a stamp, the same one when the same text asks again; or Reject."""
    asker = session().get_one(Account, event.account_id)
    author = session().get_one(Account, event.author_id)
    request: dict[str, JsonValue] = {
        "type": "QuoteRequest",
        "id": event.request_uri,
        "actor": asker.uri,
        "object": event.object_uri,
        "instrument": event.quote_uri,
    }
    answer = Activity(
        type="Accept" if event.is_allowed else "Reject",
        uri=new_activity_uri("Accept" if event.is_allowed else "Reject"),
        actor=author.uri,
        object=request,
        to=(asker.uri,),
        result=_stamp_for(author, event).uri if event.is_allowed else None,
    )
    tell_one(author, answer, asker)


def _stamp_for(author: Account, event: QuoteRequested) -> OutboxActivity:
    """Return the stamp of a quote; it is served at its own id as long as what is quoted stands."""
    actor = local_actor(author)
    return _find_stamp(actor, event) or _make_stamp(actor, author, event)


def _find_stamp(actor: Actor, event: QuoteRequested) -> OutboxActivity | None:
    given = session().scalars(
        select(OutboxActivity)
        .where(
            OutboxActivity.actor_id == actor.id,
            OutboxActivity.type == STAMP,
            OutboxActivity.object_uri == event.object_uri,
        )
        .order_by(OutboxActivity.id.desc())
        .limit(LOOKED_THROUGH)
    )
    return next((row for row in given if _quotes_it(row, event.quote_uri)), None)


def _quotes_it(row: OutboxActivity, quote_uri: str) -> bool:
    return parse_json(row.body).get("interactingObject") == quote_uri


def _make_stamp(actor: Actor, author: Account, event: QuoteRequested) -> OutboxActivity:
    uri = new_activity_uri(STAMP)
    stamp = QuoteAuthorization(
        uri=uri,
        attributed_to=author.uri,
        interacting_object=event.quote_uri,
        interaction_target=event.object_uri,
    )
    row = OutboxActivity(
        public_id=uri.rsplit("/", 1)[-1],
        type=STAMP,
        actor_id=actor.id,
        object_uri=event.object_uri,
        body=render_bytes(stamp),
    )
    session().add(row)
    session().flush()
    return row
