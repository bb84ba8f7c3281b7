"""Finding us and reading what we say about ourselves: rows 1 to 6, 71, 75, 79, 86 to 88."""

import json
from collections.abc import Callable
from typing import Any

from app.accounts.models.account import Account
from app.forum.models.community import Community
from federation.dereference.lookup import look_up_actor
from tests.interop.cases.case import Case
from tests.interop.stage import OURS, Json, Stage
from tests.readers import gotosocial, lemmy, lemmy_parts, mastodon, mbin, nodebb, piefed
from tests.support.factories import make_account
from tests.support.fediverse import ACTIVITY_JSON

HANDLE = f"toetsing@{OURS}"


def _json(stage: Stage, path: str, **query: str) -> Json:
    answer = stage.fediverse.client.get(path, query_string=query, base_url=f"http://{OURS}")
    assert answer.status_code == 200
    found: Json = json.loads(answer.data)
    return found


def ask_webfinger(stage: Stage) -> Json:
    """Ask for the community as software does."""
    return _json(stage, "/.well-known/webfinger", resource=f"acct:{HANDLE}")


def finds_group(stage: Stage, jrd: Json) -> None:
    """First link or last link: it is the community."""
    group = stage.fetch(stage.toetsing.uri)
    links = [one["href"] for one in jrd["links"] if one.get("type") == ACTIVITY_JSON]

    assert mastodon.resolve(jrd, group) == HANDLE
    assert links[0] == links[-1] == group["id"]
    assert group["type"] == "Group"


def look_up_namesakes(stage: Stage) -> tuple[Account | Community, Account | Community]:
    """Somebody here looks for both who are called `tuin` there."""
    group = stage.group("tuin")
    person = stage.person("tuin_")
    handle = f"tuin@{stage.peer.host}"
    stage.server.handles[handle] += stage.server.handles[f"tuin_@{stage.peer.host}"]
    stage.server.handles[handle][1]["href"] = person.uri
    person.document["preferredUsername"] = "tuin"
    stage.fediverse.put(person.document)
    return look_up_actor(f"!{handle}"), look_up_actor(group.uri)


def finds_both(_stage: Stage, found: tuple[Account | Community, Account | Community]) -> None:
    """The community is found by its own sign, whatever stands first."""
    assert isinstance(found[0], Community)
    assert found[0] is found[1]


def type_handle(stage: Stage) -> Json:
    """Ask with the sign that some software leaves before the name."""
    return _json(stage, "/.well-known/webfinger", resource=f"!{HANDLE}")


def read_group(stage: Stage) -> Json:
    """Fetch the community."""
    return stage.fetch(stage.toetsing.uri)


def shows_group(stage: Stage, document: Json) -> None:
    """Show it as what this software has: community, magazine, category, or account."""
    title = document["name"]
    shown: dict[str, Callable[[], Any]] = {
        "lemmy": lambda: lemmy_parts.Group.model_validate(document).name,
        "piefed": lambda: piefed.read_group(document)["title"],
        "mbin": lambda: mbin.read_magazine(document)["title"],
        "nodebb": lambda: nodebb.read_category(document)["title"],
        "mastodon": lambda: mastodon.read_actor(document)["name"],
        "gotosocial": lambda: gotosocial.read_account(document)["name"],
    }

    assert shown[stage.peer.name]() == title == "Toetsing"
    lists = [stage.fetch(f"{document['id']}/{name}") for name in ("followers", "following")]
    assert mastodon.shows_collections(*lists)


def read_server(stage: Stage) -> tuple[Json, Json]:
    """Fetch the server's own actor, and what PieFed asks besides."""
    make_account("chef", admin=True)
    return stage.fetch(f"http://{OURS}/"), _json(stage, "/api/v3/site")


def knows_server(_stage: Stage, found: tuple[Json, Json]) -> None:
    """Its inbox is where everything goes; its administrators are people."""
    instance, site = found

    lemmy_parts.Instance.model_validate(instance)
    assert piefed.read_instance(instance)[0] == f"http://{OURS}/inbox"
    assert piefed.read_admins(site) == [f"http://{OURS}/u/chef"]


def read_nodeinfo(stage: Stage) -> Json:
    """Follow the first link of the index, as Lemmy does."""
    index = _json(stage, "/.well-known/nodeinfo")
    first = next(one for one in index["links"] if "/ns/schema/2." in one["rel"])
    return _json(stage, first["href"].removeprefix(f"http://{OURS}"))


def knows_software(_stage: Stage, nodeinfo: Json) -> None:
    """A name that never changes, flat metadata, counts that are no less than nothing."""
    assert nodeinfo["software"]["name"] == "verbindplaats"
    assert "activitypub" in nodeinfo["protocols"]
    assert all(isinstance(value, str) for value in nodeinfo["metadata"].values())
    assert nodeinfo["usage"]["users"]["total"] >= 2


def read_all_unsigned(stage: Stage) -> list[Json]:
    """Fetch one of each, without a signature."""
    post = stage.publish()
    comment = stage.reply(post)
    owners = [stage.toetsing.uri, stage.anna.uri, f"http://{OURS}/"]
    return [stage.fetch(uri) for uri in (*owners, post.uri, comment.uri)]


def reads_all(_stage: Stage, documents: list[Json]) -> None:
    """Each is what Lemmy takes."""
    for document in documents:
        lemmy.read_document(document)


def gather_inboxes(stage: Stage) -> list[str]:
    """Two people there follow two of ours; one posts."""
    stage.follow()
    stage.says(stage.peer.follow(stage.mia, stage.toetsing.uri), stage.mia)
    stage.says(stage.peer.follow(stage.mia, stage.anna.uri), stage.mia)
    stage.server.posted.clear()
    stage.publish()
    return [path for path, _body, _headers in stage.server.posted]


def gets_one_copy(stage: Stage, paths: list[str]) -> None:
    """All goes to the shared inbox, each activity once."""
    sent = [one["id"] for one in stage.received()]

    assert set(paths) == {"/inbox"}
    assert len(sent) == len(set(sent))
    documents = [stage.fetch(owner.uri) for owner in (stage.anna, stage.toetsing)]
    assert {one["endpoints"]["sharedInbox"] for one in documents} == {f"http://{OURS}/inbox"}


def read_counters(stage: Stage) -> tuple[Json, Json]:
    """Fetch how many follow and how many answered."""
    post = stage.publish()
    stage.reply(post)
    stage.follow()
    return stage.fetch(f"{stage.toetsing.uri}/followers"), stage.fetch(f"{post.uri}/replies")


def counts(_stage: Stage, found: tuple[Json, Json]) -> None:
    """The owner and bob; one answer."""
    followers, replies = found

    lemmy_parts.FollowersList.model_validate(followers)
    assert (followers["totalItems"], replies["totalItems"]) == (2, 1)


def read_author(stage: Stage) -> Json:
    """Fetch who writes here."""
    return stage.fetch(stage.anna.uri)


def names_byline(_stage: Stage, person: Json) -> None:
    """Links to this server may carry the author's name."""
    assert person["attributionDomains"] == [OURS]


def names_handle(_stage: Stage, person: Json) -> None:
    """The handle need not be asked for."""
    assert person["webfinger"] == f"anna@{OURS}"


def read_policy(stage: Stage) -> Json:
    """Fetch a post."""
    return stage.fetch(stage.publish().uri)


def allows_quotes(_stage: Stage, page: Json) -> None:
    """Everybody may quote what is for everybody."""
    policy: dict[str, Any] = page["interactionPolicy"]
    assert policy["canQuote"]["automaticApproval"] == [mastodon.PUBLIC]


CASES = {
    1: Case(ask_webfinger, finds_group),
    2: Case(look_up_namesakes, finds_both),
    3: Case(type_handle, finds_group),
    4: Case(read_group, shows_group),
    5: Case(read_server, knows_server),
    6: Case(read_nodeinfo, knows_software),
    71: Case(read_all_unsigned, reads_all),
    75: Case(gather_inboxes, gets_one_copy),
    79: Case(read_counters, counts),
    86: Case(read_author, names_byline),
    87: Case(read_author, names_handle),
    88: Case(read_policy, allows_quotes),
}
