"""The sign-in behind a person: made by hand, confirmed, suspended, or opened by a one-time link."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from flask_babel import gettext as _
from itsdangerous import BadData, TimestampSigner, URLSafeTimedSerializer
from sqlalchemy import select, update

from app.accounts.models.account import Account, AccountState
from app.accounts.models.credential import ADMIN_ROLE, Role, User
from app.accounts.queries import count_active_admins, find_user_by_email, find_user_of_account
from app.accounts.services.registration import register_account
from app.core.addresses import local_uri
from app.core.clock import utcnow
from app.core.db import session
from app.core.errors import ConflictError, InvalidInputError, NotFoundError
from app.core.settings import current_settings

LINK_VALID: Final = timedelta(minutes=30)
LINK_SALT: Final = "one-time-sign-in"
NONCE_BYTES: Final = 24
KEY_BYTES: Final = 32


@dataclass(frozen=True)
class NewSignIn:
    """A sign-in as an admin makes it; `password_hash` None means: only by link, for now."""

    email: str
    password_hash: str | None = None
    is_admin: bool = False


def find_or_make_admin_role() -> Role:
    """Return the role of people who run the server."""
    role = session().scalar(select(Role).where(Role.name == ADMIN_ROLE))
    if role is None:
        role = Role(name=ADMIN_ROLE, description="runs this server")
        session().add(role)
        session().flush()
    return role


def add_person(name: str, sign_in: NewSignIn, display_name: str = "") -> Account:
    """Make a person whose address needs no confirmation; raises InvalidInputError."""
    email = sign_in.email.strip().lower()
    if find_user_by_email(email) is not None:
        raise InvalidInputError("email", _("Dit e-mailadres is al in gebruik."))
    user = User(
        email=email,
        password=sign_in.password_hash,
        fs_uniquifier=secrets.token_hex(KEY_BYTES),
        confirmed_at=utcnow(),
        active=True,
        roles=[find_or_make_admin_role()] if sign_in.is_admin else [],
    )
    session().add(user)
    session().flush()
    return register_account(user, name, display_name)


def get_user(account: Account) -> User:
    """Return the sign-in of a local person; raises NotFoundError."""
    user = find_user_of_account(account)
    if user is None:
        raise NotFoundError(_("Deze persoon kan hier niet inloggen."))
    return user


def end_sessions(user: User) -> None:
    """Sign out everywhere: every cookie and link made before stops working."""
    user.fs_uniquifier = secrets.token_hex(KEY_BYTES)
    user.link_nonce = None


def confirm_by_hand(account: Account) -> None:
    """Accept a person's address without a mail; repeating changes nothing."""
    user = get_user(account)
    user.confirmed_at = user.confirmed_at or utcnow()


def suspend(account: Account) -> None:
    """Keep a person out until an admin says otherwise; raises ConflictError for the last admin."""
    user = get_user(account)
    if user.is_admin and user.active and count_active_admins() == 1:
        raise ConflictError(_("Dit is de enige beheerder."))
    user.active = False
    account.state = AccountState.SUSPENDED
    account.changed_at = utcnow()
    end_sessions(user)


def let_back_in(account: Account) -> None:
    """End a suspension; the person signs in anew."""
    get_user(account).active = True
    account.state = AccountState.ACTIVE
    account.changed_at = utcnow()


def make_sign_in_link(account: Account) -> str:
    """Return an address that signs this person in once, within 30 minutes; an earlier one stops."""
    user = get_user(account)
    nonce = secrets.token_urlsafe(NONCE_BYTES)
    user.link_nonce = _digest(nonce)
    session().flush()
    token = _serializer().dumps([user.id, nonce])
    return local_uri(f"/eerste/{token}")


def use_sign_in_link(token: str) -> User:
    """Return whom the link signs in, and spend it; raises NotFoundError for any other token.

    One answer for forged, old and used links: a stranger learns nothing from it.
    """
    unusable = NotFoundError(_("Deze link werkt niet meer. Vraag een nieuwe aan de beheerder."))
    try:
        user_id, nonce = _serializer().loads(token, max_age=int(LINK_VALID.total_seconds()))
    except (BadData, ValueError, TypeError) as error:
        raise unusable from error
    user = session().get(User, user_id)
    if user is None or not user.active or user.link_nonce is None:
        raise unusable
    if not hmac.compare_digest(user.link_nonce, _digest(str(nonce))):
        raise unusable
    spent = session().execute(
        update(User)
        .where(User.id == user.id, User.link_nonce == user.link_nonce)
        .values(link_nonce=None)
        .returning(User.id)
    )
    if spent.first() is None:
        raise unusable
    user.confirmed_at = user.confirmed_at or utcnow()
    return user


class _ClockSigner(TimestampSigner):
    """Signs with the program's one clock."""

    def get_timestamp(self) -> int:
        """Return the present second (Unix time)."""
        return int(utcnow().timestamp())


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(
        current_settings().secret_key, salt=LINK_SALT, signer=_ClockSigner
    )


def _digest(nonce: str) -> str:
    """Return what is stored of a nonce: whoever reads the database cannot make the link."""
    return hashlib.sha256(nonce.encode()).hexdigest()
