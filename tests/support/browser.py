"""Browsers that fill in real forms, and a look at what they changed.

Every look opens its own application context: a context that stays open would be shared with the
requests of the browser, and with it who is signed in.
"""

import re
from collections.abc import Callable
from typing import TypeVar

from flask import Flask
from flask.testing import FlaskClient
from flask_security import hash_password
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.accounts.models.account import Account
from app.accounts.models.credential import User
from app.accounts.queries import find_local_account, find_user_by_email
from app.accounts.services import admission, sign_in
from app.core.db import session, unit_of_work
from app.core.mail import Mail

PHRASE = "een heel lang wachtwoord"
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
R = TypeVar("R")


def read_token(client: FlaskClient, page: str) -> str:
    """Return the CSRF token of a page."""
    found = _TOKEN.search(client.get(page).get_data(as_text=True))
    assert found is not None, f"no form on {page}"
    return found[1]


def submit(
    client: FlaskClient, action: str, fields: dict[str, str] | None = None, *, page: str = ""
) -> TestResponse:
    """Send the form that stands on `page` (by default the page at `action`)."""
    token = read_token(client, page or action)
    return client.post(action, data={**(fields or {}), "csrf_token": token})


def log_in(client: FlaskClient, email: str, password: str = PHRASE, **more: str) -> TestResponse:
    """Sign in through the page."""
    return submit(client, "/inloggen", {"email": email, "password": password, **more})


def is_signed_in(client: FlaskClient) -> bool:
    """Whether the settings open."""
    return client.get("/instellingen").status_code == 200


class Site:
    """The server under test, seen from outside and from the database."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def browser(self) -> FlaskClient:
        """Return a browser without cookies."""
        client = self.app.test_client()
        client.environ_base["HTTP_HOST"] = "ons.test"
        return client

    def ask(self, question: Callable[[], R]) -> R:
        """Return the answer to a query."""
        with self.app.app_context():
            return question()

    def change(self, act: Callable[[], R]) -> R:
        """Do something in one unit of work."""
        with self.app.app_context(), unit_of_work():
            return act()

    def person(self, name: str = "anna", *, admin: bool = False, confirmed: bool = True) -> Account:
        """Make somebody who signs in as <name>@school.example with PHRASE."""
        with self.app.app_context(), unit_of_work():
            new = sign_in.NewSignIn(f"{name}@school.example", hash_password(PHRASE), is_admin=admin)
            account = sign_in.add_person(name, new, name.title())
            if not confirmed:
                sign_in.get_user(account).confirmed_at = None
            return account

    def signed_in(self, name: str = "anna", *, admin: bool = False) -> FlaskClient:
        """Make somebody, and return the browser in which this person is signed in."""
        self.person(name, admin=admin)
        client = self.browser()
        assert log_in(client, f"{name}@school.example").status_code == 303
        return client

    def invite(self, email: str = "") -> str:
        """Return the code of a new invitation."""
        return self.change(lambda: admission.make_invitation(None, email).code)

    def account(self, name: str) -> Account | None:
        """Return one of our people as stored."""
        return self.ask(lambda: find_local_account(name))

    def user(self, email: str) -> User | None:
        """Return a sign-in as stored."""
        return self.ask(lambda: find_user_by_email(email))

    def mails_to(self, recipient: str) -> list[Mail]:
        """Return the mails to one address, oldest first."""
        wanted = select(Mail).where(Mail.recipient == recipient).order_by(Mail.id)
        return self.ask(lambda: list(session().scalars(wanted)))

    def links_to(self, recipient: str) -> list[str]:
        """Return the paths of the links in the mails to one address."""
        link = re.compile(r"^http://ons\.test(/\S+)", re.MULTILINE)
        return [path for mail in self.mails_to(recipient) for path in link.findall(mail.body_text)]
