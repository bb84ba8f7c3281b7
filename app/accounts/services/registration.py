"""New people, and the one name space that people, communities and listings share."""

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from app.accounts.events import AccountRegistered
from app.accounts.models.account import Account
from app.accounts.models.credential import User
from app.accounts.models.handle import Handle, HandleKind
from app.accounts.policy import is_handle, is_reserved_handle, normalize_handle
from app.accounts.queries import find_handle
from app.core.clock import utcnow
from app.core.db import session
from app.core.errors import InvalidInputError, NotFoundError
from app.core.events import emit
from app.core.plain_text import clean_text

__all__ = [
    "check_handle",
    "find_handle",
    "register_account",
    "reserve_handle",
    "retire_handle",
]

MAX_DISPLAY_NAME = 200


def check_handle(name: str, kind: HandleKind = HandleKind.PERSON) -> str:
    """Return `name` as it would be stored; raises InvalidInputError("name") when it cannot be had.

    A retired name is as taken as a used one: links to it must never lead to somebody else.
    """
    handle = normalize_handle(name)
    if not is_handle(handle):
        raise InvalidInputError(
            "name", _("Gebruik 1 tot 30 kleine letters, cijfers of lage streepjes.")
        )
    if kind != HandleKind.RESERVED and is_reserved_handle(handle):
        raise InvalidInputError("name", _("Deze naam is van de server zelf. Kies een andere."))
    if find_handle(handle) is not None:
        raise InvalidInputError("name", _("Deze naam is al in gebruik. Kies een andere."))
    return handle


def reserve_handle(name: str, kind: HandleKind) -> Handle:
    """Take a local name for good; raises InvalidInputError("name") when it cannot be had."""
    handle = Handle(name=check_handle(name, kind), kind=kind)
    try:
        with session().begin_nested():
            session().add(handle)
    except IntegrityError as error:  # somebody took it between the look and the write
        raise InvalidInputError(
            "name", _("Deze naam is al in gebruik. Kies een andere.")
        ) from error
    return handle


def retire_handle(name: str) -> None:
    """Mark a local name as given up; it stays, so that nobody gets it again."""
    handle = find_handle(name)
    if handle is None:
        raise NotFoundError(_("Deze naam bestaat niet."))
    if handle.retired_at is None:
        handle.retired_at = utcnow()


def register_account(user: User, name: str, display_name: str) -> Account:
    """Make the person who signs in with `user`; takes the name, emits AccountRegistered.

    Raises InvalidInputError("name") when the name cannot be had.
    """
    handle = reserve_handle(name, HandleKind.PERSON)
    shown = clean_text(display_name, max_length=MAX_DISPLAY_NAME)
    account = Account(user_id=user.id, name=handle.name, display_name=shown)
    session().add(account)
    session().flush()
    emit(AccountRegistered(account_id=account.id))
    return account
