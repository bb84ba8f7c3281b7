"""Mails, for admins: what was sent, and what is kept because there is no mail server."""

from flask import render_template
from flask_babel import gettext as _

from app.accounts.current import admin_required
from app.accounts.queries import find_mail, list_mails
from app.accounts.views.blueprint import blueprint
from app.core.errors import NotFoundError
from app.core.settings import current_settings


@blueprint.get("/beheer/mails")
@admin_required
def show_mails() -> str:
    """List the newest mails."""
    return render_template(
        "accounts/mails.html", mails=list_mails(), has_server=bool(current_settings().mail_url)
    )


@blueprint.get("/beheer/mails/<public_id>")
@admin_required
def show_mail(public_id: str) -> str:
    """Show one mail as text."""
    mail = find_mail(public_id)
    if mail is None:
        raise NotFoundError(_("Deze mail bestaat niet."))
    return render_template("accounts/mail.html", mail=mail)
