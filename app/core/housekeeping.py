"""Twice a day: let SQLite look at its indexes."""

from celery import shared_task
from sqlalchemy import text

from app.core.db import session, unit_of_work


@shared_task(name="app.core.housekeeping.tidy_up")
def tidy_up() -> None:
    """Refresh SQLite's planner statistics; PostgreSQL does that by itself."""
    with unit_of_work():
        if session().get_bind().dialect.name == "sqlite":
            session().execute(text("PRAGMA optimize"))
