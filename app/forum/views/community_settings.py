"""The page on which a community is looked after: its words, its rules, its moderators."""

from flask import flash, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.current import login_required, require_account
from app.accounts.models.account import Account
from app.accounts.queries import find_account_by_handle
from app.core.db import unit_of_work
from app.core.errors import AppError, InvalidInputError, NotAllowedError
from app.forum.forms import CommunityForm, ModeratorForm
from app.forum.models.community import Community
from app.forum.queries.communities import (
    find_owner_id,
    get_visible_community,
    list_moderators,
)
from app.forum.services import communities, memberships
from app.forum.views.answers import blame_form, form_status, is_switched_on, see_other
from app.forum.views.blueprint import blueprint
from app.forum.views.rights import get_community_rights


@blueprint.route("/c/<name>/beheer", methods=["GET", "POST"])
@login_required
def show_community_settings(name: str) -> Response | tuple[str, int]:
    """Show the settings of a community, and change them."""
    community = _get_managed(name)
    form = CommunityForm(obj=community)
    if not form.is_submitted():
        form.description.data = community.description_source
    elif form.validate():
        try:
            _edit(name, form)
            flash(_("De groep is aangepast."), "success")
            return see_other(url_for("forum.show_community", name=name))
        except AppError as error:
            blame_form(form, error)
    return _render(community, form, ModeratorForm(formdata=None)), form_status(form)


@blueprint.post("/c/<name>/moderators")
@login_required
def change_moderator(name: str) -> Response | tuple[str, int]:
    """Make somebody a moderator (`on=1`), or an ordinary member again."""
    community = _get_managed(name)
    form = ModeratorForm()
    if form.validate():
        try:
            _set_moderator(name, form.handle.data or "")
            return see_other(url_for("forum.show_community_settings", name=name))
        except AppError as error:
            blame_form(form, error)
    settings = CommunityForm(formdata=None, obj=community)
    settings.description.data = community.description_source
    return _render(community, settings, form), form_status(form)


def _get_managed(name: str) -> Community:
    viewer = require_account()
    community = get_visible_community(name, viewer)
    if not get_community_rights(viewer, community).can_manage:
        raise NotAllowedError(_("Alleen wie deze groep beheert, kan haar aanpassen."))
    return community


def _edit(name: str, form: CommunityForm) -> None:
    with unit_of_work():
        viewer = require_account()
        draft = communities.CommunityDraft(
            title=form.title.data or "",
            description=form.description.data or "",
            language=form.language.data,
            is_posting_restricted=form.is_posting_restricted.data,
            requires_membership=form.requires_membership.data,
            is_premoderated=form.is_premoderated.data,
        )
        communities.edit_community(get_visible_community(name, viewer), draft, viewer)


def _set_moderator(name: str, handle: str) -> None:
    with unit_of_work():
        viewer = require_account()
        community = get_visible_community(name, viewer)
        account = _find_person(handle)
        memberships.set_moderator(community, account, is_moderator=is_switched_on(), by=viewer)


def _find_person(handle: str) -> Account:
    name, _at_sign, host = handle.strip().removeprefix("@").partition("@")
    account = find_account_by_handle(name, host or None)
    if account is None:
        raise InvalidInputError(
            "handle",
            _("Deze persoon kennen we hier niet. Zoek eerst op het hele adres.")
            if host
            else _("Deze persoon kennen we hier niet."),
        )
    return account


def _render(community: Community, form: CommunityForm, moderator_form: ModeratorForm) -> str:
    return render_template(
        "forum/community_settings.html",
        community=community,
        form=form,
        moderator_form=moderator_form,
        moderators=list_moderators(community),
        owner_id=find_owner_id(community),
    )
