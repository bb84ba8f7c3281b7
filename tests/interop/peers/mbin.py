"""Mbin: magazines under /m/, entries and their comments, boosts that count as votes."""

import secrets
from collections.abc import Sequence
from typing import Any

from tests.interop.peers.forum import Forum
from tests.interop.peers.software import Json
from tests.readers import mbin
from tests.readers.signatures import Delivered, Parsed
from tests.support.fediverse import PUBLIC, RemoteActor


class Mbin(Forum):
    """Ignores what it does not find embedded; `magazine` is the community that it knows of ours."""

    name = "mbin"
    software = "mbin"
    group_path = "/m/{}"
    magazine = "http://ons.test/c/toetsing"

    def parse_signature(self, delivered: Delivered) -> Parsed:
        """Read the signature by its own plain rules."""
        return mbin.parse_signature(delivered)

    def read(self, delivered: Delivered, activity: Json) -> None:
        """Besides, the key must be of the actor's host."""
        mbin.check_key_host(activity, self.parse_signature(delivered).key_id)
        super().read(delivered, activity)

    def new_id(self, actor: RemoteActor, kind: str) -> str:
        """Return an id as all its objects have."""
        return f"http://{self.host}/f/object/{secrets.token_hex(16)}"

    def context(self) -> Any:
        """Name only a context of its own, which nobody has to fetch."""
        return [f"http://{self.host}/contexts"]

    def thread(self, author: RemoteActor, group: str, title: str, **extra: Any) -> Json:
        """Write an entry: no source, the language as a map, possibly of nothing."""
        plain = super().thread(author, group, title, **extra)
        content = plain["content"]
        more = {"source": "Wat vinden jullie?", "contentMap": {"nl": content}}
        del plain["language"]
        return {**plain, **more, "commentsEnabled": True, "stickied": False}

    def comment(self, author: RemoteActor, parent: str, group: str, **extra: Any) -> Json:
        """Write an answer; a language that is not known is a map to nothing."""
        plain = super().comment(author, parent, group, **extra)
        return {**plain, "source": "Zo doen wij het.", "contentMap": {"en": None}}

    def vote(self, verb: str, actor: RemoteActor, uri: str, group: str) -> Json:
        """Write a favourite or a down vote, for everybody."""
        addressed = {"to": [PUBLIC], "cc": [f"{actor.uri}/followers", group]}
        return self.act(verb, actor, uri, **addressed, audience=group)

    def remove(self, moderator: RemoteActor, uri: str, group: str, reason: str) -> Json:
        """Write a removal; its reason is a blank."""
        return super().remove(moderator, uri, group, " ")

    def report(self, actor: RemoteActor, things: Sequence[str], group: str, reason: str) -> Json:
        """Write a report of a post and its author."""
        words = {"summary": reason, "content": reason}
        return self.act("Flag", actor, list(things), to=[group], audience=group, **words)

    def apply(self, activity: Json) -> None:
        """Take nothing whose object is only an address where a thing is undone or answered."""
        if activity["type"] in {"Undo", "Accept", "Reject"}:
            inner = mbin.undone(activity)
            if activity["type"] == "Undo" and inner["type"] == "Delete":
                self.shown.ignored.append("Undo Delete")
                return
        super().apply(activity)

    def on_announce(self, activity: Json) -> None:
        """A boost of a thread counts as a vote for it."""
        if isinstance(activity["object"], str):
            self.shown.boosts[activity["object"]] = activity["id"]
            return
        super().on_announce(activity)

    def apply_announced(self, inner: Json, group: str) -> None:
        """Echoes of what its own people did are dropped."""
        if f"//{self.host}/" in inner["actor"]:
            self.shown.ignored.append("an echo")
            return
        super().apply_announced(inner, group)

    def on_update(self, activity: Json) -> None:
        """Apply an edit, or make anew what was deleted; commentsEnabled closes a thread."""
        thing = activity["object"]
        self.shown.gone.pop(thing["id"], None)
        super().on_update(activity)
        if thing.get("commentsEnabled") is False:
            self.shown.locked.add(thing["id"])

    def read_post(self, thing: Json) -> Json:
        """Show an entry in its magazine, or a comment."""
        entry = {**thing, "type": "Page", "name": ""} if thing.get("inReplyTo") else thing
        found = mbin.read_entry(entry, self.magazine)
        same = {"html": found["text"], "sensitive": found["adult"], "group": found["magazine"]}
        return found | same | {"author": thing["attributedTo"]}
