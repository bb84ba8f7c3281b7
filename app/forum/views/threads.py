"""The page of a post with its whole thread, and the way from a comment to it."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.current import current_account
from app.core.db import unit_of_work
from app.core.page_panels import Slot, render_page_panels
from app.forum.forms import CommentForm
from app.forum.queries.comments import get_readable_comment
from app.forum.queries.echoes import echo_of
from app.forum.queries.posts import get_readable_post
from app.forum.queries.thread import FLAT, NESTED, get_thread
from app.forum.services import reading
from app.forum.views.answers import posted_url
from app.forum.views.blueprint import blueprint
from app.forum.views.rights import get_post_rights


@blueprint.get("/post/<public_id>")
def show_post(public_id: str) -> str:
    """Show a post and all answers, nested or (`?weergave=plat`) in order of time."""
    viewer = current_account()
    post = get_readable_post(public_id, viewer)
    view = FLAT if request.args.get("weergave") == "plat" else NESTED
    panels = render_page_panels(Slot.THREAD, post.id, None if viewer is None else viewer.id)
    thread = get_thread(post, viewer, view)
    page = render_template(
        "forum/post.html",
        post=post,
        thread=thread,
        panels=panels,
        echo=echo_of(post),
        rights=get_post_rights(viewer, post),
        form=CommentForm(formdata=None),
        comment_root=url_for("forum.show_comment", public_id=""),
    )
    if viewer is not None and (thread.unread_count or thread.comments_seen != post.comment_count):
        seen = (viewer.id, post.id, post.comment_count)
        with unit_of_work():
            reading.mark_read(*seen)
    return page


@blueprint.get("/comment/<public_id>")
def show_comment(public_id: str) -> Response:
    """Lead to the place of a comment in its thread."""
    comment = get_readable_comment(public_id, current_account())
    return redirect(posted_url(comment))
