"""What the forum does in the background."""

from celery import shared_task

from app.core.db import unit_of_work
from app.forum.services import sweeping

MOST_BATCHES = 20


@shared_task(name="app.forum.tasks.sweep_bans", ignore_result=True)
def sweep_bans() -> None:
    """Take away what bans were to remove and the first batch left; runs twice without harm."""
    for _batch in range(MOST_BATCHES):
        with unit_of_work():
            if not sweeping.sweep_on():
                return
