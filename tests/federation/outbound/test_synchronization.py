"""Every server is told who follows from there, and may ask for that list alone (FEP-8fcf)."""

import hashlib

from app.accounts.models.account import Account
from app.core.clock import utcnow
from app.forum.models.community import Community
from federation.models.followers import digest_of
from federation.signatures.sign import sign_request
from tests.federation.outbound.peers import Peers
from tests.support.factories import make_post
from tests.support.fediverse import RemoteActor, activity

HEADER = "Collection-Synchronization"


def headers_at(peers: Peers, host: str) -> list[str | None]:
    peers.send()
    posted = peers.fediverse.server(host).posted
    return [headers.get(HEADER.lower()) for _path, _body, headers in posted]


def test_the_digest_combines_the_hashes_of_all_ids() -> None:
    one, two = (hashlib.sha256(uri.encode()).digest() for uri in ("a", "b"))
    combined = bytes(x ^ y for x, y in zip(one, two, strict=True)).hex()

    assert digest_of(["a", "b"]) == digest_of(["b", "a"]) == combined
    assert digest_of([]) == "0" * 64


def test_what_goes_to_followers_says_who_follows_from_there(
    peers: Peers, anna: Account, toetsing: Community
) -> None:
    bob = peers.follower(toetsing, "a.test", "lemmy")
    peers.follower(toetsing, "b.test", "lemmy")

    make_post(toetsing, anna)
    (header,) = headers_at(peers, "a.test")

    url = "http://ons.test/c/toetsing/followers"
    digest = hashlib.sha256(bob.uri.encode()).hexdigest()
    assert header == f'collectionId="{url}", url="{url}_synchronization", digest="{digest}"'


def test_the_header_is_signed(peers: Peers, anna: Account, toetsing: Community) -> None:
    peers.follower(toetsing, "a.test", "lemmy")

    make_post(toetsing, anna)
    peers.send()

    (_path, _body, headers) = peers.fediverse.server("a.test").posted[0]
    assert "collection-synchronization" in headers["signature"]
    assert peers.bodies("a.test")  # and the signature holds


def test_an_answer_to_one_person_says_nothing_about_followers(
    peers: Peers, toetsing: Community
) -> None:
    peers.fediverse.server("a.test", "lemmy")
    bob = peers.fediverse.person("bob", "a.test")

    peers.ask(bob, toetsing)

    assert headers_at(peers, "a.test") == [None]


def ask(peers: Peers, path: str, by: RemoteActor | None) -> tuple[int, list[str]]:
    url = f"http://ons.test{path}"
    headers = {} if by is None else sign_request("GET", url, None, by.signing_key, utcnow())
    answer = peers.fediverse.client.get(
        path, headers={**headers, "Accept": "application/activity+json"}
    )
    content = answer.get_json(silent=True, force=True) or {}
    return answer.status_code, content.get("orderedItems", [])


def test_a_server_gets_the_list_of_its_own_people_only(peers: Peers, toetsing: Community) -> None:
    bob = peers.follower(toetsing, "a.test", "lemmy")
    peers.follower(toetsing, "b.test", "lemmy")

    path = "/c/toetsing/followers_synchronization"

    assert ask(peers, path, bob) == (200, [bob.uri])
    assert ask(peers, path, None) == (401, [])


def test_the_list_of_a_person_is_there_as_well(peers: Peers, anna: Account) -> None:
    bob = peers.follower(anna, "a.test", "mastodon")
    eve = peers.fediverse.person("eve", "evil.test")
    path = "/u/anna/followers_synchronization"

    assert ask(peers, path, bob) == (200, [bob.uri])
    assert ask(peers, path, eve) == (200, [])


def test_who_left_counts_no_more(peers: Peers, toetsing: Community) -> None:
    bob = peers.follower(toetsing, "a.test", "lemmy")
    path = "/c/toetsing/followers_synchronization"
    follow = activity("Follow", bob, toetsing.uri)

    peers.take(activity("Undo", bob, follow), bob)

    assert ask(peers, path, bob) == (200, [])
