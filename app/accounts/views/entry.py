"""Ways in beside the sign-in page: a one-time link, and an invitation."""

from flask import Response as FlaskResponse
from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_security import login_user
from werkzeug.wrappers import Response

from app.accounts.queries import find_invitation
from app.accounts.services.admission import is_open
from app.accounts.services.sign_in import use_sign_in_link
from app.accounts.views.blueprint import blueprint
from app.core.db import unit_of_work
from app.core.errors import NotFoundError
from app.core.rate_limit import limiter

TRIES = "20 per minute; 200 per hour"


@blueprint.get("/eerste/<token>")
@limiter.limit(TRIES)
def use_link(token: str) -> Response:
    """Sign in with a link from the command line; only a real visit spends it."""
    if request.method == "HEAD" or "prefetch" in request.headers.get("Sec-Purpose", ""):
        return FlaskResponse(status=204)
    with unit_of_work():
        user = use_sign_in_link(token)
    login_user(user, authn_via=["link"])
    if not user.password:
        flash(_("Welkom. Kies een wachtwoord, dan kun je de volgende keer zelf inloggen."), "info")
        return redirect(url_for("security.change_password"), code=303)
    return redirect("/", code=303)


@blueprint.get("/uitnodiging/<code>")
@limiter.limit(TRIES)
def open_invitation(code: str) -> Response:
    """Lead somebody with an invitation to the registration form, the code filled in."""
    invitation = find_invitation(code)
    if invitation is None or not is_open(invitation):
        raise NotFoundError(_("Deze uitnodiging bestaat niet, is gebruikt of is verlopen."))
    return redirect(url_for("security.register", code=code, email=invitation.email), code=303)
