"""People who live elsewhere: what their server tells us about them."""

from dataclasses import dataclass

from flask_babel import gettext as _

from app.accounts.models.account import Account, AccountState
from app.accounts.queries import find_account_by_handle, find_account_by_uri
from app.accounts.services.deletion import delete_account
from app.core.addresses import is_local_host
from app.core.clock import utcnow
from app.core.db import session
from app.core.errors import NotAllowedError
from app.core.html import clean_html, safe_url
from app.core.plain_text import clean_text

MAX_NAME = 200
MAX_BIO = 20_000


@dataclass(frozen=True)
class RemoteProfile:
    """A person as described by the server where the person lives; nothing in it is trusted."""

    uri: str
    name: str
    host: str
    url: str = ""
    display_name: str = ""
    bio_html: str = ""
    is_bot: bool = False
    discoverable: bool = True


def upsert_remote_account(profile: RemoteProfile) -> Account:
    """Store or refresh somebody from elsewhere; the uri says who it is, the handle may change.

    Whoever left for good or is suspended here stays so. Raises NotAllowedError for our own host.
    """
    host = profile.host.lower()
    if is_local_host(host):
        raise NotAllowedError(_("Deze persoon woont op deze server."), cause=profile.uri)
    account = find_account_by_uri(profile.uri)
    if account is not None and account.state != AccountState.ACTIVE:
        return account
    _free_handle(profile, account)
    if account is None:
        account = Account(remote_uri=profile.uri, name=profile.name, host=host)
        session().add(account)
    before = _shown(account)
    account.name = profile.name[:MAX_NAME]
    account.host = host
    account.remote_url = safe_url(profile.url)
    account.display_name = clean_text(profile.display_name, max_length=MAX_NAME)
    account.bio_html = clean_html(profile.bio_html, max_length=MAX_BIO)
    account.is_bot = profile.is_bot
    account.is_discoverable = profile.discoverable
    if _shown(account) != before:
        account.changed_at = utcnow()
    session().flush()
    return account


def mark_remote_account_deleted(account: Account) -> None:
    """Take somebody away whose own server says that the person is gone; emits AccountDeleted."""
    delete_account(account)


def _free_handle(profile: RemoteProfile, account: Account | None) -> None:
    """Give the handle to the new uri when that server has handed it to another account.

    The earlier account keeps its own uri and posts under a name that no handle can have.
    """
    holder = find_account_by_handle(profile.name, profile.host)
    if holder is not None and (account is None or holder.id != account.id):
        holder.name = f"{holder.name[:MAX_NAME]}~{holder.id}"
        session().flush()


def _shown(account: Account) -> tuple[object, ...]:
    return (account.name, account.host, account.display_name, account.bio_html, account.remote_url)
