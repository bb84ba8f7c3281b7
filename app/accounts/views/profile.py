"""A person's page, and following the person."""

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from app.accounts.current import current_account, login_required, require_account
from app.accounts.models.account import Account, AccountState
from app.accounts.models.following import FollowState
from app.accounts.paths import safe_path
from app.accounts.policy import can_be_seen, can_follow
from app.accounts.queries import count_followers, find_account_by_handle, find_following
from app.accounts.services import followings
from app.accounts.views.blueprint import blueprint
from app.core.db import unit_of_work
from app.core.errors import GoneError, NotFoundError
from app.core.profile_panels import render_profile_panels


def find_shown_account(page_name: str) -> Account:
    """Return the person of `/u/<page_name>`; raises NotFoundError or GoneError.

    Somebody who is suspended looks the same as somebody who never was.
    """
    name, _at, host = page_name.strip().removeprefix("@").partition("@")
    account = find_account_by_handle(name, host or None)
    if account is not None and account.state == AccountState.DELETED:
        raise GoneError(_("Deze persoon is hier niet meer."))
    if account is None or not can_be_seen(account):
        raise NotFoundError(_("Deze persoon bestaat niet, of niet meer."))
    return account


@blueprint.get("/u/<page_name>")
def show_profile(page_name: str) -> str | Response:
    """Show who somebody is and what others may see of what the person wrote."""
    account = find_shown_account(page_name)
    if page_name != account.page_name:
        return redirect(url_for("accounts.show_profile", page_name=account.page_name), code=308)
    viewer = current_account()
    following = None if viewer is None else find_following(viewer, account)
    return render_template(
        "accounts/profile.html",
        account=account,
        bio=Markup(account.bio_html),  # noqa: S704  sanitised by app.core.html when it was stored
        may_follow=viewer is None or can_follow(viewer, account),
        is_following=following is not None and following.state == FollowState.APPROVED,
        is_requested=following is not None and following.state == FollowState.REQUESTED,
        follower_count=count_followers(account),
        panels=render_profile_panels(account.id, None if viewer is None else viewer.id),
    )


@blueprint.post("/u/<page_name>/volgen")
@login_required
def follow_person(page_name: str) -> Response:
    """Follow (`on=1`) or stop following (`on=0`) a person."""
    with unit_of_work():
        account = find_shown_account(page_name)
        if request.form.get("on") == "0":
            followings.end_follow(require_account(), account)
        else:
            followings.request_follow(require_account(), account)
        target = url_for("accounts.show_profile", page_name=account.page_name)
    return redirect(safe_path(request.form.get("next")) or target, code=303)
