"""Reports about people, and reports from other servers."""

import pytest
from flask.ctx import AppContext
from sqlalchemy import func, select

from app.accounts.models.account import Account, AccountState
from app.core.db import session, unit_of_work
from app.core.errors import ConflictError, NotAllowedError, NotFoundError
from app.core.visibility import Visibility
from app.forum.models.community import Community
from app.forum.services import bans, memberships
from app.moderation.models.log_entry import LogEntry
from app.moderation.models.report import Report, ReportState
from app.moderation.queries import list_open_reports, list_own_reports
from app.moderation.services import reports
from app.moderation.services.reports import HERE, Source
from tests.support.factories import make_account, make_community, make_post

FLAG = Source("http://elders.test/flag/1", "elders.test")


@pytest.fixture
def otto(ctx: AppContext) -> Account:
    return make_account("otto")


@pytest.fixture
def community(otto: Account) -> Community:
    return make_community(owner=otto)


def report_person(
    reporter: Account | None,
    account: Account,
    community: Community | None,
    source: Source = HERE,
) -> Report:
    with unit_of_work():
        return reports.report_person(reporter, account, community, "Lastig", source)


def count() -> int:
    return session().scalar(select(func.count(Report.id))) or 0


def test_a_person_is_reported_once_per_place(community: Community) -> None:
    anna, bram = make_account(), make_account("bram")

    made = [report_person(bram, anna, place) for place in (community, community, None, None)]

    assert made[0] is made[1]
    assert made[2] is made[3]
    assert count() == 2
    assert [(one.account_id, one.target, one.thread_id) for one in made[::2]] == [
        (anna.id, None, None)
    ] * 2
    assert list_open_reports([community.id]) == [made[0]]


def test_moderators_see_to_people_in_their_community_and_admins_to_the_rest(
    community: Community, otto: Account
) -> None:
    anna, bram, beatrix = make_account(), make_account("bram"), make_account("bea", admin=True)
    here, everywhere = report_person(bram, anna, community), report_person(bram, anna, None)

    with pytest.raises(NotAllowedError), unit_of_work():
        reports.resolve_report(everywhere, otto, "Gelezen")
    with pytest.raises(NotAllowedError), unit_of_work():
        reports.resolve_report(here, anna, "Gelezen")
    with unit_of_work():
        reports.resolve_report(here, otto, "Gelezen")
        reports.resolve_report(everywhere, beatrix, "Gelezen")

    assert {here.state, everywhere.state} == {ReportState.RESOLVED}


def test_a_ban_answers_who_reported_the_person_there(community: Community, otto: Account) -> None:
    anna, bram = make_account(), make_account("bram")
    here, everywhere = report_person(bram, anna, community), report_person(bram, anna, None)

    with unit_of_work():
        bans.ban_person(otto, anna, community, bans.BanTerms("Reclame"))

    assert (here.outcome, here.resolved_by_id) == ("Geblokkeerd. Reclame", otto.id)
    assert everywhere.state == ReportState.OPEN


def test_nobody_reports_themselves_or_who_is_gone_or_where_they_may_not_look(
    community: Community,
) -> None:
    anna, gone = make_account(), make_account("gone", host="elders.test")
    with unit_of_work():
        gone.state = AccountState.DELETED
    closed = make_community("besloten", visibility=Visibility.MEMBERS)

    with pytest.raises(ConflictError):
        report_person(anna, anna, None)
    for whom, where in ((gone, community), (make_account("bram"), closed)):
        with pytest.raises(NotFoundError):
            report_person(anna, whom, where)

    assert count() == 0


def test_a_server_may_report_without_saying_who_complained(community: Community) -> None:
    post = make_post(community, make_account())
    again = Source("http://elders.test/flag/2", "elders.test")
    other = Source("http://anders.test/flag/1", "anders.test")

    with unit_of_work():
        first = reports.make_report(None, post, "", FLAG)
        repeated = reports.make_report(None, post, "Spam", FLAG)
        second = reports.make_report(None, post, "Spam", again)
        third = reports.make_report(None, post, "Spam", other)

    assert first is repeated is second
    assert third is not first
    assert (first.reporter_id, first.reporter_host, first.reason) == (None, "elders.test", "")
    assert first.remote_uri == FLAG.uri


def test_somebody_from_elsewhere_reports_by_name(community: Community) -> None:
    eva = make_account("eva", host="elders.test")
    post = make_post(community, make_account())

    with unit_of_work():
        made = reports.make_report(eva, post, "Spam", Source("http://elders.test/flag/3"))

    assert (made.reporter, made.reporter_host) == (eva, "elders.test")
    assert made.account_id == post.author_id


def test_a_moderator_from_elsewhere_deals_with_a_report(
    community: Community, otto: Account
) -> None:
    eva, finn = (make_account(name, host="elders.test") for name in ("eva", "finn"))
    post = make_post(community, make_account())
    with unit_of_work():
        memberships.set_moderator(community, eva, is_moderator=True, by=otto)
        made = reports.make_report(otto, post, "Spam")

    with pytest.raises(NotAllowedError), unit_of_work():
        reports.resolve_report(made, finn, "")
    with unit_of_work():
        reports.resolve_report(made, eva, "")
    with pytest.raises(ConflictError), unit_of_work():
        reports.resolve_report(made, otto, "Ook gelezen")

    assert (made.resolved_by_id, made.outcome) == (eva.id, "Afgehandeld op een andere server.")


def test_the_log_never_names_who_reported(community: Community) -> None:
    anna, bram = make_account(), make_account("bram")

    report_person(bram, anna, community)

    (entry,) = session().scalars(select(LogEntry))
    assert (entry.action, entry.actor_id, entry.account_id) == ("report_made", None, None)
    assert (entry.reason, entry.community_id) == ("", community.id)


def test_people_see_their_own_reports_of_what_they_may_read(
    community: Community, otto: Account
) -> None:
    anna, bram = make_account(), make_account("bram")
    post = make_post(community, anna)
    with unit_of_work():
        mine = reports.make_report(bram, post, "Spam")
        reports.make_report(otto, post, "Spam")
    person = report_person(bram, anna, community)

    before = list_own_reports(bram)
    with unit_of_work():
        post.visibility = Visibility.MEMBERS

    assert before == [person, mine]
    assert list_own_reports(bram) == [person]
