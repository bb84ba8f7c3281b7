"""When most hosts fail at once it is our own connection: then nothing counts against a feed."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select, update

from app.core.db import session
from feeds.ingest.fetch import NETWORK_CAUSES
from feeds.models.feed import Feed
from feeds.models.fetch_event import FetchEvent, Outcome

WINDOW: Final = timedelta(minutes=15)
FEWEST_HOSTS: Final = 5
TOO_MANY_FAILING: Final = 0.4
TRY_AGAIN: Final = timedelta(minutes=15)


def is_own_outage(now: datetime) -> bool:
    """Whether more than 40 % of the hosts that were asked lately, at least five, did not answer.

    Of each host the last answer counts, so the first success after an outage ends it.
    """
    rows = session().execute(
        select(FetchEvent.host, FetchEvent.outcome, FetchEvent.cause)
        .where(FetchEvent.at > now - WINDOW)
        .order_by(FetchEvent.id)
    )
    last = {
        host: outcome == Outcome.FAILED and cause in NETWORK_CAUSES for host, outcome, cause in rows
    }
    failing = sum(last.values())
    return len(last) >= FEWEST_HOSTS and failing > TOO_MANY_FAILING * len(last)


def forgive_failures(now: datetime) -> None:
    """Take back what was counted since the outage began; the feeds are tried again soon."""
    session().execute(
        update(Feed)
        .where(Feed.failing_since > now - WINDOW, Feed.cause.in_(NETWORK_CAUSES))
        .values(
            attempts=0,
            failing_since=None,
            cause="",
            cause_detail="",
            next_fetch_at=now + TRY_AGAIN,
        )
        .execution_options(synchronize_session="fetch")
    )
