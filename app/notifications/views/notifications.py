"""The page with answers, mentions and reports."""

from flask import Flask, g, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from werkzeug.wrappers import Response

from app.accounts.current import current_account, is_admin, login_required, require_account
from app.core.db import unit_of_work
from app.core.pages import page_request
from app.moderation.queries import list_moderated_ids, list_own_reports
from app.moderation.views.targets import subject_of
from app.notifications.queries import count_unread, list_notifications
from app.notifications.services import mark_all_read
from app.notifications.views.blueprint import blueprint
from app.notifications.views.bundles import bundle


@blueprint.get("/meldingen")
@login_required
def show_notifications() -> str:
    """Show what somebody should know."""
    page = list_notifications(require_account(), page_request(request.args))
    return render_template(
        "notifications/list.html",
        page=page,
        bundles=bundle(page.items),
        own_reports=list_own_reports(require_account()),
        subject_of=subject_of,
    )


@blueprint.post("/meldingen/gelezen")
@login_required
def mark_read() -> Response:
    """Remember that everything was seen."""
    with unit_of_work():
        mark_all_read(require_account())
    return redirect(url_for("notifications.show_notifications"), code=303)


def _frame_context() -> dict[str, object]:
    """Give the frame of every page its unread count and whether the reader moderates."""
    account = current_account()
    if account is None:
        return {"unread_count": 0, "can_moderate": False}
    if "frame" not in g:
        g.frame = {
            "unread_count": count_unread(account),
            "can_moderate": is_admin() or bool(list_moderated_ids(account)),
        }
    frame: dict[str, object] = g.frame
    return frame


@blueprint.record
def _on_registration(state: BlueprintSetupState) -> None:
    assert isinstance(state.app, Flask)
    state.app.context_processor(_frame_context)
