"""The five doors: every listing behind one of them on one page, all or of one topic."""

from dataclasses import dataclass

from flask import render_template, request, url_for
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from app.accounts.current import current_account
from directory.models.listing import Category
from directory.models.topic import Topic
from directory.queries.listings import MAX_PAGE, list_listings
from directory.queries.shown import ShownListing, present_listing, show_text
from directory.queries.topics import list_topics
from directory.views.blueprint import blueprint


@dataclass(frozen=True)
class DoorText:
    """What a reader calls a category. `key` is its colour, icon and place on a topic's page."""

    category: Category
    key: str
    anchor: str
    endpoint: str
    title: str
    short_title: str
    one: str
    lead: str


def door_texts() -> dict[Category, DoorText]:
    """Return the doors in the language of the reader."""
    doors = (
        DoorText(
            Category.NETWORK,
            "network",
            "netwerken",
            "directory.show_networks",
            _("Netwerken"),
            _("Netwerken"),
            _("netwerk"),
            _("Landelijke netwerken van en voor lerarenopleiders, en hoe je aansluit."),
        ),
        DoorText(
            Category.PARTNERSHIP,
            "region",
            "regio",
            "directory.show_regions",
            _("Regionale samenwerkingsverbanden"),
            _("Regio"),
            _("samenwerkingsverband"),
            _("Wie er in jouw regio samenwerken aan opleiden en professionaliseren."),
        ),
        DoorText(
            Category.RESEARCH,
            "research",
            "onderzoek",
            "directory.show_research",
            _("Onderzoeksgroepen"),
            _("Onderzoek"),
            _("onderzoeksgroep"),
            _("Lectoraten, practoraten en leerstoelen die het opleiden van leraren onderzoeken."),
        ),
        DoorText(
            Category.SOURCE,
            "source",
            "bronnen",
            "directory.show_sources",
            _("Bronnen"),
            _("Bronnen"),
            _("bron"),
            _("Documenten, artikelen en websites om mee verder te komen."),
        ),
        DoorText(
            Category.TRAINING,
            "training",
            "scholing",
            "directory.show_training",
            _("Scholing"),
            _("Scholing"),
            _("scholing"),
            _("Trainingen, congressen en leergangen, met een link naar wie ze geeft."),
        ),
    )
    return {door.category: door for door in doors}


def count_text(category: Category, count: int) -> str:
    """Return "9 netwerken" and the like."""
    if category is Category.NETWORK:
        text = ngettext("%(num)d netwerk", "%(num)d netwerken", count)
    elif category is Category.PARTNERSHIP:
        text = ngettext("%(num)d samenwerkingsverband", "%(num)d samenwerkingsverbanden", count)
    elif category is Category.RESEARCH:
        text = ngettext("%(num)d onderzoeksgroep", "%(num)d onderzoeksgroepen", count)
    elif category is Category.SOURCE:
        text = ngettext("%(num)d bron", "%(num)d bronnen", count)
    else:
        text = ngettext("%(num)d scholing", "%(num)d scholingen", count)
    return str(text)


@blueprint.get("/netwerken")
def show_networks() -> str:
    """Show the national networks."""
    return _show_door(Category.NETWORK)


@blueprint.get("/regio")
def show_regions() -> str:
    """Show the regional partnerships."""
    return _show_door(Category.PARTNERSHIP)


@blueprint.get("/onderzoek")
def show_research() -> str:
    """Show the research groups."""
    return _show_door(Category.RESEARCH)


@blueprint.get("/bronnen")
def show_sources() -> str:
    """Show the sources."""
    return _show_door(Category.SOURCE)


@blueprint.get("/scholing")
def show_training() -> str:
    """Show the training."""
    return _show_door(Category.TRAINING)


def _show_door(category: Category) -> str:
    """Show a door, filtered by `onderwerp`; a topic that is unknown filters nothing."""
    door, language = door_texts()[category], str(get_locale())
    topics = list_topics()
    wanted = request.args.get("onderwerp", "")
    topic = next((topic for topic in topics if topic.slug == wanted), None)
    page = list_listings(category, current_account(), topic=topic, page=_wanted_page())
    shown = [present_listing(listing, language) for listing in page.items]
    main, candidates = _by_certainty(shown, topic)
    return render_template(
        "directory/show_door.html",
        door=door,
        total=page.total,
        count=count_text(category, page.total),
        listings=main,
        candidates=candidates,
        topic=topic,
        topic_label=show_text(topic.labels, language).body if topic else "",
        topic_options=[("", _("Alle onderwerpen"))]
        + [(row.slug, show_text(row.labels, language).body) for row in topics],
        newer=_page_url(door, topic, page.page - 1) if page.page > 1 else "",
        older=_page_url(door, topic, page.page + 1) if page.has_more else "",
    )


def _by_certainty(
    listings: list[ShownListing], topic: Topic | None
) -> tuple[list[ShownListing], list[ShownListing]]:
    """Split what the source lists under `topic` from what only we read so."""
    if topic is None:
        return listings, []
    main: list[ShownListing] = []
    candidates: list[ShownListing] = []
    for listing in listings:
        ours = any(row.is_candidate and row.slug == topic.slug for row in listing.topics)
        (candidates if ours else main).append(listing)
    return main, candidates


def _wanted_page() -> int:
    page = request.args.get("pagina", "1")
    is_number = page.isascii() and page.isdigit() and len(page) <= len(str(MAX_PAGE))
    return int(page) if is_number else 1


def _page_url(door: DoorText, topic: Topic | None, page: int) -> str:
    return url_for(
        door.endpoint, onderwerp=topic.slug if topic else None, pagina=page if page > 1 else None
    )
