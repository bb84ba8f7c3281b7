"""E-mail addresses: checked for form only, never by a look-up (contract.md), in lower case."""

from typing import Final

from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email
from flask_babel import gettext as _

from app.core.errors import InvalidInputError

# A school may use .local, a laboratory .test: form is all we check (the library's documented way).
SPECIAL_USE_DOMAIN_NAMES.clear()
# Legal in RFC 5322, and read as routing by some mail servers (A160).
_ROUTING: Final = frozenset('%!",')


def normalize_email(text: str) -> str:
    """Return the address as it is stored and compared; raises InvalidInputError("email")."""
    try:
        valid = validate_email(
            text.strip(),
            check_deliverability=False,
            allow_smtputf8=False,
            globally_deliverable=False,
        )
    except EmailNotValidError as error:
        raise InvalidInputError("email", _("Dit is geen geldig e-mailadres.")) from error
    if _ROUTING & set(valid.local_part):
        raise InvalidInputError("email", _("Dit is geen geldig e-mailadres."))
    return valid.normalized.lower()
