"""What we really send and serve passes the strictest reader of every peer."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.conftest import MakeApp
from tests.interop.journey import fetch_all, live
from tests.interop.stage import OURS, Stage
from tests.readers import gotosocial, jsonld, lemmy, lemmy_parts, mastodon, mbin, nodebb, piefed
from tests.readers import proof as proofs

Json = dict[str, Any]
MAX_BYTES = 64 * 1024
POSTS = {"Page", "Note"}
ACTORS = {"Person", "Group", "Application"}
LISTS = {"Collection", "OrderedCollection", "OrderedCollectionPage", "CollectionPage"}
TO_FORUMS = {"Accept", "Announce", "Create", "Delete", "Flag", "Follow", "Like", "Reject", "Undo"}
TO_FORUMS |= {"Block", "Move", "Resolve", "Update", "Warn"}
PASSED_ON = {"Add", "Block", "Create", "Delete", "Like", "Lock", "Remove", "Undo", "Update"}
TO_MICROBLOGS = {"Accept", "Announce", "Create", "Delete", "Flag", "Follow", "Like", "Reject"}
TO_MICROBLOGS |= {"Move", "Undo", "Update"}


@dataclass
class Collected:
    """All that a forum and a microblog got, and all that we serve."""

    to_forum: list[Json] = field(default_factory=list)
    to_microblog: list[Json] = field(default_factory=list)
    served: list[Json] = field(default_factory=list)
    actors: dict[str, Json] = field(default_factory=dict)

    @property
    def whole(self) -> list[Json]:
        """Everything with a context of its own."""
        return [*self.to_forum, *self.to_microblog, *self.served]

    def fetcher(self, peer: str) -> Callable[[str], Json]:
        """Return how the actors of one of the two days are found."""
        return lambda uri: self.actors[uri + peer]

    @property
    def passed_on(self) -> list[Json]:
        """What our community passed on."""
        announced = [one for one in self.to_forum if one["type"] == "Announce"]
        return [one["object"] for one in announced if isinstance(one["object"], dict)]

    def of(self, *types: str) -> list[Json]:
        """Return all documents of these types, served or inside what was sent."""
        sent = [*self.to_forum, *self.to_microblog, *self.passed_on]
        inside = [one["object"] for one in sent if isinstance(one["object"], dict)]
        return [one for one in (*self.served, *inside) if one["type"] in types]


_kept: list[Collected] = []


@pytest.fixture
def collected(make_app: MakeApp) -> Collected:
    """Live the day once beside a forum and once beside a microblog; the tests share it."""
    if not _kept:
        found = Collected()
        found.to_forum = _day_with(make_app, "lemmy", found)
        found.to_microblog = _day_with(make_app, "mastodon", found)
        _kept.append(found)
    return _kept[0]


def _day_with(make_app: MakeApp, peer: str, found: Collected) -> list[Json]:
    app = make_app()
    with app.app_context():
        stage = Stage(app, peer)
        for uri in (f"http://{OURS}/", stage.anna.uri, stage.carla.uri, stage.toetsing.uri):
            found.actors[uri + peer] = stage.fetch(uri)
        if not found.served:
            found.served = fetch_all(stage)
        stage.server.posted.clear()
        live(stage)
        # Lemmy has no Move; all else it must be able to read.
        refused = [one for one in stage.peer.shown.refused if not one.startswith("Move: ")]
        assert refused == []
        stage.check_no_harm()
        for one in stage.received():
            if one["actor"] + peer not in found.actors:
                found.actors[one["actor"] + peer] = stage.get(one["actor"])
        return stage.received()


def _of_our_own(document: Json) -> Json:
    """Leave out what another wrote: it stands inside as it came, with a context of its own."""
    thing = document.get("object")
    is_foreign = isinstance(thing, dict) and not str(thing["id"]).startswith(f"http://{OURS}/")
    return (
        {**document, "object": thing["id"]} if isinstance(thing, dict) and is_foreign else document
    )


def test_everything_that_we_can_say_was_said(collected: Collected) -> None:
    assert {one["type"] for one in collected.to_forum} == TO_FORUMS
    assert {one["type"] for one in collected.passed_on} >= PASSED_ON
    assert {one["type"] for one in collected.to_microblog} == TO_MICROBLOGS
    served = {one["type"] for one in collected.served}
    assert served >= {*POSTS, *ACTORS, "Tombstone", "Collection", "OrderedCollection"}


def test_lemmy_reads_all_that_forums_get(collected: Collected) -> None:
    for one in collected.to_forum:
        if one["type"] != "Move":  # it answers 400, and nobody there goes along
            lemmy.read_activity(one)
        lemmy.check_activity(one)
    for one in collected.passed_on:
        lemmy.read_activity(one, lemmy.ANNOUNCED)
        lemmy.check_activity(one)


def test_lemmy_reads_all_that_we_serve(collected: Collected) -> None:
    for one in collected.of(*POSTS, *ACTORS, "Tombstone"):
        lemmy.read_document(one)
    for one in collected.served:
        kind = one["id"].rpartition("/")[2]
        if kind in lemmy.LISTS and "/c/" in one["id"]:
            lemmy.LISTS[kind].model_validate(one)
        elif kind == "outbox" and "/c/" in one["id"]:
            assert lemmy.read_outbox(one)
        elif kind == "context":
            lemmy_parts.UrlList.model_validate(one)


def test_nothing_is_dropped_when_a_document_is_expanded(collected: Collected) -> None:
    for one in collected.whole:
        assert jsonld.expand(_of_our_own(one))["@id"] == one["id"]


def test_every_proof_holds_for_a_stranger(collected: Collected) -> None:
    proven = 0
    for peer, sent in (("lemmy", collected.to_forum), ("mastodon", collected.to_microblog)):
        for one in sent:
            if "proof" in one:
                proofs.check(one, collected.fetcher(peer))
                proven += 1
            assert "proof" in one or one["type"] not in {"Announce", "Create"}

    assert proven > 20


def test_mastodon_takes_every_actor_and_post(collected: Collected) -> None:
    for one in collected.of(*ACTORS):
        if "@context" in one:
            assert mastodon.read_actor(one)["url"] == one["id"]
    for one in collected.of(*POSTS):
        shown = mastodon.read_status(one)
        assert shown["visibility"] == "public"
        has_title = f"<h2>{one.get('name')}</h2>" in shown["html"]
        assert has_title is (one["type"] == "Page")


def test_gotosocial_takes_every_actor_and_post(collected: Collected) -> None:
    for one in collected.whole:
        gotosocial.check_context(one)
    for one in collected.served:
        if one["type"] in {"Person", "Group"}:
            gotosocial.read_account(one)
    for one in collected.of(*POSTS):
        assert gotosocial.read_status(one)["is_public"]


def test_piefed_mbin_and_nodebb_take_every_thread(collected: Collected) -> None:
    for one in collected.of("Page"):
        titles = {
            piefed.read_post(one)["title"],
            mbin.read_entry(one, one["audience"])["title"],
            nodebb.read_post(one)["title"],
        }
        assert titles == {one["name"]}
    for one in collected.of("Group"):
        assert piefed.read_group(one)["id"] == mbin.read_magazine(one)["id"]
        assert nodebb.read_category(one)["restricted"] is False


def test_what_is_undone_or_answered_stands_inside(collected: Collected) -> None:
    for one in [*collected.to_forum, *collected.passed_on, *collected.to_microblog]:
        if one["type"] in {"Undo", "Accept", "Reject"}:
            assert mbin.undone(one)["id"]


def test_nothing_is_too_long_for_the_smallest_inbox(collected: Collected) -> None:
    for one in collected.whole:
        if one["type"] not in LISTS:
            assert len(json.dumps(one, ensure_ascii=False).encode()) <= MAX_BYTES
