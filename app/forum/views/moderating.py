"""What moderators do with posts and comments: pin, close, take away, bring back."""

from flask import flash, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.current import login_required, require_account
from app.accounts.paths import safe_path
from app.core.db import unit_of_work
from app.core.errors import NotAllowedError
from app.forum import policy
from app.forum.forms import MotiveForm, ReasonForm
from app.forum.models.comment import Comment
from app.forum.models.community import Community
from app.forum.models.post import Post
from app.forum.queries.comments import get_readable_comment
from app.forum.queries.posts import get_readable_post
from app.forum.queries.standings import get_standing
from app.forum.services import comments, posts
from app.forum.services.verdicts import community_of
from app.forum.views.answers import back_to, form_status, is_switched_on, posted_url, see_other
from app.forum.views.blueprint import blueprint


@blueprint.get("/post/<public_id>/vastzetten")
@login_required
def show_pin_post(public_id: str) -> str:
    """Ask why a post is pinned, or let go."""
    post = _get_steered(public_id)
    word = _("Losmaken") if post.is_pinned else _("Vastzetten")
    return _ask(post, word, is_on=not post.is_pinned)


@blueprint.post("/post/<public_id>/vastzetten")
@login_required
def pin_post(public_id: str) -> Response:
    """Keep a post on top of its community (`on=1`), or let it go."""
    with unit_of_work():
        viewer = require_account()
        post = get_readable_post(public_id, viewer)
        posts.pin_post(post, viewer, is_pinned=is_switched_on(), reason=_reason())
        return see_other(posted_url(post))


@blueprint.get("/post/<public_id>/sluiten")
@login_required
def show_lock_post(public_id: str) -> str:
    """Ask why a thread takes no more answers, or takes them again."""
    post = _get_steered(public_id)
    word = _("Heropenen") if post.is_locked else _("Sluiten")
    return _ask(post, word, is_on=not post.is_locked)


@blueprint.post("/post/<public_id>/sluiten")
@login_required
def lock_post(public_id: str) -> Response:
    """Close a thread for answers (`on=1`), or open it again."""
    with unit_of_work():
        viewer = require_account()
        post = get_readable_post(public_id, viewer)
        posts.lock_post(post, viewer, is_locked=is_switched_on(), reason=_reason())
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


@blueprint.get("/post/<public_id>/terugzetten")
@login_required
def show_restore_post(public_id: str) -> str:
    """Ask why a removed post comes back."""
    post = get_readable_post(public_id, require_account())
    _require_moderator(post.community)
    return _ask(post, _("Terugzetten"))


@blueprint.post("/post/<public_id>/terugzetten")
@login_required
def restore_post(public_id: str) -> Response:
    """Bring a removed post back."""
    with unit_of_work():
        viewer = require_account()
        post = get_readable_post(public_id, viewer)
        posts.restore_post(post, viewer, _reason())
        return see_other(posted_url(post))


@blueprint.get("/comment/<public_id>/terugzetten")
@login_required
def show_restore_comment(public_id: str) -> str:
    """Ask why a removed comment comes back."""
    comment = get_readable_comment(public_id, require_account())
    _require_moderator(comment.post.community)
    return _ask(comment, _("Terugzetten"))


@blueprint.post("/comment/<public_id>/terugzetten")
@login_required
def restore_comment(public_id: str) -> Response:
    """Bring a removed comment back."""
    with unit_of_work():
        viewer = require_account()
        comment = get_readable_comment(public_id, viewer)
        comments.restore_comment(comment, viewer, _reason())
        return see_other(posted_url(comment))


def _get_steered(public_id: str) -> Post:
    """Return a post that the reader may pin and close, or raise NotAllowedError."""
    viewer = require_account()
    post = get_readable_post(public_id, viewer)
    if not policy.can_steer(get_standing(viewer, post.community), post.community):
        raise NotAllowedError(_("Alleen moderators van deze groep kunnen dit."))
    return post


def _require_moderator(community: Community) -> None:
    if not policy.can_moderate(get_standing(require_account(), community)):
        raise NotAllowedError(_("Alleen moderators van deze groep kunnen dit."))


def _reason() -> str:
    """Return why a moderator does something, which may stay unsaid."""
    return request.form.get("reason", "")


def _ask(thing: Post | Comment, word: str, *, is_on: bool = True) -> str:
    """Show the page that asks for a reason; it posts to its own address."""
    form = MotiveForm(formdata=None)
    back = posted_url(thing)
    return render_template(
        "forum/steer.html", thing=thing, word=word, is_on=is_on, form=form, back=back
    )


def _remove(thing: Post | Comment) -> Response | tuple[str, int]:
    _require_moderator(community_of(thing))
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
        return back_to(url)
    back = safe_path(request.values.get("next")) or posted_url(thing)
    page = render_template("forum/remove.html", thing=thing, form=form, back=back)
    return page, form_status(form)
