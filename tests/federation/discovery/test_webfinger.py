import json

import pytest

from federation.discovery.handles import Handle
from federation.discovery.memory import memory
from federation.discovery.webfinger import resolve_handle
from federation.errors import RefusedError, UnavailableError
from federation.transport.client import activity_client
from federation.vocab.terms import Kind
from tests.support.fediverse import Answer, FakeFediverse

BOB = Handle("bob", "victim.test")


def test_a_handle_leads_to_the_actor(fediverse: FakeFediverse) -> None:
    bob = fediverse.person("bob", "victim.test")

    assert resolve_handle(activity_client(), BOB) == bob.uri


def test_an_exclamation_mark_prefers_the_group_of_that_name(fediverse: FakeFediverse) -> None:
    bob = fediverse.person("tuin", "victim.test")
    group = fediverse.group("tuin", "victim.test")

    assert resolve_handle(activity_client(), Handle("tuin", "victim.test")) == bob.uri
    wanted = Handle("tuin", "victim.test", Kind.GROUP)
    assert resolve_handle(activity_client(), wanted) == group.uri


def test_host_meta_leads_on_after_a_404(fediverse: FakeFediverse) -> None:
    server = fediverse.server("victim.test")
    xrd = (
        '<?xml version="1.0"?><XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0">'
        '<Link rel="lrdd" template="http://other.test/wf?r={uri}"/></XRD>'
    )
    server.put("/.well-known/host-meta", xrd.encode(), content_type="application/xrd+xml")
    bob = fediverse.person("bob", "other.test")
    jrd = {"links": [{"rel": "self", "type": "application/activity+json", "href": bob.uri}]}
    fediverse.server("other.test").put("/wf", jrd, content_type="application/jrd+json")

    assert resolve_handle(activity_client(), BOB) == bob.uri


def test_a_hostile_host_meta_is_not_expanded(fediverse: FakeFediverse) -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><XRD>&a;</XRD>'
    fediverse.server("victim.test").put("/.well-known/host-meta", bomb, content_type="text/xml")

    with pytest.raises(RefusedError, match="host-meta-unreadable"):
        resolve_handle(activity_client(), BOB)


def test_an_empty_answer_means_nobody(fediverse: FakeFediverse) -> None:
    fediverse.server("victim.test").handles["bob@victim.test"] = []

    with pytest.raises(RefusedError):
        resolve_handle(activity_client(), BOB)


def test_subjects_that_point_in_circles_cost_two_questions(fediverse: FakeFediverse) -> None:
    for here, there in (("a.test", "b.test"), ("b.test", "a.test")):
        server = fediverse.server(here)
        jrd = json.dumps({"subject": f"acct:bob@{there}", "links": []}).encode()
        server._webfinger = lambda _resource, jrd=jrd: Answer(jrd)  # type: ignore[method-assign]

    with pytest.raises(RefusedError, match="webfinger-in-circles"):
        resolve_handle(activity_client(), Handle("bob", "a.test"))

    assert fediverse.fetches == 2


def test_a_name_that_leads_nowhere_is_not_asked_again_within_the_hour(
    fediverse: FakeFediverse, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = [0.0]
    monkeypatch.setattr(memory(), "seconds", lambda: seconds[0])
    fediverse.server("a.test").handles["bob@a.test"] = []

    for _ in range(3):
        with pytest.raises(RefusedError):
            resolve_handle(activity_client(), Handle("bob", "a.test"))
    asked_at_first = fediverse.fetches
    bob = fediverse.person("bob", "a.test")
    seconds[0] = 3601.0

    assert asked_at_first == 1
    assert resolve_handle(activity_client(), Handle("bob", "a.test")) == bob.uri


def test_an_answer_is_remembered_for_every_spelling(fediverse: FakeFediverse) -> None:
    bob = fediverse.person("bob", "victim.test")

    found = {
        resolve_handle(activity_client(), Handle(name, "victim.test", wanted))
        for name, wanted in (("bob", None), ("Bob", None))
    }

    assert found == {bob.uri}
    assert fediverse.fetches == 1


def test_a_server_that_was_silent_is_asked_again(fediverse: FakeFediverse) -> None:
    bob = fediverse.person("bob", "victim.test")
    fediverse.server("victim.test").down = 503
    with pytest.raises(UnavailableError):
        resolve_handle(activity_client(), BOB)

    fediverse.server("victim.test").down = 0

    assert resolve_handle(activity_client(), BOB) == bob.uri


def test_one_other_name_is_followed(fediverse: FakeFediverse) -> None:
    bob = fediverse.person("bob", "social.victim.test")
    jrd = json.dumps({"subject": "acct:bob@social.victim.test", "links": []}).encode()
    server = fediverse.server("victim.test")
    server._webfinger = lambda _resource: Answer(jrd)  # type: ignore[method-assign]

    assert resolve_handle(activity_client(), BOB) == bob.uri


def test_a_person_is_no_group(fediverse: FakeFediverse) -> None:
    fediverse.person("bob", "victim.test")

    with pytest.raises(RefusedError, match="webfinger-without-actor"):
        resolve_handle(activity_client(), Handle("bob", "victim.test", Kind.GROUP))


def test_ten_thousand_links_cost_a_hundred(fediverse: FakeFediverse) -> None:
    bob = fediverse.person("bob", "victim.test")
    links = fediverse.server("victim.test").handles["bob@victim.test"]
    links[:0] = [{"rel": "self", "type": "text/html", "href": bob.uri}] * 10_000

    with pytest.raises(RefusedError):
        resolve_handle(activity_client(), BOB)


def test_links_that_are_no_actors_are_passed_over(fediverse: FakeFediverse) -> None:
    bob = fediverse.person("bob", "victim.test")
    links = fediverse.server("victim.test").handles["bob@victim.test"]
    links[:0] = [
        {"rel": "self", "type": "text/html", "href": "http://victim.test/x"},
        {"rel": "self", "type": "application/activity+json", "href": "javascript:alert(1)"},
        {"rel": "self", "type": "application/activity+json", "href": ["http://evil.test/"]},
    ]

    assert resolve_handle(activity_client(), BOB) == bob.uri


def test_a_silent_server_is_not_the_same_as_nobody(fediverse: FakeFediverse) -> None:
    fediverse.server("victim.test").down = 503

    with pytest.raises(UnavailableError):
        resolve_handle(activity_client(), BOB)
