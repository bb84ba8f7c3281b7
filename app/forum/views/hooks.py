"""What the forum adds elsewhere: somebody's posts on the profile, who searches."""

from flask import Flask, render_template
from flask.blueprints import BlueprintSetupState
from markupsafe import Markup

from app.accounts.current import current_account
from app.accounts.queries import get_account
from app.core.pages import PageRequest
from app.core.profile_panels import add_profile_panel
from app.forum.queries.lookalikes import find_imitated
from app.forum.queries.posts import PostFilter, list_posts
from app.forum.queries.similar import find_reader
from app.forum.views.blueprint import blueprint
from app.search.readers import Reader, install_reader

PROFILE_ROWS = 10


def render_written(account_id: int, viewer_id: int | None) -> Markup:
    """Return the newest posts of a person as a section, "" when there are none for this reader."""
    viewer = None if viewer_id is None else get_account(viewer_id)
    written = PostFilter(author=get_account(account_id))
    found = list_posts(viewer, written, PageRequest(size=PROFILE_ROWS)).items
    return Markup(render_template("forum/_written.html", posts=found)) if found else Markup()  # noqa: S704  the template escapes


def render_warning(account_id: int, _viewer_id: int | None) -> Markup:
    """Return a warning about somebody who passes for a moderator of ours, "" for others."""
    account = get_account(account_id)
    imitated = find_imitated(account)
    if imitated is None:
        return Markup()
    return Markup(  # noqa: S704  the template escapes
        render_template("forum/_imitation.html", account=account, imitated=imitated)
    )


def find_current_reader() -> Reader:
    """Return who searches in this request."""
    return find_reader(current_account())


@blueprint.record
def _on_registration(state: BlueprintSetupState) -> None:
    add_profile_panel("imitation", render_warning)
    add_profile_panel("forum", render_written)
    assert isinstance(state.app, Flask)
    install_reader(state.app, find_current_reader)
