"""Servers whose keys all changed at once, for administrators to look at (security.md A014)."""

from flask import flash, redirect, render_template, url_for
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from app.accounts.current import admin_required
from app.core.csrf import token_required
from app.core.db import unit_of_work
from app.core.server_notices import add_server_notice
from federation.dereference.key_changes import list_quarantined, release_host
from federation.views.blueprint import blueprint


@blueprint.post("/beheer/servers/<host>/weer-binnen")
@admin_required
@token_required
def release_server(host: str) -> Response:
    """Take messages of a server again."""
    with unit_of_work():
        is_released = release_host(host)
    if is_released:
        flash(_("Berichten van %(host)s komen weer binnen.", host=host), "success")
    return redirect(url_for("moderation.show_hosts"), code=303)


def render_quarantine() -> Markup:
    """Return the servers that wait for a look as a section, "" when there are none."""
    peers = list_quarantined()
    if not peers:
        return Markup()
    return Markup(render_template("federation/_quarantine.html", peers=peers))  # noqa: S704  the template escapes


@blueprint.record
def _on_registration(_state: BlueprintSetupState) -> None:
    add_server_notice("quarantine", render_quarantine)
