"""The public log, and the page on which admins decide about servers."""

import re
from collections.abc import Callable

import pytest
from flask.ctx import AppContext
from flask.testing import FlaskClient

from app.core.db import unit_of_work
from app.core.visibility import Visibility
from app.forum.services import comments, posts
from app.moderation.models.host_rule import HostVerdict
from app.moderation.queries import list_host_rules
from app.moderation.services import hosts, reports
from tests.support.browsing import token_of
from tests.support.factories import make_account, make_comment, make_community, make_post, sign_in

HOSTILE = '"><script>alert(1)</script>'
MARKER = "Merkteken-7461"


def test_the_log_gives_reasons_and_never_texts_or_names_of_moderators(
    client: FlaskClient, ctx: AppContext
) -> None:
    otto = make_account("otto", display_name="Otto de Moderator")
    community = make_community(owner=otto, is_premoderated=True)
    post = make_post(community, otto, title=MARKER, body=MARKER)
    comment = make_comment(post, otto, body=MARKER)
    held = make_post(community, make_account("nieuw"), title=MARKER, body=MARKER)
    with unit_of_work():
        report = reports.make_report(make_account("melder"), comment, MARKER)
        reports.resolve_report(report, otto, "Gelezen en weggehaald")
        comments.remove_comment(comment, otto, "Stond een naam in")
        posts.refuse_post(held, otto, "Dit is reclame")
        posts.remove_post(post, otto, HOSTILE + "Grof")

    page = client.get("/modlog").text

    for sentence in (
        "haalde een bericht weg",
        "haalde een antwoord weg",
        "handelde een melding af",
        "plaatste een bericht niet",
        "Stond een naam in",
        "Gelezen en weggehaald",
        "Dit is reclame",
        "Grof",
    ):
        assert sentence in page, sentence
    for hidden in (MARKER, "Otto", "melder", "nieuw", "<script>alert"):
        assert hidden not in page.partition("<main")[2].partition("</main>")[0], hidden


@pytest.mark.parametrize("visibility", [Visibility.MEMBERS, Visibility.LOCAL])
def test_a_closed_community_leaves_no_trace_in_the_public_log(
    client: FlaskClient, ctx: AppContext, visibility: Visibility
) -> None:
    otto = make_account("otto")
    community = make_community("besloten", owner=otto)
    with unit_of_work():
        community.visibility = visibility
        posts.remove_post(make_post(community, otto), otto, MARKER)

    public, filtered = client.get("/modlog"), client.get("/modlog?groep=besloten")
    sign_in(client, otto)
    own = client.get("/modlog?groep=besloten")

    assert MARKER not in public.text
    assert "esloten" not in public.text
    assert (filtered.status_code, MARKER in filtered.text) == (404, False)
    assert MARKER in own.text


def test_pages_of_one_communitys_log_stay_in_that_community(
    client: FlaskClient, ctx: AppContext
) -> None:
    otto = make_account("otto")
    here, there = make_community(owner=otto), make_community("rekenen", owner=otto)
    for community, number in ((here, 60), (there, 1)):
        post = make_post(community, otto)
        for turn in range(number):
            with unit_of_work():
                posts.pin_post(post, otto, is_pinned=turn % 2 == 0)

    first = client.get("/modlog?groep=toetsing").text
    (older,) = re.findall(r'href="(/modlog\?[^"]*voor=[^"]*)"', first)
    second = client.get(older.replace("&amp;", "&")).text

    assert "groep=toetsing" in older
    assert first.count('class="row-main"') == 50
    assert second.count('class="row-main"') == 10
    assert "Rekenen" not in first + second


@pytest.mark.parametrize("query", ["voor=onzin", "na=%C3%A9", "voor=" + "a" * 500])
def test_a_forged_page_address_is_refused(client: FlaskClient, ctx: AppContext, query: str) -> None:
    assert client.get(f"/modlog?{query}").status_code == 422


def test_admins_decide_about_servers(
    client: FlaskClient, ctx: AppContext, reread: Callable[[], None]
) -> None:
    sign_in(client, make_account("beatrix", admin=True))
    path = "/beheer/servers"
    data = {"host": "Spam.Example", "verdict": "blocked", "reason": HOSTILE + "Reclame"}
    data["csrf_token"] = token_of(client, path)

    bad = client.post(path, data={**data, "host": f"geen server {HOSTILE}"})
    strange = client.post(path, data={**data, "verdict": "misschien"})
    long = client.post(path, data={**data, "reason": "a" * 501})
    without = client.post(path, data={**data, "csrf_token": ""})
    done = client.post(path, data=data)
    page = client.get(path).text
    reread()
    kept = [rule.host for rule in list_host_rules()]
    freed = client.post(f"{path}/spam.example/vrij", data={"csrf_token": data["csrf_token"]})

    assert [one.status_code for one in (bad, strange, long, without)] == [422, 422, 422, 400]
    assert "Dit is geen naam van een server." in bad.text
    assert "geen server" in bad.text
    assert "<script>alert" not in bad.text + page
    assert (done.status_code, freed.status_code) == (303, 303)
    assert kept == ["spam.example"]
    reread()
    assert list_host_rules() == []


def test_nobody_else_decides_about_servers(
    client: FlaskClient, ctx: AppContext, reread: Callable[[], None]
) -> None:
    otto = make_account("otto")
    make_community(owner=otto)
    with unit_of_work():
        hosts.rule_host("spam.example", HostVerdict.BLOCKED, "", None)
    anonymous = client.get("/beheer/servers")
    sign_in(client, otto)
    token = token_of(client, "/c/toetsing/nieuw")

    answers = [
        client.get("/beheer/servers"),
        client.post("/beheer/servers", data={"host": "x.example", "csrf_token": token}),
        client.post("/beheer/servers/spam.example/vrij", data={"csrf_token": token}),
    ]

    assert anonymous.status_code == 303
    assert [one.status_code for one in answers] == [403, 403, 403]
    reread()
    assert [rule.host for rule in list_host_rules()] == ["spam.example"]
