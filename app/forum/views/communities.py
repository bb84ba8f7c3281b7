"""The page of a community, following it, and making a new one."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.current import admin_required, current_account, login_required, require_account
from app.core.db import unit_of_work
from app.core.errors import AppError, NotFoundError
from app.core.page_panels import Slot, render_page_panels
from app.core.pages import page_request
from app.core.visibility import Visibility
from app.forum.forms import NewCommunityForm
from app.forum.models.community import Community
from app.forum.models.membership import MembershipState
from app.forum.queries.communities import get_visible_community, list_moderators
from app.forum.queries.posts import PostFilter, list_pinned, list_posts
from app.forum.queries.reading import list_unread_ids
from app.forum.services import communities, memberships
from app.forum.views.answers import back_to, blame_form, form_status, is_switched_on, see_other
from app.forum.views.blueprint import blueprint
from app.forum.views.rights import get_community_rights

FEEDS = {
    "atom": ("Atom", "application/atom+xml"),
    "rss": ("RSS", "application/rss+xml"),
    "json": ("JSON Feed", "application/feed+json"),
}


@dataclass(frozen=True)
class Feed:
    """A form in which others can read along: its name, media type and address."""

    text: str
    media_type: str
    url: str


@blueprint.get("/c/<name>")
def show_community(name: str) -> str | Response:
    """Show a community, ours (`name`) or one elsewhere (`name@host`), pinned posts first.

    A member who names one that nobody here has met is offered to have it looked up.
    """
    viewer = current_account()
    try:
        community = get_visible_community(name, viewer)
    except NotFoundError:
        if viewer is None or "@" not in name:
            raise
        return redirect(url_for("search.show_search", q=f"!{name}"))
    viewer_id = None if viewer is None else viewer.id
    panels = render_page_panels(Slot.COMMUNITY, community.id, viewer_id)
    wanted = page_request(request.args)
    is_first = wanted.older_than is None and wanted.newer_than is None
    pinned = list_pinned(viewer, community) if is_first else []
    page = list_posts(viewer, PostFilter(community=community, without_pinned=True), wanted)
    return render_template(
        "forum/community.html",
        community=community,
        panels=panels,
        pinned=pinned,
        page=page,
        unread_ids=list_unread_ids(viewer, pinned + page.items),
        moderators=list_moderators(community),
        rights=get_community_rights(viewer, community),
        feeds=_list_feeds(community),
    )


@blueprint.post("/c/<name>/volgen")
@login_required
def follow_community(name: str) -> Response:
    """Follow a community (`on=1`) or stop following it."""
    with unit_of_work():
        viewer = require_account()
        community = get_visible_community(name, viewer)
        if is_switched_on():
            membership = memberships.join_community(viewer, community)
            is_waiting = membership.state == MembershipState.REQUESTED
        else:
            memberships.leave_community(viewer, community)
            is_waiting = False
    if is_waiting:
        flash(_("Je aanvraag is onderweg naar de server van de groep."), "info")
    return back_to(url_for("forum.show_community", name=name))


@blueprint.route("/forum/nieuwe-groep", methods=["GET", "POST"])
@admin_required
def show_new_community() -> Response | tuple[str, int]:
    """Let an administrator make a community."""
    form = NewCommunityForm()
    if form.validate_on_submit():
        try:
            return see_other(_found_community(form))
        except AppError as error:
            blame_form(form, error)
    page = render_template("forum/community_new.html", form=form)
    return page, form_status(form)


def _list_feeds(community: Community) -> list[Feed]:
    """Return where a community of ours that is open to all can be read along."""
    if not community.is_local or community.visibility != Visibility.PUBLIC:
        return []
    return [
        Feed(
            text=text,
            media_type=media_type,
            url=url_for("feeds.show_community_feed", name=community.name, extension=extension),
        )
        for extension, (text, media_type) in FEEDS.items()
    ]


def _found_community(form: NewCommunityForm) -> str:
    with unit_of_work():
        owner = require_account()
        community = communities.found_community(
            form.name.data or "", form.title.data or "", owner, form.description.data or ""
        )
        draft = communities.CommunityDraft(
            title=form.title.data or "",
            description=form.description.data or "",
            language=form.language.data,
            is_posting_restricted=form.is_posting_restricted.data,
            requires_membership=form.requires_membership.data,
            is_premoderated=form.is_premoderated.data,
        )
        communities.edit_community(community, draft, owner)
        name = community.page_name
    flash(_("De groep staat klaar."), "success")
    return url_for("forum.show_community", name=name)
