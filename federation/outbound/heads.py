"""Which deliveries may go now, as conditions: due, unleased, first of their thread at their host.

Order is kept per host and thread (or actor). What a peer refuses for a while (it cannot verify us,
forbids, or has no such inbox) or stumbles over again and again while it takes other things holds up
only what is about the same post or person: an Update never overtakes its Create, but the rest of a
thread goes on.
"""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from app.core.columns import UtcDateTime
from federation.discovery.nodeinfo import LOOK_AGAIN_AFTER
from federation.models.delivery import Delivery, DeliveryState
from federation.models.outbox_activity import OutboxActivity
from federation.models.peer import Peer
from federation.outbound.verdicts import PATIENCE

ASK_UNKNOWN_AGAIN_AFTER: Final = timedelta(hours=1)
PASSED_AFTER: Final = 3  # attempts: a stumble of a moment keeps its thread in order
# Conditions are made once and asked often: making one costs more than asking it.
NOW: Final[BindParameter[datetime]] = bindparam("now", type_=UtcDateTime())
ASKED: Final[BindParameter[datetime]] = bindparam("asked", type_=UtcDateTime())
ASKED_UNKNOWN: Final[BindParameter[datetime]] = bindparam("asked_unknown", type_=UtcDateTime())
# Not the bare column, or SQLite reads a host's finished deliveries too, by the index on hosts.
HOST: Final = Delivery.host.concat("")


def moments(now: datetime) -> dict[str, datetime]:
    """Return the values of the instants in these conditions."""
    return {
        "now": now,
        "asked": now - LOOK_AGAIN_AFTER,
        "asked_unknown": now - ASK_UNKNOWN_AGAIN_AFTER,
    }


def is_head() -> ColumnElement[bool]:
    """Condition: due, not leased, and nothing before it in its thread at its host holds it up."""
    earlier = aliased(Delivery)
    holds_up = or_(~_is_out_of_the_way(earlier), _is_about_the_same(earlier, Delivery))
    return and_(is_free(), ~exists(_before(earlier, Delivery).where(holds_up)))


def _before(earlier: type[Delivery], later: type[Delivery]) -> Select[int]:
    """Select what waits before something in its thread at its host."""
    return select(earlier.id).where(
        earlier.host == later.host,
        earlier.order_key == later.order_key,
        earlier.state == DeliveryState.WAITING,
        earlier.id < later.id,
    )


def _is_out_of_the_way(delivery: type[Delivery]) -> ColumnElement[bool]:
    """Condition: it rests for a reason of its own, or waits for one about the same that does."""
    resting = aliased(Delivery)
    waits_for_it = _before(resting, delivery).where(
        _is_passed(resting), _is_about_the_same(resting, delivery)
    )
    return or_(_is_passed(delivery), exists(waits_for_it))


def is_free() -> ColumnElement[bool]:
    """Condition: waiting, due, and nobody is sending it."""
    return and_(
        Delivery.state == DeliveryState.WAITING,
        Delivery.next_attempt_at <= NOW,
        or_(Delivery.lease_until.is_(None), Delivery.lease_until < NOW),
    )


def _is_passed(earlier: type[Delivery]) -> ColumnElement[bool]:
    """Condition: it waits for a reason of its own, not its host's."""
    is_refused = earlier.last_status.in_([int(status) for status in PATIENCE])
    return and_(
        earlier.next_attempt_at > NOW,
        or_(func.coalesce(is_refused, False), earlier.attempts >= PASSED_AFTER),
    )


def _is_about_the_same(one: type[Delivery], other: type[Delivery]) -> ColumnElement[bool]:
    former, latter = aliased(OutboxActivity), aliased(OutboxActivity)
    return exists(
        select(former.id)
        .join(latter, latter.object_uri == former.object_uri)
        .where(former.id == one.outbox_activity_id)
        .where(latter.id == other.outbox_activity_id)
        .correlate(one, other)
    )


def knows_software() -> ColumnElement[bool]:
    """Condition: what the host runs was looked up lately; one that would not say is asked hourly.

    Until a host took something for the first time, it is asked before every attempt: it may have
    been down when it was asked.
    """
    return func.coalesce(
        or_(
            and_(Peer.software.is_not(None), Peer.nodeinfo_at > ASKED),
            and_(Peer.succeeded_at.is_not(None), Peer.nodeinfo_at > ASKED_UNKNOWN),
        ),
        False,
    )


def is_proven() -> ColumnElement[bool]:
    """Condition: the host answered the last time, and nothing has to be asked first."""
    works = and_(Peer.succeeded_at.is_not(None), Peer.failing_since.is_(None))
    return case((and_(works, knows_software()), True), else_=False)
