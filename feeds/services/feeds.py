"""Add feeds, stop reading them, take them out of sight, have them fetched at once."""

from urllib.parse import urlsplit, urlunsplit

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.core.addresses import is_local_host
from app.core.clock import utcnow
from app.core.db import session
from app.core.errors import ConflictError, InvalidInputError, TooManyError
from app.core.events import emit
from app.core.http_errors import BadUrlError
from app.core.http_url import PORTS, UrlRules, check_url
from app.core.settings import current_settings
from app.core.tasks import Queue, wake
from feeds.events import FeedAdded
from feeds.models.entry import Entry
from feeds.models.feed import Feed, FeedState
from feeds.policy import can_ask_again
from feeds.services.findable import put_entry, remove_entry
from feeds.services.hosts import keep_host

MAX_URL_LENGTH = 2000
MAX_NAME_LENGTH = 300


def add_feed(url: str, publisher_name: str, publisher_path: str = "") -> Feed:
    """Read the feed at `url` from now on, as the news of a publisher with a page of ours.

    An address that is read already gives the existing feed, which is read again if it was stopped;
    its publisher stays the first one. Nothing is fetched here: the worker is woken. Raises
    InvalidInputError (field `url`), and ConflictError when the publisher has withdrawn the feed.
    """
    checked = check_feed_url(url)
    feed = session().scalar(select(Feed).where(Feed.url == checked))
    if feed is not None:
        return _add_again(feed, publisher_name, publisher_path)
    feed = Feed(
        url=checked,
        host=urlsplit(checked).netloc,
        publisher_name=publisher_name[:MAX_NAME_LENGTH],
        publisher_path=publisher_path,
    )
    session().add(feed)
    keep_host(feed.host)
    session().flush()
    emit(FeedAdded(feed.id))
    return feed


def offer_feed(url: str, title: str, home_url: str | None) -> Feed:
    """Keep the address of a feed until somebody says whose news it is; nothing is read of it.

    A feed that is known already is returned as it is. Raises InvalidInputError (field `url`), and
    ConflictError when the publisher has withdrawn the feed.
    """
    checked = check_feed_url(url)
    feed = session().scalar(select(Feed).where(Feed.url == checked))
    if feed is None:
        feed = Feed(
            url=checked,
            host=urlsplit(checked).netloc,
            publisher_name="",
            title=title[:MAX_NAME_LENGTH],
            home_url=home_url,
            state=FeedState.WAITING.value,
        )
        session().add(feed)
        session().flush()
    elif feed.state == FeedState.WITHDRAWN:
        raise ConflictError(_("De eigenaar wil niet dat we deze feed lezen."))
    return feed


def forget_offer(feed: Feed) -> None:
    """Drop a feed that waits for a listing; raises ConflictError for one that is read here."""
    if feed.state != FeedState.WAITING:
        raise ConflictError(_("Deze feed hoort al bij een vermelding."))
    session().delete(feed)


def check_feed_url(url: str) -> str:
    """Return the address in the form in which it is stored; raises InvalidInputError."""
    rules = UrlRules(allow_http=True, laboratory=current_settings().allow_private_addresses)
    try:
        checked = _without_usual_port(check_url(url.strip(), rules).url)
    except BadUrlError as error:
        raise InvalidInputError("url", error.text) from error
    if len(checked) > MAX_URL_LENGTH:
        raise InvalidInputError("url", _("Dit adres is te lang."))
    if is_local_host(urlsplit(checked).netloc):
        raise InvalidInputError("url", _("Dit is een feed van deze site zelf."))
    return checked


def name_publisher(feed: Feed, name: str, path: str) -> None:
    """Say whose news this is, when the publisher got another name or page."""
    feed.publisher_name, feed.publisher_path = name[:MAX_NAME_LENGTH], path


def ask_for_fetch(feed: Feed) -> None:
    """Have the feed fetched at once; raises TooManyError within five minutes of the last time."""
    now = utcnow()
    if not can_ask_again(feed, now):
        raise TooManyError(_("Je kunt een feed één keer per vijf minuten laten ophalen."))
    if feed.state == FeedState.WITHDRAWN:
        raise ConflictError(_("Deze feed is teruggetrokken."))
    _read_again(feed)
    feed.asked_at = now


def stop_feed(feed: Feed) -> None:
    """Read the feed no longer; what it brought stays."""
    if feed.state == FeedState.ACTIVE:
        feed.state = FeedState.STOPPED.value


def withdraw_feed(feed: Feed) -> None:
    """Take the feed and all it brought out of sight and out of search; its publisher opted out."""
    feed.state = FeedState.WITHDRAWN.value
    public_ids = session().scalars(select(Entry.public_id).where(Entry.feed_id == feed.id)).all()
    for public_id in public_ids:
        remove_entry(public_id)
    ours = select(Entry.id).where(Entry.feed_id == feed.id)
    copies = select(Entry).where(Entry.copy_of_id.in_(ours)).options(joinedload(Entry.feed))
    for copied in session().scalars(copies).all():
        copied.copy_of_id = None  # what others brought as well is theirs to show now
        put_entry(copied)


def undo_move(feed: Feed) -> None:
    """Go back to the address before the last move; raises ConflictError when there is none."""
    if feed.previous_url is None:
        raise ConflictError(_("Deze feed is niet verhuisd."))
    move_feed(feed, feed.previous_url)
    feed.previous_url = None


def move_feed(feed: Feed, url: str) -> None:
    """Read the feed at `url` from now on and remember where it was.

    Raises ConflictError when another feed is read there already.
    """
    if session().scalar(select(Feed.id).where(Feed.url == url)) is not None:
        raise ConflictError(_("Deze feed wordt al gelezen."))
    feed.previous_url, feed.url = feed.url, url
    feed.host = urlsplit(url).netloc
    feed.moved_at = utcnow()
    feed.move_url, feed.move_first_seen_at, feed.move_sightings = None, None, 0
    keep_host(feed.host)


def _without_usual_port(url: str) -> str:
    parts = urlsplit(url)
    if parts.port != PORTS.get(parts.scheme):
        return url
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition(":")[0]))


def _add_again(feed: Feed, publisher_name: str, publisher_path: str) -> Feed:
    if feed.state == FeedState.WITHDRAWN:
        raise ConflictError(_("De eigenaar wil niet dat we deze feed lezen."))
    if feed.state != FeedState.ACTIVE:
        name_publisher(feed, publisher_name, publisher_path)
        keep_host(feed.host)
        _read_again(feed)
    return feed


def _read_again(feed: Feed) -> None:
    feed.state = FeedState.ACTIVE.value
    feed.next_fetch_at = utcnow()
    feed.gone_seen_at = None
    wake(Queue.FEEDS)
