"""The hosts that feeds live on: each has one lane, and its owner may ask us to wait."""

from datetime import datetime

from sqlalchemy.dialects import postgresql, sqlite

from app.core.clock import utcnow
from app.core.db import session
from feeds.models.feed import FeedHost


def keep_host(name: str) -> None:
    """Make sure there is a row for the host `name`; safe beside another writer."""
    is_postgres = session().get_bind().dialect.name == "postgresql"
    insert = postgresql.insert if is_postgres else sqlite.insert
    row = {"name": name, "next_fetch_at": utcnow()}
    session().execute(insert(FeedHost).values(row).on_conflict_do_nothing())


def open_lane(name: str, next_fetch_at: datetime) -> None:
    """Let the host be asked again from `next_fetch_at`, or later when it was paused longer."""
    host = session().get(FeedHost, name, with_for_update=True)
    if host is not None:
        host.lease_until = None
        host.next_fetch_at = next_fetch_at


def pause_host(name: str, until: datetime) -> None:
    """Ask the host nothing before `until`, whatever feed it is for (Retry-After)."""
    host = session().get(FeedHost, name, with_for_update=True)
    if host is not None:
        host.next_fetch_at = max(host.next_fetch_at, until)
