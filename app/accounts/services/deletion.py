"""Leaving for good: what is left of a person is a name that nobody gets again."""

from flask_babel import gettext as _
from sqlalchemy import delete

from app.accounts.events import AccountDeleted
from app.accounts.models.account import Account, AccountState
from app.accounts.models.credential import User
from app.accounts.models.following import Following
from app.accounts.queries import count_active_admins, find_user_of_account
from app.accounts.services.registration import retire_handle
from app.core.clock import utcnow
from app.core.db import session
from app.core.errors import ConflictError
from app.core.events import emit
from app.core.mail import Mail, MailState


def delete_account(account: Account) -> None:
    """Blank the person, remove the sign-in, retire the handle and emit AccountDeleted.

    The handle itself stays on the row: the id of the person is computed from it, and others must be
    told that this id is gone. Rows that say who follows this person stay, because they are the ones
    to tell. Repeating changes nothing. Raises ConflictError for the last admin.
    """
    if account.state == AccountState.DELETED:
        return
    user = find_user_of_account(account)
    if user is not None:
        _remove_sign_in(user)
    account.user_id = None
    account.state = AccountState.DELETED
    account.deleted_at = account.changed_at = utcnow()
    _blank(account)
    session().execute(delete(Following).where(Following.follower_id == account.id))
    if account.is_local:
        retire_handle(account.name)
    session().flush()
    emit(AccountDeleted(account_id=account.id))


def _blank(account: Account) -> None:
    account.display_name = account.bio_source = account.bio_html = ""
    account.role_title = account.organisation = ""
    account.expertise = []
    account.is_discoverable = False
    account.remote_url = None
    account.locale = account.theme = None


def _remove_sign_in(user: User) -> None:
    if user.is_admin and user.active and count_active_admins() == 1:
        raise ConflictError(_("Je bent de enige beheerder. Maak eerst iemand anders beheerder."))
    session().execute(
        delete(Mail).where(Mail.recipient == user.email, Mail.state != MailState.WAITING)
    )
    session().delete(user)
