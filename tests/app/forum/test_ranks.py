"""Who may do what to whom: one table of ranks for pages and for what other servers send (A128)."""

import pytest

from app.forum import policy
from app.forum.models.community import Community
from app.forum.standing import Rank, Standing

MEMBER = {"is_active": True, "is_member": True}
ADMIN = Standing(1, is_active=True, is_local=True, is_admin=True)
OTHER_ADMIN = Standing(2, is_active=True, is_local=True, is_admin=True)
OWNER = Standing(3, is_local=True, is_moderator=True, is_owner=True, **MEMBER)
MODERATOR = Standing(4, is_local=True, is_moderator=True, **MEMBER)
REMOTE_MODERATOR = Standing(5, is_moderator=True, **MEMBER)
PERSON = Standing(6, is_local=True, **MEMBER)
STRANGER = Standing(7, is_active=True)
BANNED = Standing(8, is_banned=True, is_moderator=True, **MEMBER)
GONE = Standing(9, is_moderator=True, is_member=True)
PEOPLE = {
    "admin": ADMIN,
    "other admin": OTHER_ADMIN,
    "owner": OWNER,
    "moderator": MODERATOR,
    "remote moderator": REMOTE_MODERATOR,
    "member": PERSON,
    "stranger": STRANGER,
    "banned moderator": BANNED,
    "suspended moderator": GONE,
}
BELOW = {"member", "stranger"}
MODERATORS = {"moderator", "remote moderator", "banned moderator", "suspended moderator"}
OURS = Community(name="toetsing")
THEIRS = Community(name="rekenen", host="elders.test")

# who -> whom that person may ban and warn in a community of ours
MAY_JUDGE = {
    "admin": set(PEOPLE) - {"admin"},
    "other admin": set(PEOPLE) - {"other admin"},
    "owner": BELOW | MODERATORS,
    "moderator": BELOW,
    "remote moderator": BELOW,
    "member": set(),
    "stranger": set(),
    "banned moderator": set(),
    "suspended moderator": set(),
}
# who -> whose ban that person may lift there
MAY_LIFT = {
    "admin": set(PEOPLE),
    "other admin": set(PEOPLE),
    "owner": BELOW | MODERATORS | {"owner"},
    "moderator": BELOW | {"moderator"},
    "remote moderator": BELOW | {"remote moderator"},
    "member": set(),
    "stranger": set(),
    "banned moderator": set(),
    "suspended moderator": set(),
}
MODERATE_ELSEWHERE = {"owner", "moderator", "remote moderator"}


@pytest.mark.parametrize("who", PEOPLE)
def test_people_are_judged_by_who_stands_higher(who: str) -> None:
    judged = {other for other in PEOPLE if policy.can_judge(PEOPLE[who], PEOPLE[other], OURS)}

    assert judged == MAY_JUDGE[who]
    assert judged == {one for one in PEOPLE if policy.can_act_on(PEOPLE[who], PEOPLE[one])}


@pytest.mark.parametrize("who", PEOPLE)
def test_a_ban_is_lifted_by_who_made_it_or_stands_higher(who: str) -> None:
    lifted = {maker for maker in PEOPLE if policy.can_lift(PEOPLE[who], PEOPLE[maker], OURS)}

    assert lifted == MAY_LIFT[who]


@pytest.mark.parametrize("who", PEOPLE)
def test_elsewhere_only_those_who_moderate_there_judge(who: str) -> None:
    judged = {other for other in PEOPLE if policy.can_judge(PEOPLE[who], PEOPLE[other], THEIRS)}
    may_lift = policy.can_lift(PEOPLE[who], ADMIN, THEIRS)

    assert judged == (set(PEOPLE) - {who} if who in MODERATE_ELSEWHERE else set())
    assert may_lift is (who in MODERATE_ELSEWHERE)


@pytest.mark.parametrize(
    ("decide", "allowed"),
    [
        (policy.can_manage, {"admin", "other admin", "owner"}),
        (
            policy.can_moderate,
            {"admin", "other admin", "owner", "moderator", "remote moderator"},
        ),
        (policy.takes_part, set(PEOPLE) - {"banned moderator", "suspended moderator"}),
    ],
)
def test_rights_follow_the_rank(decide: object, allowed: set[str]) -> None:
    assert {name for name, who in PEOPLE.items() if decide(who)} == allowed


def test_ranks_are_in_order() -> None:
    ranks = [one.rank for one in (PERSON, MODERATOR, OWNER, ADMIN)]

    assert ranks == [Rank.GROUND, Rank.MODERATOR, Rank.OWNER, Rank.ADMIN]


def test_nobody_judges_without_a_name() -> None:
    assert not policy.can_act_on(Standing(), PERSON)
