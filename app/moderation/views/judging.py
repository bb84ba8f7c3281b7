"""Warning somebody, banning somebody, and lifting that."""

from datetime import timedelta

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.current import admin_required, is_admin, login_required, require_account
from app.accounts.models.account import Account
from app.accounts.paths import safe_path
from app.core.clock import utcnow
from app.core.db import unit_of_work
from app.core.errors import AppError, NotAllowedError
from app.forum import policy
from app.forum.models.community import Community
from app.forum.queries.bans import find_ban, get_ban, list_bans
from app.forum.queries.communities import get_visible_community
from app.forum.queries.standings import get_standing
from app.forum.services import bans
from app.forum.services.verdicts import community_of
from app.forum.views.answers import blame_form, form_status, see_other
from app.moderation.forms import BanForm, LiftForm, WarnForm, WhomForm
from app.moderation.services import warnings
from app.moderation.views.blueprint import blueprint
from app.moderation.views.targets import find_person, get_person, get_text, page_of


@blueprint.route("/waarschuwen/<kind>/<public_id>", methods=["GET", "POST"])
@login_required
def show_warning(kind: str, public_id: str) -> Response | tuple[str, int]:
    """Ask what is wrong with a text, and tell its author."""
    target = get_text(kind, public_id)
    _require_judge(target.author, community_of(target))
    form = WarnForm()
    back = safe_path(request.values.get("next")) or page_of(target)
    if form.validate_on_submit():
        try:
            with unit_of_work():
                text = get_text(kind, public_id)
                warnings.warn_person(require_account(), text, form.reason.data or "")
        except AppError as error:
            blame_form(form, error)
        else:
            flash(_("De waarschuwing is verstuurd."), "success")
            return see_other(back)
    page = render_template("moderation/warn.html", form=form, target=target, back=back)
    return page, form_status(form)


@blueprint.get("/blokkeren/<kind>/<public_id>")
@login_required
def show_ban_author(kind: str, public_id: str) -> Response:
    """Lead from a text to the page where its author can be banned from the community."""
    target = get_text(kind, public_id)
    name, person = community_of(target).page_name, target.author.public_id
    where = safe_path(request.args.get("next"))
    return redirect(url_for("moderation.show_ban", name=name, public_id=person, next=where))


@blueprint.route("/c/<name>/blokkeren/<public_id>", methods=["GET", "POST"])
@login_required
def show_ban(name: str, public_id: str) -> Response | tuple[str, int]:
    """Ask why and for how long somebody may not take part in a community, and see to it."""
    community = get_visible_community(name, require_account())
    person = get_person(public_id)
    _require_judge(person, community)
    return _ban(person, community)


@blueprint.route("/beheer/blokkeren/<public_id>", methods=["GET", "POST"])
@admin_required
def show_server_ban(public_id: str) -> Response | tuple[str, int]:
    """Ask why and for how long somebody may not take part on this server, and see to it."""
    person = get_person(public_id)
    if person.id == require_account().id:
        raise NotAllowedError(_("Jezelf kun je niet blokkeren."))
    return _ban(person, None)


@blueprint.get("/c/<name>/blokkades")
@login_required
def show_bans(name: str) -> str | Response:
    """Show who may not take part in a community, and (`?wie=`) find whom to add."""
    community = get_visible_community(name, require_account())
    _require_moderator(community)
    return _show_bans(community)


@blueprint.get("/beheer/blokkades")
@admin_required
def show_server_bans() -> str | Response:
    """Show who may not take part on this server, and (`?wie=`) find whom to add."""
    return _show_bans(None)


@blueprint.route("/blokkades/<public_id>/opheffen", methods=["GET", "POST"])
@login_required
def show_lift(public_id: str) -> Response | tuple[str, int]:
    """Ask why a ban may go, and lift it."""
    ban = get_ban(public_id)
    if ban.community is None and not is_admin():
        abort(403)
    if ban.community is not None:
        _require_moderator(ban.community)
    form, back = LiftForm(), _list_of(ban.community)
    if form.validate_on_submit():
        try:
            _lift(public_id, form)
        except AppError as error:
            blame_form(form, error)
        else:
            flash(_("De blokkade is opgeheven."), "success")
            return see_other(back)
    page = render_template("moderation/lift.html", form=form, ban=ban, back=back)
    return page, form_status(form)


def _lift(public_id: str, form: LiftForm) -> None:
    restores = bool(form.restores_posts.data)
    with unit_of_work():
        ban, reason = get_ban(public_id), form.reason.data or ""
        bans.lift_ban(require_account(), ban, reason, restores_posts=restores)


def _ban(person: Account, community: Community | None) -> Response | tuple[str, int]:
    form = BanForm()
    back = safe_path(request.values.get("next")) or _list_of(community)
    if form.validate_on_submit():
        days = int(form.days.data)
        terms = bans.BanTerms(
            reason=form.reason.data or "",
            expires_at=utcnow() + timedelta(days=days) if days else None,
            removes_posts=bool(form.removes_posts.data),
        )
        try:
            with unit_of_work():
                bans.ban_person(require_account(), person, community, terms)
        except AppError as error:
            blame_form(form, error)
        else:
            flash(_("%(name)s is geblokkeerd.", name=person.shown_name), "success")
            return see_other(back)
    page = render_template(
        "moderation/ban.html",
        form=form,
        person=person,
        community=community,
        former=find_ban(person, community),
        back=back,
    )
    return page, form_status(form)


def _show_bans(community: Community | None) -> str | Response:
    form = WhomForm(request.args)
    if form.handle.data:
        person = find_person(form.handle.data)
        if person is not None and community is None:
            return redirect(url_for("moderation.show_server_ban", public_id=person.public_id))
        if person is not None and community is not None:
            return redirect(
                url_for("moderation.show_ban", name=community.page_name, public_id=person.public_id)
            )
        is_handle = "@" in form.handle.data.strip().removeprefix("@")
        form.handle.errors = [
            _("Deze persoon kennen we hier niet. Zoek eerst op het hele adres.")
            if is_handle
            else _("Deze persoon kennen we hier niet.")
        ]
    return render_template(
        "moderation/bans.html", form=form, bans=list_bans(community), community=community
    )


def _list_of(community: Community | None) -> str:
    if community is None:
        return url_for("moderation.show_server_bans")
    return url_for("moderation.show_bans", name=community.page_name)


def _require_judge(person: Account, community: Community) -> None:
    """Raise NotAllowedError unless the reader may ban or warn this person there."""
    who = get_standing(require_account(), community)
    if not policy.can_judge(who, get_standing(person, community), community):
        raise NotAllowedError(_("Dit kun je bij deze persoon niet doen."))


def _require_moderator(community: Community) -> None:
    """Raise NotAllowedError unless the reader looks after the community."""
    if not policy.can_moderate(get_standing(require_account(), community)):
        raise NotAllowedError(_("Alleen moderators van deze groep kunnen dit."))
