"""Reports: who asks, about what, and who says that it was dealt with."""

import pytest
from flask.ctx import AppContext
from sqlalchemy import func, select

from app.accounts.models.account import Account, AccountState
from app.core.db import session, unit_of_work
from app.core.errors import (
    AppError,
    ConflictError,
    InvalidInputError,
    NotAllowedError,
    NotFoundError,
)
from app.core.visibility import Visibility
from app.forum.models.comment import Comment
from app.forum.models.post import Post
from app.forum.origin import Remote
from app.forum.services import comments, memberships, posts
from app.moderation.models.report import Report, ReportState
from app.moderation.queries import count_open_reports, list_open_reports
from app.moderation.services import reports
from tests.support.factories import make_account, make_comment, make_community, make_post


def report(reporter: Account, target: Post | Comment, reason: str = "Dit is reclame") -> Report:
    with unit_of_work():
        return reports.make_report(reporter, target, reason)


def count() -> int:
    return session().scalar(select(func.count(Report.id))) or 0


def test_one_person_reports_one_thing_once(ctx: AppContext) -> None:
    anna, bram = make_account(), make_account("bram")
    post = make_post(make_community(), anna)
    comment = make_comment(post, anna)

    first, again = report(bram, post), report(bram, post, "Nog steeds")
    report(bram, comment)
    report(make_account("carla"), post)

    assert again is first
    assert first.reason == "Dit is reclame"
    assert count() == 3


def test_what_was_dealt_with_can_be_reported_anew(ctx: AppContext) -> None:
    otto, bram = make_account("otto"), make_account("bram")
    post = make_post(make_community(owner=otto), otto)
    first = report(bram, post)
    with unit_of_work():
        reports.resolve_report(first, otto, "Gelezen")

    assert report(bram, post) is not first


def test_a_report_about_what_came_from_elsewhere_stays_with_us(ctx: AppContext) -> None:
    bram, eva = make_account("bram"), make_account("eva", host="elders.test")
    community = make_community("rekenen", host="elders.test")
    with unit_of_work():
        draft = posts.PostDraft(title="Dag", body_html="<p>Dag</p>")
        post = posts.publish_post(eva, community, draft, Remote("http://elders.test/post/1"))
        answer = comments.publish_comment(
            eva,
            post,
            None,
            comments.CommentDraft(body_html="<p>Nog</p>"),
            Remote("http://elders.test/c/1"),
        )

    made = [report(bram, post), report(bram, answer)]

    assert [one.community_id for one in made] == [community.id, community.id]
    assert [one.target for one in made] == [post, answer]
    assert [one.thread_id for one in made] == [post.id, post.id]


@pytest.mark.parametrize("reason", ["", "  \u200b ", "<script></script>"])
def test_a_report_says_why(ctx: AppContext, reason: str) -> None:
    post = make_post(make_community(), make_account())

    with pytest.raises(InvalidInputError) as caught:
        report(make_account("bram"), post, reason)

    assert caught.value.field == "reason"


def test_nobody_reports_what_they_may_not_read(ctx: AppContext) -> None:
    otto, anna, bram = make_account("otto"), make_account(), make_account("bram")
    eva = make_account("eva", host="elders.test")
    community = make_community(owner=otto)
    post = make_post(community, otto)
    comment = make_comment(post, otto)
    community.is_premoderated = True
    held: list[Post | Comment] = [make_post(community, anna), make_comment(post, anna)]
    with unit_of_work():
        post.visibility = Visibility.MEMBERS
        memberships.join_community(anna, community)

    hidden: list[tuple[Account, Post | Comment]] = [(bram, post), (bram, comment), (eva, post)]
    for reporter, target in [*hidden, *((bram, one) for one in held)]:
        with pytest.raises(NotFoundError):
            report(reporter, target)
    assert report(anna, post).state == ReportState.OPEN


def test_what_is_gone_need_not_be_reported(ctx: AppContext) -> None:
    otto, anna = make_account("otto"), make_account()
    post = make_post(make_community(owner=otto), anna)
    comment = make_comment(post, anna)
    with unit_of_work():
        posts.remove_post(post, otto, "Weg")

    targets: list[Post | Comment] = [post, comment]
    for target in targets:
        with pytest.raises(ConflictError):
            report(make_account(f"p{target.id}{type(target).__name__.lower()}"), target)


ROLES = {
    "anonymous stranger": NotAllowedError,
    "reporter": NotAllowedError,
    "member": NotAllowedError,
    "moderator elsewhere": NotAllowedError,
    "suspended moderator": NotAllowedError,
    "moderator": None,
    "owner": None,
    "admin": None,
}


@pytest.mark.parametrize(("role", "error"), ROLES.items())
def test_moderators_of_that_community_and_admins_resolve(
    ctx: AppContext, role: str, error: type[AppError] | None
) -> None:
    owner, anna = make_account("otto"), make_account()
    community = make_community(owner=owner)
    people = {
        "anonymous stranger": make_account("vreemd", host="elders.test"),
        "reporter": make_account("bram"),
        "member": make_account("carla"),
        "moderator elsewhere": make_account("dirk"),
        "suspended moderator": make_account("emma"),
        "moderator": make_account("finn"),
        "owner": owner,
        "admin": make_account("beatrix", admin=True),
    }
    make_community("rekenen", owner=people["moderator elsewhere"])
    with unit_of_work():
        memberships.join_community(people["member"], community)
        for name in ("moderator", "suspended moderator"):
            memberships.set_moderator(community, people[name], is_moderator=True, by=owner)
        people["suspended moderator"].state = AccountState.SUSPENDED
    made = report(people["reporter"], make_post(community, anna))

    if error is None:
        with unit_of_work():
            reports.resolve_report(made, people[role], "Weggehaald")
        assert (made.state, made.outcome) == (ReportState.RESOLVED, "Weggehaald")
        assert made.resolved_by_id == people[role].id
        assert count_open_reports(None) == 0
        with pytest.raises(ConflictError), unit_of_work():
            reports.resolve_report(made, people[role], "Nog eens")
    else:
        with pytest.raises(error), unit_of_work():
            reports.resolve_report(made, people[role], "Weggehaald")
        assert count_open_reports(None) == 1


def test_an_outcome_says_something(ctx: AppContext) -> None:
    otto = make_account("otto")
    made = report(make_account("bram"), make_post(make_community(owner=otto), otto))

    with pytest.raises(InvalidInputError) as caught, unit_of_work():
        reports.resolve_report(made, otto, " ")

    assert caught.value.field == "outcome"
    assert list_open_reports(None) == [made]
    assert list_open_reports([made.community_id]) == [made]
    assert list_open_reports([]) == []
    assert (count_open_reports([made.community_id]), count_open_reports([])) == (1, 0)
