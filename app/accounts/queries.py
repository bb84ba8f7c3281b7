"""Questions about people, their names and their sign-ins."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Text, and_, cast, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from app.accounts.models.account import Account, AccountState
from app.accounts.models.credential import ADMIN_ROLE, Role, User
from app.accounts.models.following import Following, FollowState
from app.accounts.models.handle import Handle
from app.accounts.models.invitation import EmailDomain, Invitation
from app.accounts.policy import normalize_handle
from app.core.addresses import is_local_host, local_path
from app.core.db import session
from app.core.errors import NotFoundError
from app.core.foresight import RowByKey
from app.core.mail import Mail
from app.core.pages import Page, PageRequest, keyset, make_page

MAX_WORDS = 6
MAX_WORD_LENGTH = 60
ADMIN_LIST_LENGTH = 200


@dataclass(frozen=True)
class PeopleQuestion:
    """What somebody looks for on the people page; all three together must fit."""

    words: str = ""
    expertise: str = ""
    organisation: str = ""


def find_handle(name: str) -> Handle | None:
    """Return the local name, in use or retired, or None when it is free."""
    return session().get(Handle, normalize_handle(name))


def find_local_account(name: str) -> Account | None:
    """Return our person called `name`, whatever the state."""
    statement = select(Account).where(
        Account.name == normalize_handle(name), Account.host.is_(None)
    )
    return session().scalar(statement)


def find_account_by_handle(name: str, host: str | None) -> Account | None:
    """Return the person called `name` at `host` (netloc); None or our own host means here."""
    if host is None or is_local_host(host):
        return find_local_account(name)
    statement = select(Account).where(
        func.lower(Account.name) == name.strip().lower(), Account.host == host.lower()
    )
    return session().scalar(statement)


def find_account_by_webfinger(handle: str) -> Account | None:
    """Return who elsewhere goes by this checked handle (`name@host`) beside its own."""
    return session().scalar(
        select(Account).where(func.lower(Account.webfinger) == handle.strip().lower()).limit(1)
    )


# Made once: asked for every activity that comes in.
_BY_URI = RowByKey(select(Account), Account.remote_uri)


def find_account_by_uri(uri: str) -> Account | None:
    """Return the person whose id is `uri`; local ids are computed, not stored (contract.md)."""
    path = local_path(uri)
    if path is None:
        return _BY_URI.find(uri)
    name = path.removeprefix("/u/")
    if name == path or name != normalize_handle(name):
        return None
    return find_local_account(name)


def foresee_accounts(uris: Iterable[str]) -> list[Account]:
    """Ask ahead for those of these people who live elsewhere (app/core/foresight.py)."""
    return _BY_URI.foresee(uri for uri in uris if local_path(uri) is None)


def get_account(account_id: int) -> Account:
    """Return the account with this row id; raises NotFoundError."""
    account = session().get(Account, account_id)
    if account is None:
        raise NotFoundError(_("Deze persoon bestaat niet."))
    return account


def find_account_by_public_id(public_id: str) -> Account | None:
    """Return the account with this public id, whatever the state."""
    return session().scalar(select(Account).where(Account.public_id == public_id))


def find_account_of_user(user_id: int) -> Account | None:
    """Return who signs in with the credential `user_id`."""
    return session().scalar(select(Account).where(Account.user_id == user_id))


def find_user_of_account(account: Account) -> User | None:
    """Return the sign-in of a local person."""
    return None if account.user_id is None else session().get(User, account.user_id)


def find_user_by_email(email: str) -> User | None:
    """Return the sign-in with this address, which is stored in lower case."""
    return session().scalar(select(User).where(User.email == email.strip().lower()))


def _fits(column: InstrumentedAttribute[str], word: str) -> ColumnElement[bool]:
    return func.lower(column).contains(word.lower(), autoescape=True)


def _fits_expertise(word: str) -> ColumnElement[bool]:
    """Match inside the JSON text, where letters beyond ASCII are escaped (RFC 8259 section 7)."""
    stored = func.lower(cast(Account.expertise, Text))
    spellings = {json.dumps(form)[1:-1] for form in (word.lower(), word.capitalize())}
    return or_(*(stored.contains(form.lower(), autoescape=True) for form in spellings))


def _words(text: str) -> list[str]:
    return [word[:MAX_WORD_LENGTH] for word in text.split()[:MAX_WORDS]]


def _shown_person() -> ColumnElement[bool]:
    return and_(
        Account.host.is_(None),
        Account.state == AccountState.ACTIVE,
        Account.is_discoverable,
        User.confirmed_at.is_not(None),
    )


def list_people(question: PeopleQuestion, wanted: PageRequest) -> Page[Account]:
    """List our own active people who want to be found and fit `question`, newest first."""
    statement = select(Account).join(User, Account.user_id == User.id).where(_shown_person())
    for word in _words(question.words):
        columns = (Account.display_name, Account.name, Account.role_title, Account.organisation)
        anywhere = [_fits(column, word) for column in columns]
        statement = statement.where(or_(*anywhere, _fits_expertise(word)))
    for word in _words(question.expertise):
        statement = statement.where(_fits_expertise(word))
    for word in _words(question.organisation):
        statement = statement.where(_fits(Account.organisation, word))
    rows = session().scalars(keyset(statement, Account.created_at, Account.id, wanted)).all()
    return make_page(rows, wanted)


def find_following(follower: Account, followed: Account) -> Following | None:
    """Return the row that says the one follows, or asked to follow, the other."""
    statement = select(Following).where(
        Following.follower_id == follower.id, Following.followed_id == followed.id
    )
    return session().scalar(statement)


def list_followings_of(account: Account) -> list[Following]:
    """List whom this person follows or asked to follow."""
    statement = select(Following).where(Following.follower_id == account.id)
    return list(session().scalars(statement.order_by(Following.id)))


def count_followers(account: Account) -> int:
    """Count who follows this person with agreement."""
    statement = select(func.count(Following.id)).where(
        Following.followed_id == account.id, Following.state == FollowState.APPROVED
    )
    return session().scalar(statement) or 0


def count_active_admins() -> int:
    """Count who can still sign in and run the server."""
    statement = select(func.count(User.id)).where(
        User.active, User.roles.any(Role.name == ADMIN_ROLE)
    )
    return session().scalar(statement) or 0


def list_local_people(words: str, wanted: PageRequest) -> Page[Account]:
    """List all our people for an admin, suspended and unconfirmed ones too, newest first."""
    statement = select(Account).join(User, Account.user_id == User.id)
    for word in _words(words):
        statement = statement.where(
            or_(
                _fits(Account.name, word),
                _fits(Account.display_name, word),
                _fits(User.email, word),
            )
        )
    rows = session().scalars(keyset(statement, Account.created_at, Account.id, wanted)).all()
    return make_page(rows, wanted)


def get_users_of(accounts: list[Account]) -> dict[int, User]:
    """Return the sign-ins of these accounts by account id, in one statement."""
    wanted = {account.user_id: account.id for account in accounts if account.user_id is not None}
    users = session().scalars(select(User).where(User.id.in_(wanted)))
    return {wanted[user.id]: user for user in users}


def find_invitation(code: str) -> Invitation | None:
    """Return the invitation with this code, used or not."""
    return session().scalar(select(Invitation).where(Invitation.code == code.strip()))


def find_invitation_by_id(invitation_id: int) -> Invitation | None:
    """Return one invitation, or None."""
    return session().get(Invitation, invitation_id)


def list_invitations() -> list[Invitation]:
    """List the newest invitations for an admin."""
    statement = select(Invitation).order_by(Invitation.id.desc()).limit(ADMIN_LIST_LENGTH)
    return list(session().scalars(statement))


def find_email_domain(domain: str) -> EmailDomain | None:
    """Return the admitted mail domain with exactly this name; subdomains do not follow."""
    return session().get(EmailDomain, domain.strip().lower())


def list_email_domains() -> list[EmailDomain]:
    """List the mail domains whose people may register."""
    return list(session().scalars(select(EmailDomain).order_by(EmailDomain.domain)))


def list_mails() -> list[Mail]:
    """List the newest mails, sent or kept, for an admin."""
    statement = select(Mail).order_by(Mail.id.desc()).limit(ADMIN_LIST_LENGTH)
    return list(session().scalars(statement))


def find_mail(public_id: str) -> Mail | None:
    """Return one mail, or None."""
    return session().scalar(select(Mail).where(Mail.public_id == public_id))


def list_admin_ids() -> list[int]:
    """Return the accounts of those who run the server and can sign in."""
    statement = (
        select(Account.id)
        .join(User, User.id == Account.user_id)
        .where(User.roles.any(Role.name == ADMIN_ROLE), Account.state == AccountState.ACTIVE)
        .order_by(Account.id)
    )
    return list(session().scalars(statement))
