"""Lists of feeds as OPML 2.0 (opml.org/spec2.opml): ours to take along, a person's to bring in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from feeds.formats import limits, links
from feeds.formats.errors import InvalidOpmlError
from feeds.formats.plain_text import one_line
from feeds.formats.xml_writing import add_element, new_root, rfc822, to_bytes

MEDIA_TYPE = "text/x-opml"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpmlFeed:
    """One feed in a list; `path` names the categories around it, outermost first."""

    title: str
    feed_url: str
    home_url: str | None = None
    description: str | None = None
    language: str | None = None
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OpmlDocument:
    """A list of feeds in document order; `skipped` counts outlines with an unusable address."""

    title: str | None
    feeds: tuple[OpmlFeed, ...]
    updated: datetime | None = None
    skipped: int = 0


def write_opml(document: OpmlDocument) -> bytes:
    """Write the list, nested by the feeds' paths; equal lists give equal bytes."""
    root = new_root("opml", {"version": "2.0"})
    head = add_element(root, "head")
    add_element(head, "title", document.title or "")
    if document.updated:
        add_element(head, "dateModified", rfc822(document.updated))
    add_element(head, "docs", "http://opml.org/spec2.opml")
    folders: dict[tuple[str, ...], Element] = {(): add_element(root, "body")}
    for feed in document.feeds:
        _add_feed(_folder(folders, feed.path), feed)
    return to_bytes(root)


def _folder(folders: dict[tuple[str, ...], Element], path: tuple[str, ...]) -> Element:
    for depth in range(1, len(path) + 1):
        here = path[:depth]
        if here not in folders:
            parent = folders[here[:-1]]
            folders[here] = add_element(parent, "outline", text=here[-1], title=here[-1])
    return folders[path]


def _add_feed(parent: Element, feed: OpmlFeed) -> None:
    outline = add_element(parent, "outline", type="rss", text=feed.title, title=feed.title)
    outline.set("xmlUrl", feed.feed_url)
    for name, value in (
        ("htmlUrl", feed.home_url),
        ("description", feed.description),
        ("language", feed.language),
    ):
        if value:
            outline.set(name, value)


def read_opml(body: bytes) -> OpmlDocument:
    """Read a list someone brings along, every feed address once.

    Raises `InvalidOpmlError` for more than 256 KB, a DOCTYPE, damaged XML or another document.
    """
    if len(body) > limits.OPML_BYTES:
        raise InvalidOpmlError("The OPML file is larger than 256 KB", is_too_large=True)
    try:
        root = fromstring(body, forbid_dtd=True)
    except DefusedXmlException as error:
        raise InvalidOpmlError("The OPML file declares a document type or entities") from error
    except (ParseError, ValueError, LookupError) as error:
        raise InvalidOpmlError("The OPML file is not well-formed XML") from error
    content = root.find("body")
    if root.tag.lower() != "opml" or content is None:
        raise InvalidOpmlError("This is not an OPML file")
    return _document(root.findtext("head/title"), list(_outlines(content)))


def _document(title: str | None, found: Sequence[OpmlFeed | None]) -> OpmlDocument:
    feeds: dict[str, OpmlFeed] = {}
    for feed in found:
        if feed:
            feeds.setdefault(feed.feed_url, feed)
    return OpmlDocument(
        title=one_line(title or "", limits.TITLE),
        feeds=tuple(feeds.values()),
        skipped=sum(1 for feed in found if feed is None),
    )


def _outlines(content: Element) -> Iterator[OpmlFeed | None]:
    """Walk the outlines without recursion, in document order; None for an unusable address."""
    waiting: list[tuple[Element, tuple[str, ...]]] = [
        (one, ()) for one in reversed(content.findall("outline"))
    ]
    while waiting:
        outline, path = waiting.pop()
        address = outline.get("xmlUrl") or outline.get("xmlurl")
        if address:
            yield _feed(outline, address, path)
        name = one_line(outline.get("text") or outline.get("title") or "", limits.TITLE)
        inner = (*path, name) if name and not address else path
        children = outline.findall("outline")
        waiting += [(one, inner[: limits.OPML_DEPTH]) for one in reversed(children)]


def _feed(outline: Element, address: str, path: tuple[str, ...]) -> OpmlFeed | None:
    url = links.resolve(address, "")
    if url is None:
        return None
    title = one_line(outline.get("title") or outline.get("text") or "", limits.TITLE)
    return OpmlFeed(
        title=title or url,
        feed_url=url,
        home_url=links.resolve(outline.get("htmlUrl"), ""),
        description=one_line(outline.get("description") or "", limits.TITLE),
        language=one_line(outline.get("language") or "", 35),
        path=path,
    )
