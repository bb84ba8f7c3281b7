"""The page of a listing."""

from dataclasses import dataclass

from flask import redirect, render_template, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from app.accounts.current import current_account, is_admin
from app.core.errors import NotFoundError
from app.core.settings import current_settings
from directory.formats.write_jsonld import describe_entry, write_for_page
from directory.models.listing import Listing
from directory.models.relation import Relation, RelationType
from directory.queries.document import describe_listing, describe_relation, describe_topic
from directory.queries.listings import (
    find_listing,
    find_listing_of_retired_slug,
    find_source_title,
    list_relations,
)
from directory.queries.news import find_news_of_listing
from directory.queries.shown import Text, present_listing, show_text
from directory.views.blueprint import blueprint
from directory.views.doors import door_texts


@dataclass(frozen=True)
class RelatedListing:
    """Another listing and the sentence that ties it to this one."""

    title: Text
    path: str
    basis: str


@dataclass(frozen=True)
class Family:
    """How a listing hangs together with others; each list may be empty."""

    successors: list[RelatedListing]
    intended_successors: list[RelatedListing]
    predecessors: list[RelatedListing]
    same: list[RelatedListing]
    publishers: list[RelatedListing]
    published: list[RelatedListing]
    wholes: list[RelatedListing]
    parts: list[RelatedListing]


@blueprint.get("/gids/<slug>")
def show_listing(slug: str) -> str | Response:
    """Show a listing; an address it had before leads here (301)."""
    listing = find_listing(slug, current_account())
    if listing is None:
        return _redirect_old_address(slug)
    language = str(get_locale())
    relations = list_relations(listing)
    shown = present_listing(listing, language)
    return render_template(
        "directory/show_listing.html",
        listing=shown,
        door=door_texts()[shown.category],
        family=_family(listing, relations, language),
        news=find_news_of_listing(listing),
        mistake_url=_mistake_url(listing),
        source_title=find_source_title(listing),
        can_edit=is_admin(),
        structured=Markup(_structured(listing, relations)),  # noqa: S704  escaped by write_for_page
    )


def _redirect_old_address(slug: str) -> Response:
    moved = find_listing_of_retired_slug(slug, current_account())
    if moved is None:
        raise NotFoundError(_("Deze vermelding bestaat niet. Zoek op de naam."))
    return redirect(url_for("directory.show_listing", slug=moved.slug), code=301)


def _mistake_url(listing: Listing) -> str:
    """Return where a reader tells what is wrong: a mail to the site, or a question in the open."""
    title = _("Klopt niet: %(name)s", name=listing.name)
    email = current_settings().contact_email
    if email:
        return f"mailto:{email}?subject={title.replace('&', '%26')}"
    return url_for("forum.show_new_post", title=title[:200])


def _family(listing: Listing, relations: list[Relation], language: str) -> Family:
    def related(*types: RelationType, is_object: bool) -> list[RelatedListing]:
        """Return the others that are object (or subject) of a relation of one of `types`."""
        found = []
        for relation in relations:
            here = relation.subject_id if is_object else relation.object_id
            other = relation.object if is_object else relation.subject
            if relation.type in types and here == listing.id:
                title = show_text(other.names, language)
                found.append(RelatedListing(title, other.path, relation.basis))
        return found

    succession = (RelationType.SUCCESSOR, RelationType.INTENDED_SUCCESSOR)
    whole = (RelationType.PART_OF, RelationType.MEMBER_OF)
    same = RelationType.SAME_AS
    return Family(
        successors=related(RelationType.SUCCESSOR, is_object=True),
        intended_successors=related(RelationType.INTENDED_SUCCESSOR, is_object=True),
        predecessors=related(*succession, is_object=False),
        same=[*related(same, is_object=True), *related(same, is_object=False)],
        publishers=related(RelationType.PUBLISHED_BY, is_object=True),
        published=related(RelationType.PUBLISHED_BY, is_object=False),
        wholes=related(*whole, is_object=True),
        parts=related(*whole, is_object=False),
    )


def _structured(listing: Listing, relations: list[Relation]) -> str:
    """Return the listing in schema.org's words, safe inside a script element."""
    entry = describe_listing(listing)
    topics = {row.topic.slug: describe_topic(row.topic, []) for row in listing.topics}
    ours = [row for row in relations if row.subject_id == listing.id]
    pages = {row.object.slug: row.object.url for row in ours}
    return write_for_page(
        describe_entry(entry, topics, [describe_relation(row) for row in ours], pages)
    )
