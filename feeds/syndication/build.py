"""Our own lists as feed documents: news from others, threads of a community, lists of feeds.

Ids are stable and links absolute. News goes out as excerpt and link, with its source named: whoever
wants the whole text reads it where it was written.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from html import escape

from app.core.addresses import local_uri
from app.core.settings import current_settings
from app.forum.models.post import Post
from feeds.formats.document import (
    EnclosureDocument,
    EntryDocument,
    FeedDocument,
    SourceDocument,
)
from feeds.formats.opml import OpmlDocument, OpmlFeed
from feeds.models.entry import Entry
from feeds.models.feed import Feed

FEED_SIZE = 50


@dataclass(frozen=True)
class About:
    """What a feed of ours is called and where its page is; paths are on this site.

    `self_path` is where the feed itself is, `language` the one most of it is in.
    """

    title: str
    page_path: str
    self_path: str
    subtitle: str = ""
    language: str = "nl"


def build_news(about: About, entries: Iterable[Entry]) -> FeedDocument:
    """Return news as a feed; every entry needs its `feed` loaded."""
    documents = tuple(_news_entry(entry) for entry in entries if entry.url)
    return _document(about, documents)


def build_posts(about: About, posts: Iterable[Post]) -> FeedDocument:
    """Return threads as a feed; only give posts that everybody may read."""
    return _document(about, tuple(_post_entry(post) for post in posts))


def build_opml(title: str, feeds: Sequence[Feed]) -> OpmlDocument:
    """Return feeds as a list to take along."""
    outlines = tuple(
        OpmlFeed(
            title=feed.name,
            feed_url=feed.url,
            home_url=feed.home_url,
            language=feed.language or None,
        )
        for feed in feeds
    )
    return OpmlDocument(title=title, feeds=outlines, updated=last_change(feeds))


def last_change(feeds: Iterable[Feed]) -> datetime | None:
    """Return when the list of feeds last changed: one was added or moved."""
    return max((feed.moved_at or feed.added_at for feed in feeds), default=None)


def _document(about: About, entries: tuple[EntryDocument, ...]) -> FeedDocument:
    document = FeedDocument(
        kind="atom",
        id=local_uri(about.page_path),
        title=about.title,
        subtitle=about.subtitle or None,
        home_url=local_uri(about.page_path),
        self_url=local_uri(about.self_path),
        author=current_settings().site_name,
        language=about.language,
        entries=entries,
    )
    changes = [one.updated for one in entries if one.updated]
    return replace(document, updated=max(changes, default=None))


def _news_entry(entry: Entry) -> EntryDocument:
    return EntryDocument(
        id=entry.uri,
        url=entry.url,
        title=entry.shown_title,
        author=entry.author or entry.feed.name,
        summary=f"<p>{escape(entry.excerpt)}</p>" if entry.excerpt else None,
        published=entry.sort_at,
        updated=max(entry.changed_at, entry.sort_at) if _was_revised(entry) else entry.sort_at,
        categories=tuple(entry.categories),
        enclosures=tuple(_enclosure(one) for one in entry.enclosures),
        language=entry.language or None,
        source=_source(entry.feed),
    )


def _was_revised(entry: Entry) -> bool:
    return entry.changed_at > entry.received_at


def _source(feed: Feed) -> SourceDocument:
    return SourceDocument(
        title=feed.name,
        id=feed.url,
        home_url=feed.home_url,
        self_url=feed.url,
        updated=feed.newest_entry_at,
    )


def _enclosure(stored: dict[str, str | int | None]) -> EnclosureDocument:
    length, seconds = stored.get("length"), stored.get("duration_seconds")
    media_type, title = stored.get("media_type"), stored.get("title")
    return EnclosureDocument(
        url=str(stored["url"]),
        media_type=str(media_type) if media_type else None,
        length=int(length) if length else None,
        title=str(title) if title else None,
        duration_seconds=int(seconds) if seconds else None,
    )


def _post_entry(post: Post) -> EntryDocument:
    return EntryDocument(
        id=post.uri,
        url=post.url,
        title=post.title,
        author=post.author.shown_name,
        content=post.body_html or None,
        published=post.sort_at,
        updated=max(post.edited_at or post.sort_at, post.sort_at),
        language=post.language or None,
    )
