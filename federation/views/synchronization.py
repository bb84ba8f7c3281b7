"""Who follows one of ours from the server that asks: told to that server alone (FEP-8fcf)."""

from flask import Response, request

from app.accounts.models.account import Account, AccountState
from app.accounts.queries import find_local_account
from app.core.errors import NotFoundError
from app.forum.models.community import Community
from app.forum.queries.communities import get_visible_community
from federation.errors import FederationError
from federation.inbound.readers import require_reader
from federation.models.followers import list_followers_at
from federation.views.answers import answer_document
from federation.views.authority import UnreadableError
from federation.views.blueprint import blueprint
from federation.views.exchange import signed_request
from federation.vocab.origin import host_of
from federation.vocab.outgoing import Collection


@blueprint.get("/c/<name>/followers_synchronization")
def show_community_followers_at(name: str) -> Response:
    """List who follows a community from the server that asks; the request must be signed."""
    host = _asking_host()
    community = get_visible_community(name, None)
    if not community.is_local:
        raise NotFoundError("not ours")
    return _answer(community, host)


@blueprint.get("/u/<name>/followers_synchronization")
def show_person_followers_at(name: str) -> Response:
    """List who follows a person from the server that asks; the request must be signed."""
    host = _asking_host()
    person = find_local_account(name)
    if person is None or person.state != AccountState.ACTIVE:
        raise NotFoundError("no such person")
    return _answer(person, host)


def _asking_host() -> str:
    """Return who asks; raises UnreadableError without a signature, whatever else is open."""
    try:
        return host_of(require_reader(signed_request(), request.remote_addr or ""))
    except FederationError as error:
        raise UnreadableError(error) from error


def _answer(owner: Account | Community, host: str) -> Response:
    uris = tuple(list_followers_at(owner, [host])[host])
    uri = f"{owner.uri}/followers_synchronization"
    response = answer_document(Collection(uri=uri, total_items=len(uris), items=uris))
    response.headers["Cache-Control"] = "private, no-store"
    response.vary.update(("Accept", "Signature"))
    return response
