"""What all played peers have in common: the verbs of FEP-1b12 and what each does to a page."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from tests.interop.shown import Shown
from tests.readers.signatures import Delivered, Parsed, check_signature

Json = dict[str, Any]
ACTORS = frozenset({"Person", "Service", "Organization", "Group", "Application"})
UNREADABLE = (KeyError, TypeError, ValueError, LookupError)


class RefusedError(Exception):
    """The inbox answers with this status."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class Software:
    """One peer. `get` fetches a document from wherever it is, as this peer would.

    Subclasses say how it differs. A request is first answered (`answer`: no look-ups), later read
    (`read`), as servers with a queue do.
    """

    name: ClassVar[str]
    software: ClassVar[str]
    is_forum: ClassVar[bool] = True
    person_path: ClassVar[str] = "/u/{}"
    group_path: ClassVar[str] = "/c/{}"
    key_suffix: ClassVar[str] = "#main-key"

    def __init__(self, host: str, get: Callable[[str], Json]) -> None:
        self.host = host
        self.get = get
        self.shown = Shown()

    # The inbox.

    def parse_signature(self, delivered: Delivered) -> Parsed:
        """Read the Signature header as this software does."""
        raise NotImplementedError

    def check_body(self, activity: Json) -> None:
        """Raise RefusedError for what is refused at the door."""

    def answer(self, delivered: Delivered, activity: Json) -> int:
        """Return the status of the answer."""
        self.parse_signature(delivered)
        try:
            self.check_body(activity)
        except RefusedError as error:
            return error.status
        return 202

    def read(self, delivered: Delivered, activity: Json) -> None:
        """Verify the signature, then show what came."""
        assert activity["actor"] == self.verified_signer(delivered)
        try:
            self.check_body(activity)
            self.apply(activity)
        except (*UNREADABLE, RefusedError) as error:
            self.shown.refused.append(f"{activity['type']}: {error!r}")

    def verified_signer(self, delivered: Delivered) -> str:
        """Return who signed; the key is taken from that actor's own document."""
        parsed = self.parse_signature(delivered)
        owner = parsed.key_id.partition("#")[0]
        actor = self.get(owner)
        if "publicKey" in actor:  # whoever left for good has none any more
            check_signature(delivered, parsed, actor["publicKey"]["publicKeyPem"])
        return owner

    # What the verbs do.

    def apply(self, activity: Json) -> None:
        """Let an activity, bare or passed on, have its effect."""
        verbs: Mapping[str, Callable[[Json], None]] = {
            "Create": self.on_create,
            "Update": self.on_update,
            "Delete": self.on_delete,
            "Announce": self.on_announce,
            "Like": lambda one: self.on_vote(one, 1),
            "Dislike": lambda one: self.on_vote(one, -1),
            "Undo": self.on_undo,
            "Follow": self.on_follow,
            "Accept": lambda one: self.on_answer(one, "accepted"),
            "Reject": lambda one: self.on_answer(one, "rejected"),
            "Lock": lambda one: self.shown.locked.add(one["object"]),
            "Add": self.on_collect,
            "Remove": self.on_collect,
            "Block": self.on_block,
            "Flag": self.shown.reports.append,
            "Resolve": self.shown.resolved.append,
            "Warn": self.shown.warnings.append,
            "Move": self.on_move,
        }
        verb = verbs.get(activity["type"])
        if verb is None:
            self.shown.ignored.append(activity["type"])
        else:
            verb(activity)

    def on_create(self, activity: Json) -> None:
        """Show a thread or comment, once."""
        self.show(activity["object"])

    def on_update(self, activity: Json) -> None:
        """Show a text anew, or an actor."""
        thing = activity["object"]
        if thing["type"] in ACTORS:
            self.shown.actors[thing["id"]] = thing
        else:
            self.show(thing)

    def show(self, thing: Json) -> None:
        """Put a post on the page, unless it was deleted; tell those of ours whom it names."""
        if thing["id"] in self.shown.gone and self.shown.gone[thing["id"]] is None:
            return
        kind = self.shown.comments if thing.get("inReplyTo") else self.shown.threads
        kind[thing["id"]] = self.read_post(thing)
        for tag in thing.get("tag", ()):
            if tag["type"] == "Mention" and f"//{self.host}/" in tag["href"]:
                self.shown.notified.append((tag["href"], thing["id"]))

    def read_post(self, thing: Json) -> Json:
        """Return what people here see of a post."""
        raise NotImplementedError

    def on_delete(self, activity: Json) -> None:
        """Take something away, with a reason when a moderator did; or forget somebody."""
        thing = activity["object"]
        uri = thing["id"] if isinstance(thing, dict) else thing
        if uri == activity["actor"]:
            self.shown.departed.add(uri)
        else:
            self.shown.gone[uri] = activity.get("summary")

    def on_vote(self, activity: Json, value: int) -> None:
        """Count a vote."""
        self.shown.votes[activity["actor"], activity["object"]] = value

    def on_undo(self, activity: Json) -> None:
        """Take back what is embedded."""
        inner = activity["object"]
        thing = inner["object"]
        uri = thing["id"] if isinstance(thing, dict) else thing
        verbs: Mapping[str, Callable[[], object]] = {
            "Like": lambda: self.shown.votes.pop((inner["actor"], uri), None),
            "Dislike": lambda: self.shown.votes.pop((inner["actor"], uri), None),
            "Follow": lambda: self.shown.follows.pop((inner["actor"], uri), None),
            "Announce": lambda: self.shown.boosts.pop(uri, None),
            "Delete": lambda: self.shown.gone.pop(uri, None),
            "Lock": lambda: self.shown.locked.discard(uri),
            "Block": lambda: self.shown.banned.pop((uri, inner["target"]), None),
        }
        verbs.get(inner["type"], lambda: self.shown.ignored.append(f"Undo {inner['type']}"))()

    def on_follow(self, activity: Json) -> None:
        """Keep the request, for the one who is asked."""
        self.shown.requests.append(activity)

    def on_answer(self, activity: Json, answer: str) -> None:
        """Note what became of a request of one of ours."""
        follow = activity["object"]
        if isinstance(follow, dict) and follow["type"] == "Follow":
            self.shown.follows[follow["actor"], follow["object"]] = answer
        else:
            self.shown.ignored.append(f"{activity['type']} of something else")

    def on_collect(self, activity: Json) -> None:
        """Pin or unpin, appoint or dismiss: the target says which."""
        kind = str(activity["target"]).rpartition("/")[2]
        listed = self.shown.pinned if kind == "featured" else self.shown.moderators
        if activity["type"] == "Add":
            listed.add(activity["object"])
        else:
            listed.discard(activity["object"])

    def on_block(self, activity: Json) -> None:
        """Ban somebody from a community or a server; without a target it is personal."""
        if "target" in activity:
            self.shown.banned[activity["object"], activity["target"]] = activity
        else:
            self.shown.personal_blocks.append(activity)

    def on_move(self, activity: Json) -> None:
        """Let followers go along."""
        target = self.get(activity["target"])
        if activity["object"] in target.get("alsoKnownAs", ()):
            self.shown.moves[activity["object"]] = activity["target"]

    def on_announce(self, activity: Json) -> None:
        """Take in what a community passes on."""
        raise NotImplementedError
