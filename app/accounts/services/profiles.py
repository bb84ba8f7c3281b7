"""What people say about themselves, and how they want to see this site."""

from dataclasses import dataclass
from typing import Final

from flask_babel import gettext as _

from app.accounts.events import ProfileEdited
from app.accounts.models.account import Account
from app.accounts.policy import can_be_seen
from app.accounts.queries import find_account_by_handle
from app.core.clock import utcnow
from app.core.db import session
from app.core.errors import InvalidInputError
from app.core.events import emit
from app.core.markdown import render_markdown
from app.core.plain_text import clean_text

MAX_LINE: Final = 200
MAX_BIO: Final = 10_000
MAX_TERMS: Final = 20
MAX_TERM: Final = 60
LANGUAGES: Final = ("nl", "en")
THEMES: Final = ("auto", "light", "dark")


@dataclass(frozen=True)
class ProfileDraft:
    """A profile as typed by its owner; `bio_source` is Markdown."""

    display_name: str
    role_title: str = ""
    organisation: str = ""
    expertise: tuple[str, ...] = ()
    bio_source: str = ""
    is_discoverable: bool = True


def split_terms(text: str) -> tuple[str, ...]:
    """Return the terms of a line such as "toetsing, leeruitkomsten", each once."""
    cleaned = (clean_text(term, max_length=MAX_TERM) for term in text.replace("\n", ",").split(","))
    unique: dict[str, str] = {}
    for term in cleaned:
        if term:
            unique.setdefault(term.casefold(), term)
    return tuple(unique.values())[:MAX_TERMS]


def edit_profile(account: Account, draft: ProfileDraft) -> None:
    """Change what others see of a local person; emits ProfileEdited."""
    name = clean_text(draft.display_name, max_length=MAX_LINE)
    if not name:
        raise InvalidInputError("display_name", _("Vul je naam in."))
    account.display_name = name
    account.role_title = clean_text(draft.role_title, max_length=MAX_LINE)
    account.organisation = clean_text(draft.organisation, max_length=MAX_LINE)
    account.expertise = list(draft.expertise[:MAX_TERMS])
    account.bio_source = draft.bio_source.replace("\x00", "")[:MAX_BIO].strip()
    account.bio_html = render_markdown(account.bio_source, mentions=_address_of_person).html
    account.is_discoverable = draft.is_discoverable
    account.changed_at = utcnow()
    session().flush()
    emit(ProfileEdited(account_id=account.id))


def _address_of_person(handle: str) -> str | None:
    """Return the page of the person that `@name` or `@name@host` stands for, if known here."""
    name, _at, host = handle[1:].partition("@")
    if not handle.startswith("@"):
        return None
    person = find_account_by_handle(name, host or None)
    return person.url if person is not None and can_be_seen(person) else None


def choose_language(account: Account, language: str) -> None:
    """Remember in which language a person reads the site; raises InvalidInputError."""
    if language not in LANGUAGES:
        raise InvalidInputError("language", _("Kies Nederlands of Engels."))
    account.locale = language


def choose_theme(account: Account, theme: str) -> None:
    """Remember which colours a person wants; raises InvalidInputError."""
    if theme not in THEMES:
        raise InvalidInputError("theme", _("Kies automatisch, licht of donker."))
    account.theme = theme
