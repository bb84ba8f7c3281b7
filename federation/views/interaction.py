"""One of our people comes from another site to follow, answer or vote (FEP-3b86)."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.current import login_required, require_account
from app.accounts.models.account import Account
from app.accounts.models.following import FollowState
from app.accounts.policy import can_follow
from app.accounts.queries import find_following
from app.core.errors import NotFoundError, UnavailableError
from app.core.rate_limit import limiter
from app.forum.models.comment import Comment
from app.forum.models.community import Community
from app.forum.models.post import Post
from app.forum.queries.reading import find_vote
from app.forum.views.rights import get_community_rights, get_post_rights
from federation.discovery.intents import Wish
from federation.views.blueprint import blueprint
from federation.views.lookup import MAX_LENGTH, PER_PERSON, find_in_turn
from federation.views.subjects import Thing, can_see, describe


@blueprint.get("/authorize_interaction")
@login_required
@limiter.limit(PER_PERSON)
def show_interaction() -> str | Response:
    """Show what stands at `uri`, fetched when it is new here, with what can be done with it.

    Nothing is done by coming here: every button sends a form with a token.
    """
    uri = request.args.get("uri", "").strip()[:MAX_LENGTH]
    if not uri:
        return redirect(url_for("forum.show_new_post"), code=303)
    viewer = require_account()
    try:
        thing = find_in_turn(uri)
    except (NotFoundError, UnavailableError) as error:
        flash(error.text or _("Op dit adres is niets gevonden."), "error")
        return redirect(url_for("search.show_search", q=uri), code=303)
    if not can_see(viewer, thing):
        raise NotFoundError(_("Op dit adres is niets gevonden."))
    return render_template(
        "federation/interaction.html",
        subject=describe(thing),
        thing=thing,
        wish=_read_wish(),
        **_rights(viewer, thing),
    )


def _read_wish() -> str:
    wish = request.args.get("doe", "")
    return wish if wish in set(Wish) else ""


def _rights(viewer: Account, thing: Thing) -> dict[str, object]:
    """Return what the template asks about what this reader may do."""
    if isinstance(thing, Community):
        return {"rights": get_community_rights(viewer, thing)}
    if isinstance(thing, Account):
        following = find_following(viewer, thing)
        return {
            "may_follow": can_follow(viewer, thing),
            "is_following": following is not None and following.state == FollowState.APPROVED,
            "is_requested": following is not None and following.state == FollowState.REQUESTED,
        }
    return _rights_in_thread(viewer, thing)


def _rights_in_thread(viewer: Account, thing: Post | Comment) -> dict[str, object]:
    post = thing if isinstance(thing, Post) else thing.post
    rights = get_post_rights(viewer, post)
    return {
        "post": post,
        "rights": rights,
        "may_vote": rights.can_vote if isinstance(thing, Post) else thing.author_id != viewer.id,
        "is_voted": find_vote(viewer, thing) is not None,
    }
