"""Language and colours, for everybody: a cookie when somebody chooses, and kept with the person."""

from collections.abc import Callable

from flask import redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.current import (
    LANGUAGE_COOKIE,
    THEME_COOKIE,
    current_account,
    remember_in_cookie,
    require_account,
    require_same_site,
)
from app.accounts.models.account import Account
from app.accounts.paths import safe_path
from app.accounts.services import profiles
from app.accounts.views.blueprint import blueprint
from app.core.csrf import csrf
from app.core.db import unit_of_work
from app.core.errors import InvalidInputError


def _switch(
    cookie: str, value: str, known: tuple[str, ...], choose: Callable[[Account, str], None]
) -> Response:
    require_same_site()
    if value not in known:
        raise InvalidInputError(cookie, _("Deze keuze is er niet."))
    if current_account() is not None:
        with unit_of_work():
            choose(require_account(), value)
    answer = redirect(safe_path(request.form.get("next")) or "/", code=303)
    remember_in_cookie(answer, cookie, value)
    return answer


@blueprint.post("/taal")
def switch_language() -> Response:
    """Read on in Dutch or English."""
    language = request.form.get("language", "")
    return _switch(LANGUAGE_COOKIE, language, profiles.LANGUAGES, profiles.choose_language)


@blueprint.post("/thema")
def switch_theme() -> Response:
    """Read on in light or dark, or as the device says."""
    return _switch(
        THEME_COOKIE, request.form.get("theme", ""), profiles.THEMES, profiles.choose_theme
    )


# Their pages are shared by all anonymous readers and carry no token; `require_same_site` guards.
csrf.exempt(switch_language)
csrf.exempt(switch_theme)
