"""Where a reader goes on at the own server, whatever that server says."""

from collections.abc import Mapping

import pytest
from flask.ctx import AppContext

from app.core.outgoing import http_client
from federation.discovery.intents import Wish, find_address, read_home
from federation.errors import MalformedError, UnavailableError
from federation.transport.client import VanishedError, activity_client
from tests.conftest import MakeApp
from tests.support.fediverse import FakeFediverse
from tests.support.wsgi_adapter import WsgiAdapter

ABOUT = "http://ons.test/c/toetsing"
ENCODED = "http%3A%2F%2Fons.test%2Fc%2Ftoetsing"
SUBSCRIBE = "http://ostatus.org/schema/1.0/subscribe"
INTENT = "https://w3id.org/fep/3b86/"


def go(fediverse: FakeFediverse, wish: Wish, templates: Mapping[str, object], **more: str) -> str:
    """Where @ik@mijn.test goes on when the server there offers these templates."""
    fediverse.person("ik", "mijn.test")
    links = fediverse.server("mijn.test").handles["ik@mijn.test"]
    links += [{"rel": rel, "template": template} for rel, template in templates.items()]
    return find_address(activity_client(), read_home("@ik@mijn.test"), wish, ABOUT, **more)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@ik@mijn.test", "@ik@mijn.test"),
        ("ik@mijn.test", "@ik@mijn.test"),
        (" @Ik@MIJN.test ", "@Ik@mijn.test"),
        ("mijn.test", "mijn.test"),
        ("mijn.test/", "mijn.test"),
        ("mijn.test:8080", "mijn.test:8080"),
        ("https://mijn.test/@ik", "mijn.test"),
    ],
)
def test_the_own_server_is_read_in_every_spelling(
    ctx: AppContext, text: str, expected: str
) -> None:
    assert read_home(text).text == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "@",
        "ik",
        "ik@",
        "@ik@mijn.test@evil.test",
        "javascript:alert(1)",
        "javascript://mijn.test/%0aalert(1)",
        "https://u:p@mijn.test/",
        "mijn.test\\@evil.test",
        "mijn test",
        "a" * 700,
    ],
)
def test_what_is_no_server_is_refused(make_app: MakeApp, text: str) -> None:
    app = make_app("https://ons.test", allow_private_addresses=False)

    with app.app_context(), pytest.raises(MalformedError):
        read_home(text)


@pytest.mark.parametrize(
    "text", ["127.0.0.1", "localhost", "ik@10.0.0.8", "mijn.test:8080", "x.lan"]
)
def test_in_public_use_only_public_servers_are_asked(make_app: MakeApp, text: str) -> None:
    app = make_app("https://ons.test", allow_private_addresses=False)

    with app.app_context(), pytest.raises(MalformedError):
        read_home(text)


@pytest.mark.parametrize(
    ("wish", "templates", "expected"),
    [
        (Wish.FOLLOW, {SUBSCRIBE: "s?u={uri}", f"{INTENT}Follow": "f?o={object}"}, "f?o="),
        (Wish.FOLLOW, {SUBSCRIBE: "s?u={uri}", f"{INTENT}Like": "l?o={object}"}, "s?u="),
        (Wish.ANSWER, {f"{INTENT}Create": "c?r={inReplyTo}&t={content}{?x}"}, "c?r="),
        (Wish.ANSWER, {f"{INTENT}Create": "c?t={content}", SUBSCRIBE: "s?u={uri}"}, "s?u="),
        (Wish.ANSWER, {f"{INTENT}Object": "o?o={object}", SUBSCRIBE: "s?u={uri}"}, "o?o="),
        (Wish.VOTE, {f"{INTENT}Like": "l?o={object}&b={on-success}"}, "l?o="),
        (Wish.VOTE, {f"{INTENT}Object": "o?o={object}"}, "o?o="),
        (Wish.SHARE, {f"{INTENT}Announce": "a?o={object}"}, "a?o="),
        (Wish.FOLLOW, {}, "authorize_interaction?uri="),
    ],
)
def test_the_best_way_the_server_offers_is_taken(
    fediverse: FakeFediverse, wish: Wish, templates: dict[str, str], expected: str
) -> None:
    full = {rel: f"http://mijn.test/{template}" for rel, template in templates.items()}

    address = go(fediverse, wish, full)

    assert address.startswith(f"http://mijn.test/{expected}{ENCODED}")
    assert "{" not in address


@pytest.mark.parametrize(
    "template",
    [
        "javascript:alert('{uri}')",
        "JavaScript:alert('{uri}')",
        "data:text/html,{uri}",
        "//evil.test/?u={uri}",
        "/relative?u={uri}",
        "http://evil.test/?u={uri}",
        "http://mijn.test.evil.test/?u={uri}",
        "http://mijn.test@evil.test/?u={uri}",
        "http://mijn.test/no-place-for-it",
        "http://{uri}/",
        "ftp://mijn.test/{uri}",
        "http://mijn.test/\n?u={uri}",
        "http://MIJN.test/?u={uri}",
        ["http://mijn.test/?u={uri}"],
        {"a": 1},
        None,
        7,
    ],
)
def test_a_hostile_template_leads_nowhere(fediverse: FakeFediverse, template: object) -> None:
    address = go(fediverse, Wish.FOLLOW, {SUBSCRIBE: template, f"{INTENT}Follow": template})

    assert address == f"http://mijn.test/authorize_interaction?uri={ENCODED}"


def test_in_public_use_only_https_will_do(make_app: MakeApp) -> None:
    app = make_app("https://ons.test", allow_private_addresses=False)
    fediverse = FakeFediverse(app)
    server = fediverse.server("mijn.test")
    links = [
        {"rel": f"{INTENT}Follow", "template": "http://mijn.test/f?u={object}"},
        {"rel": SUBSCRIBE, "template": "https://mijn.test/s?u={uri}"},
    ]
    server.handles["mijn.test@mijn.test"] = links
    with app.app_context():
        http_client().mount("https://mijn.test/", WsgiAdapter(server))

        address = find_address(activity_client(), read_home("mijn.test"), Wish.FOLLOW, ABOUT)

    assert address == f"https://mijn.test/s?u={ENCODED}"


def test_a_server_whose_pages_live_on_another_host_is_followed_there(
    fediverse: FakeFediverse,
) -> None:
    ik = fediverse.person("ik", "social.mijn.test")
    links = [
        {"rel": "self", "type": "application/activity+json", "href": ik.uri},
        {"rel": SUBSCRIBE, "template": "http://social.mijn.test/s?u={uri}"},
    ]
    fediverse.server("mijn.test").handles["ik@mijn.test"] = links

    address = find_address(activity_client(), read_home("@ik@mijn.test"), Wish.FOLLOW, ABOUT)

    assert address == f"http://social.mijn.test/s?u={ENCODED}"


def test_a_server_alone_is_asked_for_itself(fediverse: FakeFediverse) -> None:
    server = fediverse.server("mijn.test")
    template = {"rel": SUBSCRIBE, "template": "http://mijn.test/s?u={uri}"}
    server.handles["mijn.test@mijn.test"] = [template]

    address = find_address(activity_client(), read_home("mijn.test"), Wish.FOLLOW, ABOUT)

    assert address == f"http://mijn.test/s?u={ENCODED}"


@pytest.mark.parametrize(
    ("software", "path"),
    [
        ("lemmy", "/activitypub/externalInteraction?uri="),
        ("mbin", "/search?q="),
        ("mastodon", "/authorize_interaction?uri="),
        (None, "/authorize_interaction?uri="),
    ],
)
def test_a_server_that_says_nothing_gets_the_usual_address_of_its_software(
    fediverse: FakeFediverse, software: str | None, path: str
) -> None:
    fediverse.server("mijn.test")

    address = find_address(activity_client(), read_home("mijn.test"), Wish.FOLLOW, ABOUT, software)

    assert address == f"http://mijn.test{path}{ENCODED}"


def test_who_is_unknown_there_is_told(fediverse: FakeFediverse) -> None:
    fediverse.server("mijn.test")

    with pytest.raises(VanishedError):
        find_address(activity_client(), read_home("@ik@mijn.test"), Wish.FOLLOW, ABOUT)


def test_a_silent_server_is_told_apart(fediverse: FakeFediverse) -> None:
    fediverse.server("mijn.test").down = 502

    with pytest.raises(UnavailableError):
        find_address(activity_client(), read_home("@ik@mijn.test"), Wish.FOLLOW, ABOUT)
