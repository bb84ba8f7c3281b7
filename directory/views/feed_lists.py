"""Where an admin brings in a list of feeds, and says whose news each of them is."""

from flask import flash, redirect, render_template, url_for
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.current import admin_required, require_account
from app.core.db import unit_of_work
from app.core.errors import ConflictError, InvalidInputError
from directory.forms import FeedListForm, FeedOwnerForm
from directory.queries.listings import get_listing, list_whole_listings
from directory.queries.shown import show_text
from directory.services import feeds
from directory.services.feed_lists import FeedListReport, ListingMatcher, import_feed_list
from directory.views.blueprint import blueprint
from feeds.formats.limits import OPML_BYTES
from feeds.models.feed import Feed
from feeds.queries import get_offered_feed, list_offered_feeds
from feeds.services.feeds import forget_offer

UNPROCESSABLE = 422


@blueprint.get("/beheer/feeds")
@admin_required
def show_feed_lists() -> str:
    """Show the form for a list of feeds, and the feeds that wait for a listing."""
    return _page(FeedListForm())


@blueprint.post("/beheer/feeds")
@admin_required
def bring_in_feeds() -> Response | str | tuple[str, int]:
    """Take in a list of feeds and say what became of each."""
    form = FeedListForm()
    if form.validate_on_submit():
        try:
            with unit_of_work():
                report = import_feed_list(form.file.data.stream.read(OPML_BYTES + 1))
        except InvalidInputError as error:
            form.file.errors = [error.text]
        else:
            flash(_summary(report), "success")
            return _page(FeedListForm(formdata=None), report)
    return _page(form), UNPROCESSABLE


@blueprint.get("/beheer/feeds/<public_id>")
@admin_required
def show_offered_feed(public_id: str) -> str:
    """Ask whose news a feed is."""
    feed = get_offered_feed(public_id)
    return _owner_page(feed, _owner_form(feed))


@blueprint.post("/beheer/feeds/<public_id>")
@admin_required
def attach_offered_feed(public_id: str) -> Response | tuple[str, int]:
    """Attach a feed that waits to the listing that was chosen; it is fetched soon after."""
    form = _owner_form()
    if form.validate_on_submit():
        try:
            with unit_of_work():
                listing = get_listing(str(form.listing.data), require_account())
                feeds.attach_feed(listing, get_offered_feed(public_id).url, require_account())
        except (InvalidInputError, ConflictError) as error:
            form.listing.errors = [error.text]
        else:
            flash(_("De feed is toegevoegd. Het nieuws komt er zo bij."), "success")
            return redirect(url_for("directory.show_feed_lists"), code=303)
    return _owner_page(get_offered_feed(public_id), form), UNPROCESSABLE


@blueprint.post("/beheer/feeds/<public_id>/weg")
@admin_required
def drop_offered_feed(public_id: str) -> Response:
    """Forget a feed that waits."""
    with unit_of_work():
        forget_offer(get_offered_feed(public_id))
    flash(_("De feed is weg."), "success")
    return redirect(url_for("directory.show_feed_lists"), code=303)


def _page(form: FeedListForm, report: FeedListReport | None = None) -> str:
    return render_template(
        "directory/feed_lists.html", form=form, report=report, waiting=list_offered_feeds()
    )


def _owner_page(feed: Feed, form: FeedOwnerForm) -> str:
    return render_template("directory/feed_owner.html", feed=feed, form=form)


def _owner_form(feed: Feed | None = None) -> FeedOwnerForm:
    """Return the form with all listings; with `feed`, on the one that its host points to."""
    listings = list_whole_listings()
    language = str(get_locale())
    suggested = ListingMatcher(listings).suggest(feed) if feed is not None else None
    form = FeedOwnerForm(data={"listing": suggested.slug if suggested else ""})
    choices = sorted(
        ((one.slug, show_text(one.names, language).body) for one in listings),
        key=lambda choice: choice[1].casefold(),
    )
    form.listing.choices = [("", _("Kies een vermelding")), *choices]
    return form


def _summary(report: FeedListReport) -> str:
    attached = ngettext(
        "Eén feed is gekoppeld.", "%(num)s feeds zijn gekoppeld.", len(report.attached)
    )
    waiting = ngettext(
        "Eén feed wacht op een vermelding.",
        "%(num)s feeds wachten op een vermelding.",
        len(report.waiting),
    )
    return f"{attached} {waiting}"
