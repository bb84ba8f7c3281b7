"""Lemmy 1.0: strict structures, only what communities pass on, people alone may act."""

from typing import Any

from tests.interop.peers.forum import Forum
from tests.interop.peers.software import Json, RefusedError
from tests.readers import lemmy, lemmy_parts
from tests.readers.signatures import Delivered, Parsed, check_digest, parsed_from, split_plainly
from tests.support.fediverse import RemoteActor


class Lemmy(Forum):
    """Reads every activity as one of its structures, or answers 400."""

    name = "lemmy"
    software = "lemmy"

    def parse_signature(self, delivered: Delivered) -> Parsed:
        """Read the header leniently, the digest strictly."""
        parts = {n.strip(): v for n, v in split_plainly(delivered.header("signature")).items()}
        check_digest(delivered)
        return parsed_from(parts, ("keyId", "headers", "signature"))

    def context(self) -> Any:
        """Lemmy names its own context beside the one of ActivityStreams."""
        return ["https://join-lemmy.org/context.json", "https://www.w3.org/ns/activitystreams"]

    def check_body(self, activity: Json) -> None:
        """Read the activity, and what is inside an Announce, as structures."""
        try:
            lemmy.read_activity(activity)
            lemmy.check_activity(activity)
            if activity["type"] == "Announce":
                inner = lemmy.read_announced(activity)
                lemmy.check_activity(inner.model_dump(by_alias=True, exclude_none=True))
        except (lemmy.UnreadableError, ValueError) as error:
            raise RefusedError(400, str(error)) from error

    def read_post(self, thing: Json) -> Json:
        """Show title and Markdown; the first attachment is what the thread is about."""
        found = lemmy.read_document(thing)
        attached = thing.get("attachment", [])
        first = attached[0] if attached else {}
        source = thing.get("source")
        rest = [one.get("url") or one.get("href") for one in attached[1:]]
        return {
            "title": getattr(found, "name", None),
            "text": source["content"] if source else thing["content"],
            "html": thing["content"],
            "link": first.get("href") or first.get("url"),
            "images": [one["url"] for one in attached if one["type"] == "Image"],
            "appended": rest,
            "alts": [one.get("name") for one in attached if one["type"] == "Image"],
            "language": (thing.get("language") or {}).get("identifier"),
            "sensitive": thing.get("sensitive"),
            "group": thing.get("audience"),
            "author": thing["attributedTo"],
        }

    def on_update(self, activity: Json) -> None:
        """Take an edit of the author; of anybody else only `sensitive` and the tags count."""
        thing = activity["object"]
        is_text = thing.get("type") in {"Page", "Note"}
        if is_text and thing["attributedTo"] != activity["actor"]:
            raise RefusedError(400, "only the author may edit")
        super().on_update(activity)

    def apply_announced(self, inner: Json, group: str) -> None:
        """The audience, when given, must be the community that passes it on."""
        if inner.get("audience") not in {None, group}:
            raise RefusedError(400, "another community")
        super().apply_announced(inner, group)

    def group_document(self, actor: RemoteActor) -> Json:
        """Return what Lemmy adds to the document of a community."""
        extra = {
            "featured": f"{actor.uri}/featured",
            "attributedTo": f"{actor.uri}/moderators",
            "postingRestrictedToMods": False,
        }
        lemmy_parts.Group.model_validate({**actor.document, **extra})
        return extra
