"""What moderation adds elsewhere: reporting and banning on the page of a person."""

from flask import render_template
from flask.blueprints import BlueprintSetupState
from markupsafe import Markup

from app.accounts.queries import get_account
from app.core.profile_panels import add_profile_panel
from app.forum import policy
from app.forum.queries.bans import find_ban
from app.forum.queries.standings import get_standing
from app.moderation.views.blueprint import blueprint


def render_acts(account_id: int, viewer_id: int | None) -> Markup:
    """Return what `viewer` can do about a person; "" for oneself and who is not signed in."""
    if viewer_id is None or viewer_id == account_id:
        return Markup()
    viewer, person = get_account(viewer_id), get_account(account_id)
    who = get_standing(viewer, None)
    may_ban = who.is_admin and policy.takes_part(who)
    ban = find_ban(person, None) if may_ban else None
    page = render_template("moderation/_person.html", person=person, may_ban=may_ban, ban=ban)
    return Markup(page)  # noqa: S704  the template escapes


@blueprint.record
def _on_registration(_state: BlueprintSetupState) -> None:
    add_profile_panel("moderation", render_acts)
