"""What the forum does when something happens: forget who left, keep the search index true."""

from app.accounts.events import AccountDeleted
from app.accounts.queries import get_account
from app.accounts.services.export import add_export_section
from app.core.db import session
from app.core.events import listen
from app.forum.events import (
    CommentDeleted,
    CommentEdited,
    CommentPublished,
    CommentRemoved,
    CommentRestored,
    CommunityEdited,
    CommunityFounded,
    PostDeleted,
    PostEdited,
    PostPublished,
    PostRemoved,
    PostRestored,
)
from app.forum.models.comment import Comment
from app.forum.models.community import Community
from app.forum.models.post import Post
from app.forum.services import departures, export, indexing

CommentEvent = CommentPublished | CommentEdited | CommentDeleted | CommentRemoved | CommentRestored


def forget_account(event: AccountDeleted) -> None:
    """Put tombstones in the place of what somebody wrote who left."""
    departures.forget_account(get_account(event.account_id))


def index_post(event: PostPublished | PostEdited) -> None:
    """Follow a post that is new or says something else."""
    indexing.index_post(session().get_one(Post, event.post_id))


def index_thread(event: PostDeleted | PostRemoved | PostRestored) -> None:
    """Follow a post that went or came back, with its comments."""
    indexing.index_thread(session().get_one(Post, event.post_id))


def index_comment(event: CommentEvent) -> None:
    """Follow a comment that is new, says something else, went or came back."""
    indexing.index_comment(session().get_one(Comment, event.comment_id))


def index_community(event: CommunityFounded | CommunityEdited) -> None:
    """Follow a community that is new or describes itself otherwise."""
    indexing.index_community(session().get_one(Community, event.community_id))


def register_listeners() -> None:
    """Hang the listeners on their events, and the forum into what people can download."""
    listen(AccountDeleted, forget_account)
    listen(PostPublished, index_post)
    listen(PostEdited, index_post)
    listen(PostDeleted, index_thread)
    listen(PostRemoved, index_thread)
    listen(PostRestored, index_thread)
    listen(CommentPublished, index_comment)
    listen(CommentEdited, index_comment)
    listen(CommentDeleted, index_comment)
    listen(CommentRemoved, index_comment)
    listen(CommentRestored, index_comment)
    listen(CommunityFounded, index_community)
    listen(CommunityEdited, index_community)
    add_export_section("berichten", export.list_own_posts)
    add_export_section("antwoorden", export.list_own_comments)
    add_export_section("nuttig", export.list_own_votes)
    add_export_section("groepen", export.list_own_memberships)
    add_export_section("blokkades", export.list_own_bans)
