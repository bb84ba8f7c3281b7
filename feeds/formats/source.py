"""What every reader gets: the text of a fetched document and where it came from."""

from dataclasses import dataclass

from feeds.formats import limits


@dataclass(frozen=True, slots=True)
class FeedSource:
    """Decoded text, the final address it was fetched from ("" for a file) and the entry limit."""

    text: str
    url: str = ""
    limit: int = limits.ENTRIES
