"""A group of ours and one elsewhere, with all who may or may not moderate them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import inspect, select

from app.accounts.models.account import Account
from app.accounts.queries import find_account_by_uri, find_local_account
from app.core.db import Base, db, session, unit_of_work
from app.forum.models.community import Community
from app.forum.models.post import Post
from app.forum.queries.communities import find_community_by_uri
from app.forum.queries.posts import find_post_by_uri
from app.forum.services import memberships
from federation.dereference.chase import Chase
from federation.transport.client import activity_client
from tests.support.factories import make_account, make_community
from tests.support.fediverse import FakeFediverse, Json, RemoteActor, activity, page

# What may change when somebody is refused: the gate itself, and who is known by name.
OF_THE_GATE = {
    "inbox_activity",
    "peer",
    "actor",
    "account",
    "lease",
    "membership",
    "withdrawal",
    "search_document",
}


@dataclass
class Place:
    """One group, a thread in it, who wrote that, and the ids by which others name its lists."""

    uri: str
    thread_uri: str
    writer: RemoteActor
    moderator: RemoteActor
    group: RemoteActor | None = None

    @property
    def featured(self) -> str:
        return f"{self.uri}/featured"

    @property
    def moderators(self) -> str:
        return f"{self.uri}/moderators"

    @property
    def community(self) -> Community:
        found = find_community_by_uri(self.uri)
        assert found is not None
        return found

    @property
    def thread(self) -> Post:
        session().expire_all()
        found = find_post_by_uri(self.thread_uri)
        assert found is not None
        return found


@dataclass
class Scene:
    """Everybody, known here by name."""

    fediverse: FakeFediverse
    settle: Callable[[], None]
    ours: Place = field(init=False)
    theirs: Place = field(init=False)
    people: dict[str, RemoteActor] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.anna = make_account("anna")
        community = make_community("toetsing", owner=self.anna)
        self.vakken = make_community("vakken", owner=self.anna)
        bob = self.fediverse.person("bob", "victim.test")
        mo = self.fediverse.person("mo", "calm.test")
        thread = self.fediverse.put(page(bob, community.uri, "Eerst"))
        self.take(activity("Create", bob, thread), bob)
        self.ours = Place(community.uri, thread["id"], bob, mo)
        self.theirs = self._remote_group()
        self.people = {
            "home": self.fediverse.person("heks", "groep.test"),
            "member": self.fediverse.person("mem", "leden.test"),
            "stranger": self.fediverse.person("mal", "evil.test"),
            "other": self.fediverse.person("vak", "vakken.test"),
        }
        for actor in (*self.people.values(), mo, self.theirs.moderator):
            self.introduce(actor)
        Chase(activity_client()).bring(self.theirs.moderators)
        self.appoint(mo, self.ours.community)
        self.appoint(self.people["other"], self.vakken)
        with unit_of_work():
            member = self.account(self.people["member"])
            memberships.join_community(member, self.ours.community, request_uri="http://x.test/1")

    def _remote_group(self) -> Place:
        """`tuin` at groep.test, which carla follows; its list names one from elsewhere."""
        featured = "http://groep.test/c/tuin/featured"
        group = self.fediverse.group("tuin", "groep.test", featured=featured)
        listed = self.fediverse.person("lia", "lijst.test")
        self.list_moderators(group, listed.uri)
        Chase(activity_client()).bring(group.uri)
        community = find_community_by_uri(group.uri)
        assert community is not None
        with unit_of_work():
            memberships.join_community(make_account("carla"), community)
        zoe = self.fediverse.person("zoe", "derde.test")
        thread = self.fediverse.put(page(zoe, group.uri, "Ginds"))
        self.take(activity("Announce", group, activity("Create", zoe, thread)), group)
        return Place(group.uri, thread["id"], zoe, listed, group)

    def evil_group(self) -> RemoteActor:
        """A group that somebody here follows, on a server of bad will."""
        group = self.fediverse.group("kwaad", "evil.test")
        self.introduce(group)
        community = find_community_by_uri(group.uri)
        assert community is not None
        with unit_of_work():
            memberships.join_community(make_account("dirk"), community)
        self.take(activity("Announce", group, activity("Like", group, group.uri)), group)
        return group

    def list_moderators(self, group: RemoteActor, *members: str | Json) -> None:
        """Let a group elsewhere name its moderators."""
        self.fediverse.put(
            {
                "id": f"{group.uri}/moderators",
                "type": "OrderedCollection",
                "totalItems": len(members),
                "orderedItems": list(members),
            }
        )

    def introduce(self, actor: RemoteActor) -> None:
        """Let somebody be known here."""
        Chase(activity_client()).bring(actor.uri)

    def account(self, actor: RemoteActor) -> Account:
        found = find_account_by_uri(actor.uri)
        assert found is not None
        return found

    def account_here(self, name: str) -> Account:
        found = find_local_account(name)
        assert found is not None
        return found

    def appoint(self, actor: RemoteActor, community: Community) -> None:
        with unit_of_work():
            memberships.set_moderator(community, self.account(actor), is_moderator=True, by=None)

    def take(self, document: Json, signer: RemoteActor) -> None:
        """Let an activity arrive and be applied."""
        assert self.fediverse.deliver(document, signer).status_code == 202
        self.settle()
        session().expire_all()

    def wrapped(self, place: Place, inner: Json) -> None:
        """Let the group elsewhere pass an activity on."""
        assert place.group is not None
        self.take(activity("Announce", place.group, inner), place.group)


def contents() -> dict[str, list[Any]]:
    """Everything stored, apart from what the gate keeps."""
    session().rollback()
    session().expire_all()
    with db.engine.connect() as connection:
        made = set(inspect(connection).get_table_names()) - OF_THE_GATE
        return {
            name: list(connection.execute(select(table)).all())
            for name, table in Base.metadata.tables.items()
            if name in made
        }


def changes(known: dict[str, list[Any]]) -> dict[str, Any]:
    """What is stored differently now, by table."""
    found = contents()
    return {name: found[name] for name in found if found[name] != known[name]}
