"""Reporting something, and the queue in which moderators find it."""

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.current import is_admin, login_required, require_account
from app.core.db import unit_of_work
from app.core.errors import NotFoundError
from app.forum.models.comment import Comment
from app.forum.models.post import Post
from app.forum.queries.comments import get_readable_comment
from app.forum.queries.holding import list_held
from app.forum.queries.posts import get_readable_post
from app.moderation.forms import REASONS, ReportForm, ResolveForm
from app.moderation.models.report import Report
from app.moderation.queries import find_report, list_moderated_ids, list_open_reports
from app.moderation.services import reports
from app.moderation.views.blueprint import blueprint


def _get_target(kind: str, public_id: str) -> Post | Comment:
    viewer = require_account()
    if kind == "post":
        return get_readable_post(public_id, viewer)
    if kind == "comment":
        return get_readable_comment(public_id, viewer)
    raise NotFoundError(_("Deze pagina bestaat niet."))


def _page_of(target: Post | Comment) -> str:
    if isinstance(target, Comment):
        return url_for("forum.show_comment", public_id=target.public_id)
    return url_for("forum.show_post", public_id=target.public_id)


@blueprint.route("/melden/<kind>/<public_id>", methods=["GET", "POST"])
@login_required
def new_report(kind: str, public_id: str) -> str | Response | tuple[str, int]:
    """Report a post or comment to its moderators."""
    target = _get_target(kind, public_id)
    form = ReportForm()
    if form.validate_on_submit():
        chosen = str(dict(REASONS)[form.reason.data])
        reason = f"{chosen}: {form.text.data}" if form.text.data else chosen
        with unit_of_work():
            source = reports.Source(tells_home=bool(form.tells_home.data))
            reports.make_report(require_account(), _get_target(kind, public_id), reason, source)
        flash(_("Dank je. De moderators kijken ernaar."), "success")
        return redirect(_page_of(target), code=303)
    page = render_template(
        "moderation/new_report.html", form=form, target=target, kind=kind, back=_page_of(target)
    )
    return (page, 422) if form.is_submitted() else page


def _moderated() -> list[int] | None:
    """Return the communities whose reports the reader may see; None: all."""
    if is_admin():
        return None
    moderated = list_moderated_ids(require_account())
    if not moderated:
        abort(403)
    return moderated


@blueprint.get("/moderatie")
@login_required
def show_queue() -> str:
    """Show what waits for the moderator who looks."""
    return _render_queue(_moderated(), ResolveForm(formdata=None))


def _render_queue(moderated: list[int] | None, form: ResolveForm, failed: str = "") -> str:
    """Show reports and held texts; `failed` is the report at which `form` has an error."""
    return render_template(
        "moderation/queue.html",
        reports=list_open_reports(moderated),
        held=list_held(moderated),
        form=form,
        page_of=_page_of,
        failed=failed,
    )


def _get_report(public_id: str) -> Report:
    report = find_report(public_id)
    if report is None:
        raise NotFoundError(_("Deze melding bestaat niet."))
    return report


@blueprint.post("/moderatie/<public_id>")
@login_required
def resolve_report(public_id: str) -> Response | tuple[str, int]:
    """Close a report with what was done."""
    form = ResolveForm()
    if not form.validate():
        return _render_queue(_moderated(), form, failed=public_id), 422
    with unit_of_work():
        reports.resolve_report(_get_report(public_id), require_account(), form.outcome.data or "")
    flash(_("De melding is afgehandeld."), "success")
    return redirect(url_for("moderation.show_queue"), code=303)
