"""What this package does when something happens."""

from app.core.db import session
from app.core.events import listen
from app.core.tasks import Queue, wake
from feeds.events import EntryFound, EntryRevised, FeedAdded
from feeds.models.entry import Entry
from feeds.services.findable import put_entry


def fetch_soon(_event: FeedAdded) -> None:
    """Let a worker fetch a new feed."""
    wake(Queue.FEEDS)


def index_entry(event: EntryFound | EntryRevised) -> None:
    """Let an entry be found by its present words."""
    put_entry(session().get_one(Entry, event.entry_id))


def register_listeners() -> None:
    """Hang the listeners on their events."""
    listen(FeedAdded, fetch_soon)
    listen(EntryFound, index_entry)
    listen(EntryRevised, index_entry)
