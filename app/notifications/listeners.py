"""What happens in the forum becomes a line for those whom it concerns."""

from sqlalchemy import select

from app.accounts.models.account import Account
from app.accounts.models.credential import ADMIN_ROLE, Role, User
from app.core.db import session
from app.core.events import listen
from app.forum.events import CommentPublished, PostPublished
from app.forum.models.comment import Comment
from app.forum.models.post import Post
from app.forum.queries.communities import list_moderators
from app.moderation.events import ReportMade
from app.moderation.models.report import Report
from app.notifications.models import Notification, NotificationKind
from app.notifications.services import notify_of_comment


def tell_of_comment(event: CommentPublished) -> None:
    """Tell who was answered, then who was named."""
    comment = session().get_one(Comment, event.comment_id)
    answered = [comment.post.author_id]
    if comment.parent_id is not None:
        answered.append(session().get_one(Comment, comment.parent_id).author_id)
    notify_of_comment(answered, NotificationKind.ANSWER, comment)
    notify_of_comment(event.mentioned_ids, NotificationKind.MENTION, comment)


def tell_of_post(event: PostPublished) -> None:
    """Tell who was named in a new post."""
    post = session().get_one(Post, event.post_id)
    named = set(event.mentioned_ids) - {post.author_id}
    ours = select(Account.id).where(Account.id.in_(named), Account.host.is_(None))
    for account_id in session().scalars(ours):
        session().add(
            Notification(
                account_id=account_id,
                kind=NotificationKind.MENTION,
                by_id=post.author_id,
                post_id=post.id,
            )
        )
    session().flush()


def tell_of_report(event: ReportMade) -> None:
    """Tell the moderators of the community; the administrators where it has none of ours."""
    report = session().get_one(Report, event.report_id)
    told = [person for person in list_moderators(report.community) if person.is_local]
    for person in told or _list_admins():
        session().add(
            Notification(account_id=person.id, kind=NotificationKind.REPORT, report_id=report.id)
        )
    session().flush()


def _list_admins() -> list[Account]:
    statement = (
        select(Account)
        .join(User, User.id == Account.user_id)
        .where(User.roles.any(Role.name == ADMIN_ROLE))
    )
    return list(session().scalars(statement))


def register_listeners() -> None:
    """Hang the listeners on their events."""
    listen(CommentPublished, tell_of_comment)
    listen(PostPublished, tell_of_post)
    listen(ReportMade, tell_of_report)
