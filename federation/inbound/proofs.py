"""Is this what its actor wrote, whoever brought it? Asked of the proofs in the body (FEP-8b32)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, cast

from federation.dereference.actors import find_remote_actor
from federation.dereference.documents import is_usable_uri
from federation.dereference.keys import KeyRing
from federation.errors import UnverifiedError
from federation.inbound.signers import Signer, signer_of
from federation.signatures.proofs import check_proofs, has_proof, method_of
from federation.transport.client import activity_client
from federation.vocab.activities import ActivityDocument
from federation.vocab.origin import same_origin
from federation.vocab.terms import JsonObject

MAX_PROOF_AGE: Final = timedelta(days=14)
"""An older one may be a repeat of what we have forgotten: ids are remembered for 90 days."""


def find_prover(ring: KeyRing, activity: ActivityDocument, now: datetime) -> Signer | None:
    """Return the actor of an activity when all proofs in it are good and lately made; else None.

    Its keys come from what is stored, else from one budgeted fetch. Raises UnavailableError when
    they cannot be had at the moment.
    """
    try:
        method = method_of(activity.raw)
        if method is None or not same_origin(method, activity.actor) or not is_usable_uri(method):
            return None
        found, keys = _find_keys(ring, activity.actor, method)
        raw = cast(JsonObject, activity.raw)
        made = check_proofs(raw, activity.actor, keys.get, now=now)
    except UnverifiedError:
        return None
    return found if now - made <= MAX_PROOF_AGE else None


def proven_at(activity: ActivityDocument, now: datetime) -> datetime | None:
    """Return when the actor of an activity proved it, whoever passes it on; None: not lately.

    Asks no network. What was proven long ago may have been taken back since: it must be fetched.
    """
    if not has_proof(activity.raw):
        return None
    actor = find_remote_actor(activity.actor)
    if actor is None or actor.gone_at is not None:
        return None
    try:
        raw = cast(JsonObject, activity.raw)
        made = check_proofs(raw, activity.actor, actor.proof_keys.get, now=now)
    except UnverifiedError:
        return None
    return made if now - made <= MAX_PROOF_AGE else None


def _find_keys(ring: KeyRing, actor_uri: str, method: str) -> tuple[Signer, Mapping[str, str]]:
    """Return an actor as signer, with the keys it lists; raises UnverifiedError if not its own."""
    actor = find_remote_actor(actor_uri)
    if actor is not None and method in actor.proof_keys:
        return signer_of(actor, method), actor.proof_keys
    document = ring.get_owner(activity_client, method)
    if document.uri != actor_uri:
        raise UnverifiedError("proof-elsewhere")
    return signer_of(document, method), document.proof_keys
