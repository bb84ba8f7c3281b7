"""Discovery that points in circles ends, whichever document points (security.md A105)."""

import json
from typing import Any

import pytest

from federation.discovery.handles import Handle
from federation.discovery.nodeinfo import MAX_LINKS, ask_software
from federation.discovery.webfinger import describe_handle, resolve_handle
from federation.errors import FederationError, RefusedError
from federation.transport.client import activity_client
from tests.support.fediverse import Answer, FakeFediverse

BOB = Handle("bob", "victim.test")
HOST_META = "/.well-known/host-meta"
WEBFINGER = "/.well-known/webfinger"
NODEINFO = "/.well-known/nodeinfo"


def host_meta(template: str) -> bytes:
    return (
        '<?xml version="1.0"?><XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0">'
        f'<Link rel="lrdd" template="{template}"/></XRD>'
    ).encode()


@pytest.mark.parametrize(
    "template",
    [
        "http://victim.test/.well-known/webfinger?resource={uri}",
        "http://victim.test/.well-known/host-meta?resource={uri}",
        "http://victim.test/.well-known/host-meta#{uri}",
        "http://ander.test/.well-known/host-meta?resource={uri}",
        "http://ander.test/.well-known/webfinger?resource={uri}",
        "http://ons.test/.well-known/webfinger?resource={uri}",
    ],
)
def test_a_template_that_points_back_costs_three_requests(
    fediverse: FakeFediverse, template: str
) -> None:
    for name, other in (("victim.test", "ander.test"), ("ander.test", "victim.test")):
        given = template if name == "victim.test" else f"http://{other}{WEBFINGER}?resource={{uri}}"
        fediverse.server(name).put(HOST_META, host_meta(given), content_type="text/xml")

    for _ in range(5):
        with pytest.raises(FederationError):
            resolve_handle(activity_client(), BOB)

    assert fediverse.fetches <= 3


def test_ten_thousand_templates_are_one(fediverse: FakeFediverse) -> None:
    link = '<Link rel="lrdd" template="http://ander.test/{}?r={{uri}}"/>'
    links = "".join(link.format(number) for number in range(10_000))
    body = f'<XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0">{links}</XRD>'.encode()
    fediverse.server("victim.test").put(HOST_META, body, content_type="text/xml")
    other = fediverse.server("ander.test")

    with pytest.raises(FederationError):
        resolve_handle(activity_client(), BOB)

    assert other.asked.total() == 1


@pytest.mark.parametrize("subject", ["acct:bob@victim.test", "acct:BOB@victim.test", "bob", "", 5])
def test_a_name_that_is_its_own_alias_is_asked_once(
    fediverse: FakeFediverse, subject: object
) -> None:
    bob = fediverse.person("bob", "victim.test")
    link = {"rel": "self", "type": "application/activity+json", "href": bob.uri}
    jrd: dict[str, Any] = {"subject": subject, "aliases": ["acct:bob@victim.test"] * 1000}
    answer = Answer(json.dumps(jrd | {"links": [link]}).encode())
    fediverse.server("victim.test")._webfinger = lambda _: answer  # type: ignore[method-assign]

    found = describe_handle(activity_client(), BOB)

    assert [one.uri for one in found.actors] == [bob.uri]
    assert fediverse.server("victim.test").asked[WEBFINGER] == 1


def test_a_circle_is_remembered_for_an_hour(fediverse: FakeFediverse) -> None:
    for here, there in (("a.test", "b.test"), ("b.test", "a.test")):
        answer = Answer(json.dumps({"subject": f"acct:bob@{there}", "links": []}).encode())
        server = fediverse.server(here)
        server._webfinger = lambda _, answer=answer: answer  # type: ignore[method-assign]

    for _ in range(10):
        with pytest.raises(RefusedError):
            resolve_handle(activity_client(), Handle("bob", "a.test"))

    assert fediverse.fetches == 2


def test_a_name_that_leads_to_us_is_refused_without_asking_ourselves(
    fediverse: FakeFediverse,
) -> None:
    answer = Answer(json.dumps({"subject": "acct:anna@ons.test", "links": []}).encode())
    fediverse.server("victim.test")._webfinger = lambda _: answer  # type: ignore[method-assign]

    for _ in range(3):
        with pytest.raises(RefusedError, match="webfinger-points-here"):
            resolve_handle(activity_client(), BOB)

    assert fediverse.fetches == 1


@pytest.mark.parametrize(
    "href", [f"http://victim.test{NODEINFO}", "http://ander.test/n", "http://ons.test/nodeinfo/2.1"]
)
def test_a_nodeinfo_that_points_back_or_away_costs_two_requests(
    fediverse: FakeFediverse, href: str
) -> None:
    rel = "http://nodeinfo.diaspora.software/ns/schema/2.0"
    index = {"links": [{"rel": rel, "href": href}] * 10_000}
    fediverse.server("victim.test").put(NODEINFO, index, content_type="application/json")

    with pytest.raises(FederationError):
        ask_software(activity_client(), "http://victim.test")

    assert MAX_LINKS < 10_000
    assert fediverse.fetches <= 2
