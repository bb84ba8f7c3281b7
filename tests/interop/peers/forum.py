"""How forum servers take in what a community passes on."""

from tests.interop.peers.software import Json, RefusedError
from tests.interop.peers.writing import Writer


class Forum(Writer):
    """Lemmy, PieFed, Mbin and NodeBB. Their members follow communities; `follows` says whether."""

    def on_announce(self, activity: Json) -> None:
        """Read what is inside; of a community that nobody here follows it is refused."""
        if not self.is_followed(activity["actor"]):
            raise RefusedError(400, "community_has_no_followers")
        for inner in self.inner_of(activity):
            self.apply_announced(inner, activity["actor"])

    def is_followed(self, group: str) -> bool:
        """Whether somebody here follows a community."""
        followed = self.shown.follows.items()
        return any(one[1] == group and answer == "accepted" for one, answer in followed)

    def inner_of(self, activity: Json) -> list[Json]:
        """Return the activities inside."""
        thing = activity["object"]
        return [thing] if isinstance(thing, dict) else []

    def apply_announced(self, inner: Json, group: str) -> None:
        """Let one of them have its effect."""
        self.apply(inner)
