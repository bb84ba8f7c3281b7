"""Pages on which an admin changes a listing."""

from flask import flash, redirect, render_template, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.current import admin_required, require_account
from app.core.db import unit_of_work
from app.core.errors import ConflictError, InvalidInputError
from directory.forms import FeedForm, ListingForm
from directory.models.link import LinkKind
from directory.models.listing import Listing
from directory.queries.listings import get_listing
from directory.queries.news import find_news_of_listing
from directory.queries.shown import show_text
from directory.queries.topics import list_topics
from directory.services import feeds, listings
from directory.services.listings import ListingDraft
from directory.views.blueprint import blueprint

UNPROCESSABLE = 422


@blueprint.get("/gids/<slug>/bewerken")
@admin_required
def show_edit_listing(slug: str) -> str:
    """Show the form with everything an admin may change."""
    listing = get_listing(slug, require_account())
    return _render(listing, _filled_form(listing), FeedForm())


@blueprint.post("/gids/<slug>/bewerken")
@admin_required
def edit_listing(slug: str) -> Response | tuple[str, int]:
    """Store the form; show it again with what is wrong (422)."""
    form = _listing_form()
    listing = get_listing(slug, require_account())
    if form.validate_on_submit():
        try:
            with unit_of_work():
                listing = get_listing(slug, require_account())
                listings.edit_listing(listing, _draft(form), require_account())
        except InvalidInputError as error:
            form[error.field].errors = [error.text]
        else:
            flash(_("Opgeslagen."), "success")
            return redirect(url_for("directory.show_listing", slug=listing.slug), code=303)
    listing = get_listing(slug, require_account())
    return _render(listing, form, FeedForm(formdata=None)), UNPROCESSABLE


@blueprint.post("/gids/<slug>/feeds")
@admin_required
def add_feed(slug: str) -> Response | tuple[str, int]:
    """Attach a news feed to the listing; it is fetched soon after."""
    form = FeedForm()
    if form.validate_on_submit():
        try:
            with unit_of_work():
                listing = get_listing(slug, require_account())
                feeds.attach_feed(listing, str(form.url.data), require_account())
        except (InvalidInputError, ConflictError) as error:
            form.url.errors = [error.text]
        else:
            flash(_("De feed is toegevoegd. Het nieuws komt er zo bij."), "success")
            return redirect(url_for("directory.show_edit_listing", slug=slug), code=303)
    listing = get_listing(slug, require_account())
    return _render(listing, _filled_form(listing), form), UNPROCESSABLE


@blueprint.post("/gids/<slug>/feeds/<int:feed_id>/weg")
@admin_required
def remove_feed(slug: str, feed_id: int) -> Response:
    """Take a feed off the listing; what it brought stays in the archive."""
    with unit_of_work():
        listing = get_listing(slug, require_account())
        feeds.detach_feed(listing, feed_id, require_account())
    return redirect(url_for("directory.show_edit_listing", slug=slug), code=303)


@blueprint.post("/gids/<slug>/contact/<int:contact_id>/bevestig")
@admin_required
def confirm_contact(slug: str, contact_id: int) -> Response:
    """Note that a person agreed to be named."""
    with unit_of_work():
        listing = get_listing(slug, require_account())
        listings.confirm_contact(listing, contact_id, require_account())
    flash(_("De naam is nu zichtbaar."), "success")
    return redirect(url_for("directory.show_edit_listing", slug=slug), code=303)


def _render(listing: Listing, form: ListingForm, feed_form: FeedForm) -> str:
    return render_template(
        "directory/edit_listing.html",
        listing=listing,
        title=show_text(listing.names, str(get_locale())),
        form=form,
        feed_form=feed_form,
        feeds=find_news_of_listing(listing).feeds,
    )


def _listing_form(listing: Listing | None = None) -> ListingForm:
    """Return the form with the topics to choose from; filled from the request on a POST."""
    form = ListingForm() if listing is None else ListingForm(formdata=None, data=_values(listing))
    language = str(get_locale())
    form.topics.choices = [(t.slug, show_text(t.labels, language).body) for t in list_topics()]
    return form


def _filled_form(listing: Listing) -> ListingForm:
    return _listing_form(listing)


def _values(listing: Listing) -> dict[str, object]:
    links = {link.kind: link.url or "" for link in listing.links}
    return {
        "name_nl": listing.names.get("nl", ""),
        "name_en": listing.names.get("en", ""),
        "description_nl": listing.descriptions.get("nl", ""),
        "description_en": listing.descriptions.get("en", ""),
        "joining_nl": listing.joining.get("nl", ""),
        "joining_en": listing.joining.get("en", ""),
        "institution": listing.institution,
        "website": links.get(LinkKind.WEBSITE, ""),
        "join": links.get(LinkKind.JOIN, ""),
        "newsletter": links.get(LinkKind.NEWSLETTER, ""),
        "linkedin": links.get(LinkKind.LINKEDIN, ""),
        "topics": [row.topic.slug for row in listing.topics if not row.is_candidate],
        "slug": listing.slug,
        "is_confirmed": listing.confirmed_at is not None,
    }


def _draft(form: ListingForm) -> ListingDraft:
    def value(name: str) -> str:
        return str(form[name].data or "")

    def texts(name: str) -> dict[str, str]:
        by_language = {code: value(f"{name}_{code}") for code in ("nl", "en")}
        return {code: text for code, text in by_language.items() if text}

    return ListingDraft(
        slug=value("slug"),
        names=texts("name"),
        descriptions=texts("description"),
        joining=texts("joining"),
        institution=value("institution"),
        links={kind: value(kind.value) for kind in listings.LINK_KINDS},
        topic_slugs=form.topics.data or [],
        is_confirmed=bool(form.is_confirmed.data),
    )
