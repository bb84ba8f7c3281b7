"""A whole thread in one query, put in order in Python."""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Row, Select, or_, select

from app.accounts.models.account import Account
from app.core.db import session
from app.core.visibility import WITHHELD, State
from app.forum.access import readable_comments
from app.forum.models.attachment import Attachment
from app.forum.models.comment import Comment
from app.forum.models.post import Post
from app.forum.models.read_mark import ReadMark
from app.forum.models.vote import Vote
from app.forum.queries.echoes import Echo, judge_echo

View = Literal["nested", "flat"]
NESTED: View = "nested"
FLAT: View = "flat"
REASONED = (State.REMOVED, State.REFUSED)


@dataclass(frozen=True, slots=True)
class Line:
    """One comment as it is shown: its text, its writer, and its place in the thread.

    What waits for a moderator, or was refused, is a line for its writer and the moderators only.

    `level` counts from 0; `reply_count` are all answers beneath it; `closes` is how many levels
    end after it. In the flat view both are 0 and `parent` is what it answers.
    """

    id: int
    public_id: str
    parent_id: int | None
    author_id: int
    author_name: str
    author_page: str
    server: str
    body_html: str
    language: str
    state: str
    reason: str
    sort_at: datetime
    received_at: datetime
    edited_at: datetime | None
    vote_count: int
    level: int = 0
    reply_count: int = 0
    closes: int = 0
    parent: "Line | None" = None
    is_unread: bool = False
    is_voted: bool = False
    attachments: tuple[Attachment, ...] = ()
    echo: Echo = Echo.NONE
    turned_down: str = ""

    @property
    def is_published(self) -> bool:
        """Whether its text may be shown."""
        return self.state == State.PUBLISHED

    @property
    def is_removed(self) -> bool:
        """Whether a moderator took it away."""
        return self.state == State.REMOVED

    @property
    def is_held(self) -> bool:
        """Whether it waits for a moderator."""
        return self.state == State.HELD

    @property
    def is_withheld(self) -> bool:
        """Whether it has never been shown to all."""
        return self.state in WITHHELD


@dataclass(frozen=True)
class Thread:
    """The comments of a post in the order in which they are shown.

    `attachments` and `is_post_voted` belong to the post itself; `comments_seen` is how many
    comments there were at the last visit of this reader, None without one.
    """

    view: View
    lines: list[Line] = field(default_factory=list)
    attachments: tuple[Attachment, ...] = ()
    unread_count: int = 0
    is_post_voted: bool = False
    comments_seen: int | None = None

    @property
    def first_unread(self) -> Line | None:
        """The first line that this reader has not seen, in the order of the page."""
        return next((line for line in self.lines if line.is_unread), None)


@dataclass(frozen=True)
class _Seen:
    """What the viewer did in this thread before; `is_elsewhere`: another server keeps it."""

    account_id: int | None = None
    read_at: datetime | None = None
    comment_count: int | None = None
    voted: frozenset[int | None] = frozenset()
    is_elsewhere: bool = False


def get_thread(post: Post, viewer: Account | None, view: View = NESTED) -> Thread:
    """Return all comments of `post`; that `viewer` may read it has been judged before."""
    seen = _get_seen(post, viewer)
    attachments = _list_attachments(post)
    lines = [
        _make_line(row, seen, attachments) for row in session().execute(_select_lines(post, viewer))
    ]
    ordered = _nest(lines) if view == NESTED else _name_parents(lines)
    return Thread(
        view=view,
        lines=ordered,
        attachments=attachments.get(None, ()),
        unread_count=sum(line.is_unread for line in ordered),
        is_post_voted=None in seen.voted,
        comments_seen=seen.comment_count,
    )


def _select_lines(post: Post, viewer: Account | None) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Comment.id,
            Comment.public_id,
            Comment.parent_id,
            Comment.author_id,
            Account.name,
            Account.host,
            Account.display_name,
            Comment.body_html,
            Comment.language,
            Comment.state,
            Comment.state_reason,
            Comment.sort_at,
            Comment.received_at,
            Comment.edited_at,
            Comment.vote_count,
            Comment.published_at,
            Comment.echoed_at,
            Comment.turned_down,
        )
        .join(Account, Account.id == Comment.author_id)
        .where(Comment.post_id == post.id, readable_comments(viewer))
        .order_by(Comment.sort_at, Comment.id)
    )


def _get_seen(post: Post, viewer: Account | None) -> _Seen:
    is_elsewhere = not post.community.is_local
    if viewer is None:
        return _Seen(is_elsewhere=is_elsewhere)
    mark = (
        session()
        .execute(
            select(ReadMark.read_at, ReadMark.comment_count).where(
                ReadMark.account_id == viewer.id, ReadMark.post_id == post.id
            )
        )
        .one_or_none()
    )
    voted = session().scalars(
        select(Vote.comment_id).where(
            Vote.account_id == viewer.id,
            or_(Vote.post_id == post.id, Vote.comment_id.in_(_comment_ids(post))),
        )
    )
    read_at, comment_count = (None, None) if mark is None else mark
    return _Seen(viewer.id, read_at, comment_count, frozenset(voted), is_elsewhere)


def _list_attachments(post: Post) -> dict[int | None, tuple[Attachment, ...]]:
    """Return what came along, by the id of the comment; None stands for the post itself."""
    found: dict[int | None, tuple[Attachment, ...]] = {}
    statement = (
        select(Attachment)
        .where(or_(Attachment.post_id == post.id, Attachment.comment_id.in_(_comment_ids(post))))
        .order_by(Attachment.position)
    )
    for attachment in session().scalars(statement):
        earlier = found.get(attachment.comment_id, ())
        found[attachment.comment_id] = (*earlier, attachment)
    return found


def _comment_ids(post: Post) -> Select[int]:
    return select(Comment.id).where(Comment.post_id == post.id)


def _make_line(
    row: Row[*tuple[Any, ...]], seen: _Seen, attachments: dict[int | None, tuple[Attachment, ...]]
) -> Line:
    shown = row.state == State.PUBLISHED or row.state in WITHHELD
    is_new = seen.read_at is not None and row.received_at > seen.read_at
    return Line(
        id=row.id,
        public_id=row.public_id,
        parent_id=row.parent_id,
        author_id=row.author_id,
        author_name=row.display_name or row.name,
        author_page=row.name if row.host is None else f"{row.name}@{row.host}",
        server=row.host or "",
        body_html=row.body_html if shown else "",
        language=row.language,
        state=row.state,
        reason=(row.state_reason or "") if row.state in REASONED else "",
        sort_at=row.sort_at,
        received_at=row.received_at,
        edited_at=row.edited_at,
        vote_count=row.vote_count,
        is_unread=row.state == State.PUBLISHED and is_new and row.author_id != seen.account_id,
        is_voted=row.id in seen.voted,
        attachments=attachments.get(row.id, ()) if shown else (),
        echo=_echo(row) if seen.is_elsewhere else Echo.NONE,
        turned_down=row.turned_down or "",
    )


def _echo(row: Row[*tuple[Any, ...]]) -> Echo:
    """Return whether the community elsewhere passed on a comment, if it is one of ours."""
    if row.host is not None or row.state != State.PUBLISHED:
        return Echo.NONE
    return judge_echo(row.echoed_at, row.turned_down, row.published_at)


def _nest(lines: list[Line]) -> list[Line]:
    """Put every answer under what it answers, oldest first, without recursion."""
    known = {line.id for line in lines}
    children: dict[int | None, list[Line]] = defaultdict(list)
    for line in lines:
        children[line.parent_id if line.parent_id in known else None].append(line)
    sizes = _count_beneath(lines, children)
    ordered: list[Line] = []
    waiting = [(line, 0, 0) for line in reversed(children[None])]
    while waiting:
        line, level, closes = waiting.pop()
        replies = children.get(line.id, [])
        ordered.append(
            replace(
                line,
                level=level,
                reply_count=sizes[line.id],
                closes=0 if replies else closes,
            )
        )
        last = len(replies) - 1
        waiting += [
            (reply, level + 1, closes + 1 if place == last else 0)
            for place, reply in reversed(list(enumerate(replies)))
        ]
    return ordered


def _count_beneath(lines: list[Line], children: dict[int | None, list[Line]]) -> dict[int, int]:
    """Return how many answers stand under each line, all levels together."""
    order: list[Line] = list(children[None])
    for line in order:
        order.extend(children.get(line.id, []))
    sizes = dict.fromkeys((line.id for line in lines), 0)
    for line in reversed(order):
        sizes[line.id] = sum(1 + sizes[reply.id] for reply in children.get(line.id, []))
    return sizes


def _name_parents(lines: list[Line]) -> list[Line]:
    """Tell with every answer which earlier one it answers."""
    by_id = {line.id: line for line in lines}
    return [
        replace(line, parent=by_id.get(line.parent_id)) if line.parent_id else line
        for line in lines
    ]
