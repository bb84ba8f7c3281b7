"""What this package does when something happens."""

from app.core.db import session
from app.core.events import listen
from app.core.tasks import Queue, wake
from app.search.documents import Kind, SearchDocument
from app.search.index import put_document
from feeds.events import EntryFound, EntryRevised, FeedAdded
from feeds.models.entry import Entry


def fetch_soon(_event: FeedAdded) -> None:
    """Let a worker fetch a new feed."""
    wake(Queue.FEEDS)


def index_entry(event: EntryFound | EntryRevised) -> None:
    """Let an entry be found by its present words; a copy of a story is found once."""
    entry = session().get_one(Entry, event.entry_id)
    if entry.copy_of_id is not None or entry.url is None:
        return
    put_document(
        SearchDocument(
            kind=Kind.ENTRY,
            key=entry.public_id,
            title=entry.shown_title,
            text=entry.text,
            url=entry.url,
            at=entry.shown_at,
            detail=entry.feed.name,
            keywords=" ".join([entry.author, *entry.categories]),
            language=entry.language or "nl",
        )
    )


def register_listeners() -> None:
    """Hang the listeners on their events."""
    listen(FeedAdded, fetch_soon)
    listen(EntryFound, index_entry)
    listen(EntryRevised, index_entry)
