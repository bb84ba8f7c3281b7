"""Where a document was found, and who may say what is in it (security.md A028-A054)."""

import pytest

from app.accounts.queries import find_account_by_uri
from app.core.db import session
from app.forum.queries.posts import find_post_by_uri
from federation.dereference.actors import find_remote_actor
from federation.dereference.chase import Chase
from federation.dereference.documents import fetch_document, is_usable_uri, unwrap
from federation.errors import FederationError, MalformedError, RefusedError
from federation.transport.client import activity_client
from federation.vocab.objects import ObjectDocument
from tests.support.factories import make_account, make_community, make_post
from tests.support.fediverse import Answer, FakeFediverse, activity, note, page


def fetch(uri: str) -> ObjectDocument:
    found = fetch_document(activity_client(), uri)
    assert isinstance(found, ObjectDocument)
    return found


def test_a_document_at_its_own_address_is_believed(fediverse: FakeFediverse) -> None:
    thing = fediverse.put(note(fediverse.person("bob", "victim.test")))

    assert fetch(thing["id"]).uri == thing["id"]
    assert fediverse.server("victim.test").asked.total() == 1


def test_a_page_address_of_the_same_server_leads_to_the_document(fediverse: FakeFediverse) -> None:
    thing = note(fediverse.person("bob", "victim.test"))
    fediverse.server("victim.test").put("/@bob/1", thing)

    assert fetch("http://victim.test/@bob/1").uri == thing["id"]


def test_a028_a_copy_elsewhere_is_fetched_from_its_own_server(fediverse: FakeFediverse) -> None:
    thing = fediverse.put(note(fediverse.person("bob", "victim.test"), "<p>Echt</p>"))
    fediverse.server("evil.test").put("/x", {**thing, "content": "<p>Vervalst</p>"})

    assert fetch("http://evil.test/x").content == "<p>Echt</p>"


def test_a028_a_copy_of_what_is_not_there_is_dropped(fediverse: FakeFediverse) -> None:
    bob = fediverse.person("bob", "victim.test")
    fediverse.server("evil.test").put("/x", note(bob))

    with pytest.raises(FederationError):
        fetch("http://evil.test/x")


def test_a053_a_redirect_does_not_lend_its_name(fediverse: FakeFediverse) -> None:
    bob = fediverse.person("bob", "victim.test")
    thing = note(bob, "<p>Vervalst</p>")
    fediverse.server("evil.test").put("/x", thing)
    moved = Answer(status=302, headers={"Location": "http://evil.test/x"})
    fediverse.server("victim.test").answers["/notes/omweg"] = moved

    with pytest.raises(FederationError):
        fetch("http://victim.test/notes/omweg")


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/json", "image/png", "application/ld+json", "text/html"],
)
def test_a029_an_upload_is_no_document(fediverse: FakeFediverse, content_type: str) -> None:
    thing = note(fediverse.person("bob", "victim.test"))
    fediverse.server("victim.test").put("/upload", thing, content_type=content_type)

    with pytest.raises(RefusedError, match="content-type"):
        fetch("http://victim.test/upload")


def test_an_author_of_another_server_is_refused(fediverse: FakeFediverse) -> None:
    bob = fediverse.person("bob", "victim.test")
    mal = fediverse.person("mal", "evil.test")
    fediverse.put({**note(mal), "attributedTo": bob.uri, "id": "http://evil.test/n/1"})

    with pytest.raises(RefusedError, match="author-elsewhere"):
        fetch("http://evil.test/n/1")


def test_a032_a_page_of_another_server_is_dropped(fediverse: FakeFediverse) -> None:
    mal = fediverse.person("mal", "evil.test")
    thing = fediverse.put(note(mal, url="http://victim.test/@bob/1"))

    assert fetch(thing["id"]).url is None


def test_a036_an_actor_with_the_id_of_another_overwrites_nobody(fediverse: FakeFediverse) -> None:
    bob = fediverse.person("bob", "victim.test")
    mal = fediverse.person("mal", "evil.test")
    Chase(activity_client()).bring(bob.uri)
    forged = {**mal.document, "id": bob.uri, "name": "Vervalst"}
    fediverse.server("evil.test").put("/u/x", forged)

    Chase(activity_client()).bring("http://evil.test/u/x")

    account, actor = find_account_by_uri(bob.uri), find_remote_actor(bob.uri)
    assert account is not None
    assert account.display_name == "Bob"
    assert actor is not None
    assert actor.public_key == bob.keys.public_pem


@pytest.mark.parametrize(
    "uri",
    [
        "http://ons.test/post/1",
        "http://ons.test/",
        "ftp://victim.test/x",
        "http://user@victim.test/x",
        "http://victim.test\\x",
        "http://VICTIM.test/x",
        "http://victim.test:80/x",
        "http://victim.test./x",
    ],
)
def test_a037_a038_what_is_ours_or_written_oddly_is_not_fetched(
    fediverse: FakeFediverse, uri: str
) -> None:
    server = fediverse.server("victim.test")

    with pytest.raises((RefusedError, MalformedError)):
        fetch(uri)

    assert not server.asked


def test_a037_a_redirect_to_us_overwrites_nothing(fediverse: FakeFediverse) -> None:
    post = make_post(make_community("toetsing"), make_account("anna"), "Van Anna")
    moved = Answer(status=302, headers={"Location": post.uri})
    fediverse.server("evil.test").answers["/x"] = moved
    ours = page(fediverse.person("mal", "evil.test"), post.community.uri, "Vervalst")
    fediverse.server("ons.test").put(f"/post/{post.public_id}", {**ours, "id": post.uri})

    with pytest.raises(FederationError):
        Chase(activity_client()).bring("http://evil.test/x")

    session().expire_all()
    assert post.title == "Van Anna"


def test_a041_odd_schemes_make_no_links(fediverse: FakeFediverse) -> None:
    mal = fediverse.person("mal", "evil.test")
    for url in ("javascript:alert(1)", "data:text/html,x", " JAVASCRIPT:x", "java\nscript:x"):
        thing = fediverse.put(note(mal, url=url))

        assert fetch(thing["id"]).url is None


def test_a025_no_context_is_ever_fetched(fediverse: FakeFediverse) -> None:
    bob = fediverse.person("bob", "victim.test")
    evil = fediverse.server("evil.test")
    thing = fediverse.put({**note(bob), "@context": ["http://evil.test/context", {"x": "y"}]})

    fetch(thing["id"])

    assert not evil.asked


def test_an_activity_in_place_of_its_object_vouches_for_its_own_origin_only(
    fediverse: FakeFediverse,
) -> None:
    bob = fediverse.person("bob", "victim.test")
    mal = fediverse.person("mal", "evil.test")
    own = fediverse.put(activity("Create", bob, note(bob)))
    foreign = fediverse.put(activity("Announce", mal, note(bob)))

    found = unwrap(fetch_document(activity_client(), own["id"]))
    pointed = unwrap(fetch_document(activity_client(), foreign["id"]))

    assert isinstance(found, ObjectDocument)
    assert pointed == foreign["object"]["id"]


def test_a050_names_hide_nothing(fediverse: FakeFediverse) -> None:
    name = "Bob\u202e\u200b\u2066\U000e0041"
    bob = fediverse.person("bob", "victim.test")
    fediverse.put({**bob.document, "name": name})

    Chase(activity_client()).bring(bob.uri)

    account = find_account_by_uri(bob.uri)
    assert account is not None
    assert account.display_name == "Bob"


def test_a039_a_handle_has_the_host_of_the_id(fediverse: FakeFediverse) -> None:
    mal = fediverse.person("mal", "evil.test", webfinger="bob@victim.test")

    Chase(activity_client()).bring(mal.uri)

    account = find_account_by_uri(mal.uri)
    assert account is not None
    assert account.handle == "mal@evil.test"


def test_inboxes_on_other_servers_are_not_used(fediverse: FakeFediverse) -> None:
    mal = fediverse.person("mal", "evil.test")
    mal.document["inbox"] = "http://victim.test/inbox"
    mal.document["endpoints"] = {"sharedInbox": "http://ons.test/inbox"}
    fediverse.put(mal.document)

    Chase(activity_client()).bring(mal.uri)

    actor = find_remote_actor(mal.uri)
    assert actor is not None
    assert actor.inbox_url is actor.shared_inbox_url is None
    assert find_post_by_uri("http://evil.test/x") is None


@pytest.mark.parametrize("tail", ["", "/", "/u/anna", "?x", "#x", "?", "?/u/anna#main-key"])
def test_a037_nothing_at_our_own_host_is_asked_for_elsewhere(
    fediverse: FakeFediverse, tail: str
) -> None:
    ours = fediverse.app.config["VERBINDPLAATS"].base_url

    assert not is_usable_uri(f"{ours}{tail}")
    assert is_usable_uri(f"http://elders.test{tail}")
