"""Who is looking, in which language and colours; guards for pages that need somebody."""

from collections.abc import Callable
from functools import wraps
from typing import Final, ParamSpec, TypeVar, cast

from flask import Response, abort, current_app, g, has_request_context, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from app.accounts.models.account import Account, AccountState
from app.accounts.models.credential import User
from app.accounts.paths import safe_path
from app.accounts.queries import find_account_of_user
from app.accounts.services.profiles import LANGUAGES, THEMES
from app.core.errors import NotAllowedError, SignInNeededError
from app.core.settings import current_settings

LANGUAGE_COOKIE: Final = "taal"
THEME_COOKIE: Final = "kleuren"

P = ParamSpec("P")
R = TypeVar("R")


def current_user_row() -> User | None:
    """Return the sign-in of this request, or None for anonymous readers and outside requests."""
    if not has_request_context() or not current_user.is_authenticated:
        return None
    user = current_user._get_current_object()  # noqa: SLF001  werkzeug's proxy has no public way
    return cast(User, user)


def current_account() -> Account | None:
    """Return the active person who is signed in; asked once per request."""
    user = current_user_row()
    if user is None:
        return None
    known = g.get("current_account")
    if known is None or known[0] != user.id:
        account = find_account_of_user(user.id)
        active = account is not None and account.state == AccountState.ACTIVE
        known = g.current_account = (user.id, account if active else None)
    return cast("Account | None", known[1])


def require_account() -> Account:
    """Return who is signed in; raises SignInNeededError."""
    account = current_account()
    if account is None:
        raise SignInNeededError(_("Log eerst in."))
    return account


def is_admin() -> bool:
    """Whether the person who is signed in runs the server."""
    user = current_user_row()
    return user is not None and user.is_admin and current_account() is not None


def _to_sign_in() -> BaseResponse:
    """Send to the sign-in page, and from there back to a page that can be read."""
    here = request.full_path.rstrip("?") if request.method == "GET" else request.form.get("next")
    return redirect(url_for("security.login", next=safe_path(here) or "/"), code=303)


def login_required(view: Callable[P, R]) -> Callable[P, R | BaseResponse]:
    """Send anonymous readers of `view` to the sign-in page."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R | BaseResponse:
        if current_account() is None:
            return _to_sign_in()
        return view(*args, **kwargs)

    return guarded


def admin_required(view: Callable[P, R]) -> Callable[P, R | BaseResponse]:
    """Let only admins in; others are told no before anything is looked up."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R | BaseResponse:
        if current_account() is None:
            return _to_sign_in()
        if not is_admin():
            raise NotAllowedError(_("Deze pagina is voor beheerders."))
        return view(*args, **kwargs)

    return guarded


def select_locale() -> str:
    """Return nl or en: the person's choice, the cookie, the browser's wish, our setting."""
    default = current_settings().locale
    if not has_request_context():
        return default
    account = current_account()
    chosen = account.locale if account is not None else None
    chosen = chosen or request.cookies.get(LANGUAGE_COOKIE)
    if chosen in LANGUAGES:
        return str(chosen)
    return request.accept_languages.best_match(LANGUAGES, default) or default


def select_theme() -> str:
    """Return auto, light or dark: the person's choice, or the cookie."""
    account = current_account()
    chosen = account.theme if account is not None else None
    chosen = chosen or request.cookies.get(THEME_COOKIE)
    return str(chosen) if chosen in THEMES else "auto"


def page_context() -> dict[str, object]:
    """Return what the frame of every page reads about its reader.

    A page is the same for all readers without a session, so it carries no token and no cookie.
    """
    if not has_request_context():
        return {}
    account = current_account()
    session_cookie = current_app.config["SESSION_COOKIE_NAME"]
    return {
        "current_account": account,
        "is_admin": is_admin(),
        "theme": select_theme(),
        "cacheable": account is None and session_cookie not in request.cookies,
    }


def same_site() -> bool:
    """Whether a POST comes from a page of ours, as the browser says (Fetch Metadata, Origin).

    For the switches that anonymous readers use: their pages are shared and carry no token.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site not in {"same-origin", "none"}:
        return False
    origin = request.headers.get("Origin")
    return origin is None or origin.rstrip("/") == current_settings().base_url


def require_same_site() -> None:
    """Refuse (403) a POST from a page elsewhere."""
    if not same_site():
        abort(403)


def remember_in_cookie(response: Response | BaseResponse, name: str, value: str) -> None:
    """Keep a reader's own choice in the browser for a year; nothing else is in it."""
    response.set_cookie(
        name,
        value,
        max_age=365 * 24 * 3600,
        httponly=True,
        samesite="Lax",
        secure=current_settings().is_https,
    )
