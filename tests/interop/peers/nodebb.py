"""NodeBB: categories, ids with fragments, its own look-up of what comes from another host."""

from typing import Any
from urllib.parse import quote

from tests.interop.peers.forum import Forum
from tests.interop.peers.software import Json, RefusedError
from tests.readers import nodebb
from tests.readers.signatures import Delivered, Parsed
from tests.support.fediverse import PUBLIC, RemoteActor

FALLS_THROUGH = ("Dislike", "Undo", "Lock", "Add", "Remove", "Block", "Flag", "Resolve", "Warn")


class NodeBB(Forum):
    """Of what a community passes on it applies posts, edits, deletions and Likes."""

    name = "nodebb"
    software = "nodebb"
    person_path = "/uid/{}"
    group_path = "/category/{}"
    key_suffix = "#key"

    def parse_signature(self, delivered: Delivered) -> Parsed:
        """Read the signature; another media type is a 404."""
        return nodebb.parse_signature(delivered)

    def new_id(self, actor: RemoteActor, kind: str) -> str:
        """Return an id that is a fragment of the actor."""
        return f"{actor.uri}#activity/{kind.lower()}/{self.thing_id('n').rpartition('/')[2]}"

    def thread(self, author: RemoteActor, group: str, title: str, **extra: Any) -> Json:
        """Write a topic: an Article with a preview."""
        plain = super().thread(author, group, title, **extra)
        topic = f"http://{self.host}/topic/{plain['id'].rpartition('/')[2]}"
        more = {
            "type": "Article",
            "to": [PUBLIC, group],
            "cc": [f"{author.uri}/followers"],
            "context": topic,
            "summary": plain["content"],
            "inReplyTo": None,
            "updated": None,
            "preview": {"type": "Note", "content": plain["content"], "attachment": []},
        }
        del plain["language"]
        return {**plain, **more, **extra}

    def comment(self, author: RemoteActor, parent: str, group: str, **extra: Any) -> Json:
        """Write an answer: a Note whose context is the topic."""
        plain = super().comment(author, parent, group, **extra)
        return {**plain, "id": self.thing_id("post"), "cc": [f"{author.uri}/followers", group]}

    def create(self, author: RemoteActor, thing: Json) -> Json:
        """Write a Create whose id is a fragment of the post."""
        return {**super().create(author, thing), "id": f"{thing['id']}#activity/create/1"}

    def vote(self, verb: str, actor: RemoteActor, uri: str, group: str) -> Json:
        """Write an up or down vote."""
        activity_id = f"{actor.uri}#activity/{verb.lower()}/{quote(uri, safe='')}"
        return {**self.act(verb, actor, uri, to=[PUBLIC], cc=[group]), "id": activity_id}

    def pass_on(self, group: RemoteActor, inner: Json) -> list[Json]:
        """A new post is passed on twice: wrapped, and by its id."""
        wrapped = super().pass_on(group, inner)
        if inner["type"] != "Create":
            return wrapped
        addressed = {"to": [f"{group.uri}/followers"], "cc": [PUBLIC]}
        return [*wrapped, self.act("Announce", group, inner["object"]["id"], **addressed)]

    def on_announce(self, activity: Json) -> None:
        """Take a post by its id, or an activity: of another host by its id as well."""
        thing = activity["object"]
        if isinstance(thing, str):
            if thing not in self.shown.threads:
                self.show(self.get(thing))
            self.shown.boosts[thing] = activity["id"]
            return
        super().on_announce(activity)

    def inner_of(self, activity: Json) -> list[Json]:
        """Return what is inside, as its own server tells it."""
        try:
            found = nodebb.resolve(activity, self.get)
        except nodebb.UnresolvedError as error:
            raise RefusedError(424, str(error)) from error
        return [dict(found)]

    def apply_announced(self, inner: Json, group: str) -> None:
        """Apply the few verbs it knows inside an Announce."""
        if inner["type"] in FALLS_THROUGH:
            self.shown.ignored.append(inner["type"])
        elif inner["type"] == "Delete":
            self._delete(inner, group)
        elif inner["type"] == "Update" and inner["object"]["type"] in nodebb.POST_TYPES:
            found = self.get(inner["object"]["id"])
            self.shown.gone.pop(found["id"], None)  # an edit brings back what was deleted
            self.show(found)
        else:
            self.apply(inner)

    def _delete(self, inner: Json, group: str) -> None:
        """Ask what stands there now: a tombstone is a soft deletion, nothing at all a purge."""
        thing = inner["object"]
        uri = thing["id"] if isinstance(thing, dict) else thing
        hosts = {one.split("/")[2] for one in (group, uri)}
        if inner["actor"].split("/")[2] not in hosts:
            raise RefusedError(400, "a moderator of a third host")
        try:
            found = self.get(uri)
        except LookupError:
            found = {"type": "Tombstone"}
        if found["type"] == "Tombstone":
            self.shown.gone[uri] = inner.get("summary")
        else:
            self.show(found)

    def read_post(self, thing: Json) -> Json:
        """Show a topic or an answer in it."""
        found = nodebb.read_post(thing)
        return found | {"group": found["category"], "author": thing["attributedTo"]}

    def on_undo(self, activity: Json) -> None:
        """Take back a vote, a follow or a boost; a restored post is looked at again."""
        inner = activity["object"]
        if inner["type"] in {"Lock", "Block"}:
            self.shown.ignored.append(f"Undo {inner['type']}")
            return
        super().on_undo(activity)
