"""What every answer carries: security headers, a strict policy, and how it may be kept."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.core.web import CONTENT_SECURITY_POLICY
from tests.support.factories import make_account, make_community, make_post

KINDS = {
    "home": "/",
    "forum": "/forum",
    "community": "/c/toetsing",
    "community feed": "/c/toetsing.atom",
    "profile": "/u/anna",
    "directory": "/netwerken",
    "matrix": "/matrix",
    "river": "/nieuws",
    "river feed": "/nieuws.json",
    "search": "/zoeken?q=toets",
    "people": "/mensen",
    "log": "/modlog",
    "status": "/status",
    "about": "/privacy",
    "sign-in": "/inloggen",
    "settings": "/instellingen",
    "webfinger": "/.well-known/webfinger?resource=acct:anna@ons.test",
    "nodeinfo": "/nodeinfo/2.0",
    "health": "/health",
    "metrics": "/metrics",
    "static": "/static/main.css",
    "nothing": "/bestaat-niet",
    "inbox": "/inbox",
}
ACTIVITY = {"Accept": "application/activity+json"}


@pytest.fixture
def town(app: Flask) -> FlaskClient:
    """A site with a person, a group and a post."""
    with app.app_context():
        anna = make_account("anna")
        make_post(make_community(owner=anna), anna)
    return app.test_client()


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_answer_carries_the_security_headers(town: FlaskClient, kind: str) -> None:
    answer = town.get(KINDS[kind])

    assert answer.status_code < 500
    assert answer.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Strict-Transport-Security" not in answer.headers


def test_the_policy_lets_nothing_in_from_elsewhere() -> None:
    rules = dict(rule.split(" ", 1) for rule in CONTENT_SECURITY_POLICY.split("; "))

    assert rules["default-src"] == "'none'"
    assert set(rules.values()) <= {"'none'", "'self'"}
    assert (rules["frame-ancestors"], rules["base-uri"]) == ("'none'", "'none'")


def test_on_https_the_browser_is_told_to_stay_there(make_app: Callable[..., Flask]) -> None:
    app = make_app("https://ons.test")

    answer = app.test_client().get("/health", base_url="https://ons.test")

    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")


def test_behind_a_proxy_its_word_on_the_scheme_counts(make_app: Callable[..., Flask]) -> None:
    app = make_app("https://ons.test", trusted_proxies=1)

    answer = app.test_client().get("/health", headers={"X-Forwarded-Proto": "https"})

    assert "Strict-Transport-Security" in answer.headers


@pytest.mark.parametrize("kind", ["home", "forum", "community", "profile", "about", "river"])
def test_a_page_says_what_it_depends_on(town: FlaskClient, kind: str) -> None:
    answer = town.get(KINDS[kind])

    varies = {name.strip() for name in answer.headers["Vary"].split(",")}
    assert varies >= {"Accept", "Accept-Language", "Cookie"}
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] in {"private, no-cache", "no-cache, private"}


@pytest.mark.parametrize("path", ["/c/toetsing", "/u/anna"])
def test_the_form_for_machines_says_that_it_depends_on_accept(town: FlaskClient, path: str) -> None:
    answer = town.get(path, headers=ACTIVITY)

    assert answer.mimetype == "application/activity+json"
    assert "Accept" in answer.headers["Vary"]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in {"inbox", "metrics"}])
def test_head_is_get_without_the_body(town: FlaskClient, kind: str) -> None:
    got, asked = town.get(KINDS[kind]), town.head(KINDS[kind])

    assert asked.status_code == got.status_code
    assert asked.get_data() == b""
    assert asked.headers["Content-Type"] == got.headers["Content-Type"]


@pytest.mark.parametrize("kind", ["health", "metrics"])
def test_what_watches_us_is_never_kept(town: FlaskClient, kind: str) -> None:
    assert town.get(KINDS[kind]).headers["Cache-Control"] == "no-store"
