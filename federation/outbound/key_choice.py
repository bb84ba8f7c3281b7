"""With which of two keys a delivery is signed first, while a replaced one is still in use.

A host is shown the former key until our Update with the present one was delivered there, and the
present one from then on, or when nothing is to tell it. What a host does counts for more: a key
that it took after it refused the other comes first from then on. Many peers verify only after they
have answered 202, so the first key had better be the right one, whatever a second knock may mend.
"""

import logging
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from sqlalchemy import ColumnElement, Row, and_, or_, select

from app.core.db import session
from federation.models.actor import Actor
from federation.models.delivery import Delivery, DeliveryState
from federation.models.outbox_activity import OutboxActivity
from federation.outbound.jobs import Job
from federation.signatures.keys import KeyLockedError
from federation.signatures.sign import SigningKey
from federation.transport.knocking import UNREADABLE
from federation.transport.own_keys import find_former_key, signing_key

log = logging.getLogger(__name__)


class KeyChoice:
    """The keys of one run, and which of two each host gets first."""

    def __init__(self) -> None:
        self._keys: dict[int, tuple[datetime | None, SigningKey]] = {}
        self._first: dict[tuple[int, str], str] = {}

    def prepare(self, jobs: Collection[Job]) -> set[int]:
        """Read the keys that these jobs need; return the actors whose key cannot be opened."""
        wanted = {job.actor_id for job in jobs}
        if not wanted:
            return set()
        changes = select(Actor.id, Actor.key_changed_at).where(Actor.id.in_(wanted))
        for actor_id, changed_at in session().execute(changes).all():
            known = self._keys.get(actor_id)
            if known is None or known[0] != changed_at:
                self._load(session().get_one(Actor, actor_id, populate_existing=True))
        hosts: dict[int, set[str]] = defaultdict(set)
        for job in jobs:
            if job.actor_id in self._keys and self._keys[job.actor_id][1].spare_pem is not None:
                hosts[job.actor_id].add(job.host)
        for actor_id, some in hosts.items():
            self._weigh(session().get_one(Actor, actor_id), some)
        return wanted - self._keys.keys()

    def key_for(self, job: Job) -> SigningKey:
        """Return with which key to sign, the other one as its spare; in any thread."""
        _, key = self._keys[job.actor_id]
        if key.spare_pem is None:
            return key
        if job.signed_by and job.last_status in UNREADABLE:
            is_former = job.signed_by == key.name
        else:
            is_former = self._first.get((job.actor_id, job.host)) == key.spare_name
        return key.turned() if is_former else key

    def _load(self, actor: Actor) -> None:
        try:
            self._keys[actor.id] = (actor.key_changed_at, signing_key(actor))
        except KeyLockedError:
            self._keys.pop(actor.id, None)
            log.exception("the key of %s was made with another secret key", actor.uri)

    def _weigh(self, actor: Actor, hosts: set[str]) -> None:
        """Find out which key each of these hosts believes, as far as we can know."""
        former = find_former_key(actor)
        if former is None:  # its time ended while this run went on
            self._load(actor)
            return
        key = self._keys[actor.id][1]
        for host in hosts:
            self._first.pop((actor.id, host), None)
        for host, name in _read_signs(actor, key, _tells(actor, former.replaced_at), hosts):
            self._first[(actor.id, host)] = name


def _tells(actor: Actor, since: datetime) -> ColumnElement[bool]:
    """Condition: an activity that brings the present key."""
    return and_(
        OutboxActivity.type == "Update",
        OutboxActivity.object_uri == actor.uri,
        OutboxActivity.made_at >= since,
    )


def _read_signs(
    actor: Actor, key: SigningKey, tells: ColumnElement[bool], hosts: Iterable[str]
) -> Iterator[tuple[str, str]]:
    """Give host and name of a key; what is given later counts for more."""
    found = list(_find_signs(actor, tells, hosts))
    is_waiting = [row for row in found if row.state == DeliveryState.WAITING]
    yield from ((row.host, key.spare_name) for row in is_waiting if row.is_telling)
    names = {key.name, key.spare_name}
    for row in found:
        if row.state == DeliveryState.DONE:
            name = key.name if row.is_telling else row.signed_by
            if name in names:
                yield row.host, name


def _find_signs(
    actor: Actor, tells: ColumnElement[bool], hosts: Iterable[str]
) -> Iterable[Row[str, DeliveryState, str | None, bool]]:
    """Find what tells of the present key, and where one of two was refused; in order of answers."""
    return session().execute(
        select(Delivery.host, Delivery.state, Delivery.signed_by, tells.label("is_telling"))
        .join(OutboxActivity, OutboxActivity.id == Delivery.outbox_activity_id)
        .where(OutboxActivity.actor_id == actor.id, Delivery.host.in_(hosts))
        .where(or_(Delivery.signed_by.is_not(None), tells))
        .order_by(Delivery.done_at, Delivery.id)
    )
