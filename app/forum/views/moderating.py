"""What moderators do with posts and comments: pin, close, take away, bring back."""

from flask import flash, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.current import login_required, require_account
from app.core.db import unit_of_work
from app.core.errors import NotAllowedError
from app.forum import policy
from app.forum.forms import ReasonForm
from app.forum.models.comment import Comment
from app.forum.models.post import Post
from app.forum.queries.comments import get_readable_comment
from app.forum.queries.posts import get_readable_post
from app.forum.queries.standings import get_standing
from app.forum.services import comments, posts
from app.forum.views.answers import back_to, form_status, is_switched_on, posted_url, see_other
from app.forum.views.blueprint import blueprint


@blueprint.post("/post/<public_id>/vastzetten")
@login_required
def pin_post(public_id: str) -> Response:
    """Keep a post on top of its community (`on=1`), or let it go."""
    with unit_of_work():
        viewer = require_account()
        post = get_readable_post(public_id, viewer)
        posts.pin_post(post, viewer, is_pinned=is_switched_on())
        return see_other(posted_url(post))


@blueprint.post("/post/<public_id>/sluiten")
@login_required
def lock_post(public_id: str) -> Response:
    """Close a thread for answers (`on=1`), or open it again."""
    with unit_of_work():
        viewer = require_account()
        post = get_readable_post(public_id, viewer)
        posts.lock_post(post, viewer, is_locked=is_switched_on())
        return see_other(posted_url(post))


@blueprint.route("/post/<public_id>/weghalen", methods=["GET", "POST"])
@login_required
def show_remove_post(public_id: str) -> Response | tuple[str, int]:
    """Ask why a post is taken away, or one that waits is refused, and do it."""
    return _remove(get_readable_post(public_id, require_account()))


@blueprint.route("/comment/<public_id>/weghalen", methods=["GET", "POST"])
@login_required
def show_remove_comment(public_id: str) -> Response | tuple[str, int]:
    """Ask why a comment is taken away, or one that waits is refused, and do it."""
    return _remove(get_readable_comment(public_id, require_account()))


@blueprint.post("/post/<public_id>/plaatsen")
@login_required
def approve_post(public_id: str) -> Response:
    """Let everybody read a post that waits for a moderator."""
    with unit_of_work():
        viewer = require_account()
        post = get_readable_post(public_id, viewer)
        posts.approve_post(post, viewer)
    flash(_("Geplaatst. Iedereen kan het nu lezen."), "success")
    return back_to(posted_url(post))


@blueprint.post("/comment/<public_id>/plaatsen")
@login_required
def approve_comment(public_id: str) -> Response:
    """Let everybody read a comment that waits for a moderator."""
    with unit_of_work():
        viewer = require_account()
        comment = get_readable_comment(public_id, viewer)
        comments.approve_comment(comment, viewer)
    flash(_("Geplaatst. Iedereen kan het nu lezen."), "success")
    return back_to(posted_url(comment))


@blueprint.post("/post/<public_id>/terugzetten")
@login_required
def restore_post(public_id: str) -> Response:
    """Bring a removed post back."""
    with unit_of_work():
        viewer = require_account()
        post = get_readable_post(public_id, viewer)
        posts.restore_post(post, viewer)
        return see_other(posted_url(post))


@blueprint.post("/comment/<public_id>/terugzetten")
@login_required
def restore_comment(public_id: str) -> Response:
    """Bring a removed comment back."""
    with unit_of_work():
        viewer = require_account()
        comment = get_readable_comment(public_id, viewer)
        comments.restore_comment(comment, viewer)
        return see_other(posted_url(comment))


def _remove(thing: Post | Comment) -> Response | tuple[str, int]:
    community = thing.community if isinstance(thing, Post) else thing.post.community
    if not policy.can_moderate(get_standing(require_account(), community)):
        raise NotAllowedError(_("Alleen moderators van deze groep kunnen dit."))
    form = ReasonForm()
    was_held = thing.is_held
    if form.validate_on_submit():
        with unit_of_work():
            if isinstance(thing, Post):
                posts.remove_post(thing, require_account(), form.reason.data or "")
            else:
                comments.remove_comment(thing, require_account(), form.reason.data or "")
            url = posted_url(thing)
        done = _("Niet geplaatst.") if was_held else _("Weggehaald.")
        flash(f"{done} {_('De reden staat in het logboek.')}", "success")
        return see_other(url)
    page = render_template("forum/remove.html", thing=thing, form=form, back=posted_url(thing))
    return page, form_status(form)
