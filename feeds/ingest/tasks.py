"""Fetching what is due."""

from celery import shared_task


@shared_task(name="feeds.ingest.tasks.fetch_due_feeds")
def fetch_due_feeds() -> None:
    """Fetch the feeds that are due."""
