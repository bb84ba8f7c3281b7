"""Follow a feed that moved for good, and only then.

One 301 may be a captive portal, a parked domain or a mistake. So the address changes after the same
target was seen on three fetches over a week, every hop permanent, a feed at the end of it that
holds entries we know; the old address is kept to go back to.
"""

import logging
from datetime import datetime, timedelta
from typing import Final

from app.core.errors import ConflictError
from feeds.ingest.fetch import Fetched
from feeds.models.feed import Feed
from feeds.services.feeds import move_feed

log = logging.getLogger(__name__)

SIGHTINGS: Final = 3
WATCHED_FOR: Final = timedelta(days=7)


def watch_move(feed: Feed, fetched: Fetched, now: datetime, *, is_known: bool) -> bool:
    """Note where a successful fetch ended, and move the feed when that is certain.

    `is_known` says that the target holds what this feed brought before. True when it moved.
    """
    if not fetched.is_permanent_move:
        feed.move_url, feed.move_first_seen_at, feed.move_sightings = None, None, 0
        return False
    if feed.move_url != fetched.final_url or feed.move_first_seen_at is None:
        feed.move_url, feed.move_first_seen_at = fetched.final_url, now
        feed.move_sightings = 1
        return False
    feed.move_sightings += 1
    is_certain = feed.move_sightings >= SIGHTINGS and now - feed.move_first_seen_at >= WATCHED_FOR
    if not is_certain or not is_known:
        return False
    try:
        move_feed(feed, fetched.final_url)
    except ConflictError:
        log.info("feed %s moved to an address that is read already", feed.id)
        return False
    return True
