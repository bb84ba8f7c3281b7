"""Ties what a browser shows to a row: Flask-Login keeps its cookies, we say when they end.

Flask-Login and Flask-Security put the same key of a person in every cookie, so a copy of a cookie
would outlive signing out. Here each sign-in has a key of its own (ADR 0016).
"""

from typing import Final

from flask import Flask, g, request
from flask import session as cookie_session
from flask_login import user_logged_in, user_logged_out
from flask_security import Security
from flask_security.utils import set_request_attr

from app.accounts.devices import recognize_device
from app.accounts.models.credential import User
from app.accounts.services.sessions import end_session, find_session, start_session
from app.core.db import session, unit_of_work

COOKIE_KEY: Final = "_user_id"  # Flask-Login's name; its cookie that remembers holds the same


def keep_renewed_passwords() -> None:
    """Keep a password hash that was renewed while it was checked, in a unit of work of its own."""
    if session().info.get("in_unit_of_work"):
        return
    renewed = {row.id: row.password for row in session().dirty if isinstance(row, User)}
    if not renewed:
        return
    session().rollback()
    with unit_of_work() as current:
        for user_id, password_hash in renewed.items():
            current.get_one(User, user_id).password = password_hash


def current_session_id() -> int | None:
    """Return the row id of the sign-in that this request came with."""
    found: int | None = g.get("login_session_id")
    return found


def _load(key: str) -> User | None:
    """Return whose key this is, with what Flask-Security wants to know; else None."""
    found = find_session(key)
    if found is None or not found[1].active:
        return None
    g.login_session_id = found[0].id
    set_request_attr("fs_authn_via", "session")
    set_request_attr("fs_paa", cookie_session.get("fs_paa", 0))
    return found[1]


def _start(_app: Flask, user: User, **_about: object) -> None:
    """Give a sign-in its own key; the one this browser had before ends."""
    keep_renewed_passwords()
    with unit_of_work():
        _end_current()
        key = start_session(user, recognize_device(request.user_agent.string))
    cookie_session[COOKIE_KEY] = key


def _end(_app: Flask, **_about: object) -> None:
    """End the sign-in of somebody who signs out."""
    if current_session_id() is not None:
        with unit_of_work():
            _end_current()


def _end_current() -> None:
    known = g.pop("login_session_id", None)
    if known is not None:
        end_session(known)


def install_login_sessions(app: Flask, security: Security) -> None:
    """Let sign-ins be rows of ours; call it after Flask-Security is set up."""
    security.login_manager.user_loader(_load)
    user_logged_in.connect(_start, app)
    user_logged_out.connect(_end, app)
