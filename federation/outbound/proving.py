"""Proofs on what our actors say, so that it is believed whoever brings it (FEP-8b32).

Made once, when the bytes of an activity are made: they are stored, sent and passed on unchanged.
"""

import logging
from datetime import datetime
from typing import Final

import orjson

from app.core.clock import utcnow
from federation.models.actor import Actor, ActorKind
from federation.signatures.keys import KeyLockedError
from federation.signatures.proofs import make_proof
from federation.transport.own_keys import proof_key
from federation.vocab.outgoing import Activity
from federation.vocab.render import add_proof, render_bytes

log = logging.getLogger(__name__)
# What is passed on by others is theirs to say: people what they do, communities what they announce.
PROVEN: Final = frozenset(
    {
        *((ActorKind.PERSON, verb) for verb in ("Create", "Update", "Delete", "Undo", "Like")),
        (ActorKind.COMMUNITY, "Announce"),
    }
)


def render_said(activity: Activity, actor: Actor, at: datetime | None = None) -> bytes:
    """Return the bytes of an activity of ours, with the proof of its actor where one belongs.

    `at` is when it was made, for what is made again whenever it is asked for: the same bytes then.
    """
    body = render_bytes(activity)
    if (actor.kind, activity.type) not in PROVEN:
        return body
    try:
        method, private_pem = proof_key(actor)
    except KeyLockedError:
        log.exception("the key of %s was made with another secret key", actor.uri)
        return body
    proof = make_proof(orjson.loads(body), method, private_pem, at or utcnow())
    return body if proof is None else add_proof(body, proof)
