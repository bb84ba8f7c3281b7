"""The text of a raw document: HTML, and the Markdown it was made from when the peer sends that."""

from federation.errors import MalformedError
from federation.vocab.parse_fields import Raw, read_text
from federation.vocab.terms import HTML, MARKDOWN

MAX_MEDIA_TYPE = 100


def read_markdown(raw: Raw) -> str | None:
    """Return `source` when it is Markdown for certain.

    A bare text (Mbin, Pleroma) could be anything. PeerTube says it of `content` itself.
    """
    source = raw.get("source")
    if isinstance(source, dict) and source.get("mediaType") == MARKDOWN:
        return read_text(source, "content")
    if source is not None and not isinstance(source, dict | str):
        raise MalformedError("source", "not a text or an object")
    return read_text(raw, "content") if read_media_type(raw) == MARKDOWN else None


def read_media_type(raw: Raw) -> str:
    """Return the media type of `content`, lower case and without parameters; HTML unless said."""
    value = raw.get("mediaType")
    if value is None:
        return HTML
    if not isinstance(value, str):
        raise MalformedError("mediaType", "not a text")
    return value.partition(";")[0].strip().lower()[:MAX_MEDIA_TYPE] or HTML
