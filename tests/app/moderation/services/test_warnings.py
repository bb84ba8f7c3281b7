"""Warnings: by rank, with a reason, in the log and to the writer; the text stays."""

import pytest
from flask.ctx import AppContext
from sqlalchemy import select

from app.accounts.models.account import Account
from app.core.db import session, unit_of_work
from app.core.errors import ConflictError, InvalidInputError, NotAllowedError
from app.forum.models.comment import Comment
from app.forum.models.community import Community
from app.forum.models.post import Post
from app.forum.services import memberships, posts
from app.moderation.models.log_entry import LogEntry
from app.moderation.models.report import ReportState
from app.moderation.services import reports, warnings
from tests.support.factories import make_account, make_comment, make_community, make_post


@pytest.fixture
def otto(ctx: AppContext) -> Account:
    return make_account("otto")


@pytest.fixture
def community(otto: Account) -> Community:
    return make_community(owner=otto)


def warn(by: Account | None, target: Post | Comment, reason: str = "Te grof") -> None:
    with unit_of_work():
        warnings.warn_person(by, target, reason)


def entries() -> list[tuple[str, int | None, int | None, int | None, str]]:
    rows = session().scalars(select(LogEntry).order_by(LogEntry.id))
    return [(row.action, row.actor_id, row.account_id, row.comment_id, row.reason) for row in rows]


def test_a_warning_stands_in_the_log_with_whom_it_is_for(
    community: Community, otto: Account
) -> None:
    anna = make_account()
    post = make_post(community, anna)
    comment = make_comment(post, anna)

    warn(otto, post)
    warn(otto, comment, "Nog eens")

    assert entries() == [
        ("person_warned", otto.id, anna.id, None, "Te grof"),
        ("person_warned", otto.id, anna.id, comment.id, "Nog eens"),
    ]
    assert post.is_published


def test_a_warning_answers_who_reported_that_text(community: Community, otto: Account) -> None:
    anna, bram = make_account(), make_account("bram")
    post = make_post(community, anna)
    comment = make_comment(post, anna)
    with unit_of_work():
        about, other = (reports.make_report(bram, one, "Grof") for one in (post, comment))

    warn(otto, post)

    assert (about.state, about.outcome) == (ReportState.RESOLVED, "Gewaarschuwd. Te grof")
    assert (about.resolved_by_id, other.state) == (otto.id, ReportState.OPEN)


def test_nobody_warns_who_stands_as_high(community: Community, otto: Account) -> None:
    mo, eva = make_account("mo"), make_account("eva", host="elders.test")
    with unit_of_work():
        for one in (mo, eva):
            memberships.set_moderator(community, one, is_moderator=True, by=otto)
    of_otto, of_mo = make_post(community, otto), make_post(community, mo)
    of_anna = make_post(community, make_account())

    for by, target in ((mo, of_otto), (eva, of_mo), (mo, of_mo), (make_account("x"), of_anna)):
        with pytest.raises(NotAllowedError):
            warn(by, target)
    warn(eva, of_anna, "")
    warn(None, of_mo, "")

    assert [row[1] for row in entries() if row[0] == "person_warned"] == [eva.id, None]


def test_a_warning_of_ours_says_why_and_is_about_what_stands(
    community: Community, otto: Account
) -> None:
    post = make_post(community, make_account())

    with pytest.raises(InvalidInputError):
        warn(otto, post, " ")
    with unit_of_work():
        posts.remove_post(post, otto, "Weg")
    with pytest.raises(ConflictError):
        warn(otto, post)
