"""The formats in which our feeds go out, by the extension in their address."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from feeds.formats import write_atom, write_jsonfeed, write_rss
from feeds.formats.document import FeedDocument


@dataclass(frozen=True)
class Writer:
    """How a document becomes bytes, and the media type of the result."""

    media_type: str
    write: Callable[[FeedDocument], bytes]


WRITERS: Final[Mapping[str, Writer]] = {
    "atom": Writer(write_atom.MEDIA_TYPE, write_atom.write_atom),
    "rss": Writer(write_rss.MEDIA_TYPE, write_rss.write_rss),
    "json": Writer(write_jsonfeed.MEDIA_TYPE, write_jsonfeed.write_jsonfeed),
}
NAMES: Final = {"atom": "Atom", "rss": "RSS", "json": "JSON Feed"}
