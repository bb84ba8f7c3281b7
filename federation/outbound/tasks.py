"""The worker's part of sending."""

from threading import Lock

from celery import shared_task

from federation.outbound.deliver import deliver_all_due, look_again

_running = Lock()


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
