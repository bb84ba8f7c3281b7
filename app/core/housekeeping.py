"""Every six hours: forget what has served its purpose, and let SQLite look at its indexes.

Each package says what of its own may go (`purging.py`); the factory lists them all. They work in
small batches, each in a transaction of its own, so nobody waits long for them and one that is cut
short goes on the next time.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from celery import shared_task
from flask import Flask, current_app
from sqlalchemy import text

from app.core.clock import utcnow
from app.core.db import session, unit_of_work
from app.core.site import find_fact, remember_fact

log = logging.getLogger(__name__)

# Deletes at most so many rows within the caller's transaction; returns how many it touched.
Purger = Callable[[int], int]

EXTENSION: Final = "purgers"
TIDIED_FACT: Final = "tidied_at"
EVERY: Final = timedelta(hours=6)
BATCH: Final = 500
MOST_BATCHES: Final = 400


def install_purgers(app: Flask, purgers: Mapping[str, Purger]) -> None:
    """Let `tidy_up` call these, in this order, by names for the log."""
    app.extensions[EXTENSION] = dict(purgers)


@shared_task(name="app.core.housekeeping.tidy_up")
def tidy_up() -> None:
    """Purge when the last time is six hours ago; several workers may ask, one does it."""
    if not _take_turn():
        return
    purgers: Mapping[str, Purger] = current_app.extensions[EXTENSION]
    for name, purge in purgers.items():
        try:
            count = _purge_all(purge)
        except Exception:  # one that fails must not keep the others from their work
            log.exception("purging of %s failed; it is tried again in six hours", name)
        else:
            log.info("purged %s %s", count, name)
    with unit_of_work():
        if session().get_bind().dialect.name == "sqlite":
            session().execute(text("PRAGMA optimize"))


def _take_turn() -> bool:
    """Whether it is time; the next time counts from now."""
    with unit_of_work():
        now, last = utcnow(), find_fact(TIDIED_FACT)
        if last is not None and timedelta() <= now - datetime.fromisoformat(last) < EVERY:
            return False
        remember_fact(TIDIED_FACT, now.isoformat())
        return True


def _purge_all(purge: Purger) -> int:
    total = 0
    for _ in range(MOST_BATCHES):
        with unit_of_work():
            count = purge(BATCH)
        total += count
        if count < BATCH:
            break
    return total
