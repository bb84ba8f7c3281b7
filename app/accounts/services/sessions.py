"""Being signed in somewhere: it starts, and it ends on the server, whatever cookie is kept."""

import hashlib
import secrets
from datetime import timedelta
from typing import Final

from flask_babel import gettext as _
from sqlalchemy import bindparam, delete, select

from app.accounts.devices import Device
from app.accounts.models.credential import User
from app.accounts.models.login_session import LoginSession
from app.core.clock import utcnow
from app.core.db import session
from app.core.errors import NotFoundError

KEY_BYTES: Final = 32
SESSION_DAYS: Final = 30
MAX_SESSIONS: Final = 50  # of one person; the oldest makes room

# Made once: asked in every request of somebody who is signed in. A row that ended, ran out or was
# made with a former key of the person is no row.
_BY_KEY: Final = (
    select(LoginSession, User)
    .join(User, User.id == LoginSession.user_id)
    .where(
        LoginSession.key_hash == bindparam("digest"),
        LoginSession.user_key == User.fs_uniquifier,
        LoginSession.expires_at > bindparam("now", type_=LoginSession.expires_at.type),
    )
)


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def start_session(user: User, device: Device) -> str:
    """Remember a sign-in; return the key that the browser shows from now on."""
    key = secrets.token_urlsafe(KEY_BYTES)
    now = utcnow()
    session().flush()
    _make_room(user)
    session().add(
        LoginSession(
            key_hash=_digest(key),
            user_id=user.id,
            user_key=user.fs_uniquifier,
            browser=device.browser,
            system=device.system,
            started_at=now,
            expires_at=now + timedelta(days=SESSION_DAYS),
        )
    )
    return key


def _make_room(user: User) -> None:
    """Leave at most MAX_SESSIONS - 1 rows of this person."""
    newest_first = (
        select(LoginSession.id)
        .where(LoginSession.user_id == user.id)
        .order_by(LoginSession.id.desc())
        .offset(MAX_SESSIONS - 1)
    )
    too_many = session().scalars(newest_first).all()
    if too_many:
        session().execute(delete(LoginSession).where(LoginSession.id.in_(too_many)))


def find_session(key: str) -> tuple[LoginSession, User] | None:
    """Return the sign-in with this key and whose it is, or None: one indexed look."""
    row = session().execute(_BY_KEY, {"digest": _digest(key), "now": utcnow()}).first()
    return None if row is None else (row[0], row[1])


def list_sessions(user: User) -> list[LoginSession]:
    """Return where this person is signed in now, newest first."""
    statement = (
        select(LoginSession)
        .where(
            LoginSession.user_id == user.id,
            LoginSession.user_key == user.fs_uniquifier,
            LoginSession.expires_at > utcnow(),
        )
        .order_by(LoginSession.id.desc())
    )
    return list(session().scalars(statement))


def end_session(session_id: int) -> None:
    """Forget a sign-in, by its row id: its key opens nothing any more. Repeating is harmless."""
    session().execute(delete(LoginSession).where(LoginSession.id == session_id))


def end_session_of(user: User, public_id: str) -> int:
    """End one of this person's own sign-ins; return its row id. Raises NotFoundError."""
    ended: int | None = session().scalar(
        delete(LoginSession)
        .where(LoginSession.user_id == user.id, LoginSession.public_id == public_id)
        .returning(LoginSession.id)
    )
    if ended is None:
        raise NotFoundError(_("Op dit apparaat ben je niet meer ingelogd."))
    return ended
