"""Two instances moderate one group: what one decides holds on both; reports travel both ways."""

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models.account import Account
from app.accounts.queries import find_account_by_handle, find_local_account
from app.core.db import session
from app.core.errors import AppError
from app.core.visibility import State
from app.forum.models.ban import Ban
from app.forum.models.community import Community
from app.forum.models.post import Post
from app.forum.queries.communities import find_community, list_moderators
from app.forum.services import bans, memberships, posts
from app.moderation.models.log_entry import LogEntry
from app.moderation.models.report import Report, ReportState
from app.moderation.services import reports, warnings
from app.notifications.models import Notification, NotificationKind
from federation.dereference.lookup import look_up_actor
from federation.models.inbox_activity import InboxActivity, InboxState
from tests.support.factories import make_account, make_comment, make_community, make_post
from tests.support.world import World, inside


def _group() -> Community:
    found = find_community("toetsing") or find_community("toetsing", "ons.test")
    assert found is not None
    return found


def _person(name: str, host: str | None = None) -> Account:
    found = find_local_account(name) if host is None else find_account_by_handle(name, host)
    assert found is not None
    return found


def _post(title: str) -> Post:
    session().expire_all()
    return session().scalars(select(Post).where(Post.title == title)).one()


def _refusals(*apps: Flask) -> list[str]:
    found = []
    for app in apps:
        with app.app_context():
            bad = (InboxState.REFUSED, InboxState.FAILED, InboxState.ORPHANED)
            rows = session().scalars(select(InboxActivity).where(InboxActivity.state.in_(bad)))
            found += [f"{row.type}: {row.reason}" for row in rows]
    return found


@pytest.fixture
def both(world: World) -> tuple[Flask, Flask]:
    """`anna` runs `toetsing` on ons; `bo` on buur moderates it too; `carla` on buur follows."""
    ons, buur = world.apps
    with ons.app_context():
        make_community("toetsing", owner=make_account("anna"))
        make_post(_group(), make_account("dora"), "Wie heeft een rubric?")
    with buur.app_context():
        look_up_actor("!toetsing@ons.test")
        for name in ("bo", "carla"):
            make_account(name)
            with inside(buur):
                memberships.join_community(_person(name), _group())
    world.settle()
    with inside(ons):
        bo = _person("bo", "buur.test")
        memberships.set_moderator(_group(), bo, is_moderator=True, by=_person("anna"))
    with ons.app_context():
        make_post(_group(), _person("dora"), "Koop nu schoenen")
    world.settle()
    return ons, buur


def test_who_is_appointed_here_moderates_from_there(
    world: World, both: tuple[Flask, Flask]
) -> None:
    ons, buur = both

    with buur.app_context():
        assert {one.name for one in list_moderators(_group())} == {"anna", "bo"}
    assert _refusals(ons, buur) == []


def test_a_moderator_there_locks_and_pins_here_and_undoes_that(
    world: World, both: tuple[Flask, Flask]
) -> None:
    ons, buur = both

    with inside(buur):
        post = _post("Koop nu schoenen")
        posts.pin_post(post, _person("bo"), is_pinned=True)
        posts.lock_post(post, _person("bo"), is_locked=True, reason="uitgepraat")
    world.settle()
    with ons.app_context():
        assert _post("Koop nu schoenen").is_pinned
        assert _post("Koop nu schoenen").is_locked
    with inside(buur):
        post = _post("Koop nu schoenen")
        posts.lock_post(post, _person("bo"), is_locked=False)
        posts.pin_post(post, _person("bo"), is_pinned=False)
    world.settle()

    with ons.app_context():
        post = _post("Koop nu schoenen")
        assert (post.is_locked, post.is_pinned) == (False, False)
        assert _done_by_bo() == ["post_pinned", "post_locked", "post_unlocked", "post_unpinned"]
    assert _refusals(ons, buur) == []


def _done_by_bo() -> list[str]:
    """What the log of ons says of the moderator who lives on buur."""
    bo = _person("bo", "buur.test")
    log = select(LogEntry.action).where(LogEntry.actor_id == bo.id)
    return list(session().scalars(log.order_by(LogEntry.id)))


def test_a_moderator_there_removes_and_restores_here(
    world: World, both: tuple[Flask, Flask]
) -> None:
    ons, buur = both

    with inside(buur):
        posts.remove_post(_post("Koop nu schoenen"), _person("bo"), "reclame")
    world.settle()
    with ons.app_context():
        post = _post("Koop nu schoenen")
        assert (post.state, post.state_reason) == (State.REMOVED, "reclame")
    with inside(buur):
        posts.restore_post(_post("Koop nu schoenen"), _person("bo"))
    world.settle()

    with ons.app_context():
        assert _post("Koop nu schoenen").state == State.PUBLISHED
        assert _done_by_bo() == ["post_removed", "post_restored"]
    page = ons.test_client().get("/modlog", headers={"Host": "ons.test"}).text
    assert "reclame" in page
    assert _refusals(ons, buur) == []


def test_a_ban_from_there_holds_here_and_its_end_too(
    world: World, both: tuple[Flask, Flask]
) -> None:
    ons, buur = both

    with inside(buur):
        dora = _person("dora", "ons.test")
        terms = bans.BanTerms("reclame", removes_posts=True)
        bans.ban_person(_person("bo"), dora, _group(), terms)
    world.settle()
    with ons.app_context():
        assert _post("Koop nu schoenen").state == State.REMOVED
        told = session().scalars(select(Notification.kind)).all()
        assert NotificationKind.BANNED in told
        with pytest.raises(AppError):
            make_post(_group(), _person("dora"), "Nog meer schoenen")
        session().rollback()
    with inside(buur):
        ban = session().scalars(select(Ban)).one()
        bans.lift_ban(_person("bo"), ban, "sorry gezegd", restores_posts=True)
    world.settle()

    with ons.app_context():
        assert _post("Koop nu schoenen").state == State.PUBLISHED
        make_post(_group(), _person("dora"), "Nu zonder schoenen")
    assert _refusals(ons, buur) == []


def test_our_own_ban_reaches_the_server_of_the_person(
    world: World, both: tuple[Flask, Flask]
) -> None:
    ons, buur = both
    with buur.app_context():
        make_post(_group(), _person("carla"), "Van carla")
    world.settle()

    with inside(ons):
        carla = _person("carla", "buur.test")
        terms = bans.BanTerms("grof", removes_posts=True)
        bans.ban_person(_person("anna"), carla, _group(), terms)
    world.settle()

    with buur.app_context():
        ban = session().scalars(select(Ban)).one()
        assert (ban.account.name, ban.reason) == ("carla", "grof")
        assert _post("Van carla").state == State.REMOVED
        told = select(Notification.kind).where(Notification.account_id == _person("carla").id)
        assert NotificationKind.BANNED in session().scalars(told).all()
    assert _refusals(ons, buur) == []


def _only_report() -> Report:
    session().expire_all()
    return session().scalars(select(Report)).one()


def test_a_report_there_is_dealt_with_here_and_the_reporter_hears_of_it(
    world: World, both: tuple[Flask, Flask]
) -> None:
    ons, buur = both

    with inside(buur):
        reports.make_report(_person("carla"), _post("Koop nu schoenen"), "Dit is reclame")
    world.settle()
    with ons.app_context():
        report = _only_report()
        assert report.reason == "Dit is reclame"
        assert report.reporter is not None
        assert report.reporter.handle == "carla@buur.test"
        kinds = session().scalars(select(Notification.kind).where(Notification.report_id > 0))
        assert kinds.all() == [NotificationKind.REPORT]
    with inside(ons):
        reports.resolve_report(_only_report(), _person("anna"), "Weggehaald.")
    world.settle()

    with buur.app_context():
        assert (_only_report().state, _only_report().outcome) == (
            ReportState.RESOLVED,
            "Weggehaald.",
        )
        told = session().scalars(
            select(Notification.kind).where(Notification.account_id == _person("carla").id)
        )
        assert NotificationKind.HANDLED in told.all()
    assert _refusals(ons, buur) == []


def test_a_report_here_reaches_the_moderator_there_who_deals_with_it(
    world: World, both: tuple[Flask, Flask]
) -> None:
    ons, buur = both

    with inside(ons):
        reporter = _person("anna")
        reports.make_report(reporter, _post("Koop nu schoenen"), "Kijk jij even?")
    world.settle()
    with buur.app_context():
        assert _only_report().reason == "Kijk jij even?"
        kinds = session().scalars(
            select(Notification.kind).where(Notification.account_id == _person("bo").id)
        )
        assert NotificationKind.REPORT in kinds.all()
    with inside(buur):
        reports.resolve_report(_only_report(), _person("bo"), "Gesproken.")
    world.settle()

    with ons.app_context():
        assert (_only_report().state, _only_report().outcome) == (
            ReportState.RESOLVED,
            "Gesproken.",
        )
    assert _refusals(ons, buur) == []


def test_a_warning_from_there_reaches_the_writer_here(
    world: World, both: tuple[Flask, Flask]
) -> None:
    ons, buur = both
    with ons.app_context():
        make_comment(_post("Wie heeft een rubric?"), _person("dora"), "Domme vraag")
    world.settle()

    with inside(buur):
        warnings.warn_person(_person("bo"), _post("Koop nu schoenen"), "Geen reclame")
    world.settle()

    with ons.app_context():
        dora = _person("dora")
        told = session().scalars(select(Notification).where(Notification.account_id == dora.id))
        assert [(one.kind, one.log_entry and one.log_entry.reason) for one in told] == [
            (NotificationKind.WARNED, "Geen reclame")
        ]
    assert _refusals(ons, buur) == []
