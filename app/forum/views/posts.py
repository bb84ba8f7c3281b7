"""Starting a thread, changing it, and taking it back."""

from dataclasses import dataclass

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.current import login_required, require_account
from app.accounts.models.account import Account
from app.core.db import unit_of_work
from app.core.errors import AppError, NotAllowedError
from app.forum.forms import PostForm
from app.forum.models.ban import Ban
from app.forum.models.community import Community
from app.forum.models.post import Post, PostKind
from app.forum.queries.bans import find_ban, find_barring_ban
from app.forum.queries.communities import get_visible_community, list_communities_to_post_in
from app.forum.queries.posts import get_readable_post
from app.forum.queries.similar import list_similar_posts
from app.forum.services import posts, texts
from app.forum.services.drafts import BodyDraft
from app.forum.views.answers import blame_form, form_status, posted_url, see_other
from app.forum.views.blueprint import blueprint
from app.forum.views.rights import get_post_rights

MAX_PREFILLED = 300


@dataclass(frozen=True)
class _Desk:
    """Where a new post is written: who writes, where it may go, where it goes now."""

    writer: Account
    communities: list[Community]
    chosen: Community | None


@blueprint.route("/nieuw", methods=["GET", "POST"])
@blueprint.route("/c/<name>/nieuw", methods=["GET", "POST"])
@login_required
def show_new_post(name: str | None = None) -> Response | tuple[str, int]:
    """Show the form for a new post, a preview of it, or store it."""
    desk = _open_desk(name)
    form = PostForm()
    form.offer(desk.communities)
    if not form.is_submitted():
        _prefill(form, desk)
    elif form.validate() and "preview" not in request.form:
        try:
            return see_other(_publish(form))
        except AppError as error:
            blame_form(form, error)
    return _render_new(form, desk), form_status(form)


@blueprint.route("/post/<public_id>/bewerken", methods=["GET", "POST"])
@login_required
def show_edit_post(public_id: str) -> Response | tuple[str, int]:
    """Let the writer change a post."""
    post = get_readable_post(public_id, require_account())
    if not get_post_rights(require_account(), post).can_edit:
        raise NotAllowedError(_("Alleen de schrijver kan dit bericht aanpassen."))
    form = PostForm(obj=post)
    del form.community
    if not form.is_submitted():
        form.body.data = post.body_source
        form.kind.data = post.kind
    elif form.validate() and "preview" not in request.form:
        try:
            return see_other(_edit(public_id, form))
        except AppError as error:
            blame_form(form, error)
    page = render_template("forum/post_edit.html", post=post, form=form, preview=_preview(form))
    return page, form_status(form)


@blueprint.route("/post/<public_id>/verwijderen", methods=["GET", "POST"])
@login_required
def show_delete_post(public_id: str) -> Response | str:
    """Ask the writer whether a post may go, and take it back."""
    if request.method == "POST":
        with unit_of_work():
            viewer = require_account()
            post = get_readable_post(public_id, viewer)
            posts.delete_post(post, viewer)
            name = post.community.page_name
        flash(_("Je bericht is verwijderd. De antwoorden blijven staan."), "success")
        return see_other(url_for("forum.show_community", name=name))
    post = get_readable_post(public_id, require_account())
    if not get_post_rights(require_account(), post).can_delete:
        raise NotAllowedError(_("Alleen de schrijver kan dit bericht verwijderen."))
    return render_template("forum/delete.html", thing=post, back=posted_url(post))


def _open_desk(name: str | None) -> _Desk:
    writer = require_account()
    chosen = None if name is None else get_visible_community(name, writer)
    found = list_communities_to_post_in(writer)
    if chosen is not None and chosen.id not in {community.id for community in found}:
        found = [chosen, *found]
    return _Desk(writer, found, chosen)


def _prefill(form: PostForm, desk: _Desk) -> None:
    title = request.args.get("titel") or request.args.get("title") or ""
    form.title.data = title[:MAX_PREFILLED]
    form.link_url.data = request.args.get("link_url", "")
    if form.link_url.data:
        form.kind.data = PostKind.LINK.value
    if desk.chosen is not None:
        form.community.data = desk.chosen.page_name


def _render_new(form: PostForm, desk: _Desk) -> str:
    similar = list_similar_posts(form.title.data or "", desk.writer)
    return render_template(
        "forum/post_new.html",
        form=form,
        chosen=desk.chosen,
        communities=desk.communities,
        similar=similar,
        ban=_find_ban(desk),
        preview=_preview(form),
    )


def _find_ban(desk: _Desk) -> Ban | None:
    """Return what keeps the writer from starting a thread here, or anywhere."""
    if desk.chosen is None:
        return find_ban(desk.writer, None)
    return find_barring_ban(desk.writer, desk.chosen)


def _preview(form: PostForm) -> str | None:
    """Return the HTML of the text as it would be shown, when that was asked for."""
    if "preview" not in request.form or form.errors:
        return None
    return texts.compose_text(BodyDraft(body_source=form.body.data or "")).html


def _draft(form: PostForm) -> posts.PostDraft:
    return posts.PostDraft(
        title=form.title.data or "",
        body_source=form.body.data or "",
        kind=PostKind(form.kind.data),
        link_url=form.link_url.data or None,
        language=form.language.data,
    )


def _publish(form: PostForm) -> str:
    with unit_of_work():
        writer = require_account()
        community = get_visible_community(form.community.data, writer)
        post: Post = posts.publish_post(writer, community, _draft(form))
        return posted_url(post)


def _edit(public_id: str, form: PostForm) -> str:
    with unit_of_work():
        writer = require_account()
        post = get_readable_post(public_id, writer)
        posts.edit_post(post, _draft(form), writer)
        return posted_url(post)
