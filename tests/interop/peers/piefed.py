"""PieFed: a plain signature parser, one inbox per server, votes in batches, ids in lower case."""

import secrets
from collections.abc import Sequence

from tests.interop.peers.forum import Forum
from tests.interop.peers.software import Json
from tests.readers import piefed
from tests.readers.signatures import Delivered, Parsed
from tests.support.fediverse import PUBLIC, RemoteActor


class PieFed(Forum):
    """Takes lists of activities inside an Announce, and sends them."""

    name = "piefed"
    software = "piefed"

    def parse_signature(self, delivered: Delivered) -> Parsed:
        """Read the signature by its own plain rules."""
        return piefed.parse_signature(delivered)

    def new_id(self, actor: RemoteActor, kind: str) -> str:
        """Return an id with a short random end."""
        return f"http://{self.host}/activities/{kind.lower()}/{secrets.token_urlsafe(11)}"

    def inner_of(self, activity: Json) -> list[Json]:
        """Return one or many; a bare address is meant for microblogs and ignored."""
        return [dict(one) for one in piefed.inner_activities(activity)]

    def apply_announced(self, inner: Json, group: str) -> None:
        """Echoes of what its own people did are dropped."""
        if f"//{self.host}/" in inner["actor"] and inner["type"] != "Delete":
            self.shown.ignored.append("an echo")
            return
        super().apply_announced(inner, group)

    def read_post(self, thing: Json) -> Json:
        """Show what PieFed shows; a comment has no title."""
        named = {"name": "", **thing} if thing.get("inReplyTo") else thing
        found = piefed.read_post(named)
        more = {"group": thing.get("audience"), "author": thing["attributedTo"]}
        return found | more | {"sensitive": found["nsfw"]}

    def on_update(self, activity: Json) -> None:
        """Apply an edit; commentsEnabled opens and closes a thread."""
        super().on_update(activity)
        thing = activity["object"]
        if thing.get("commentsEnabled") is False:
            self.shown.locked.add(thing["id"])

    def pass_on_votes(self, group: RemoteActor, votes: Sequence[Json]) -> Json:
        """Write how a community passes on many votes at once."""
        bare = [{n: v for n, v in one.items() if n != "@context"} for one in votes]
        return self.act("Announce", group, bare, to=[PUBLIC], cc=[f"{group.uri}/followers"])
