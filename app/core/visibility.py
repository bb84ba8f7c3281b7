"""Who may see a thing, and whether it is still there; shared by all that is posted."""

from enum import StrEnum


class Visibility(StrEnum):
    """For whom something is meant."""

    PUBLIC = "public"
    MEMBERS = "members"
    LOCAL = "local"


_WIDTH = {Visibility.MEMBERS: 0, Visibility.LOCAL: 1, Visibility.PUBLIC: 2}


def narrower(one: str, other: str) -> Visibility:
    """Return what shuts more people out: a public post in a closed group is closed."""
    return min(Visibility(one), Visibility(other), key=_WIDTH.__getitem__)


class State(StrEnum):
    """Published, taken back by its author, or taken away by a moderator.

    HELD waits for a moderator and REFUSED was turned down by one; neither has ever been shown.
    """

    PUBLISHED = "published"
    DELETED = "deleted"
    REMOVED = "removed"
    HELD = "held"
    REFUSED = "refused"


WITHHELD = (State.HELD, State.REFUSED)
