"""What moderators do in the forum is logged in the same transaction."""

from flask_babel import gettext as _

from app.accounts.services.export import add_export_section
from app.core.db import session
from app.core.events import emit, listen
from app.forum.events import (
    BanLifted,
    CommentApproved,
    CommentRefused,
    CommentRemoved,
    CommentRestored,
    ModeratorsChanged,
    PersonBanned,
    PostApproved,
    PostLocked,
    PostPinned,
    PostRefused,
    PostRemoved,
    PostRestored,
)
from app.forum.marking_events import PostMarked
from app.forum.models.ban import Ban
from app.forum.models.comment import Comment
from app.forum.models.post import Post
from app.forum.services.verdicts import community_of
from app.moderation.events import ActLogged, PersonWarned, ReportMade, ReportResolved
from app.moderation.export import list_acts, list_reports
from app.moderation.models.report import Report
from app.moderation.services import reports
from app.moderation.services.log import Act, log_act


def _on_post(action: str, post_id: int, by_id: int | None, reason: str = "") -> None:
    post = session().get_one(Post, post_id)
    log_act(Act(action, by_id, post.community_id, post_id, reason=reason))


def _on_comment(action: str, comment_id: int, by_id: int | None, reason: str = "") -> None:
    comment = session().get_one(Comment, comment_id)
    community_id = comment.post.community_id
    log_act(Act(action, by_id, community_id, comment.post_id, comment_id, reason=reason))


def _because(done: str, reason: str) -> str:
    return f"{done} {reason}".strip()


def log_post_removed(event: PostRemoved) -> None:
    """Log a removal with its reason; whoever reported the post is answered."""
    _on_post("post_removed", event.post_id, event.by_id, event.reason)
    post = session().get_one(Post, event.post_id)
    reports.close_reports_about(post, event.by_id, _because(_("Weggehaald."), event.reason))


def log_post_restored(event: PostRestored) -> None:
    """Log that a removal was undone."""
    _on_post("post_restored", event.post_id, event.by_id, event.reason)


def log_post_approved(event: PostApproved) -> None:
    """Log that a held post was let through."""
    _on_post("post_approved", event.post_id, event.by_id)


def log_post_refused(event: PostRefused) -> None:
    """Log that a held post was turned down, with the reason."""
    _on_post("post_refused", event.post_id, event.by_id, event.reason)


def log_comment_approved(event: CommentApproved) -> None:
    """Log that a held comment was let through."""
    _on_comment("comment_approved", event.comment_id, event.by_id)


def log_comment_refused(event: CommentRefused) -> None:
    """Log that a held comment was turned down, with the reason."""
    _on_comment("comment_refused", event.comment_id, event.by_id, event.reason)


def log_post_pinned(event: PostPinned) -> None:
    """Log a pin."""
    action = "post_pinned" if event.is_pinned else "post_unpinned"
    _on_post(action, event.post_id, event.by_id, event.reason)


def log_post_locked(event: PostLocked) -> None:
    """Log a lock."""
    action = "post_locked" if event.is_locked else "post_unlocked"
    _on_post(action, event.post_id, event.by_id, event.reason)


def log_post_marked(event: PostMarked) -> None:
    """Log that a post is for the wary now, or no longer."""
    action = "post_marked" if event.is_sensitive else "post_unmarked"
    _on_post(action, event.post_id, event.by_id)


def log_comment_removed(event: CommentRemoved) -> None:
    """Log a removal with its reason; whoever reported the comment is answered."""
    _on_comment("comment_removed", event.comment_id, event.by_id, event.reason)
    comment = session().get_one(Comment, event.comment_id)
    reports.close_reports_about(comment, event.by_id, _because(_("Weggehaald."), event.reason))


def log_comment_restored(event: CommentRestored) -> None:
    """Log that a removal was undone."""
    _on_comment("comment_restored", event.comment_id, event.by_id, event.reason)


def log_moderators_changed(event: ModeratorsChanged) -> None:
    """Log an appointment or its end."""
    action = "moderator_added" if event.is_moderator else "moderator_removed"
    log_act(Act(action, event.by_id, event.community_id, account_id=event.account_id))


def log_person_banned(event: PersonBanned) -> None:
    """Log a ban with its reason and its end; whoever reported the person is answered."""
    ban = session().get_one(Ban, event.ban_id)
    act = Act(
        "person_banned",
        ban.by_id,
        ban.community_id,
        reason=ban.reason,
        account_id=ban.account_id,
        expires_at=ban.expires_at,
    )
    emit(ActLogged(log_act(act).id))
    reports.close_reports_on(ban, _because(_("Geblokkeerd."), ban.reason))


def log_ban_lifted(event: BanLifted) -> None:
    """Log that a ban was taken back."""
    ban = session().get_one(Ban, event.ban_id)
    act = Act(
        "ban_lifted",
        event.by_id,
        ban.community_id,
        reason=event.reason,
        account_id=ban.account_id,
    )
    emit(ActLogged(log_act(act).id))


def log_person_warned(event: PersonWarned) -> None:
    """Log a warning with its reason, at its text; whoever reported the text is answered."""
    text: Post | Comment = (
        session().get_one(Post, event.post_id)
        if event.comment_id is None
        else session().get_one(Comment, event.comment_id)
    )
    act = Act(
        "person_warned",
        event.by_id,
        community_of(text).id,
        text.id if isinstance(text, Post) else text.post_id,
        event.comment_id,
        reason=event.reason,
        account_id=event.account_id,
    )
    emit(ActLogged(log_act(act).id))
    reports.close_reports_about(text, event.by_id, _because(_("Gewaarschuwd."), event.reason))


def log_report_made(event: ReportMade) -> None:
    """Log that something was reported; who reported and why is for the moderators alone."""
    report = session().get_one(Report, event.report_id)
    log_act(
        Act(
            "report_made",
            community_id=report.community_id,
            post_id=report.thread_id,
            comment_id=report.comment_id,
        )
    )


def log_report_resolved(event: ReportResolved) -> None:
    """Log that a report was dealt with; who reported is not told."""
    report = session().get_one(Report, event.report_id)
    log_act(
        Act(
            "report_resolved",
            event.by_id,
            report.community_id,
            post_id=report.thread_id,
            comment_id=report.comment_id,
            reason=report.outcome or "",
        )
    )


def register_listeners() -> None:
    """Hang the listeners on their events, and what people did into what they can download."""
    listen(PostRemoved, log_post_removed)
    listen(PostRestored, log_post_restored)
    listen(PostApproved, log_post_approved)
    listen(PostRefused, log_post_refused)
    listen(CommentApproved, log_comment_approved)
    listen(CommentRefused, log_comment_refused)
    listen(PostPinned, log_post_pinned)
    listen(PostLocked, log_post_locked)
    listen(PostMarked, log_post_marked)
    listen(CommentRemoved, log_comment_removed)
    listen(CommentRestored, log_comment_restored)
    listen(ModeratorsChanged, log_moderators_changed)
    listen(PersonBanned, log_person_banned)
    listen(BanLifted, log_ban_lifted)
    listen(PersonWarned, log_person_warned)
    listen(ReportMade, log_report_made)
    listen(ReportResolved, log_report_resolved)
    add_export_section("moderatie", list_acts)
    add_export_section("gemeld", list_reports)
