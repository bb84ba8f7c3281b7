"""Answering, changing an answer, and taking it back."""

from flask import flash, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.current import login_required, require_account
from app.core.db import unit_of_work
from app.core.errors import AppError, ConflictError, NotAllowedError
from app.forum import policy
from app.forum.forms import CommentForm
from app.forum.models.comment import Comment
from app.forum.models.post import Post
from app.forum.queries.comments import get_readable_comment
from app.forum.queries.posts import get_readable_post
from app.forum.queries.standings import get_standing
from app.forum.services import comments, texts
from app.forum.services.drafts import BodyDraft
from app.forum.views.answers import blame_form, form_status, posted_url, see_other
from app.forum.views.blueprint import blueprint
from app.forum.views.rights import get_post_rights


@blueprint.route("/post/<public_id>/antwoord", methods=["GET", "POST"])
@login_required
def show_reply_to_post(public_id: str) -> Response | tuple[str, int]:
    """Answer a post."""
    return _reply(get_readable_post(public_id, require_account()))


@blueprint.route("/comment/<public_id>/antwoord", methods=["GET", "POST"])
@login_required
def show_reply_to_comment(public_id: str) -> Response | tuple[str, int]:
    """Answer a comment."""
    return _reply(get_readable_comment(public_id, require_account()))


@blueprint.route("/comment/<public_id>/bewerken", methods=["GET", "POST"])
@login_required
def show_edit_comment(public_id: str) -> Response | tuple[str, int]:
    """Let the writer change a comment."""
    comment = get_readable_comment(public_id, require_account())
    if not policy.can_edit(get_standing(require_account(), comment.post.community), comment):
        raise NotAllowedError(_("Alleen de schrijver kan deze reactie aanpassen."))
    form = CommentForm(obj=comment)
    if not form.is_submitted():
        form.body.data = comment.body_source
    elif form.validate() and "preview" not in request.form:
        try:
            return see_other(_edit(public_id, form))
        except AppError as error:
            blame_form(form, error)
    page = render_template(
        "forum/comment_edit.html",
        comment=comment,
        form=form,
        preview=_preview(form),
        back=posted_url(comment),
    )
    return page, form_status(form)


@blueprint.route("/comment/<public_id>/verwijderen", methods=["GET", "POST"])
@login_required
def show_delete_comment(public_id: str) -> Response | str:
    """Ask the writer whether a comment may go, and take it back."""
    if request.method == "POST":
        with unit_of_work():
            viewer = require_account()
            comment = get_readable_comment(public_id, viewer)
            comments.delete_comment(comment, viewer)
            url = posted_url(comment)
        flash(_("Je reactie is verwijderd."), "success")
        return see_other(url)
    comment = get_readable_comment(public_id, require_account())
    if not policy.can_delete(get_standing(require_account(), comment.post.community), comment):
        raise NotAllowedError(_("Alleen de schrijver kan deze reactie verwijderen."))
    return render_template("forum/delete.html", thing=comment, back=posted_url(comment))


def _reply(target: Post | Comment) -> Response | tuple[str, int]:
    post = target if isinstance(target, Post) else target.post
    form = CommentForm()
    if form.is_submitted() and form.validate() and "preview" not in request.form:
        try:
            return see_other(_publish(target, form))
        except AppError as error:
            blame_form(form, error)
    if not form.is_submitted() and not get_post_rights(require_account(), post).can_comment:
        raise ConflictError(_("Op dit bericht kun je niet reageren."))
    page = render_template(
        "forum/reply.html",
        post=post,
        parent=target if isinstance(target, Comment) else None,
        form=form,
        preview=_preview(form),
        back=posted_url(target),
    )
    return page, form_status(form)


def _preview(form: CommentForm) -> str | None:
    if "preview" not in request.form or form.errors:
        return None
    return texts.compose_text(BodyDraft(body_source=form.body.data or "")).html


def _draft(form: CommentForm) -> comments.CommentDraft:
    return comments.CommentDraft(
        body_source=form.body.data or "", language=form.language.data or "nl"
    )


def _publish(target: Post | Comment, form: CommentForm) -> str:
    with unit_of_work():
        writer = require_account()
        parent = target if isinstance(target, Comment) else None
        post = target if isinstance(target, Post) else target.post
        comment = comments.publish_comment(writer, post, parent, _draft(form))
        return posted_url(comment)


def _edit(public_id: str, form: CommentForm) -> str:
    with unit_of_work():
        writer = require_account()
        comment = get_readable_comment(public_id, writer)
        comments.edit_comment(comment, _draft(form), writer)
        return posted_url(comment)
