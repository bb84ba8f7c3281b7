"""People, for admins: confirm by hand, suspend, let back in."""

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.current import admin_required
from app.accounts.models.account import Account
from app.accounts.paths import safe_path
from app.accounts.queries import find_account_by_public_id, get_users_of, list_local_people
from app.accounts.services import sign_in
from app.accounts.views.blueprint import blueprint
from app.core.db import unit_of_work
from app.core.errors import NotFoundError
from app.core.pages import page_request

MAX_QUESTION = 200


@blueprint.get("/beheer/mensen")
@admin_required
def show_all_people() -> str:
    """List everybody with a sign-in here."""
    words = request.args.get("q", "").strip()[:MAX_QUESTION]
    page = list_local_people(words, page_request(request.args))
    endpoint = "accounts.show_all_people"
    return render_template(
        "accounts/all_people.html",
        page=page,
        users=get_users_of(page.items),
        words=words,
        newer=url_for(endpoint, q=words or None, na=page.newer) if page.newer else "",
        older=url_for(endpoint, q=words or None, voor=page.older) if page.older else "",
    )


def _act(public_id: str, change: Callable[[Account], None], done: str) -> Response:
    with unit_of_work():
        account = find_account_by_public_id(public_id)
        if account is None:
            raise NotFoundError(_("Deze persoon bestaat niet."))
        change(account)
    flash(done, "success")
    target = url_for("accounts.show_all_people")
    return redirect(safe_path(request.form.get("next")) or target, code=303)


@blueprint.post("/beheer/mensen/<public_id>/bevestigen")
@admin_required
def confirm_person(public_id: str) -> Response:
    """Accept a person's e-mail address by hand."""
    return _act(public_id, sign_in.confirm_by_hand, _("Het e-mailadres is bevestigd."))


@blueprint.post("/beheer/mensen/<public_id>/schorsen")
@admin_required
def suspend_person(public_id: str) -> Response:
    """Keep somebody out."""
    return _act(public_id, sign_in.suspend, _("Deze persoon kan niet meer inloggen."))


@blueprint.post("/beheer/mensen/<public_id>/toelaten")
@admin_required
def let_person_back_in(public_id: str) -> Response:
    """End a suspension."""
    return _act(public_id, sign_in.let_back_in, _("Deze persoon kan weer inloggen."))
