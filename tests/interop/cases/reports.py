"""Reports, what became of them, and warnings: rows 59 to 62."""

from typing import Any

from sqlalchemy import select

from app.core.db import session
from app.forum.models.post import Post
from app.forum.services import memberships
from app.moderation.models.report import Report, ReportState
from app.moderation.services import reports, warnings
from tests.interop.cases.case import Case
from tests.interop.cases.moderation import thread_there
from tests.interop.stage import OURS, Json, Stage
from tests.readers import mastodon
from tests.support.fediverse import RemoteActor

REASON = "Dit is reclame."


def report_theirs(stage: Stage) -> Post:
    """Carla reports what bob wrote: in a community there, or (on a microblog) here."""
    if stage.peer.is_forum:
        post = thread_there(stage, stage.joined())
    else:
        found = stage.found(stage.asked()["id"])
        assert isinstance(found, Post)
        post = found
    stage.does(reports.make_report, stage.carla, post, REASON)
    return post


def reaches_their_moderators(stage: Stage, post: Post) -> None:
    """Their moderators see what it is about, and why."""
    flag = stage.peer.shown.reports[0]
    things = [flag["object"]] if isinstance(flag["object"], str) else flag["object"]

    assert post.uri in things
    assert REASON in {flag.get("summary"), flag.get("content")}
    if not stage.peer.is_forum:
        assert flag["actor"] == f"http://{OURS}/"
        assert mastodon.read_report(flag, stage.peer.host)[1] == REASON


def _reporter(stage: Stage) -> RemoteActor:
    """Return who reports: somebody, or on microblogs the server itself."""
    if stage.peer.is_forum:
        return stage.bob
    return stage.fediverse.at(f"http://{stage.peer.host}/actor", "Application")


def report_ours(stage: Stage) -> Post:
    """Somebody there reports what anna wrote."""
    post = stage.publish()
    reporter = _reporter(stage)
    things = [post.uri, stage.anna.uri]
    stage.says(stage.peer.report(reporter, things, stage.toetsing.uri, REASON), reporter)
    return post


def reaches_our_moderators(stage: Stage, post: Post) -> None:
    """It waits for our moderators, once."""
    made = session().scalars(select(Report)).one()

    assert (made.post_id, made.reason) == (post.id, REASON)
    assert made.state == ReportState.OPEN
    assert (made.reporter is None) is not stage.peer.is_forum


def report_to_moderator_there(stage: Stage) -> Post:
    """Bob moderates our community from there; carla reports what anna wrote."""
    stage.follow()
    bob = stage.account(stage.bob)
    stage.does(memberships.set_moderator, stage.toetsing, bob, True, stage.anna)
    post = stage.publish()
    stage.does(reports.make_report, stage.carla, post, REASON)
    return post


def moderator_is_told(stage: Stage, post: Post) -> None:
    """He sees it there."""
    flags: list[Json] = stage.peer.shown.reports
    things = [flags[0]["object"]] if isinstance(flags[0]["object"], str) else flags[0]["object"]

    assert post.uri in things


def settle_report(stage: Stage) -> Any:
    """Bob reports and is answered; what he wrote gets a warning."""
    post = stage.publish()
    thing = stage.asked()
    flag = stage.peer.report(stage.bob, [post.uri, stage.anna.uri], stage.toetsing.uri, REASON)
    stage.says(flag)
    made = session().scalars(select(Report)).one()
    stage.does(reports.resolve_report, made, stage.anna, "Weggehaald.")
    stage.does(warnings.warn_person, stage.anna, stage.found(thing["id"]), "Blijf bij het vak.")
    return flag, thing


def is_settled_there(stage: Stage, done: Any) -> None:
    """His report is closed, and he reads what our moderator says."""
    flag, thing = done

    assert [one["object"]["id"] for one in stage.peer.shown.resolved] == [flag["id"]]
    warned = [(one["object"], one["summary"]) for one in stage.peer.shown.warnings]
    assert warned == [(thing["id"], "Blijf bij het vak.")]
    assert stage.peer.shown.refused == []


CASES = {
    59: Case(report_theirs, reaches_their_moderators),
    60: Case(report_ours, reaches_our_moderators),
    61: Case(report_to_moderator_there, moderator_is_told),
    62: Case(settle_report, is_settled_there),
}
