"""What happens in the forum becomes a line for those whom it concerns."""

from app.accounts.events import AccountDeleted, AccountMoved
from app.accounts.queries import list_admin_ids
from app.accounts.services.export import add_export_section
from app.core.db import session
from app.core.events import listen
from app.forum.events import (
    CommentApproved,
    CommentHeld,
    CommentPublished,
    CommentRefused,
    CommentTurnedDown,
    CommunityClosed,
    CommunityMoved,
    MembershipRefused,
    PostApproved,
    PostHeld,
    PostPublished,
    PostRefused,
    PostTurnedDown,
    ThreadRead,
)
from app.forum.models.comment import Comment
from app.forum.models.community import Community
from app.forum.models.post import Post
from app.forum.queries.communities import list_moderators
from app.moderation.events import ActLogged, ReportMade, ReportResolved
from app.moderation.models.log_entry import LogEntry
from app.moderation.models.report import Report
from app.notifications import elsewhere, services
from app.notifications.export import list_notified
from app.notifications.models import NotificationKind
from app.notifications.moves import tell_of_moved_community, tell_of_moved_person
from app.notifications.services import Cause, tell

TOLD = {
    "person_warned": NotificationKind.WARNED,
    "person_banned": NotificationKind.BANNED,
    "ban_lifted": NotificationKind.UNBANNED,
}


def tell_of_comment(event: CommentPublished) -> None:
    """Tell who was answered, then who was named; of history nobody is told."""
    if event.is_history:
        return
    comment = session().get_one(Comment, event.comment_id)
    answered = {comment.post.author_id}
    if comment.parent_id is not None:
        answered.add(session().get_one(Comment, comment.parent_id).author_id)
    by_id = comment.author_id
    tell(answered, Cause(NotificationKind.ANSWER, comment.post, comment, by_id=by_id))
    tell(event.mentioned_ids, Cause(NotificationKind.MENTION, comment.post, comment, by_id=by_id))


def tell_of_post(event: PostPublished) -> None:
    """Tell who was named in a new post; of history nobody is told."""
    if event.is_history:
        return
    post = session().get_one(Post, event.post_id)
    tell(event.mentioned_ids, Cause(NotificationKind.MENTION, post, by_id=post.author_id))


def tell_of_held_post(event: PostHeld) -> None:
    """Tell the moderators that a post waits for them."""
    _tell_of_held(session().get_one(Post, event.post_id))


def tell_of_held_comment(event: CommentHeld) -> None:
    """Tell the moderators that a comment waits for them."""
    _tell_of_held(session().get_one(Comment, event.comment_id).post)


def tell_of_post_verdict(event: PostApproved | PostRefused) -> None:
    """Tell the writer what the moderators decided about a post."""
    post = session().get_one(Post, event.post_id)
    is_approved = isinstance(event, PostApproved)
    kind = NotificationKind.APPROVED if is_approved else NotificationKind.REFUSED
    tell([post.author_id], Cause(kind, post))


def tell_of_comment_verdict(event: CommentApproved | CommentRefused) -> None:
    """Tell the writer what the moderators decided about a comment."""
    comment = session().get_one(Comment, event.comment_id)
    is_approved = isinstance(event, CommentApproved)
    kind = NotificationKind.APPROVED if is_approved else NotificationKind.REFUSED
    tell([comment.author_id], Cause(kind, comment.post, comment))


def tell_of_report(event: ReportMade) -> None:
    """Tell the moderators of a report."""
    report = session().get_one(Report, event.report_id)
    tell(_caretakers(report.community), Cause(NotificationKind.REPORT, report=report))


def end_report(event: ReportResolved) -> None:
    """Ask no other moderator to look at what was dealt with, and tell who reported it."""
    services.mark_report_read(event.report_id)
    report = session().get_one(Report, event.report_id)
    if report.reporter_id is not None and report.reporter_id != event.by_id:
        tell([report.reporter_id], Cause(NotificationKind.HANDLED, report=report))


def tell_of_act(event: ActLogged) -> None:
    """Tell somebody of what a moderator did to them; who of the moderators is not told."""
    entry = session().get_one(LogEntry, event.entry_id)
    kind = TOLD.get(entry.action)
    if kind is not None and entry.account_id is not None:
        tell([entry.account_id], Cause(kind, entry=entry))


def mark_thread_read(event: ThreadRead) -> None:
    """Take what somebody saw in a thread for read."""
    services.mark_thread_read(event.account_id, event.post_id)


def forget_account(event: AccountDeleted) -> None:
    """Throw away what somebody was told who left."""
    services.forget_notifications(event.account_id)


def _tell_of_held(thread: Post) -> None:
    tell(_caretakers(thread.community), Cause(NotificationKind.HELD, thread))


def _caretakers(community: Community | None) -> list[int]:
    """Return the moderators of the community; the administrators where it has none of ours."""
    if community is None:
        return list_admin_ids()
    ours = [person.id for person in list_moderators(community) if person.is_local]
    return ours or list_admin_ids()


def register_listeners() -> None:
    """Hang the listeners on their events, and notifications into what people can download."""
    listen(CommentPublished, tell_of_comment)
    listen(PostPublished, tell_of_post)
    listen(PostHeld, tell_of_held_post)
    listen(CommentHeld, tell_of_held_comment)
    listen(PostApproved, tell_of_post_verdict)
    listen(PostRefused, tell_of_post_verdict)
    listen(CommentApproved, tell_of_comment_verdict)
    listen(CommentRefused, tell_of_comment_verdict)
    listen(ReportMade, tell_of_report)
    listen(ReportResolved, end_report)
    listen(ActLogged, tell_of_act)
    listen(CommunityClosed, elsewhere.tell_of_closing)
    listen(MembershipRefused, elsewhere.tell_of_refusal)
    listen(PostTurnedDown, elsewhere.tell_of_turned_down_post)
    listen(CommentTurnedDown, elsewhere.tell_of_turned_down_comment)
    listen(ThreadRead, mark_thread_read)
    listen(AccountDeleted, forget_account)
    listen(AccountMoved, tell_of_moved_person)
    listen(CommunityMoved, tell_of_moved_community)
    add_export_section("meldingen", list_notified)
