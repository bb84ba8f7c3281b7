"""Reading what a remote community had before somebody here followed it, step by step.

The group itself, its moderators, its pinned posts, its outbox, then every thread (federation.md
4.3). One call of `advance` costs at most a hundred requests and some twenty seconds; the row says
where to go on, also after a kill.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from app.accounts.queries import find_account_by_uri
from app.core.clock import utcnow
from app.core.db import session, unit_of_work
from app.forum.models.comment import Comment
from app.forum.models.post import Post
from app.forum.queries.communities import list_local_members
from app.forum.services import featured, memberships
from federation.dereference import moderators
from federation.dereference.errand import Taker, Work
from federation.dereference.listed import Thing
from federation.dereference.objects import is_followed_here
from federation.dereference.pace import PausedError, Toll, current_pace
from federation.dereference.postponing import postpone
from federation.dereference.reconcile import last_night
from federation.dereference.thread_requests import request_checks
from federation.errors import RefusedError, UnavailableError
from federation.models.actor import Actor
from federation.models.backfill import BackfillState, BackfillStep, CommunityBackfill
from federation.transport.actors import find_actor
from federation.transport.client import ActivityClient

MAX_ITEMS: Final = 200
MAX_PAGES: Final = 500
MAX_AGE: Final = timedelta(days=90)
MAX_NEW_MODERATORS: Final = 20
MAX_PINNED: Final = 20
SUNDAY: Final = 6
STEPS: Final = tuple(BackfillStep)
NOT_FOLLOWED: Final = "not-followed"


@dataclass
class Reading:
    """One step of one reading; `work` and the counts are written to the row when it ends."""

    row: CommunityBackfill
    taker: Taker
    work: Work
    brought: int = 1
    ages: set[bool] = field(default_factory=set)
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def is_update(self) -> bool:
        """Whether it was read to the end before: then only what is new is looked for."""
        return self.row.finished_at is not None

    @property
    def is_past(self) -> bool:
        """Whether all on the last page was written too long ago: `ages` says that of each."""
        return self.ages == {True}

    def count(self, name: str) -> int:
        """Return one of the row's counts, with what this step added."""
        before: int = getattr(self.row, name)
        return before + self.counts.get(name, 0)

    def add(self, name: str) -> None:
        """Add one to a count."""
        self.counts[name] = self.counts.get(name, 0) + 1


def advance(row_id: int, client: ActivityClient) -> None:
    """Do one step of a reading and write how far it is."""
    row = session().get_one(CommunityBackfill, row_id)
    if not is_followed_here(row.community):
        _write(row, state=BackfillState.DONE, reason=NOT_FOLLOWED, finished_at=None)
        return
    taker = Taker(
        client,
        Toll(current_pace(), row.community.host),
        row.community,
        is_history=row.finished_at is None,
    )
    reading = Reading(row, taker, Work.resume(row.next_url, list(row.left)))
    try:
        _STEPS[row.step](reading)
    except UnavailableError as error:
        _pause(reading, error)
    except RefusedError as error:
        _next_step(reading, error.reason)
    else:
        _next_step(reading, None)


def _read_group(reading: Reading) -> None:
    """Bring name, rules and addresses up to date; on Sunday nights see whether we still count."""
    reading.taker.bring(reading.row.community.uri)
    if reading.is_update and last_night(utcnow()).weekday() == SUNDAY:
        _check_followers(reading)


def _check_followers(reading: Reading) -> None:
    """Ask again to follow a group that counts nobody: our Follow got lost there (4.4)."""
    actor = _actor_of(reading)
    if actor is None or actor.followers_url is None:
        return
    page = reading.taker.reader.read(actor.followers_url)
    if page is None or page.document.total_items != 0:
        return
    with unit_of_work():
        for membership in list_local_members(reading.row.community)[:1]:
            memberships.ask_anew(membership)


def _read_moderators(reading: Reading) -> None:
    """Appoint whom the group's server names; who is new is fetched first (quirk 19)."""
    actor = _actor_of(reading)
    if actor is None or actor.moderators_url is None:
        return
    page = reading.taker.reader.read(actor.moderators_url)
    if page is None:
        return
    named = page.document.member_uris[: moderators.MAX_MODERATORS]
    unknown = [uri for uri in named if find_account_by_uri(uri) is None]
    for uri in unknown[:MAX_NEW_MODERATORS]:
        _meet(reading, uri)
    with unit_of_work():
        moderators.keep_moderators(page.document)


def _meet(reading: Reading, uri: str) -> None:
    """Fetch one of the moderators; who cannot be had is left out."""
    try:
        reading.taker.bring(uri)
    except PausedError:
        raise
    except (RefusedError, UnavailableError):
        return


def _read_featured(reading: Reading) -> None:
    """Take the pinned posts, however old, and show them as pinned."""
    actor = _actor_of(reading)
    if actor is None or actor.featured_url is None:
        return
    page = reading.taker.reader.read(actor.featured_url)
    if page is None:
        return
    found = [_take(reading, thing) for thing in page.things[:MAX_PINNED]]
    ids = [post.id for post in found if isinstance(post, Post)]
    with unit_of_work():
        featured.mirror_pins(reading.row.community, ids)


def _read_outbox(reading: Reading) -> None:
    """Take what the group passed on: the first page whole, older pages as far as 90 days back."""
    actor, work = _actor_of(reading), reading.work
    is_start = not (work.pages or work.things or reading.row.pages)
    if is_start and actor is not None and actor.outbox_url is not None:
        work.pages.append(actor.outbox_url)
    while work.things or _may_turn(reading):
        if work.things:
            _take_next(reading)
        else:
            _turn_page(reading)


def _take_next(reading: Reading) -> None:
    """Take the first thing in line; it leaves the line only when it is dealt with."""
    _take(reading, reading.work.things[0])
    reading.work.things.popleft()


def _take(reading: Reading, thing: Thing) -> Post | Comment | None:
    is_new = reading.taker.is_new(thing)
    found = reading.taker.take(thing)
    if is_new:
        reading.add("seen")
        reading.brought += 1
        if found is not None:
            reading.add("taken")
    _note_age(reading, found)
    return found


def _may_turn(reading: Reading) -> bool:
    """Whether one more page of the outbox is worth it."""
    if not reading.work.pages or reading.count("pages") >= MAX_PAGES:
        return False
    if reading.count("seen") >= MAX_ITEMS or reading.is_past:
        return False
    return reading.brought > 0 or not reading.is_update


def _turn_page(reading: Reading) -> None:
    work = reading.work
    uri = work.pages[0]
    page = reading.taker.reader.read(uri) if uri not in work.read else None
    work.pages.popleft()
    work.read.add(uri)
    reading.add("pages")
    reading.brought, reading.ages = 0, set()
    if page is None:
        return
    fresh = [thing for thing in page.things if not _is_here(reading, thing)]
    work.add(fresh[: MAX_ITEMS - reading.count("seen")], page.more)


def _is_here(reading: Reading, thing: Thing) -> bool:
    """Whether a thing needs no fetch; of ours is kept that it arrived."""
    if reading.taker.is_new(thing):
        return False
    _note_age(reading, reading.taker.take(thing))
    return True


def _note_age(reading: Reading, found: Post | Comment | None) -> None:
    if found is not None:
        reading.ages.add(found.sort_at < utcnow() - MAX_AGE)


def _read_threads(reading: Reading) -> None:
    """Have every thread that is known here read by itself."""
    with unit_of_work():
        request_checks(reading.row.community, is_first=not reading.is_update)


_STEPS: Final[dict[BackfillStep, Callable[[Reading], None]]] = {
    BackfillStep.GROUP: _read_group,
    BackfillStep.MODERATORS: _read_moderators,
    BackfillStep.FEATURED: _read_featured,
    BackfillStep.OUTBOX: _read_outbox,
    BackfillStep.THREADS: _read_threads,
}


def _actor_of(reading: Reading) -> Actor | None:
    return find_actor(reading.row.community)


def _next_step(reading: Reading, reason: str | None) -> None:
    """Go on with the next step; after the last one, that was it. What failed keeps its reason."""
    row, now = reading.row, utcnow()
    place = STEPS.index(row.step)
    values: dict[str, object] = {"next_url": None, "left": [], "attempts": 0}
    values["reason"] = reason or row.reason
    if place + 1 < len(STEPS):
        values["step"] = STEPS[place + 1]
    else:
        values |= {"state": BackfillState.DONE, "finished_at": row.finished_at or now}
        values["reconciled_at"] = now
    _write(row, **_counts(reading), **values)


def _pause(reading: Reading, error: UnavailableError) -> None:
    """Write how far the step came; a server that does not answer is asked again later."""
    later = postpone(reading.row.attempts, error)
    values: dict[str, object] = {"attempts": later.attempts, "next_attempt_at": later.at}
    values["reason"] = later.reason or reading.row.reason
    if later.is_given_up:
        values["state"] = BackfillState.FAILED
    kept = {"next_url": reading.work.next_url, "left": reading.work.left}
    _write(reading.row, **kept, **_counts(reading), **values)


def _counts(reading: Reading) -> dict[str, object]:
    return {name: reading.count(name) for name in ("pages", "seen", "taken")}


def _write(row: CommunityBackfill, **values: object) -> None:
    with unit_of_work():
        for name, value in values.items():
            setattr(row, name, value)
        row.lease_until = None
