"""Everything a person decides about the own account."""

import io

from flask import flash, redirect, render_template, send_file, url_for
from flask_babel import gettext as _
from flask_security import auth_required, logout_user
from werkzeug.wrappers import Response

from app.accounts.current import (
    LANGUAGE_COOKIE,
    THEME_COOKIE,
    current_user_row,
    login_required,
    remember_in_cookie,
    require_account,
    select_locale,
    select_theme,
)
from app.accounts.forms import DeleteAccountForm, LookForm, ProfileForm, add_error
from app.accounts.models.account import Account
from app.accounts.policy import normalize_handle
from app.accounts.security_sessions import current_session_id
from app.accounts.services import profiles, sign_in
from app.accounts.services.deletion import delete_account
from app.accounts.services.export import export_account
from app.accounts.services.sessions import end_session_of, list_sessions
from app.accounts.views.blueprint import blueprint
from app.core.clock import utcnow
from app.core.db import unit_of_work
from app.core.errors import AppError, InvalidInputError
from app.core.rate_limit import limiter

FRESH_MINUTES = 15
DELETE_TRIES = "20 per minute; 60 per hour"
EXPORTS = "10 per hour"


def _profile_form(account: Account) -> ProfileForm:
    return ProfileForm(
        display_name=account.display_name,
        role_title=account.role_title,
        organisation=account.organisation,
        expertise=", ".join(account.expertise),
        bio_source=account.bio_source,
        is_discoverable=account.is_discoverable,
    )


def _page(profile_form: ProfileForm, look_form: LookForm) -> str:
    user = current_user_row()
    return render_template(
        "accounts/settings.html",
        profile_form=profile_form,
        look_form=look_form,
        email="" if user is None else user.email,
        has_password=user is not None and bool(user.password),
        login_sessions=[] if user is None else list_sessions(user),
        this_session_id=current_session_id(),
    )


@blueprint.get("/instellingen")
@login_required
def show_settings() -> str:
    """Show the profile, the look and the doors to the rest."""
    look_form = LookForm(language=select_locale(), theme=select_theme())
    return _page(_profile_form(require_account()), look_form)


@blueprint.post("/instellingen")
@login_required
def edit_profile() -> Response | tuple[str, int]:
    """Keep the profile."""
    form = _profile_form(require_account())
    if form.validate_on_submit():
        draft = profiles.ProfileDraft(
            display_name=form.display_name.data or "",
            role_title=form.role_title.data or "",
            organisation=form.organisation.data or "",
            expertise=profiles.split_terms(form.expertise.data or ""),
            bio_source=form.bio_source.data or "",
            is_discoverable=bool(form.is_discoverable.data),
        )
        try:
            with unit_of_work():
                profiles.edit_profile(require_account(), draft)
        except InvalidInputError as error:
            add_error(form[error.field], error.text)
        else:
            flash(_("Je profiel is bewaard."), "success")
            return redirect(url_for("accounts.show_settings"), code=303)
    return _page(form, LookForm(None, language=select_locale(), theme=select_theme())), 422


@blueprint.post("/instellingen/weergave")
@login_required
def edit_look() -> Response | tuple[str, int]:
    """Keep language and colours with the account and in this browser."""
    form = LookForm()
    if not form.validate_on_submit():
        return _page(_profile_form(require_account()), form), 422
    with unit_of_work():
        account = require_account()
        profiles.choose_language(account, str(form.language.data))
        profiles.choose_theme(account, str(form.theme.data))
    answer = redirect(url_for("accounts.show_settings"), code=303)
    remember_in_cookie(answer, LANGUAGE_COOKIE, str(form.language.data))
    remember_in_cookie(answer, THEME_COOKIE, str(form.theme.data))
    return answer


@blueprint.post("/instellingen/overal-uitloggen")
@login_required
def sign_out_everywhere() -> Response:
    """End every session of this person, this one too."""
    with unit_of_work():
        sign_in.end_sessions(sign_in.get_user(require_account()))
    logout_user()
    flash(_("Je bent overal uitgelogd."), "success")
    return redirect(url_for("security.login"), code=303)


@blueprint.post("/instellingen/apparaten/<public_id>/uitloggen")
@login_required
def sign_out_elsewhere(public_id: str) -> Response:
    """End one sign-in of this person; the one of this browser is an ordinary sign-out."""
    with unit_of_work():
        ended = end_session_of(sign_in.get_user(require_account()), public_id)
    if ended == current_session_id():
        logout_user()
        return redirect("/", code=303)
    flash(_("Dat apparaat is uitgelogd."), "success")
    return redirect(url_for("accounts.show_settings", _anchor="apparaten"), code=303)


@blueprint.get("/instellingen/gegevens")
@auth_required("session", within=FRESH_MINUTES, grace=FRESH_MINUTES)
@login_required
def show_export() -> str:
    """Say what the download holds."""
    return render_template("accounts/export.html")


@blueprint.post("/instellingen/gegevens")
@limiter.limit(EXPORTS)
@auth_required("session", within=FRESH_MINUTES, grace=FRESH_MINUTES)
@login_required
def download_data() -> Response:
    """Send everything we hold about this person."""
    account = require_account()
    return send_file(
        io.BytesIO(export_account(account)),
        mimetype="application/zip",
        as_attachment=True,
        download_name=f"{account.name}-{utcnow():%Y-%m-%d}.zip",
        max_age=0,
    )


@blueprint.get("/instellingen/verwijderen")
@login_required
def show_delete_account() -> str:
    """Say what deleting means and ask for the name and the password."""
    return render_template("accounts/delete.html", form=DeleteAccountForm())


@blueprint.post("/instellingen/verwijderen")
@limiter.limit(DELETE_TRIES)
@login_required
def delete_own_account() -> Response | tuple[str, int]:
    """Delete the account of who is signed in, after name and password."""
    form = DeleteAccountForm()
    if not form.validate_on_submit() or not _confirms(form):
        return render_template("accounts/delete.html", form=form), 422
    try:
        with unit_of_work():
            delete_account(require_account())
    except AppError as error:
        form.form_errors = [error.text]
        return render_template("accounts/delete.html", form=form), int(error.status)
    logout_user()
    flash(_("Je account is verwijderd."), "success")
    return redirect("/", code=303)


def _confirms(form: DeleteAccountForm) -> bool:
    """Whether the typed name and password are those of who is signed in; the form says if not."""
    user = current_user_row()
    if normalize_handle(form.confirmation.data or "") != require_account().name:
        add_error(form.confirmation, _("Dit is niet je naam op deze server."))
    if user is None or not user.password:
        add_error(form.password, _("Kies eerst een wachtwoord bij je instellingen."))
    elif not user.verify_and_update_password(form.password.data or ""):
        add_error(form.password, _("Dit wachtwoord klopt niet."))
    return not form.errors
