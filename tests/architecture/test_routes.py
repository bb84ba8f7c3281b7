"""Every address is for everybody and says so here, or asks who is there."""

import inspect
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.architecture.source import ROOT

GUARDS = {"login_required", "admin_required"}
# Whoever is not signed in may use these. What changes something without a person behind it is in
# the second list: a signature, a one-time token or a cookie of the reader's own protects it.
PUBLIC = {
    "accounts.open_invitation", "accounts.show_people", "accounts.show_profile",
    "assets.show_asset",
    "directory.download_directory", "directory.download_topics", "directory.show_listing",
    "directory.show_matrix", "directory.show_networks", "directory.show_regions",
    "directory.show_research", "directory.show_sources", "directory.show_topic",
    "directory.show_topics", "directory.show_training",
    "federation.show_activity", "federation.show_administrators", "federation.show_comment_replies",
    "federation.show_community_followers", "federation.show_community_followers_at",
    "federation.show_person_followers_at",
    "federation.show_community_following",
    "federation.show_community_outbox", "federation.show_context", "federation.show_featured",
    "federation.show_home_server", "federation.show_host_meta", "federation.show_host_meta_json",
    "federation.show_instance_outbox", "federation.show_moderators", "federation.show_nodeinfo",
    "federation.show_nodeinfo_index", "federation.show_person_featured",
    "federation.show_person_followers", "federation.show_person_tags",
    "federation.show_person_following", "federation.show_person_outbox",
    "federation.show_comment_likes", "federation.show_post_likes", "federation.show_post_replies",
    "federation.show_security_txt", "federation.show_site",
    "federation.show_status", "federation.show_webfinger",
    "feeds.show_community_feed", "feeds.show_feed", "feeds.show_feeds", "feeds.show_opml",
    "feeds.show_river", "feeds.show_river_feed",
    "forum.show_comment", "forum.show_community", "forum.show_forum", "forum.show_home",
    "forum.show_post",
    "health.show_health", "metrics.show_metrics", "moderation.show_log", "pages.show_page",
    "search.show_search",
}  # fmt: skip
PUBLIC_AND_CHANGING = {
    "federation.post_to_inbox": "HTTP signature",
    "federation.post_to_shared_inbox": "HTTP signature",
    "federation.find_home_server": "the reader's own cookie, from a page of ours",
    "accounts.use_link": "one-time token",
    "accounts.switch_language": "the reader's own cookie, from a page of ours",
    "accounts.switch_theme": "the reader's own cookie, from a page of ours",
}
SIGN_IN_BLUEPRINT = "security."  # Flask-Security's own, which is there to let people in
ANYTHING = {"public_id": "0198c0de-0000-7000-8000-000000000000", "kind": "post"}


def _guards(view: Callable[..., Any]) -> set[str]:
    """Which of our guards stand around a view, whatever name they took over from it."""
    found: set[str] = set()
    inner: Any = view
    while inner is not None:
        code = getattr(inner, "__code__", None)
        if code is not None:
            found.add(code.co_qualname.partition(".")[0])
        inner = getattr(inner, "__wrapped__", None)
    return found & GUARDS


def _calls_require_account(view: Callable[..., Any]) -> bool:
    return "require_account" in inspect.unwrap(view).__code__.co_names


def test_every_address_asks_who_is_there_or_is_for_everybody(app: Flask) -> None:
    unguarded = {
        endpoint
        for endpoint, view in app.view_functions.items()
        if not _guards(view) and not _calls_require_account(view)
        if not endpoint.startswith(SIGN_IN_BLUEPRINT)
    }

    assert unguarded == PUBLIC | set(PUBLIC_AND_CHANGING)


def test_what_is_for_everybody_changes_nothing(app: Flask) -> None:
    changing = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint in PUBLIC and set(rule.methods or ()) & {"POST", "PUT", "PATCH", "DELETE"}
    }

    assert changing == set()


def test_administration_is_for_administrators(app: Flask) -> None:
    open_to_others = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/beheer")
        if "admin_required" not in _guards(app.view_functions[rule.endpoint])
    }

    assert open_to_others == set()


@pytest.mark.parametrize("method", ["get", "post"])
def test_stranger_is_sent_to_the_sign_in_page(app: Flask, client: FlaskClient, method: str) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    answers = {}
    for rule in app.url_map.iter_rules():
        if method.upper() not in (rule.methods or ()) or rule.endpoint in PUBLIC:
            continue
        if rule.endpoint in PUBLIC_AND_CHANGING or rule.endpoint.startswith(SIGN_IN_BLUEPRINT):
            continue
        values = {name: ANYTHING.get(name, "1") for name in rule.arguments}
        with app.test_request_context():
            path = app.url_map.bind("ons.test").build(rule.endpoint, values, method.upper())
        answers[rule.endpoint] = getattr(client, method)(path, follow_redirects=False)

    let_in = {
        endpoint: answer.status_code
        for endpoint, answer in answers.items()
        if answer.status_code not in {401, 403, 404}
        and not answer.headers.get("Location", "").startswith("/inloggen")
    }

    assert let_in == {}


def test_source_is_the_one_under_test(app: Flask) -> None:
    assert app.root_path == str(ROOT / "app")
