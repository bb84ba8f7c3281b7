"""Signing in: Flask-Security-Too on our rows, our pages, our transactions and our mail.

Its views write through a datastore whose `commit` leaves committing to `unit_of_work()`: the views
that write run inside one, and the mails it sends are rows.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from flask import Flask, Response, g, redirect, render_template, request
from flask import session as cookie_session
from flask_security import (
    Security,
    SQLAlchemyUserDatastore,
    uia_email_mapper,
    user_authenticated,
    user_registered,
)
from flask_security.mail_util import EmailValidateException, MailUtil
from flask_wtf import FlaskForm

from app.accounts.current import page_context
from app.accounts.email_address import normalize_email
from app.accounts.forms import LoginForm, RegisterForm, VerifyForm
from app.accounts.models.credential import Role, User
from app.accounts.paths import safe_path
from app.accounts.queries import find_invitation
from app.accounts.security_sessions import install_login_sessions, keep_renewed_passwords
from app.accounts.security_views import SECURITY_VIEWS
from app.accounts.services.admission import use_invitation
from app.accounts.services.registration import register_account
from app.accounts.services.sessions import SESSION_DAYS
from app.core.clock import utcnow
from app.core.db import db, session, unit_of_work
from app.core.errors import InvalidInputError
from app.core.mail import keep_mail
from app.core.settings import Settings, current_settings

MIN_PASSWORD_LENGTH: Final = 8
FRESH_FOR: Final = timedelta(minutes=15)
CATALOGUE: Final = Path(__file__).resolve().parent.parent / "translations_security"
UNPROCESSABLE: Final = 422
# What an admin sees when a test runs is not what guards a real password.
CHEAP_HASH: Final = {"argon2__time_cost": 1, "argon2__memory_cost": 64, "argon2__parallelism": 1}

_CONFIG: Final[dict[str, object]] = {
    "REGISTERABLE": True,
    "CONFIRMABLE": True,
    "RECOVERABLE": True,
    "CHANGEABLE": True,
    "CHANGE_EMAIL": True,
    "LOGIN_URL": "/inloggen",
    "LOGOUT_URL": "/uitloggen",
    "REGISTER_URL": "/registreren",
    "RESET_URL": "/wachtwoord-vergeten",
    "CONFIRM_URL": "/bevestigen",
    "VERIFY_URL": "/opnieuw-inloggen",
    "CHANGE_URL": "/instellingen/wachtwoord",
    "CHANGE_EMAIL_URL": "/instellingen/e-mail",
    "POST_REGISTER_VIEW": ".login",
    "POST_CHANGE_VIEW": "/instellingen",
    "POST_CHANGE_EMAIL_VIEW": "/instellingen",
    "LOGOUT_METHODS": ["POST"],
    "STATIC_FOLDER": None,
    "STATIC_FOLDER_URL": None,
    "CLI_USERS_NAME": None,
    "CLI_ROLES_NAME": None,
    "I18N_DIRNAME": str(CATALOGUE),
    "RETURN_GENERIC_RESPONSES": True,
    "EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
    "USER_IDENTITY_ATTRIBUTES": [{"email": {"mapper": uia_email_mapper}}],
    "PASSWORD_HASH": "argon2",
    "PASSWORD_SCHEMES": ["argon2"],
    "PASSWORD_SINGLE_HASH": ["argon2"],
    "PASSWORD_LENGTH_MIN": MIN_PASSWORD_LENGTH,
    # Only marks e-mail addresses and password hashes inside signed tokens; must not take time.
    "HASHING_SCHEMES": ["hex_sha256"],
    "DEPRECATED_HASHING_SCHEMES": [],
    "RESET_PASSWORD_WITHIN": timedelta(hours=1),
    "CONFIRM_EMAIL_WITHIN": timedelta(days=2),
    "CHANGE_EMAIL_WITHIN": timedelta(hours=2),
    "FRESHNESS": FRESH_FOR,
    "FRESHNESS_GRACE_PERIOD": FRESH_FOR,
    "API_ENABLED_METHODS": ["session"],
    "CACHE_CONTROL": None,
    "JOIN_USER_ROLES": False,
    "DATETIME_FACTORY": utcnow,
}
# Its own English, which our catalogue translates; without a mail server nothing has been sent.
_WAIT_FOR_ADMIN: Final = (
    "Thank you. An administrator will confirm your email address. After that you can log in.",
    "success",
)


class UnitOfWorkDatastore(SQLAlchemyUserDatastore):
    """Users and roles in our session; never commits by itself."""

    def commit(self) -> None:
        """Keep a password hash that was renewed at sign-in; all other writes are kept already."""
        keep_renewed_passwords()


class KeptMailUtil(MailUtil):
    """Sends by storing a row; the worker takes it from there."""

    def send_mail(  # noqa: PLR0913  Flask-Security's signature
        self,
        template: str,  # noqa: ARG002
        subject: str,
        recipient: str | tuple[str, str],
        sender: str | tuple[str, str],  # noqa: ARG002
        body: str | None,
        html: str | None,
        **kwargs: object,  # noqa: ARG002
    ) -> None:
        """Store the mail, in the view's own transaction when it has one."""
        with unit_of_work():
            keep_mail(str(recipient), str(subject), body or "", html)

    def normalize(self, email: str) -> str:
        """Return the address as stored; raises EmailValidateException."""
        try:
            return normalize_email(email)
        except InvalidInputError as error:
            raise EmailValidateException(error.text) from error

    def validate(self, email: str) -> str:
        """Return the address as stored; its form is all that is checked."""
        return self.normalize(email)


def _render(template: str, **context: object) -> Any:  # noqa: ANN401  a mail's text or a page's answer
    """Render a page or mail: 422 for a form with errors, 303 after one that was handled."""
    if template.startswith("security/email/") or request.method != "POST":
        return render_template(template, **context)
    if any(isinstance(value, FlaskForm) and value.errors for value in context.values()):
        return render_template(template, **context), UNPROCESSABLE
    return redirect(request.path, 303)


def _answer(response: Response) -> Response:
    """Let every redirect of these pages stay here, and be a GET after a POST."""
    if request.blueprint != "security":
        return response
    response.headers["Cache-Control"] = "no-store"  # these pages hold a token of one session
    if response.location is not None:
        response.location = safe_path(response.location) or "/"
        if request.method == "POST":
            response.status_code = 303
    if request.endpoint == "security.logout":
        for key in set(cookie_session) - {"_remember"}:  # Flask-Login reads that one after us
            del cookie_session[key]
    return response


def _make_person(_app: Flask, user: User, form_data: dict[str, Any], **_other: object) -> None:
    """Make the account of somebody who registers, in the same transaction as the sign-in."""
    session().flush()
    account = register_account(user, form_data["name"], form_data["display_name"])
    invitation = find_invitation(form_data["code"]) if form_data["code"] else None
    if invitation is not None:
        use_invitation(invitation, account)


def _renew_token(_app: Flask, **_about: object) -> None:
    """Give somebody who signs in another form token than the reader had before (C018)."""
    cookie_session.pop("csrf_token", None)
    g.pop("csrf_token", None)


def _configure(app: Flask, settings: Settings) -> None:
    for name, value in _CONFIG.items():
        app.config.setdefault(f"SECURITY_{name}", value)
    app.config.setdefault(
        "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS", CHEAP_HASH if settings.testing else {}
    )
    app.config.setdefault("SIGN_IN_STEP_SECONDS", 0.0 if settings.testing else 0.2)
    if not settings.mail_url:
        app.config.setdefault("SECURITY_MSG_CONFIRM_REGISTRATION", _WAIT_FOR_ADMIN)
    app.config.update(
        REMEMBER_COOKIE_NAME="onthouden",
        REMEMBER_COOKIE_DURATION=timedelta(days=SESSION_DAYS),
        REMEMBER_COOKIE_HTTPONLY=True,
        REMEMBER_COOKIE_SAMESITE="Lax",
        REMEMBER_COOKIE_SECURE=settings.is_https,
        WTF_CSRF_SSL_STRICT=False,  # not all browsers send Referer; the token is in the session
    )


def setup_security(app: Flask) -> None:
    """Put sign-in, registration, confirmation, reset and change of password and address in `app`.

    The CSRF protection must be in place. Needs `VERBINDPLAATS` and `SECRET_KEY` in the config.
    """
    with app.app_context():
        _configure(app, current_settings())
    security = Security(
        app,
        UnitOfWorkDatastore(db, User, Role),
        login_form=LoginForm,
        register_form=RegisterForm,
        verify_form=VerifyForm,
        mail_util_cls=KeptMailUtil,
        render_template=_render,
    )
    security.want_json(lambda _request: False)
    security.login_manager.request_loader(lambda _request: None)  # no tokens, no JSON bodies read
    install_login_sessions(app, security)
    app.view_functions.update(SECURITY_VIEWS)
    app.after_request(_answer)
    user_registered.connect(_make_person, app)
    user_authenticated.connect(_renew_token, app)
    app.context_processor(page_context)
