"""What the worker does for feeds."""

from celery import shared_task

from feeds.ingest.drain import drain_due_feeds


@shared_task(name="feeds.ingest.tasks.fetch_due_feeds")
def fetch_due_feeds() -> None:
    """Fetch the feeds that are due; whoever calls it twice finds nothing left to do."""
    drain_due_feeds()
