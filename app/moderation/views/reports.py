"""Reporting something, and the queue in which moderators find it."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.current import is_admin, login_required, require_account
from app.accounts.models.account import Account
from app.core.db import unit_of_work
from app.core.errors import NotFoundError
from app.forum.models.comment import Comment
from app.forum.models.post import Post
from app.forum.queries.communities import get_visible_community
from app.forum.queries.holding import list_held
from app.moderation.forms import REASONS, ReportForm, ResolveForm
from app.moderation.models.report import Report
from app.moderation.queries import (
    count_open_reports,
    find_report,
    list_closed_reports,
    list_moderated_ids,
    list_open_reports,
)
from app.moderation.services import reports
from app.moderation.services.reports import Source
from app.moderation.views.blueprint import blueprint
from app.moderation.views.targets import get_person, get_text, page_of, subject_of

PERSON = "persoon"
HANDLED = "afgehandeld"
WRONG_INPUT = 422


@blueprint.route("/melden/<kind>/<public_id>", methods=["GET", "POST"])
@login_required
def new_report(kind: str, public_id: str) -> Response | tuple[str, int]:
    """Report a post or comment to its moderators, or a person to those of a community or server."""
    target = get_person(public_id) if kind == PERSON else get_text(kind, public_id)
    form = ReportForm()
    if form.validate_on_submit():
        chosen = str(dict(REASONS)[form.reason.data])
        reason = f"{chosen}: {form.text.data}" if form.text.data else chosen
        with unit_of_work():
            _report(kind, public_id, reason, Source(tells_home=bool(form.tells_home.data)))
        flash(_("Dank je. Bij Meldingen zie je wat ermee is gedaan."), "success")
        return redirect(page_of(target), code=303)
    page = render_template(
        "moderation/new_report.html",
        form=form,
        person=target if isinstance(target, Account) else None,
        is_from_elsewhere=not _person_of(target).is_local,
        is_for_admins=isinstance(target, Account) and not request.args.get("groep"),
        back=page_of(target),
    )
    return page, WRONG_INPUT if form.is_submitted() else 200


def _person_of(target: Post | Comment | Account) -> Account:
    return target if isinstance(target, Account) else target.author


def _report(kind: str, public_id: str, reason: str, source: Source) -> None:
    reporter = require_account()
    if kind != PERSON:
        reports.make_report(reporter, get_text(kind, public_id), reason, source)
        return
    name = request.args.get("groep", "")
    community = get_visible_community(name, reporter) if name else None
    reports.report_person(reporter, get_person(public_id), community, reason, source)


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
    """Show what waits for the moderator who looks, or (`?stand=afgehandeld`) what was done."""
    moderated = _moderated()
    if request.args.get("stand") != HANDLED:
        return _render_queue(moderated, ResolveForm(formdata=None))
    return render_template(
        "moderation/handled.html",
        reports=list_closed_reports(moderated),
        open_count=count_open_reports(moderated),
        subject_of=subject_of,
    )


def _render_queue(moderated: list[int] | None, form: ResolveForm, failed: str = "") -> str:
    """Show reports and held texts; `failed` is the report at which `form` has an error."""
    return render_template(
        "moderation/queue.html",
        reports=list_open_reports(moderated),
        held=list_held(moderated),
        form=form,
        page_of=page_of,
        subject_of=subject_of,
        kind_of=kind_of,
        may_ban_everywhere=is_admin(),
        failed=failed,
    )


def kind_of(target: Post | Comment) -> str:
    """Return how addresses name the kind of a text."""
    return "comment" if isinstance(target, Comment) else "post"


def _get_report(public_id: str) -> Report:
    report = find_report(public_id)
    if report is None:
        raise NotFoundError(_("Deze melding bestaat niet."))
    return report


@blueprint.post("/moderatie/<public_id>")
@login_required
def resolve_report(public_id: str) -> Response | tuple[str, int]:
    """Close a report with what was done, or why nothing was."""
    form = ResolveForm()
    if not form.validate():
        return _render_queue(_moderated(), form, failed=public_id), WRONG_INPUT
    with unit_of_work():
        reports.resolve_report(_get_report(public_id), require_account(), form.outcome.data or "")
    flash(_("De melding is afgehandeld."), "success")
    return redirect(url_for("moderation.show_queue"), code=303)
