"""The button "Nuttig"."""

from werkzeug.wrappers import Response

from app.accounts.current import login_required, require_account
from app.core.db import unit_of_work
from app.forum.models.comment import Comment
from app.forum.models.post import Post
from app.forum.queries.comments import get_readable_comment
from app.forum.queries.posts import get_readable_post
from app.forum.services import votes
from app.forum.views.answers import is_switched_on, posted_url, see_other
from app.forum.views.blueprint import blueprint


@blueprint.post("/post/<public_id>/nuttig")
@login_required
def vote_for_post(public_id: str) -> Response:
    """Call a post useful (`on=1`), or take that back."""
    with unit_of_work():
        return _vote(get_readable_post(public_id, require_account()))


@blueprint.post("/comment/<public_id>/nuttig")
@login_required
def vote_for_comment(public_id: str) -> Response:
    """Call a comment useful (`on=1`), or take that back."""
    with unit_of_work():
        return _vote(get_readable_comment(public_id, require_account()))


def _vote(target: Post | Comment) -> Response:
    if is_switched_on():
        votes.cast_vote(require_account(), target)
    else:
        votes.retract_vote(require_account(), target)
    return see_other(posted_url(target))
