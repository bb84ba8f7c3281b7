"""How others find us: every form of handle, NodeInfo that Lemmy can read, host-meta."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from defusedxml.ElementTree import fromstring
from flask.ctx import AppContext

from app.accounts.models.account import Account
from app.accounts.services.deletion import delete_account
from app.core.db import session, unit_of_work
from app.core.visibility import Visibility
from app.forum.models.community import Community
from tests.conftest import MakeApp
from tests.federation.views.conftest import Get
from tests.support.factories import make_account, make_comment, make_community, make_post

Read = Callable[..., dict[str, Any]]
TYPE = "https://www.w3.org/ns/activitystreams#type"


def finger(get: Get, resource: str) -> Any:
    answer = get("/.well-known/webfinger", None, query_string={"resource": resource})
    return answer.status_code, json.loads(answer.data) if answer.status_code == 200 else None


@pytest.fixture
def people(ctx: AppContext) -> None:
    make_community("toetsing", owner=make_account("anna"))


@pytest.mark.parametrize(
    "resource",
    [
        "acct:anna@ons.test",
        "anna@ons.test",
        "@anna@ons.test",
        "acct:@anna@ons.test",
        "ACCT:Anna@ONS.test",
        "http://ons.test/u/anna",
        "http://ons.test/u/anna/",
        "http://ONS.test/u/Anna",
    ],
)
def test_a_person_is_found_in_every_spelling(get: Get, people: None, resource: str) -> None:
    status, found = finger(get, resource)

    assert status == 200
    assert found["subject"] == "acct:anna@ons.test"
    first = found["links"][0]
    assert first["rel"] == "self"
    assert first["type"] == "application/activity+json"
    assert first["href"] == "http://ons.test/u/anna"
    assert first["properties"] == {TYPE: "Person"}


@pytest.mark.parametrize(
    "resource",
    [
        "acct:toetsing@ons.test",
        "!toetsing@ons.test",
        "acct:!Toetsing@ons.test",
        "@toetsing@ons.test",
        "http://ons.test/c/toetsing",
    ],
)
def test_a_community_is_found_in_every_spelling(get: Get, people: None, resource: str) -> None:
    status, found = finger(get, resource)

    assert status == 200
    assert found["links"][0]["properties"] == {TYPE: "Group"}


@pytest.mark.parametrize(
    "resource",
    ["http://ons.test/", "http://ons.test", "acct:ons.test@ons.test", "ons.test@ONS.test"],
)
def test_this_server_itself_is_found(get: Get, people: None, resource: str) -> None:
    status, found = finger(get, resource)

    assert status == 200
    assert found["links"][0]["href"] == "http://ons.test/"


@pytest.mark.parametrize(
    "resource",
    [
        "acct:nobody@ons.test",
        "acct:anna@elsewhere.test",
        "http://elsewhere.test/u/anna",
        "http://ons.test.evil.test/u/anna",
        "http://ons.test/post/1",
        "http://ons.test/u/",
        "nonsense",
        "acct:",
        "@",
        "acct:anna@ons.test@evil.test",
        "mailto:anna@ons.test",
    ],
)
def test_who_is_not_here_is_not_found(get: Get, people: None, resource: str) -> None:
    assert finger(get, resource)[0] == 404


def test_a_question_without_a_resource_is_malformed(get: Get) -> None:
    assert get("/.well-known/webfinger", None).status_code == 400
    assert finger(get, "a" * 3000)[0] == 400


def test_any_web_page_may_read_the_answer(get: Get, people: None) -> None:
    answer = get("/.well-known/webfinger?resource=acct:anna@ons.test", None)

    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.content_type == "application/jrd+json"


def test_who_left_and_what_is_closed_is_not_found(get: Get, people: None) -> None:
    with unit_of_work():
        delete_account(session().query(Account).filter_by(name="anna").one())
        session().query(Community).one().visibility = Visibility.LOCAL

    assert finger(get, "acct:anna@ons.test")[0] == 404
    assert finger(get, "acct:toetsing@ons.test")[0] == 404


def test_readers_elsewhere_are_led_to_what_they_can_do_here(get: Get, people: None) -> None:
    found = finger(get, "acct:anna@ons.test")[1]["links"]
    templates = {link["rel"]: link["template"] for link in found if "template" in link}

    here = "http://ons.test/authorize_interaction?uri="
    assert templates == {
        "http://ostatus.org/schema/1.0/subscribe": here + "{uri}",
        "https://w3id.org/fep/3b86/Follow": here + "{object}&doe=volgen",
        "https://w3id.org/fep/3b86/Create": here + "{inReplyTo}&doe=antwoorden",
        "https://w3id.org/fep/3b86/Like": here + "{object}&doe=nuttig",
        "https://w3id.org/fep/3b86/Announce": here + "{object}&doe=delen",
        "https://w3id.org/fep/3b86/Object": here + "{object}",
    }


def test_a_community_has_no_intents_of_its_own(get: Get, people: None) -> None:
    rels = {link["rel"] for link in finger(get, "!toetsing@ons.test")[1]["links"]}

    assert not any("3b86" in rel for rel in rels)


def test_the_answer_is_asked_for_with_head_and_kept_by_its_etag(get: Get, people: None) -> None:
    path = "/.well-known/webfinger?resource=acct:anna@ons.test"
    first = get(path, None)
    head = get(path, None, method="HEAD")
    again = get(path, None, headers={"If-None-Match": first.headers["ETag"]})

    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", first.headers["ETag"])
    assert (again.status_code, again.data) == (304, b"")


def test_a_host_with_a_port_is_part_of_the_handle(make_app: MakeApp) -> None:
    app = make_app("http://127.0.0.1:8123")
    with app.app_context():
        make_account("anna")
    client = app.test_client()
    ask = "/.well-known/webfinger?resource="

    found = client.get(f"{ask}acct:anna@127.0.0.1:8123").get_json(force=True)
    server = client.get(f"{ask}acct:127.0.0.1:8123@127.0.0.1:8123").get_json(force=True)

    assert found["subject"] == "acct:anna@127.0.0.1:8123"
    assert found["aliases"] == ["http://127.0.0.1:8123/u/anna"]
    assert server["links"][0]["href"] == "http://127.0.0.1:8123/"
    assert client.get(f"{ask}acct:anna@127.0.0.1").status_code == 404


def test_directories_of_servers_read_more_in_the_second_nodeinfo(get: Get, ctx: AppContext) -> None:
    make_account("carla", admin=True)

    rich = json.loads(get("/nodeinfo/2.1", None).data)

    assert rich["openRegistrations"] is False
    assert rich["metadata"]["staffAccounts"] == ["http://ons.test/u/carla"]
    assert rich["metadata"]["federation"] == {"enabled": True}
    assert set(rich["metadata"]["languages"]) == {"nl", "en"}


def test_nodeinfo_leads_to_the_actor_of_the_server_and_that_to_its_administrators(
    get: Get, ctx: AppContext, read: Read
) -> None:
    make_account("carla", admin=True)

    index = json.loads(get("/.well-known/nodeinfo", None).data)["links"]
    actor = read(index[2]["href"])
    administrators = read(actor["attributedTo"])

    assert index[2]["rel"] == "https://www.w3.org/ns/activitystreams#Application"
    assert actor["webfinger"] == "ons.test@ons.test"
    assert administrators["orderedItems"] == ["http://ons.test/u/carla"]
    can = {one["href"] for one in actor["implements"]}
    assert can >= {"https://datatracker.ietf.org/doc/html/rfc9421", "https://w3id.org/fep/baf5"}


def test_lemmy_takes_the_first_nodeinfo_and_needs_flat_metadata(get: Get, people: None) -> None:
    index = json.loads(get("/.well-known/nodeinfo", None).data)["links"]
    first = json.loads(get(index[0]["href"], None).data)

    assert [link["rel"].rpartition("/")[2] for link in index[:2]] == ["2.0", "2.1"]
    assert index[2]["href"] == "http://ons.test/"
    assert first["software"]["name"] == "verbindplaats"
    assert first["protocols"] == ["activitypub"]
    assert all(isinstance(value, str) for value in first["metadata"].values())


def test_nodeinfo_counts_what_was_written_here_in_the_open(
    get: Get, ctx: AppContext, people: None
) -> None:
    anna = session().query(Account).one()
    toetsing = session().query(Community).one()
    make_comment(make_post(toetsing, anna), anna)
    with unit_of_work():
        session().add(Account(name="bob", host="a.test", remote_uri="http://a.test/u/bob"))
    hidden = make_community("kamer", owner=anna, visibility=Visibility.LOCAL)
    make_post(hidden, anna)

    answer = get("/nodeinfo/2.1", None)

    usage = json.loads(answer.data)["usage"]
    assert usage["users"] == {"total": 1, "activeMonth": 1, "activeHalfyear": 1}
    assert (usage["localPosts"], usage["localComments"]) == (1, 1)
    profile = 'profile="http://nodeinfo.diaspora.software/ns/schema/2.1#"'
    assert answer.content_type == f"application/json; {profile}"


def test_an_unknown_version_of_nodeinfo_is_not_found(get: Get) -> None:
    assert get("/nodeinfo/1.0", None).status_code == 404


def test_host_meta_leads_to_webfinger_in_xrd_and_json(get: Get) -> None:
    xrd = fromstring(get("/.well-known/host-meta", None).data)
    jrd = json.loads(get("/.well-known/host-meta.json", None).data)

    (link,) = xrd
    expected = "http://ons.test/.well-known/webfinger?resource={uri}"
    assert link.attrib == {"rel": "lrdd", "template": expected}
    assert jrd["links"][0]["template"] == expected


def test_piefed_finds_the_administrators(get: Get, ctx: AppContext) -> None:
    make_account("carla", admin=True)

    site = json.loads(get("/api/v3/site", None).data)

    assert [one["person"]["actor_id"] for one in site["admins"]] == ["http://ons.test/u/carla"]
    assert site["site_view"]["site"]["actor_id"] == "http://ons.test/"


def test_security_txt_expires_in_the_future(get: Get) -> None:
    text = get("/.well-known/security.txt", None).text

    assert "Contact: " in text
    assert "Expires: 20" in text
