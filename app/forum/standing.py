"""Who somebody is in a community: all that policies need to know of a person."""

from dataclasses import dataclass
from enum import IntEnum


class Rank(IntEnum):
    """How high somebody stands in a community; members and passers-by stand on the ground."""

    GROUND = 0
    MODERATOR = 1
    OWNER = 2
    ADMIN = 3


@dataclass(frozen=True)
class Standing:
    """One account beside one community; an anonymous reader has the defaults."""

    account_id: int | None = None
    is_active: bool = False
    is_local: bool = False
    is_member: bool = False
    is_requested: bool = False
    is_moderator: bool = False
    is_owner: bool = False
    is_admin: bool = False
    is_banned: bool = False

    @property
    def rank(self) -> Rank:
        """The highest place this person has."""
        if self.is_admin:
            return Rank.ADMIN
        if self.is_owner:
            return Rank.OWNER
        return Rank.MODERATOR if self.is_moderator else Rank.GROUND


ANONYMOUS = Standing()
