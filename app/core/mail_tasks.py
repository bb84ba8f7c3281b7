"""Sends the mails that wait, by SMTP (RFC 5321).

The rows are the truth: a mail is claimed for a minute, sent outside any transaction, and then
marked. A crash in between sends it twice rather than never; its Message-ID stays the same, so the
receiving side can tell. smtplib opens its own socket to the one server of the settings: the rule of
one way out (house.md 9) is about HTTP to addresses that others choose.
"""

import logging
import random
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from typing import Final
from urllib.parse import unquote, urlsplit

from celery import shared_task
from sqlalchemy import select, update

from app.core.clock import utcnow
from app.core.db import session, unit_of_work
from app.core.mail import Mail, MailState
from app.core.settings import Settings, current_settings

log = logging.getLogger(__name__)

LEASE: Final = timedelta(seconds=60)
BATCH: Final = 20
TIMEOUT_SECONDS: Final = 10
FIRST_DELAY: Final = timedelta(seconds=30)
LONGEST_DELAY: Final = timedelta(hours=6)
GIVE_UP_AFTER: Final = timedelta(days=14)
JITTER: Final = 0.1
DEFAULT_PORTS: Final = {"smtp": 25, "smtps": 465}
PERMANENT: Final = range(500, 600)


@dataclass(frozen=True)
class Letter:
    """What is needed to send one mail, read from its row; `id` is the row."""

    id: int
    public_id: str
    recipient: str
    subject: str
    text: str
    html: str | None


@shared_task(name="app.core.mail_tasks.send_due_mails", ignore_result=True)
def send_due_mails() -> None:
    """Send every mail that is due; runs twice without harm."""
    settings = current_settings()
    if not settings.mail_url:
        return
    while letters := _claim():
        if not _send_batch(letters, settings):
            return


def _claim() -> list[Letter]:
    """Take the mails that are due, for a minute; another worker takes others."""
    now = utcnow()
    due = (
        select(Mail.id)
        .where(Mail.state == MailState.WAITING, Mail.next_attempt_at <= now)
        .where(Mail.lease_until.is_(None) | (Mail.lease_until < now))
        .order_by(Mail.next_attempt_at, Mail.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    with unit_of_work() as current:
        rows = current.scalars(
            update(Mail)
            .where(Mail.id.in_(due.scalar_subquery()))
            .values(lease_until=now + LEASE, attempts=Mail.attempts + 1)
            .returning(Mail)
            .execution_options(populate_existing=True)
        )
        return [
            Letter(row.id, row.public_id, row.recipient, row.subject, row.body_text, row.body_html)
            for row in rows
        ]


def _send_batch(letters: list[Letter], settings: Settings) -> bool:
    """Send over one connection; False when the server does not answer, so the rest waits."""
    pending = list(letters)
    try:
        with _connect(settings) as server:
            while pending:
                _send_one(server, pending[0], settings)
                pending.pop(0)
    except (OSError, smtplib.SMTPException) as error:
        log.warning("mail server does not answer: %s", error)
        for letter in pending:
            _put_off(letter, f"{type(error).__name__}: {error}")
        return False
    return True


def _send_one(server: smtplib.SMTP, letter: Letter, settings: Settings) -> None:
    """Send one mail; a refusal of this mail alone is written down, other errors are raised."""
    try:
        server.send_message(make_message(letter, settings))
    except smtplib.SMTPRecipientsRefused as error:
        code, text = next(iter(error.recipients.values()))
        _refused(letter, code, text)
    except smtplib.SMTPResponseException as error:
        if isinstance(error, smtplib.SMTPSenderRefused | smtplib.SMTPDataError):
            _refused(letter, error.smtp_code, error.smtp_error)
        else:
            raise
    else:
        _mark(letter, state=MailState.SENT, sent_at=utcnow(), last_error=None, lease_until=None)


def _refused(letter: Letter, code: int, reason: bytes | str) -> None:
    text = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else reason
    if code in PERMANENT:
        _mark(letter, state=MailState.FAILED, last_error=f"{code} {text}", lease_until=None)
    else:
        _put_off(letter, f"{code} {text}")


def _put_off(letter: Letter, reason: str) -> None:
    """Plan the next try: 30 s, then twice as long each time up to 6 hours; after 14 days it failed.

    A failed mail stays on the admin page; nothing is thrown away.
    """
    with unit_of_work():
        row = session().get(Mail, letter.id)
        if row is None:
            return
        if utcnow() - row.made_at > GIVE_UP_AFTER:
            row.state = MailState.FAILED
        row.next_attempt_at = utcnow() + backoff(row.attempts)
        row.last_error = reason[:500]
        row.lease_until = None


def backoff(attempts: int) -> timedelta:
    """Return how long to wait after this many attempts, give or take ten per cent."""
    delay: timedelta = min(FIRST_DELAY * 2 ** min(max(attempts - 1, 0), 16), LONGEST_DELAY)
    share: float = random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311  spreads load, no secret
    return delay * share


def _mark(letter: Letter, **values: object) -> None:
    with unit_of_work() as current:
        current.execute(update(Mail).where(Mail.id == letter.id).values(**values))


def make_message(letter: Letter, settings: Settings) -> EmailMessage:
    """Return the mail as RFC 5322 text with an HTML alternative."""
    host = settings.host.rpartition(":")[0] or settings.host
    message = EmailMessage()
    message["From"] = formataddr((settings.site_name, settings.mail_from or f"noreply@{host}"))
    message["To"] = letter.recipient
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(utcnow())
    message["Message-ID"] = f"<{letter.public_id}@{host}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers
    message.set_content(letter.text)
    if letter.html is not None:
        message.add_alternative(letter.html, subtype="html")
    return message


def may_send_password(host: str, *, is_encrypted: bool) -> bool:
    """Whether a password may go over this connection: encrypted, or not leaving this machine."""
    return is_encrypted or host in {"localhost", "127.0.0.1", "::1"}


@contextmanager
def _connect(settings: Settings) -> Iterator[smtplib.SMTP]:
    """Open the connection of `mail_url`: smtps is TLS at once, smtp takes STARTTLS when offered.

    A name and password go over an encrypted connection only, unless the server is on this machine.
    """
    parts = urlsplit(settings.mail_url)
    host, port = parts.hostname or "localhost", parts.port or DEFAULT_PORTS[parts.scheme]
    context = ssl.create_default_context()
    server: smtplib.SMTP
    if parts.scheme == "smtps":
        server = smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_SECONDS, context=context)
    else:
        server = smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
    with server:
        server.ehlo_or_helo_if_needed()
        is_encrypted = parts.scheme == "smtps"
        if not is_encrypted and server.has_extn("starttls"):
            server.starttls(context=context)
            is_encrypted = True
        if parts.username:
            if not may_send_password(host, is_encrypted=is_encrypted):
                raise smtplib.SMTPNotSupportedError("no encryption: the password was not sent")
            server.login(unquote(parts.username), unquote(parts.password or ""))
        yield server
