"""Peers that sign in the newer ways: RFC 9421, keys for proofs, proofs in documents."""

import json
from typing import Any

from werkzeug.test import TestResponse

from app.core.clock import utcnow
from federation.signatures.keys import ProofKeyPair, generate_proof_key_pair
from federation.signatures.proofs import make_proof
from federation.signatures.sign import MessageSigner
from tests.support.fediverse import FakeFediverse, Json, RemoteActor

PAIR = generate_proof_key_pair()


def give_proof_key(
    fediverse: FakeFediverse, actor: RemoteActor, pair: ProofKeyPair = PAIR
) -> ProofKeyPair:
    """List a key for proofs in the document of an actor (FEP-521a)."""
    method = {
        "id": f"{actor.uri}#ed25519-key",
        "type": "Multikey",
        "controller": actor.uri,
        "publicKeyMultibase": pair.multikey,
    }
    actor.document["assertionMethod"] = [method]
    fediverse.put(actor.document)
    return pair


def prove(document: Json, actor: RemoteActor, pair: ProofKeyPair = PAIR, **options: Any) -> Json:
    """Return a document with a proof of this actor."""
    method = options.get("method", f"{actor.uri}#ed25519-key")
    proof = make_proof(document, method, pair.private_pem, options.get("at") or utcnow())
    assert proof is not None
    return {**document, "proof": proof}


def deliver_rfc9421(
    fediverse: FakeFediverse, activity: Json, signer: RemoteActor, **changes: Any
) -> TestResponse:
    """POST an activity to us, signed by RFC 9421; options as those of `deliver`."""
    path: str = changes.get("path", "/inbox")
    body = json.dumps(activity).encode()
    base = fediverse.app.config["VERBINDPLAATS"].base_url
    url = f"{base}{changes.get('signed_path', path)}"
    now = changes.get("at") or utcnow()
    signed = MessageSigner(signer.signing_key).sign("POST", url, body, now)
    signed |= changes.get("headers", {})
    signed = {k: v for k, v in signed.items() if k not in changes.get("without", ())}
    sent = changes.get("sent_body", body)
    return fediverse.client.post(path, data=sent, headers=signed, base_url=base)
