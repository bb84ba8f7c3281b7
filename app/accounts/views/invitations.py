"""Who may register, for admins: invitations and mail domains."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.current import admin_required, require_account
from app.accounts.forms import DomainForm, InvitationForm, add_error
from app.accounts.mails import keep_templated_mail
from app.accounts.queries import find_invitation_by_id, list_email_domains, list_invitations
from app.accounts.services import admission
from app.accounts.views.blueprint import blueprint
from app.core.addresses import local_uri
from app.core.db import unit_of_work
from app.core.errors import InvalidInputError


def _page(invitation_form: InvitationForm, domain_form: DomainForm) -> str:
    rows = [
        (invitation, local_uri(url_for("accounts.open_invitation", code=invitation.code)))
        for invitation in list_invitations()
    ]
    return render_template(
        "accounts/invitations.html",
        rows=rows,
        is_open=admission.is_open,
        domains=list_email_domains(),
        invitation_form=invitation_form,
        domain_form=domain_form,
    )


@blueprint.get("/beheer/uitnodigingen")
@admin_required
def show_invitations() -> str:
    """List invitations and domains, with a form for each."""
    return _page(InvitationForm(), DomainForm())


@blueprint.post("/beheer/uitnodigingen")
@admin_required
def invite() -> Response | tuple[str, int]:
    """Make an invitation; with an address it is mailed too."""
    form = InvitationForm()
    if not form.validate_on_submit():
        return _page(form, DomainForm(None)), 422
    with unit_of_work():
        by = require_account()
        invitation = admission.make_invitation(by, form.email.data or "")
        link = local_uri(url_for("accounts.open_invitation", code=invitation.code))
        if invitation.email is not None:
            keep_templated_mail(
                "invitation", invitation.email, by=by, link=link, days=admission.VALID_DAYS
            )
    flash(_("De uitnodiging is gemaakt."), "success")
    return redirect(url_for("accounts.show_invitations"), code=303)


@blueprint.post("/beheer/uitnodigingen/<int:invitation_id>/intrekken")
@admin_required
def withdraw_invitation(invitation_id: int) -> Response:
    """Take back an invitation; one that is gone already is fine."""
    with unit_of_work():
        invitation = find_invitation_by_id(invitation_id)
        if invitation is not None:
            admission.withdraw_invitation(invitation)
    flash(_("De uitnodiging is ingetrokken."), "success")
    return redirect(url_for("accounts.show_invitations"), code=303)


@blueprint.post("/beheer/domeinen")
@admin_required
def add_domain() -> Response | tuple[str, int]:
    """Admit everybody with an address at a domain."""
    form = DomainForm()
    if form.validate_on_submit():
        try:
            with unit_of_work():
                admission.add_email_domain(form.domain.data or "")
        except InvalidInputError as error:
            add_error(form.domain, error.text)
        else:
            flash(_("Het domein is toegevoegd."), "success")
            return redirect(url_for("accounts.show_invitations"), code=303)
    return _page(InvitationForm(None), form), 422


@blueprint.post("/beheer/domeinen/<domain>/weghalen")
@admin_required
def remove_domain(domain: str) -> Response:
    """No longer admit a domain."""
    with unit_of_work():
        admission.remove_email_domain(domain)
    flash(_("Het domein is weggehaald."), "success")
    return redirect(url_for("accounts.show_invitations"), code=303)
