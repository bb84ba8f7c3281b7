"""What federation adds to the pages of remote communities and threads: how far they were read."""

from flask import render_template
from flask.blueprints import BlueprintSetupState
from markupsafe import Markup

from app.accounts.models.account import Account
from app.accounts.queries import get_account
from app.core.db import unit_of_work
from app.core.page_panels import Slot, add_page_panel
from app.forum.models.community import Community
from app.forum.queries.communities import get_community
from app.forum.queries.posts import get_post_by_id
from federation.dereference.objects import is_followed_here
from federation.dereference.reconcile import request_backfill
from federation.dereference.thread_requests import find_check, is_check_due, request_check
from federation.models.backfill import BackfillState
from federation.outbound.group_state import (
    find_reading_state,
    find_request_state,
    is_refused,
    is_unread,
)
from federation.views.blueprint import blueprint


def render_community_state(community_id: int, viewer_id: int | None) -> Markup:
    """Return how the membership stands and how far the community was read; "" when all is well."""
    community = get_community(community_id)
    if community.is_local or viewer_id is None:
        return Markup()
    viewer = get_account(viewer_id)
    _have_it_read(community)
    request = find_request_state(community, viewer)
    reading = find_reading_state(community)
    is_filling = reading is not None and (reading.is_reading or reading.threads_left > 0)
    if request is None and not is_filling and not _is_trouble(community, viewer):
        return Markup()
    html = render_template(
        "federation/_community_state.html",
        community=community,
        request_state=request,
        reading=reading,
        is_refused=is_refused(community, viewer),
        is_filling=is_filling,
    )
    return Markup(html)  # noqa: S704  the template escapes


def render_thread_state(post_id: int, viewer_id: int | None) -> Markup:
    """Have a stale thread read again, and say so while that goes on."""
    post = get_post_by_id(post_id)
    if viewer_id is None or post.is_local or post.community.is_local:
        return Markup()
    if is_check_due(post):
        with unit_of_work():
            request_check(post)
    check = find_check(post)
    if check is None or check.state != BackfillState.WAITING:
        return Markup()
    html = render_template(
        "federation/_thread_state.html",
        post=post,
        is_first=check.checked_at is None,
        has_failed=check.attempts > 0,
    )
    return Markup(html)  # noqa: S704  the template escapes


def _have_it_read(community: Community) -> None:
    """Begin to read a community that was followed before we read what it had."""
    if is_unread(community) and is_followed_here(community):
        with unit_of_work():
            request_backfill(community)


def _is_trouble(community: Community, viewer: Account) -> bool:
    reading = find_reading_state(community)
    return is_refused(community, viewer) or (reading is not None and reading.has_failed)


@blueprint.record
def _on_registration(_state: BlueprintSetupState) -> None:
    add_page_panel(Slot.COMMUNITY, "federation", render_community_state)
    add_page_panel(Slot.THREAD, "federation", render_thread_state)
