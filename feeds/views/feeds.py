"""Our sources: which feeds are read, how each is doing, and why one does not work."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.current import admin_required, is_admin
from app.core.db import unit_of_work
from app.core.errors import AppError
from app.core.pages import page_request
from feeds.health import describe_health, explain_cause
from feeds.models.feed import FeedState
from feeds.queries import (
    count_entries,
    get_shown_feed,
    list_entries_of_feeds,
    list_feeds,
    list_fetch_events,
)
from feeds.services.feeds import ask_for_fetch, undo_move, withdraw_feed
from feeds.views.blueprint import blueprint


@blueprint.get("/nieuws/bronnen")
def show_feeds() -> str:
    """Show every feed with one line on how it is doing; what does not work comes first."""
    rows = [(feed, describe_health(feed)) for feed in list_feeds()]
    order = {"bad": 0, "late": 1, "unknown": 2, "good": 3}
    rows.sort(key=lambda row: order[row[1].status])
    counts = count_entries([feed.id for feed, _health in rows])
    return render_template("feeds/feeds.html", rows=rows, counts=counts)


@blueprint.get("/nieuws/bronnen/<public_id>")
def show_feed(public_id: str) -> str:
    """Show one feed: its health, its last fetches, and what it brought."""
    feed = get_shown_feed(public_id)
    return render_template(
        "feeds/feed.html",
        feed=feed,
        health=describe_health(feed),
        events=list_fetch_events(feed),
        page=list_entries_of_feeds([feed.id], page_request(request.args)),
        explain_cause=explain_cause,
        may_run=is_admin(),
        is_read=feed.state == FeedState.ACTIVE,
    )


@blueprint.post("/nieuws/bronnen/<public_id>/ophalen")
@admin_required
def fetch_feed_now(public_id: str) -> Response:
    """Have a feed fetched at once, at most once in five minutes."""
    return _act(public_id, "fetch")


@blueprint.post("/nieuws/bronnen/<public_id>/terug")
@admin_required
def undo_feed_move(public_id: str) -> Response:
    """Read a feed at the address it had before it moved."""
    return _act(public_id, "undo")


@blueprint.post("/nieuws/bronnen/<public_id>/intrekken")
@admin_required
def withdraw_one_feed(public_id: str) -> Response:
    """Take a feed and all it brought out of sight, when its publisher asks for that."""
    return _act(public_id, "withdraw")


def _act(public_id: str, action: str) -> Response:
    """Do one of the things an administrator may do, and say what came of it."""
    act = {"fetch": ask_for_fetch, "undo": undo_move, "withdraw": withdraw_feed}[action]
    done = {
        "fetch": _("We halen de feed zo op."),
        "undo": _("We lezen de feed weer op het oude adres."),
        "withdraw": _("De feed en zijn berichten zijn weg."),
    }[action]
    target = url_for("feeds.show_feed", public_id=public_id)
    try:
        with unit_of_work():
            act(get_shown_feed(public_id))
    except AppError as error:
        flash(error.text, "warning")
        return redirect(target, code=303)
    flash(done, "success")
    return redirect(url_for("feeds.show_feeds") if action == "withdraw" else target, code=303)
