"""Reading one thread of a remote community: what its home lists, and what of that is missing here.

The list is the one the post names (`context`, FEP-7888), else its `replies` and theirs, else the
one Lemmy serves beside a post (federation.md 4.3). What has not changed costs one request (304).
At most a thousand posts and four hundred people per thread (security.md A101, A104).
"""

from dataclasses import dataclass
from typing import Final

from app.core.clock import utcnow
from app.core.db import session, unit_of_work
from app.forum.models.comment import Comment
from app.forum.models.post import Post
from app.forum.services import posts
from federation.dereference.errand import Taker, Work
from federation.dereference.listed import ListPage, Thing
from federation.dereference.pace import Toll, current_pace
from federation.dereference.postponing import postpone
from federation.errors import RefusedError, UnavailableError
from federation.models.backfill import BackfillState, ThreadCheck
from federation.transport.client import ActivityClient, VanishedError
from federation.vocab.objects import ObjectDocument
from federation.vocab.origin import same_origin

MAX_THINGS: Final = 1000
MAX_ACTORS: Final = 400
GONE: Final = frozenset({"status-410", "tombstone"})
NO_LIST: Final = "no-list"
WALKED: Final = "walked:"  # before the address of replies: a list of some answers, without etag


@dataclass
class Check:
    """One step of reading one thread."""

    row: ThreadCheck
    taker: Taker
    work: Work
    seen: int
    etag: str | None

    @property
    def is_start(self) -> bool:
        """Whether nothing of this round was read yet."""
        return self.seen == 0 and not self.work.pages and not self.work.things

    @property
    def is_full(self) -> bool:
        """Whether a thread has cost enough."""
        actors = self.row.actors + self.taker.toll.actors
        return self.seen > MAX_THINGS or actors >= MAX_ACTORS

    @property
    def walks(self) -> bool:
        """Whether the answers are found from answer to answer, as no list has them all."""
        return (self.row.context_uri or "").startswith(WALKED)


def advance_check(row_id: int, client: ActivityClient) -> None:
    """Do one step of reading a thread and write how far it is."""
    row = session().get_one(ThreadCheck, row_id)
    community = row.post.community
    taker = Taker(
        client, Toll(current_pace(), community.host), community, is_history=row.checked_at is None
    )
    work = Work.resume(row.next_url, list(row.left))
    check = Check(row, taker, work, row.seen, row.etag)
    try:
        _read(check)
    except UnavailableError as error:
        _pause(check, error)
    except RefusedError as error:
        _finish(check, error.reason)
    else:
        _finish(check, None)


def _read(check: Check) -> None:
    if check.is_start:
        _begin(check)
    work = check.work
    while (work.things or work.pages) and not check.is_full:
        if work.things:
            _take_next(check)
        else:
            _add(check, check.taker.reader.read(work.pages[0]))
            work.read.add(work.pages.popleft())


def _begin(check: Check) -> None:
    """Read the first page of the list that is known to be there, or find one."""
    known = check.row.context_uri or _usable_context(check, check.row.post.context_uri)
    if known is not None and not check.walks:
        try:
            _open(check, known)
        except RefusedError:
            if check.row.context_uri is not None:
                _note_list(check, None)  # it went, or moved: look for another the next time
                raise
        else:
            return
    _find_list(check)


def _usable_context(check: Check, uri: str | None) -> str | None:
    """Return the list a post names, when it is one of its own server's or of the group's."""
    post = check.row.post
    if uri is None or uri == post.uri:
        return None
    return uri if same_origin(uri, post.uri) or same_origin(uri, post.community.uri) else None


def _open(check: Check, uri: str) -> None:
    """Read a list from its start unless it is the one we know; remember that it is there."""
    page = check.taker.reader.read(uri, check.etag if uri == check.row.context_uri else None)
    check.work.read.add(uri)
    if page is not None:
        check.etag = page.etag
        _add(check, page)
    if check.row.context_uri != uri:
        _note_list(check, uri)


def _find_list(check: Check) -> None:
    """Ask the post itself where its thread is listed; brings the post up to date as well."""
    named = check.row.post.context_uri
    document = _fetch_post(check)
    post_uri, replies = check.row.post.uri, document.replies
    context = _usable_context(check, document.context)
    if context is not None and context != named:
        _open(check, context)
    elif replies is not None and replies != post_uri:
        _note_list(check, WALKED + replies)
        _add(check, check.taker.reader.read(replies))
        check.work.read.add(replies)
    else:
        _open(check, f"{post_uri}/context")


def _fetch_post(check: Check) -> ObjectDocument:
    """Fetch the post from its home; one that is gone there goes here as well."""
    try:
        check.taker.bring(check.row.post.uri)
    except VanishedError as error:
        if error.reason in GONE:
            with unit_of_work():
                posts.delete_post(check.row.post, check.row.post.author)
        raise
    if not isinstance(check.taker.brought, ObjectDocument):
        raise RefusedError(NO_LIST)
    return check.taker.brought


def _add(check: Check, page: ListPage | None) -> None:
    """Put in line what a page lists that is not here yet; of ours is kept that it arrived."""
    if page is None:
        return
    check.seen += max(len(page.things), 2)
    fresh = []
    for thing in page.things:
        if check.taker.is_new(thing):
            fresh.append(thing)
        else:
            _walk_on(check, check.taker.take(thing))
    check.work.add(fresh, page.more)


def _take_next(check: Check) -> None:
    thing: Thing = check.work.things[0]
    _walk_on(check, check.taker.take(thing))
    check.work.things.popleft()


def _walk_on(check: Check, found: Post | Comment | None) -> None:
    """Have the answers to an answer read, where each lists only its own."""
    brought = check.taker.brought
    if not check.walks or not isinstance(found, Comment) or not isinstance(brought, ObjectDocument):
        return
    if brought.uri == found.uri and brought.replies is not None:
        check.work.add([], [brought.replies])


def _note_list(check: Check, uri: str | None) -> None:
    with unit_of_work():
        check.row.context_uri = uri
        check.row.etag = None


def _finish(check: Check, reason: str | None) -> None:
    with unit_of_work():
        row = check.row
        row.state, row.reason, row.attempts = BackfillState.DONE, reason, 0
        row.next_url, row.left, row.seen = None, [], check.seen
        row.checked_at, row.lease_until = utcnow(), None
        if reason is None:
            row.etag = None if check.taker.has_gaps else check.etag


def _pause(check: Check, error: UnavailableError) -> None:
    """Write how far it is; a server that stays silent is asked again the next time."""
    later = postpone(check.row.attempts, error)
    if later.is_given_up:
        _finish(check, later.reason)
        return
    with unit_of_work():
        row = check.row
        row.attempts, row.next_attempt_at, row.reason = later.attempts, later.at, later.reason
        row.next_url, row.left, row.seen = check.work.next_url, check.work.left, check.seen
        row.actors += check.taker.toll.actors
        row.lease_until = None
        if check.taker.has_gaps:
            row.etag = None
