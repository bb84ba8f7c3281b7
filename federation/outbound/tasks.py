"""The worker's part of sending."""

from threading import Lock

from celery import shared_task

from app.core.db import unit_of_work
from federation.outbound.deliver import deliver_all_due, look_again
from federation.outbound.follow_schedule import ask_due

_running = Lock()


@shared_task(name="federation.outbound.tasks.ask_again")
def ask_again() -> None:
    """Ask remote communities again that have not answered a request to follow them."""
    with unit_of_work():
        ask_due()


@shared_task(name="federation.outbound.tasks.deliver_due")
def deliver_due() -> None:
    """Send what is due; a second call while one runs makes that one look again."""
    look_again.set()
    if not _running.acquire(blocking=False):
        return
    try:
        while look_again.is_set():
            look_again.clear()
            deliver_all_due()
    finally:
        _running.release()
