"""Push entries to search and take them out."""

from app.search.documents import Kind, SearchDocument
from app.search.index import put_document, remove_document
from feeds.models.entry import Entry


def put_entry(entry: Entry) -> None:
    """Let an entry be found by its present words; a copy of a story is found at the original.

    The `feed` of the entry has to be loaded.
    """
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


def remove_entry(public_id: str) -> None:
    """Let an entry no longer be found."""
    remove_document(Kind.ENTRY, public_id)
