"""Who may register: invitations, and mail domains that admins know."""

import re
import secrets
from datetime import timedelta
from typing import Final

from flask_babel import gettext as _
from sqlalchemy import update

from app.accounts.models.account import Account
from app.accounts.models.invitation import EmailDomain, Invitation
from app.accounts.queries import find_email_domain, find_invitation
from app.core.clock import utcnow
from app.core.db import session
from app.core.errors import ConflictError, InvalidInputError

CODE_BYTES: Final = 16
VALID_DAYS: Final = 30
_DOMAIN: Final = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")


def make_invitation(by: Account | None, email: str = "") -> Invitation:
    """Make a code with which one person may register, within 30 days; bound to `email` if given."""
    invitation = Invitation(
        code=secrets.token_urlsafe(CODE_BYTES),
        email=email.strip().lower() or None,
        made_by_id=None if by is None else by.id,
        expires_at=utcnow() + timedelta(days=VALID_DAYS),
    )
    session().add(invitation)
    session().flush()
    return invitation


def withdraw_invitation(invitation: Invitation) -> None:
    """Take back an invitation; raises ConflictError when somebody has used it."""
    if invitation.used_at is not None:
        raise ConflictError(_("Deze uitnodiging is al gebruikt."))
    session().delete(invitation)


def is_open(invitation: Invitation, email: str | None = None) -> bool:
    """Whether the invitation can be used now, by the owner of `email` when that is known."""
    if invitation.used_at is not None:
        return False
    if invitation.expires_at is not None and invitation.expires_at <= utcnow():
        return False
    return email is None or invitation.email in {None, email}


def check_admission(email: str, code: str) -> Invitation | None:
    """Return the invitation that admits this address, or None when its mail domain does.

    Raises InvalidInputError("code"). Why a code fails is not told: codes are not for guessing.
    """
    if code.strip():
        invitation = find_invitation(code)
        if invitation is None or not is_open(invitation, email):
            raise InvalidInputError(
                "code", _("Deze uitnodiging klopt niet, is verlopen of hoort bij een ander adres.")
            )
        return invitation
    if find_email_domain(email.rpartition("@")[2]) is None:
        raise InvalidInputError(
            "code",
            _("Je hebt een uitnodiging nodig, of een e-mailadres van een aangesloten organisatie."),
        )
    return None


def use_invitation(invitation: Invitation, account: Account) -> None:
    """Mark an invitation as used; raises InvalidInputError("code") when another was first."""
    taken = session().execute(
        update(Invitation)
        .where(Invitation.id == invitation.id, Invitation.used_at.is_(None))
        .values(used_at=utcnow(), used_by_id=account.id)
        .returning(Invitation.id)
    )
    if taken.first() is None:
        raise InvalidInputError("code", _("Deze uitnodiging is al gebruikt."))


def add_email_domain(domain: str) -> EmailDomain:
    """Let everybody with an address at exactly this domain register; raises InvalidInputError."""
    name = domain.strip().lower().removeprefix("@")
    if not _DOMAIN.fullmatch(name):
        raise InvalidInputError("domain", _("Vul een domein in, zoals hogeschool.nl."))
    known = find_email_domain(name)
    if known is not None:
        return known
    row = EmailDomain(domain=name)
    session().add(row)
    session().flush()
    return row


def remove_email_domain(domain: str) -> None:
    """No longer admit a mail domain; people who are in stay in."""
    row = find_email_domain(domain)
    if row is not None:
        session().delete(row)
