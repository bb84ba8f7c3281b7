"""Mails are rows first: sent by the worker, or kept for an admin to read when no server is set."""

from enum import StrEnum

from sqlalchemy import Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.columns import Instant, OptionalInstant, PublicId, RowId
from app.core.db import Base, session
from app.core.settings import current_settings
from app.core.tasks import Queue, wake


class MailState(StrEnum):
    """What has become of a mail; KEPT: there is no mail server, an admin can read it."""

    WAITING = "waiting"
    SENT = "sent"
    KEPT = "kept"
    FAILED = "failed"


class Mail(Base):
    """One mail to one person."""

    __tablename__ = "mail"

    id: Mapped[RowId]
    public_id: Mapped[PublicId]
    recipient: Mapped[str] = mapped_column(String(255))
    subject: Mapped[str] = mapped_column(Text)
    body_text: Mapped[str] = mapped_column(Text)
    body_html: Mapped[str | None] = mapped_column(Text)
    state: Mapped[MailState] = mapped_column(String(20))
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    made_at: Mapped[Instant]
    next_attempt_at: Mapped[Instant]
    lease_until: Mapped[OptionalInstant]
    sent_at: Mapped[OptionalInstant]
    last_error: Mapped[str | None] = mapped_column(Text)


def keep_mail(recipient: str, subject: str, body_text: str, body_html: str | None = None) -> Mail:
    """Store a mail within the present transaction; it leaves later when a server is set."""
    has_server = bool(current_settings().mail_url)
    mail = Mail(
        recipient=recipient,
        subject=" ".join(subject.split()),
        body_text=body_text,
        body_html=body_html,
        state=MailState.WAITING if has_server else MailState.KEPT,
    )
    session().add(mail)
    if has_server:
        wake(Queue.DEFAULT)
    return mail
