"""The public log, and decisions about servers."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.current import admin_required, current_account, is_admin, require_account
from app.core.db import unit_of_work
from app.core.errors import InvalidInputError
from app.core.pages import page_request
from app.core.server_notices import render_server_notices
from app.forum.queries.communities import get_visible_community
from app.moderation.actions import describe_action
from app.moderation.forms import HostForm
from app.moderation.models.host_rule import HostVerdict
from app.moderation.queries import list_host_rules, list_log, list_moderated_ids
from app.moderation.services import hosts
from app.moderation.views.blueprint import blueprint

LOG_PAGE = 50


@blueprint.get("/modlog")
def show_log() -> str:
    """Show what moderators did and why, to everybody; to whom only to those who look after it."""
    viewer = current_account()
    name = request.args.get("groep", "")
    community = get_visible_community(name, viewer) if name else None
    page = list_log(page_request(request.args, size=LOG_PAGE), viewer, community)
    return render_template(
        "moderation/log.html",
        page=page,
        community=community,
        describe_action=describe_action,
        sees_names=is_admin(),
        named_ids=[] if viewer is None else list_moderated_ids(viewer),
    )


@blueprint.route("/beheer/servers", methods=["GET", "POST"])
@admin_required
def show_hosts() -> str | Response | tuple[str, int]:
    """Show and make decisions about other servers."""
    form = HostForm()
    if form.validate_on_submit():
        try:
            with unit_of_work():
                verdict = HostVerdict(form.verdict.data)
                hosts.rule_host(
                    form.host.data or "", verdict, form.reason.data or "", require_account()
                )
        except InvalidInputError as error:
            form.host.errors = [*form.host.errors, error.text]
        else:
            flash(_("Je besluit is opgeslagen."), "success")
            return redirect(url_for("moderation.show_hosts"), code=303)
    page = render_template(
        "moderation/hosts.html",
        form=form,
        rules=list_host_rules(),
        notices=render_server_notices(),
    )
    return (page, 422) if form.is_submitted() else page


@blueprint.post("/beheer/servers/<host>/vrij")
@admin_required
def free_host(host: str) -> Response:
    """Take a decision about a server back."""
    with unit_of_work():
        hosts.free_host(host, require_account())
    flash(_("Het besluit is ingetrokken."), "success")
    return redirect(url_for("moderation.show_hosts"), code=303)
