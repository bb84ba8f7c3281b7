import pytest

from app.core.addresses import local_uri
from app.core.clock import utcnow
from app.core.db import unit_of_work
from federation.errors import RefusedError, UnavailableError
from federation.signatures.verify import SignedRequest, check_signature, read_signature
from federation.transport.actors import local_actor, public_key_pem, signing_key
from federation.transport.client import VanishedError, activity_client, is_activity_type
from tests.support.factories import make_account
from tests.support.fediverse import FakeFediverse

DOCUMENT = "http://victim.test/notes/1"


def _sent(fediverse: FakeFediverse, index: int = -1) -> SignedRequest:
    seen = fediverse.server("victim.test").seen[index]
    return SignedRequest(seen["method"], seen["path"], "", seen["headers"])


def test_a_get_is_signed_by_this_server_itself(fediverse: FakeFediverse) -> None:
    fediverse.server("victim.test").put("/notes/1", {"id": DOCUMENT})

    found = activity_client().get_document(DOCUMENT)

    assert (found.url, found.raw) == (DOCUMENT, {"id": DOCUMENT})
    sent = _sent(fediverse)
    parsed = read_signature(sent, now=utcnow(), own_host="victim.test")
    assert parsed.key_id == local_uri("/") + "#main-key"
    with unit_of_work():
        check_signature(parsed, public_key_pem(local_actor(None)))
    assert sent.headers["accept"] == (
        "application/activity+json, "
        'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'
    )
    assert "accept" not in sent.headers["signature"]


def test_a_refused_signature_is_tried_once_without(fediverse: FakeFediverse) -> None:
    server = fediverse.server("victim.test")
    server.put("/notes/1", {"id": DOCUMENT})
    server.refuses_signature = True

    found = activity_client().get_document(DOCUMENT)

    assert found.raw == {"id": DOCUMENT}
    kinds = [
        "signature-input"
        if "signature-input" in one["headers"]
        else "signature"
        if "signature" in one["headers"]
        else ""
        for one in server.seen
    ]
    assert kinds == ["signature", "signature-input", ""]


@pytest.mark.parametrize(
    ("status", "error", "tries"),
    [
        (401, RefusedError, 3),
        (403, RefusedError, 2),
        (404, VanishedError, 1),
        (410, VanishedError, 1),
        (400, RefusedError, 2),
        (406, RefusedError, 1),
        (429, UnavailableError, 1),
        (500, UnavailableError, 1),
        (503, UnavailableError, 1),
    ],
)
def test_each_status_says_whether_to_try_again(
    fediverse: FakeFediverse, status: int, error: type[Exception], tries: int
) -> None:
    server = fediverse.server("victim.test")
    server.down = status

    with pytest.raises(error):
        activity_client().get_document(DOCUMENT)

    assert server.asked.total() == tries


@pytest.mark.parametrize(
    ("content_type", "accepted"),
    [
        ("application/activity+json", True),
        ("application/activity+json; charset=utf-8", True),
        ("application/activity+json;charset=UTF-8", True),
        ('application/ld+json; profile="https://www.w3.org/ns/activitystreams"', True),
        ('application/ld+json;profile="https://www.w3.org/ns/activitystreams"', True),
        ("application/ld+json", False),
        ('application/ld+json; profile="https://evil.test/"', False),
        ("application/json", False),
        ("text/plain", False),
        ("text/html; charset=utf-8", False),
        ("image/png", False),
        ("application/activity+json; x=y", False),
        ("", False),
    ],
)
def test_only_the_types_of_activitypub_are_documents(content_type: str, accepted: bool) -> None:
    assert is_activity_type(content_type) is accepted


def test_an_uploaded_file_is_no_document(fediverse: FakeFediverse) -> None:
    server = fediverse.server("victim.test")
    server.put("/notes/1", {"id": DOCUMENT}, content_type="application/json")

    with pytest.raises(RefusedError, match="content-type-not-activitypub"):
        activity_client().get_document(DOCUMENT)


def test_a_document_of_more_than_a_mebibyte_is_refused(fediverse: FakeFediverse) -> None:
    fediverse.server("victim.test").put("/notes/1", b" " * 1_048_577)

    with pytest.raises(RefusedError, match="too_large"):
        activity_client().get_document(DOCUMENT)


def test_a_delivery_is_signed_by_its_actor_as_peers_want_it(fediverse: FakeFediverse) -> None:
    server = fediverse.server("victim.test")
    account = make_account("anna")
    with unit_of_work():
        actor = local_actor(account)
    body = '{"summary":"één"}'.encode()

    answer = activity_client().post("http://victim.test/inbox", body, signing_key(actor))

    assert answer.status == 202
    path, received, headers = server.posted[0]
    assert (path, received) == ("/inbox", body)
    request = SignedRequest("POST", path, "", headers, body)
    parsed = read_signature(request, now=utcnow(), own_host="victim.test")
    check_signature(parsed, public_key_pem(actor))
    assert parsed.key_id == "http://ons.test/u/anna#main-key"
    assert headers["accept"] == "application/activity+json"
    assert ", " not in headers["signature"]


def test_any_status_of_a_delivery_is_an_answer(fediverse: FakeFediverse) -> None:
    fediverse.server("victim.test").down = 410
    with unit_of_work():
        actor = local_actor(None)

    answer = activity_client().post("http://victim.test/inbox", b"{}", signing_key(actor))

    assert answer.status == 410


def test_a_private_address_is_not_opened_in_public_use(make_app) -> None:
    app = make_app("https://ons.test", allow_private_addresses=False)

    with app.app_context(), pytest.raises(RefusedError, match="_"):
        activity_client().get_document("https://127.0.0.1/notes/1")
