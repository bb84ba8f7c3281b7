"""Who somebody is in a community: all that policies need to know of a person."""

from dataclasses import dataclass


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


ANONYMOUS = Standing()
