"""Which servers are refused, who moderates what, and who may read which line of the log."""

from collections.abc import Callable, Iterable

import pytest
from flask import Flask
from flask.ctx import AppContext

from app.accounts.models.account import Account
from app.core.db import unit_of_work
from app.core.pages import PageRequest, decode_cursor
from app.core.settings import Federation
from app.core.visibility import Visibility
from app.forum.models.community import Community
from app.forum.services import comments, memberships, posts
from app.moderation.models.host_rule import HostVerdict
from app.moderation.queries import (
    find_refused_hosts,
    is_host_refused,
    list_log,
    list_moderated_ids,
)
from app.moderation.services import hosts, reports
from tests.support.factories import make_account, make_comment, make_community, make_post

LONG = PageRequest(size=100)


def rule(verdict: HostVerdict, names: Iterable[str]) -> None:
    with unit_of_work():
        for name in names:
            hosts.rule_host(name, verdict, "", None)


@pytest.mark.parametrize(
    ("host", "is_refused"),
    [
        ("spam.example", True),
        ("spam.example:8443", True),
        ("deep.under.spam.example", True),
        ("deep.spam.example:8443", True),
        ("notspam.example", False),
        ("spam.example.org", False),
        ("example", False),
        ("other.example", False),
        ("ports.example", False),
        ("ports.example:8080", True),
        ("ports.example:8081", False),
        ("under.ports.example:8080", False),
        ("xn--bcher-kva.example", True),
        ("onder.xn--bcher-kva.example", True),
        ("fine.example", False),
    ],
)
def test_a_rule_covers_ports_and_subdomains_and_nothing_else(
    ctx: AppContext, host: str, is_refused: bool
) -> None:
    rule(HostVerdict.BLOCKED, ["spam.example", "ports.example:8080", "bücher.example"])
    rule(HostVerdict.ALLOWED, ["fine.example"])

    assert is_host_refused(host) is is_refused
    assert find_refused_hosts([host, "clean.example"]) == ({host} if is_refused else set())


def test_the_strictest_rule_wins_and_a_decision_taken_back_no_longer_counts(
    ctx: AppContext,
) -> None:
    rule(HostVerdict.BLOCKED, ["example.net"])
    rule(HostVerdict.ALLOWED, ["good.example.net"])
    before = is_host_refused("good.example.net")
    with unit_of_work():
        hosts.free_host("example.net", None)

    assert before
    assert not is_host_refused("good.example.net")


def test_with_an_allow_list_only_who_is_on_it_gets_in(make_app: Callable[..., Flask]) -> None:
    with make_app(federation=Federation.ALLOWLIST).app_context():
        rule(HostVerdict.ALLOWED, ["good.example", "mixed.example"])
        rule(HostVerdict.BLOCKED, ["bad.mixed.example"])

        asked = ["good.example", "sub.good.example:1", "bad.mixed.example", "stranger.example"]
        refused = find_refused_hosts(asked)

    assert refused == {"bad.mixed.example", "stranger.example"}


def test_switched_off_nobody_gets_in_whatever_the_rules_say(make_app: Callable[..., Flask]) -> None:
    with make_app(federation=Federation.OFF).app_context():
        rule(HostVerdict.ALLOWED, ["good.example"])

        assert find_refused_hosts(["good.example", "other.example"]) == {
            "good.example",
            "other.example",
        }


def test_only_appointed_moderators_moderate(ctx: AppContext) -> None:
    otto, anna = make_account("otto"), make_account()
    first, second = make_community(owner=otto), make_community("rekenen", owner=otto)
    with unit_of_work():
        memberships.join_community(anna, second)
        memberships.set_moderator(first, anna, is_moderator=True, by=otto)
    appointed = list_moderated_ids(anna)
    with unit_of_work():
        memberships.set_moderator(first, anna, is_moderator=False, by=otto)

    assert appointed == [first.id]
    assert list_moderated_ids(anna) == []
    assert sorted(list_moderated_ids(otto)) == [first.id, second.id]


def act_everywhere(community: Community, otto: Account) -> None:
    """Do one of everything that is logged."""
    writer = make_account("schrijver")
    post, other = make_post(community, otto), make_post(community, writer)
    comment = make_comment(post, writer)
    report = None
    with unit_of_work():
        posts.pin_post(post, otto, is_pinned=True)
        posts.lock_post(post, otto, is_locked=True, reason="Klaar")
        posts.remove_post(other, otto, "Reclame")
        comments.remove_comment(comment, otto, "Grof")
        comments.restore_comment(comment, otto)
        report = reports.make_report(writer, comment, "Toch grof")
        reports.resolve_report(report, otto, "Gelezen")
        memberships.set_moderator(community, writer, is_moderator=True, by=otto)


ACTS = [
    "moderator_added",
    "report_resolved",
    "report_made",
    "comment_restored",
    "comment_removed",
    "post_removed",
    "post_locked",
    "post_pinned",
]
READERS = {
    Visibility.PUBLIC: {"anonymous", "stranger", "member", "admin", "remote"},
    Visibility.LOCAL: {"stranger", "member", "admin"},
    Visibility.MEMBERS: {"member", "admin"},
}


@pytest.mark.parametrize("visibility", list(Visibility))
def test_the_log_of_a_community_is_for_who_may_know_the_community(
    ctx: AppContext, visibility: Visibility
) -> None:
    otto = make_account("otto")
    community = make_community(owner=otto)
    member = make_account("member")
    readers: dict[str, Account | None] = {
        "anonymous": None,
        "stranger": make_account("stranger"),
        "member": member,
        "admin": make_account("beatrix", admin=True),
        "remote": make_account("eva", host="elders.test"),
    }
    with unit_of_work():
        memberships.join_community(member, community)
    act_everywhere(community, otto)
    with unit_of_work():
        community.visibility = visibility

    found = {name: [one.action for one in list_log(LONG, r).items] for name, r in readers.items()}

    for name, actions in found.items():
        assert actions == (ACTS if name in READERS[visibility] else []), name


def test_an_act_on_a_text_for_few_is_hidden_in_a_community_for_all(ctx: AppContext) -> None:
    otto = make_account("otto")
    community = make_community(owner=otto)
    post = make_post(community, otto)
    with unit_of_work():
        post.visibility = Visibility.MEMBERS
        posts.remove_post(post, otto, "Stond een naam in")

    assert list_log(LONG, None).items == []
    assert list_log(LONG, make_account("bram")).items == []
    assert [one.action for one in list_log(LONG, otto).items] == ["post_removed"]


def test_verdicts_on_what_waited_are_logged(ctx: AppContext) -> None:
    otto, anna = make_account("otto"), make_account()
    community = make_community(owner=otto, is_premoderated=True)
    thread = make_post(community, otto)
    held, other = make_post(community, anna), make_post(community, make_account("bram"))
    answer, worse = make_comment(thread, anna), make_comment(thread, anna)
    with unit_of_work():
        posts.refuse_post(other, otto, "Reclame")
        comments.refuse_comment(worse, otto, "Grof")
        posts.approve_post(held, otto)
        comments.approve_comment(answer, otto)

    assert [(one.action, one.reason) for one in list_log(LONG, None).items] == [
        ("comment_approved", ""),
        ("post_approved", ""),
        ("comment_refused", "Grof"),
        ("post_refused", "Reclame"),
    ]


def test_the_log_turns_pages_both_ways_also_within_one_moment(
    ctx: AppContext, clock: Callable[[], object]
) -> None:
    rule(HostVerdict.BLOCKED, [f"spam{number}.example" for number in range(7)])

    first = list_log(PageRequest(size=3), None)
    assert first.older is not None
    second = list_log(PageRequest(older_than=decode_cursor(first.older), size=3), None)
    assert second.newer is not None
    back = list_log(PageRequest(newer_than=decode_cursor(second.newer), size=3), None)

    assert [one.host for one in first.items] == [f"spam{n}.example" for n in (6, 5, 4)]
    assert [one.host for one in second.items] == [f"spam{n}.example" for n in (3, 2, 1)]
    assert back.items == first.items


def test_the_log_of_one_community_holds_nothing_of_another(ctx: AppContext) -> None:
    otto = make_account("otto")
    here, there = make_community(owner=otto), make_community("rekenen", owner=otto)
    for community in (here, there):
        with unit_of_work():
            posts.remove_post(make_post(community, otto), otto, community.name)

    assert [one.reason for one in list_log(LONG, None, here).items] == ["toetsing"]
