"""Mails leave through a real SMTP conversation with a small server on loopback."""

import socketserver
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from flask import Flask
from sqlalchemy import select

from app.core.db import session, unit_of_work
from app.core.mail import Mail, MailState, keep_mail
from app.core.mail_tasks import LONGEST_DELAY, backoff, may_send_password, send_due_mails
from tests.support.clock import FakeClock


class Sink(socketserver.ThreadingTCPServer):
    """Takes mail as RFC 5321 says, and answers what the test wants."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.answers: dict[str, str] = {}
        self.mails: list[EmailMessage] = []
        self.connections = 0


class Conversation(socketserver.StreamRequestHandler):
    """One connection."""

    server: Sink

    def handle(self) -> None:
        self.server.connections += 1
        self._say("220 sink")
        while line := self.rfile.readline().decode("ascii").strip():
            verb = line.split(" ")[0].upper()
            answer = self.server.answers.get(line) or self.server.answers.get(verb)
            if verb == "DATA" and answer is None:
                self._say("354 go on")
                self._take()
                answer = self.server.answers.get("END", "250 taken")
            self._say(answer or ("221 bye" if verb == "QUIT" else "250 ok"))
            if verb == "QUIT":
                return

    def _take(self) -> None:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        message = message_from_bytes(b"".join(lines), policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.server.mails.append(message)

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode("ascii"))


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def app(make_app: Callable[..., Flask], sink: Sink, clock: FakeClock) -> Iterator[Flask]:
    port = sink.server_address[1]
    app = make_app(mail_url=f"smtp://127.0.0.1:{port}", mail_from="post@ons.test")
    with app.app_context():
        yield app


def write(recipient: str = "anna@school.example", subject: str = "Welkom") -> Mail:
    with unit_of_work():
        return keep_mail(recipient, subject, "Hallo Anna,\n.\nGroet", "<p>Hallo Anna</p>")


def stored(mail: Mail) -> Mail:
    session().rollback()
    session().expire_all()
    return session().scalars(select(Mail).where(Mail.id == mail.id)).one()


def test_a_mail_leaves_as_text_and_html(app: Flask, sink: Sink) -> None:
    mail = write(subject="Tot ziens,\r\nBcc: x@evil.test é")

    send_due_mails()

    [sent] = sink.mails
    assert sent["To"] == "anna@school.example"
    assert sent["From"] == "Verbindplaats <post@ons.test>"
    assert sent["Subject"] == "Tot ziens, Bcc: x@evil.test é"
    assert sent["Bcc"] is None
    assert sent["Message-ID"] == f"<{mail.public_id}@ons.test>"
    assert sent["Auto-Submitted"] == "auto-generated"
    text, html = sent.get_body(("plain",)), sent.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().split() == ["Hallo", "Anna,", ".", "Groet"]
    assert "<p>Hallo Anna</p>" in html.get_content()
    assert stored(mail).state == MailState.SENT
    assert stored(mail).sent_at is not None


def test_a_second_run_sends_nothing_twice(app: Flask, sink: Sink) -> None:
    write()

    send_due_mails()
    send_due_mails()

    assert len(sink.mails) == 1


def test_many_mails_share_a_connection(app: Flask, sink: Sink) -> None:
    for number in range(25):
        write(f"p{number}@school.example")

    send_due_mails()

    assert len(sink.mails) == 25
    assert sink.connections == 2


def test_a_dead_server_loses_nothing_and_is_asked_again_later(
    app: Flask, sink: Sink, clock: FakeClock
) -> None:
    mail = write()
    sink.answers["EHLO"] = sink.answers["HELO"] = "421 not now"

    send_due_mails()
    put_off = stored(mail)
    sink.answers.clear()
    send_due_mails()
    too_early = len(sink.mails)
    clock.advance(timedelta(seconds=34))
    send_due_mails()

    assert put_off.state == MailState.WAITING
    assert "421" in (put_off.last_error or "")
    assert too_early == 0
    assert len(sink.mails) == 1
    assert stored(mail).state == MailState.SENT
    assert stored(mail).last_error is None


def test_a_refused_address_fails_alone(app: Flask, sink: Sink) -> None:
    wrong, right = write("weg@school.example"), write()
    sink.answers["rcpt TO:<weg@school.example>"] = "550 nobody here"
    sink.answers["RCPT TO:<weg@school.example>"] = "550 nobody here"

    send_due_mails()

    assert stored(wrong).state == MailState.FAILED
    assert "550" in (stored(wrong).last_error or "")
    assert stored(right).state == MailState.SENT


def test_a_full_mailbox_is_tried_again(app: Flask, sink: Sink) -> None:
    mail = write()
    sink.answers["END"] = "452 mailbox full"

    send_due_mails()

    assert stored(mail).state == MailState.WAITING
    assert stored(mail).next_attempt_at > stored(mail).made_at


def test_a_mail_in_other_hands_is_left_alone_until_the_lease_ends(
    app: Flask, sink: Sink, clock: FakeClock
) -> None:
    mail = write()
    with unit_of_work():
        stored_mail = session().get_one(Mail, mail.id)
        stored_mail.lease_until = clock() + timedelta(seconds=60)

    send_due_mails()
    during = len(sink.mails)
    clock.advance(timedelta(seconds=61))
    send_due_mails()

    assert during == 0
    assert len(sink.mails) == 1


def test_after_two_weeks_a_mail_counts_as_failed_and_is_kept(
    app: Flask, sink: Sink, clock: FakeClock
) -> None:
    mail = write()
    sink.answers["END"] = "452 mailbox full"
    clock.advance(timedelta(days=15))

    send_due_mails()

    assert stored(mail).state == MailState.FAILED


@pytest.mark.parametrize(
    ("host", "is_encrypted", "allowed"),
    [
        ("mail.school.example", True, True),
        ("mail.school.example", False, False),
        ("127.0.0.2.school.example", False, False),
        ("localhost", False, True),
    ],
)
def test_a_password_does_not_travel_in_the_clear(
    host: str, is_encrypted: bool, allowed: bool
) -> None:
    assert may_send_password(host, is_encrypted=is_encrypted) is allowed


def test_without_a_server_mails_are_kept(make_app: Callable[..., Flask]) -> None:
    with make_app().app_context():
        mail = write()

        send_due_mails()

        assert stored(mail).state == MailState.KEPT


def test_waiting_times_grow_to_six_hours() -> None:
    waits = [backoff(attempts) for attempts in range(1, 40)]

    assert timedelta(seconds=27) <= waits[0] <= timedelta(seconds=33)
    assert timedelta(seconds=54) <= waits[1] <= timedelta(seconds=66)
    assert all(wait <= LONGEST_DELAY * 1.1 for wait in waits)
    assert waits[-1] >= LONGEST_DELAY * 0.9
