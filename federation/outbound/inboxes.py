"""Inboxes that are not there: counted by day until they answer or nobody is thought to live there.

`federation/dereference/inboxes.py` asks meanwhile whether those who lived there have moved.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select

from app.core.db import session
from federation.models.failing_inbox import FailingInbox
from federation.outbound.journal import Answer
from federation.outbound.verdicts import MISSING, is_success


def note_inboxes(answers: Sequence[tuple[str, Answer]], now: datetime) -> None:
    """Note which of these inboxes are missing; one that took something is there again."""
    missing = {url for url, answer in answers if answer.status in MISSING}
    there = {url for url, answer in answers if is_success(answer)}
    if missing:
        _count(missing - there, now)
    if there:
        found = select(FailingInbox.id).where(FailingInbox.inbox_url.in_(there))
        if session().scalar(found.limit(1)) is not None:
            _forget(there)


def _count(urls: set[str], now: datetime) -> None:
    known = {
        row.inbox_url: row
        for row in session().scalars(select(FailingInbox).where(FailingInbox.inbox_url.in_(urls)))
    }
    for url in sorted(urls):
        row = known.get(url)
        if row is None:
            session().add(FailingInbox(inbox_url=url, days=1, failed_on=now))
        elif row.failed_on.date() != now.date():
            row.days, row.failed_on = row.days + 1, now
    session().flush()


def _forget(urls: set[str]) -> None:
    session().execute(
        delete(FailingInbox)
        .where(FailingInbox.inbox_url.in_(urls))
        .execution_options(synchronize_session=False)
    )
