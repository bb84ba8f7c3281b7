"""Sending a text once more to the community elsewhere that has not passed it on."""

from typing import Final

from flask import flash
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.current import login_required, require_account
from app.core.db import unit_of_work
from app.core.rate_limit import limiter
from app.forum.models.comment import Comment
from app.forum.models.post import Post
from app.forum.queries.comments import get_readable_comment
from app.forum.queries.posts import get_readable_post
from app.forum.services import echoes
from app.forum.views.answers import posted_url, see_other
from app.forum.views.blueprint import blueprint

PER_PERSON: Final = "20 per hour"


@blueprint.post("/post/<public_id>/opnieuw-sturen")
@login_required
@limiter.limit(PER_PERSON)
def send_post_again(public_id: str) -> Response:
    """Send a post of one's own once more."""
    with unit_of_work():
        viewer = require_account()
        post = get_readable_post(public_id, viewer)
        echoes.send_again(post, viewer)
    return _sent(post)


@blueprint.post("/comment/<public_id>/opnieuw-sturen")
@login_required
@limiter.limit(PER_PERSON)
def send_comment_again(public_id: str) -> Response:
    """Send a comment of one's own once more."""
    with unit_of_work():
        viewer = require_account()
        comment = get_readable_comment(public_id, viewer)
        echoes.send_again(comment, viewer)
    return _sent(comment)


def _sent(thing: Post | Comment) -> Response:
    flash(_("Het is opnieuw gestuurd."), "success")
    return see_other(posted_url(thing))
