"""`verbindplaats feed`: attach feeds, fetch them now, look at one."""

import json
import sys
from dataclasses import replace
from pathlib import Path

import click
from flask_babel import gettext as _

from app.commands.context import command_context, explains_errors
from app.core.clock import utcnow
from app.core.db import unit_of_work
from app.core.errors import AppError, InvalidInputError, NotFoundError
from app.core.http_errors import HttpClientError
from app.core.outgoing import http_client
from directory.models.listing import Listing
from directory.queries.listings import find_listing
from directory.services.feed_lists import import_feed_list
from directory.services.feeds import join_feed
from feeds.formats.errors import NotAFeedError
from feeds.formats.limits import BODY_BYTES, OPML_BYTES
from feeds.health import describe_health, explain_cause
from feeds.ingest.claims import hold_feed, list_jobs
from feeds.ingest.discover import discover_feeds
from feeds.ingest.drain import drain_due_feeds, fetch_now
from feeds.ingest.fetch import LIMITS, Fetched, FetchJob, fetch_feed, request_headers
from feeds.ingest.inspect import inspect_feed
from feeds.ingest.outcomes import record_all
from feeds.ingest.reading import Answered
from feeds.models.fetch_event import Outcome
from feeds.queries import count_entries, list_feeds
from feeds.services.feeds import check_feed_url

OK = 200


@click.group()
def feed() -> None:
    """Read the news of listings."""


@feed.command("add")
@click.argument("slug", metavar="LISTING-SLUG")
@click.argument("url")
@explains_errors
def add_feed(slug: str, url: str) -> None:
    """Attach the feed at URL to a listing, store it and fetch it at once."""
    with command_context():
        get_listing(slug)
        checked = check_feed_url(url)
        job = FetchJob(feed_id=0, url=checked, host="")
        fetched = fetch_feed(http_client(), job)
        if fetched.outcome is not Outcome.READ:
            raise InvalidInputError("url", explain_failure(fetched))
        with unit_of_work():
            stored_feed = join_feed(get_listing(slug), checked)
            hold_feed(stored_feed)
        job = replace(job, feed_id=stored_feed.id, host=stored_feed.host)
        stored = record_all([replace(fetched, job=job)])[stored_feed.id]
        click.echo(f"{stored_feed.url}  entries={stored.found} new={stored.added}")


@feed.command("import")
@click.argument(
    "file", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@explains_errors
def import_feeds(file: Path) -> None:
    """Take in a list of feeds (OPML): attach what has a listing, keep the rest for an admin."""
    with command_context(), file.open("rb") as stream:
        content = stream.read(OPML_BYTES + 1)
        with unit_of_work():
            report = import_feed_list(content)
        for state in ("attached", "waiting", "known", "refused"):
            for one in getattr(report, state):
                click.echo(f"{state}\t{one.url}\t{one.text}")
        click.echo(f"attached={len(report.attached)} waiting={len(report.waiting)}")


@feed.command("fetch")
@click.option("--all", "everything", is_flag=True, help="Every feed, whatever its schedule.")
@explains_errors
def fetch_feeds(*, everything: bool) -> None:
    """Fetch the feeds that are due, or all; one line per feed."""
    with command_context():
        if everything:
            fetch_now(list_jobs(), _tell)
        else:
            click.echo(f"fetched={drain_due_feeds()}")


@feed.command("list")
@explains_errors
def list_all_feeds() -> None:
    """Print every feed: how it is doing, its entries, its publisher, its address."""
    with command_context():
        feeds = list_feeds()
        counts = count_entries([one.id for one in feeds])
        for one in feeds:
            health = describe_health(one)
            count = counts.get(one.id, 0)
            click.echo(f"{health.status}\t{count}\t{one.name}\t{one.url}\t{health.text}")


@feed.command("inspect")
@click.argument("source", metavar="FILE-or-URL")
@explains_errors
def inspect_source(source: str) -> None:
    """Print as JSON what we understand of a feed; nothing is stored."""
    with command_context():
        try:
            answered = _read_source(source)
            found = inspect_feed(answered, utcnow())
        except (NotAFeedError, AppError) as error:
            click.echo(json.dumps({"error": str(error)}, ensure_ascii=False))
            sys.exit(1)
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))


def get_listing(slug: str) -> Listing:
    """Return a listing by its slug; raises NotFoundError saying so."""
    listing = find_listing(slug, None)
    if listing is None:
        raise NotFoundError(_("Er is geen vermelding met het adres /gids/%(slug)s.", slug=slug))
    return listing


def explain_failure(fetched: Fetched) -> str:
    """Return why an address is no feed of ours, and which feeds its page names instead."""
    sentence = explain_cause(fetched.cause)
    if fetched.cause != "feed_html":
        return f"{sentence} ({fetched.detail})" if fetched.detail else sentence
    try:
        found = discover_feeds(http_client(), fetched.final_url)
    except HttpClientError:
        found = []
    if not found:
        return sentence
    urls = ", ".join(f"{one.url} ({one.count})" for one in found)
    hint: str = _("Deze feeds horen erbij: %(urls)s", urls=urls)
    return f"{sentence} {hint}"


def _tell(fetched: Fetched) -> None:
    what = fetched.outcome.value + (f" {fetched.cause}" if fetched.cause else "")
    count = len(fetched.reading.entries) if fetched.reading else 0
    click.echo(f"{fetched.job.url}  {what}  entries={count} ms={fetched.milliseconds}")


def _read_source(source: str) -> Answered:
    if source.startswith(("http://", "https://")):
        job = FetchJob(feed_id=0, url=source, host="")
        response = http_client().get(source, headers=request_headers(job), limits=LIMITS)
        if response.status != OK:
            raise NotFoundError(explain_cause(f"http_{response.status}"))
        return Answered(response.body, response.url, response.headers.get("content-type", ""))
    path = Path(source)
    if not path.is_file():
        raise NotFoundError(_("Het bestand %(path)s is er niet.", path=source))
    with path.open("rb") as stream:
        return Answered(stream.read(BODY_BYTES + 1), "")
